"""Which jobs and which objects a person wants to see; pure."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.model.job import Job, JobRecord
from bptui.model.verdict import Kind
from bptui.model.vocabulary import JobStatus


def words_of(text: str) -> tuple[str, ...]:
    """The words of what a person typed; all of them must occur, in any order and any case."""
    return tuple(text.casefold().split())


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs of a list are wanted; false when all are."""

    words: tuple[str, ...] = ()
    """As `words_of` makes them; looked for in name, bucket, user, id, type, priority, status and why."""
    is_aggregating_only: bool = False
    is_problems_only: bool = False
    """Only jobs that stall or are canceled; before the first verdict, those with an error message."""

    def __bool__(self) -> bool:
        return bool(self.words or self.is_aggregating_only or self.is_problems_only)

    def matches(self, job: Job, record: JobRecord | None = None, kind: Kind | None = None) -> bool:
        """Whether a job is wanted; `record` is what the appliance's state lists add to it, `kind` why it stands."""
        if self.is_aggregating_only and not job.is_aggregating:
            return False
        if self.is_problems_only and not _is_problem(job, record, kind):
            return False
        if not self.words:
            return True
        text = _searched_text(job, kind)
        return all(word in text for word in self.words)


def _is_problem(job: Job, record: JobRecord | None, kind: Kind | None) -> bool:
    if job.status == JobStatus.CANCELED:
        return True
    return bool(record and record.error_message) if kind is None else kind.is_stalled


def _searched_text(job: Job, kind: Kind | None) -> str:
    texts = (
        job.name,
        job.bucket_name,
        job.user_name,
        job.job_id,
        str(job.request_type.value),
        str(job.priority.value),
        str(job.status.value),
        kind.value if kind else None,
    )
    return "\n".join(text for text in texts if text).casefold()


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which objects of a job are wanted; false when all are."""

    words: tuple[str, ...] = ()
    """As `words_of` makes them; looked for in the object's name."""
    is_not_in_cache_only: bool = False
    """Only objects of which the answer says that they are not in cache; not told is not a no."""
    is_not_latest_only: bool = False
    """Only objects of which the answer says that they are superseded."""

    def __bool__(self) -> bool:
        return bool(self.words or self.is_not_in_cache_only or self.is_not_latest_only)
