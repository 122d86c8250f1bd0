"""What changed between two answers: pure, and empty when nothing did. `tree_diff` finds it for a job with its chunks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bptui.model.job import JobId
from bptui.model.snapshot import JobsSnapshot


@dataclass(frozen=True, slots=True)
class JobsChanges:
    """The ids of jobs that came, went, or read differently."""

    added: tuple[JobId, ...] = ()
    removed: tuple[JobId, ...] = ()
    changed: tuple[JobId, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def snapshot_changes(before: JobsSnapshot, after: JobsSnapshot, among: Iterable[JobId] | None = None) -> JobsChanges:
    """Compare two snapshots: a job that ended, or whose record reads differently, has changed; a new order is no change.

    `among` names the jobs that may read differently, where that is known: then the others cost nothing.
    """
    added: list[JobId] = []
    removed: list[JobId] = []
    changed: list[JobId] = []
    ids = (*after.jobs, *after.ended, *before.jobs, *before.ended) if among is None else among
    for job_id in dict.fromkeys(ids):
        was, now = _reading(before, job_id), _reading(after, job_id)
        if was != now:
            (added if was is None else removed if now is None else changed).append(job_id)
    return JobsChanges(tuple(added), tuple(removed), tuple(changed))


def _reading(snapshot: JobsSnapshot, job_id: JobId) -> tuple[object, ...] | None:
    """All that a snapshot tells of a job; None when it does not know it."""
    job, ended = snapshot.jobs.get(job_id), snapshot.ended.get(job_id)
    return None if job is None and ended is None else (job, ended, snapshot.records.get(job_id))


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """The objects of a job that read differently, as positions in the newer tree.

    `is_reshaped` says that positions moved (chunks or objects came, went or changed places); then the
    positions in `objects` are those of objects that are new or read differently, in the new numbering.
    They are left out when there was no tree before, and when too many would have to be looked at.
    `chunks` names those that read differently, or hold such objects, only where no positions moved.
    """

    objects: tuple[int, ...] = ()
    chunks: tuple[int, ...] = ()
    is_reshaped: bool = False
    is_job_changed: bool = False

    def __bool__(self) -> bool:
        return bool(self.objects or self.chunks or self.is_reshaped or self.is_job_changed)
