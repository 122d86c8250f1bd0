"""In which order jobs are listed: stable by default, by a value when asked, ended jobs always apart at the bottom."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

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
    ranked = [(key(job), job.start_date or _LONG_AGO, job.job_id) for job in jobs]
    ranked.sort(reverse=sort.is_inverted)
    return [job_id for _, _, job_id in ranked]


def _key_of(sort: Sort, kind_of: KindOf) -> Callable[[Job], Any]:
    return _KEYS.get(sort.column) or partial(_urgency, kind_of)


def inserted_ids(held: Iterable[JobId], come: Iterable[Job], snapshot: JobsSnapshot, sort: Sort) -> list[JobId]:
    """Put a few jobs into an order by a steady column, without ordering the others again: these are in `snapshot`."""
    key, ids, jobs = _KEYS[sort.column], list(held), snapshot.jobs

    def rank(job_id: JobId) -> tuple[Any, datetime, JobId]:
        job = jobs[job_id]
        return key(job), job.start_date or _LONG_AGO, job_id

    if sort.is_inverted:
        ids.reverse()
    for job in come:
        ids.insert(bisect(ids, rank(job.job_id), key=rank), job.job_id)
    if sort.is_inverted:
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
