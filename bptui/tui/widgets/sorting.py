"""In which order jobs are listed: stable by default, by a value when asked, ended jobs always apart at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from bptui.model.filter import JobFilter
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.vocabulary import Priority
from bptui.tui.widgets.words import ended_at

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


class SortColumn(Enum):
    """What the list can be sorted by; the value is its name on the screen."""

    START = "start"
    TYPE = "type"
    PRIORITY = "priority"
    AGGREGATING = "aggregating"
    NAME = "name"
    BUCKET = "bucket"
    USER = "user"
    SIZE = "size"
    DONE = "done"

    @property
    def is_steady(self) -> bool:
        """Whether the values hardly change while a job runs, so that the order may follow them at once."""
        return self not in (SortColumn.SIZE, SortColumn.DONE)


@dataclass(frozen=True, slots=True)
class Sort:
    """A person's choice of order."""

    column: SortColumn = SortColumn.START
    is_inverted: bool = False

    def beside(self, step: int) -> Sort:
        """The order by the column that is `step` to the right."""
        columns = list(SortColumn)
        return replace(self, column=columns[(columns.index(self.column) + step) % len(columns)])

    def __str__(self) -> str:
        return f"{self.column.value}{', inverted' if self.is_inverted else ''}"


_KEYS: Mapping[SortColumn, Callable[[Job], Any]] = {
    SortColumn.START: lambda job: job.start_date or _LONG_AGO,
    SortColumn.TYPE: lambda job: str(job.request_type.value),
    SortColumn.PRIORITY: lambda job: _RANKS.get(job.priority, len(_RANKS)),
    SortColumn.AGGREGATING: lambda job: not job.is_aggregating,
    SortColumn.NAME: lambda job: (job.name or "").casefold(),
    SortColumn.BUCKET: lambda job: (job.bucket_name or "").casefold(),
    SortColumn.USER: lambda job: (job.user_name or "").casefold(),
    SortColumn.SIZE: lambda job: -job.original_size_bytes,
    SortColumn.DONE: lambda job: -job.completed_size_bytes / max(1, job.original_size_bytes),
}


def sorted_ids(jobs: Iterable[Job], sort: Sort) -> list[JobId]:
    """The ids in the order of a column, then of start and id, so that equal values keep their places."""
    key = _KEYS[sort.column]
    ranked = [(key(job), job.start_date or _LONG_AGO, job.job_id) for job in jobs]
    ranked.sort(reverse=sort.is_inverted)
    return [job_id for _, _, job_id in ranked]


def running_ids(
    snapshot: JobsSnapshot, wanted: JobFilter, sort: Sort, held: Sequence[JobId | None] | None
) -> list[JobId]:
    """The running jobs that are wanted; with `held`, those listed before keep their places and new ones come last."""
    records = snapshot.records
    jobs = snapshot.jobs.values()
    kept = [job for job in jobs if wanted.matches(job, records.get(job.job_id))] if wanted else list(jobs)
    if held is None:
        return sorted_ids(kept, sort)
    waiting = {job.job_id: job for job in kept}
    places = [job_id for job_id in held if job_id is not None and waiting.pop(job_id, None) is not None]
    return places + sorted_ids(waiting.values(), sort)


def ended_ids(snapshot: JobsSnapshot, wanted: JobFilter) -> list[JobId]:
    """The ended jobs that are wanted, the latest first."""
    ended = [
        (ended_at(one), job_id)
        for job_id, one in snapshot.ended.items()
        if not wanted or wanted.matches(one.job, one.record)
    ]
    return [job_id for _, job_id in sorted(ended, reverse=True)]
