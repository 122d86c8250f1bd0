"""Which jobs, or groups of jobs, the list shows in which order; kept up to date by what changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bptui.model.diff import JobsChanges
from bptui.model.job import Job, JobId, JobRecord
from bptui.model.snapshot import JobsSnapshot
from bptui.tui.widgets.grouping import Group, GroupKey, groups, ranked
from bptui.tui.widgets.job_view import JobView
from bptui.tui.widgets.kinds import Kinds
from bptui.tui.widgets.sorting import Wanted, ended_ids, running_ids, updated_ids

INSERTED_MOST = 500
"""More new jobs than this are not put into the order one by one."""


class JobOrder:
    """The order of one appliance's jobs under a view; values that change every poll move no job by themselves."""

    def __init__(self, kinds: Kinds, now: Callable[[], datetime]) -> None:
        """`now` tells up to which moment jobs that ended are told."""
        self.snapshot: JobsSnapshot | None = None
        self.running_ids: Sequence[JobId] = []
        self.ended_ids: tuple[Sequence[JobId], Sequence[JobId]] = ((), ())
        """Those canceled in the last hours, and the others."""
        self.groups: list[Group] = []
        self._kinds = kinds
        self._now = now

    def take(self, snapshot: JobsSnapshot, changes: JobsChanges | None, view: JobView) -> None:
        """Take a newer snapshot; `changes` is the difference to the one before, None when that is not known."""
        before, self.snapshot = self.snapshot, snapshot
        if before is None or before.endpoint != snapshot.endpoint:
            self.rank(view)
        elif view.shows_groups:
            self._group(view, is_held=True)
        elif changes is None or view.is_narrowed or len(changes.added) > INSERTED_MOST:
            self.rank(view, held=None if view.sort.column.is_steady else self.running_ids)
        else:
            held, kind_of = self.running_ids, self._kinds.of
            self.running_ids = updated_ids(held, before, snapshot, changes, view.sort, kind_of)
            if snapshot.ended is not before.ended:
                self.ended_ids = ended_ids(snapshot, None, self._now())

    def take_kinds(self, view: JobView) -> None:
        """Take in that jobs stand or move for other reasons than before."""
        if view.is_narrowed:
            self.rank(view, held=self.running_ids)
        elif view.shows_groups:
            self._group(view, is_held=True)

    def forget(self) -> None:
        """Begin with another appliance, of which nothing was read yet."""
        self.snapshot, self.running_ids, self.ended_ids, self.groups = None, [], ((), ()), []

    def rank(self, view: JobView, held: Sequence[JobId] | None = None) -> None:
        """Put the jobs into the order that their values have now; those of `held` keep theirs."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        if view.shows_groups:
            self._group(view, is_held=held is not None)
            return
        is_wanted = self._wanted(view)
        self.running_ids = running_ids(snapshot, is_wanted, view.sort, held, self._kinds.of)
        self.ended_ids = ended_ids(snapshot, is_wanted, self._now())

    def members(self, group: GroupKey) -> list[Job]:
        """The jobs of a group."""
        jobs = self.snapshot.jobs.values() if self.snapshot is not None else ()
        kind_of, name_of = self._kinds.of, group.grouping.name_of
        return [job for job in jobs if name_of(job, kind_of(job.job_id)) == group.name]

    def _group(self, view: JobView, *, is_held: bool) -> None:
        snapshot, grouping = self.snapshot, view.grouping
        if snapshot is None or grouping is None:
            return
        is_wanted = self._wanted(view)
        records, jobs = snapshot.records, snapshot.jobs.values()
        kept = [job for job in jobs if is_wanted(job, records.get(job.job_id))] if is_wanted else jobs
        held = [group.name for group in self.groups] if is_held else None
        self.groups = ranked(groups(kept, grouping, self._kinds.of), held)

    def _wanted(self, view: JobView) -> Wanted | None:
        """What tells whether a job is listed; None when all are."""
        if not view.is_narrowed:
            return None
        group, kind_of = view.group, self._kinds.of

        def is_wanted(job: Job, record: JobRecord | None) -> bool:
            kind = kind_of(job.job_id)
            is_of_group = group is None or group.grouping.name_of(job, kind) == group.name
            return is_of_group and view.wanted.matches(job, record, kind)

        return is_wanted
