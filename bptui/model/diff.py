"""What changed between two snapshots: pure, and empty when nothing did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bptui.model.job import Job, JobId


@dataclass(frozen=True, slots=True)
class JobsChanges:
    """The ids of jobs that came, went, or read differently."""

    added: tuple[JobId, ...] = ()
    removed: tuple[JobId, ...] = ()
    changed: tuple[JobId, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def jobs_changes(before: Mapping[JobId, Job], after: Mapping[JobId, Job]) -> JobsChanges:
    """Compare two job lists; a reordering alone is not a change."""
    return JobsChanges(
        added=tuple(job_id for job_id in after if job_id not in before),
        removed=tuple(job_id for job_id in before if job_id not in after),
        changed=tuple(job_id for job_id, job in after.items() if job_id in before and before[job_id] != job),
    )


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """The objects of a job that read differently, as positions in the newer tree.

    `is_reshaped` says that positions moved (chunks or objects came, went or changed places); then the
    positions in `objects` are those of objects that are new or read differently, in the new numbering.
    """

    objects: tuple[int, ...] = ()
    chunks: tuple[int, ...] = ()
    is_reshaped: bool = False
    is_job_changed: bool = False

    def __bool__(self) -> bool:
        return bool(self.objects or self.chunks or self.is_reshaped or self.is_job_changed)
