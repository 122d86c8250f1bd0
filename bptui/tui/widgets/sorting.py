"""In which order jobs are listed: stable by default, by a value when asked, ended jobs always apart at the bottom."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

from bptui.model.diff import JobsChanges
from bptui.model.job import EndedJob, Ending, Job, JobId, JobRecord
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import KindClass
from bptui.model.vocabulary import Priority
from bptui.tui.widgets.grouping import KindOf, held_bytes
from bptui.tui.widgets.words import ended_at

CANCELED_LATELY = timedelta(hours=12)
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
    HELD = "held in cache"
    """What a PUT has received and not yet put on all copies: who holds the cache."""
    WHY = "why"

    @property
    def is_steady(self) -> bool:
        """Whether the values hardly change while a job runs, so that the order may follow them at once."""
        return self not in (SortColumn.SIZE, SortColumn.DONE, SortColumn.HELD, SortColumn.WHY)


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
    SortColumn.HELD: lambda job: -held_bytes(job),
}

_URGENCY = (
    KindClass.STOPPED,
    KindClass.WAITS,
    KindClass.UNKNOWN,
    KindClass.NORMAL,
    KindClass.MOVES,
    KindClass.ENDED,
)
"""What somebody should look at first."""


def _urgency(kind_of: KindOf, job: Job) -> tuple[int, str]:
    kind = kind_of(job.job_id)
    return (len(_URGENCY), "") if kind is None else (_URGENCY.index(kind.kind_class), kind.value)


def sorted_ids(jobs: Iterable[Job], sort: Sort, kind_of: KindOf) -> list[JobId]:
    """The ids in the order of a column, then of start and id, so that equal values keep their places."""
    key = _key_of(sort, kind_of)
    ranked = [_rank(key, job) for job in jobs]
    ranked.sort(reverse=sort.is_inverted)
    return [job_id for _, _, job_id in ranked]


def _rank(key: Callable[[Job], Any], job: Job) -> tuple[Any, datetime, JobId]:
    return key(job), job.start_date or _LONG_AGO, job.job_id


def _key_of(sort: Sort, kind_of: KindOf) -> Callable[[Job], Any]:
    return _KEYS.get(sort.column) or partial(_urgency, kind_of)


def updated_ids(
    held: Sequence[JobId], before: JobsSnapshot, after: JobsSnapshot, changes: JobsChanges, sort: Sort, kind_of: KindOf
) -> Sequence[JobId]:
    """The order that all running jobs had, brought up to date: it costs what changed, not what there is.

    By a steady column new jobs come where they belong, by another one last.
    """
    rank = partial(_rank, _key_of(sort, kind_of))
    gone: set[JobId] = set()
    come: list[Job] = []
    for job_id in (*changes.added, *changes.removed, *changes.changed):
        old, new = before.jobs.get(job_id), after.jobs.get(job_id)
        if old and new and (old is new or not sort.column.is_steady or rank(old) == rank(new)):
            continue
        if old:
            gone.add(job_id)
        if new:
            come.append(new)
    kept = [job_id for job_id in held if job_id not in gone] if gone else held
    if not sort.column.is_steady:
        return [*kept, *sorted_ids(come, sort, kind_of)]
    return _inserted(kept, come, lambda job_id: rank(after.jobs[job_id]), is_inverted=sort.is_inverted)


def _inserted(
    held: Sequence[JobId], come: Sequence[Job], rank: Callable[[JobId], Any], *, is_inverted: bool
) -> Sequence[JobId]:
    if not come:
        return held
    ids = list(reversed(held)) if is_inverted else list(held)
    for job in come:
        ids.insert(bisect(ids, rank(job.job_id), key=rank), job.job_id)
    if is_inverted:
        ids.reverse()
    return ids


Wanted = Callable[[Job, JobRecord | None], bool]
"""Whether a job is to be listed, with what the appliance's state lists add to it."""


def running_ids(
    snapshot: JobsSnapshot, is_wanted: Wanted | None, sort: Sort, held: Sequence[JobId | None] | None, kind_of: KindOf
) -> list[JobId]:
    """The running jobs that are wanted; with `held`, those listed before keep their places and new ones come last."""
    records, jobs = snapshot.records, snapshot.jobs.values()
    kept = [job for job in jobs if is_wanted(job, records.get(job.job_id))] if is_wanted else list(jobs)
    if held is None:
        return sorted_ids(kept, sort, kind_of)
    waiting = {job.job_id: job for job in kept}
    places = [job_id for job_id in held if job_id is not None and waiting.pop(job_id, None) is not None]
    return places + sorted_ids(waiting.values(), sort, kind_of)


def ended_ids(
    snapshot: JobsSnapshot, is_wanted: Wanted | None, now: datetime
) -> tuple[Sequence[JobId], Sequence[JobId]]:
    """The ended jobs that are wanted, the latest first: those canceled lately, and the others."""
    wanted = [
        (ended_at(one), job_id, one)
        for job_id, one in snapshot.ended.items()
        if is_wanted is None or is_wanted(one.job, one.record)
    ]
    wanted.sort(key=lambda each: each[:2], reverse=True)
    canceled = [job_id for _, job_id, one in wanted if is_canceled_lately(one, now)]
    others = [job_id for _, job_id, one in wanted if not is_canceled_lately(one, now)]
    return canceled, others


def is_canceled_lately(ended: EndedJob, now: datetime) -> bool:
    """Whether a job was canceled so lately that somebody may be looking for it."""
    return ended.ending is Ending.CANCELED and now - ended_at(ended) <= CANCELED_LATELY
