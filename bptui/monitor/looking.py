"""Looking: reading the one job that a person looks at, cheaply each tick and whole only when that is worth it."""

from __future__ import annotations

from typing import NamedTuple

from bptui.ds3.calls import CallName
from bptui.ds3.errors import GoneError, PermissionDeniedError
from bptui.model.job import Job, JobId, JobRecord
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.appliance import Appliance
from bptui.monitor.events import Pane
from bptui.monitor.link import Link
from bptui.monitor.pace import detail_due_seconds
from bptui.monitor.rounds import Answer, Rounds, Setting
from bptui.monitor.store import Store


class Numbers(NamedTuple):
    """What tells that a job has moved, in a list, a record or a whole job."""

    original_size_bytes: int
    cached_size_bytes: int
    completed_size_bytes: int
    is_aggregating: bool | None


def numbers(job: Job | JobRecord) -> Numbers:
    """Pick what tells that a job has moved."""
    return Numbers(job.original_size_bytes, job.cached_size_bytes, job.completed_size_bytes, job.is_aggregating)


class Looking:
    """The rounds over one job: its small record each tick, the whole when it moved, is old, or a person asks."""

    def __init__(self, job_id: JobId, setting: Setting, store: Store, link: Link) -> None:
        self.job_id = job_id
        self._setting = setting
        self._store = store
        self._link = link
        self.rounds = Rounds(setting, Pane.JOB, self._ask, job_id=job_id, is_hopeless=self._is_hopeless)
        self._is_record_readable = True
        self._numbers_read: Numbers | None = None
        """What the cheap answers said when the whole was read last."""
        self._read_at = 0.0
        self._took_seconds = 0.0

    def _is_hopeless(self, problem: Problem) -> bool:
        is_gone = problem.kind is ProblemKind.GONE and not self._store.is_running(self.job_id)
        return is_gone or problem.kind.waits_for_person

    async def _ask(self) -> Answer | None:
        appliance = await self._link()
        if self._store.tree is None:
            return await self._read_whole(appliance, self._listed_numbers(), 0.0)
        began = self._setting.clock.monotonic()
        seen = await self._cheap_numbers(appliance)
        cost = self._setting.clock.monotonic() - began
        age = self._setting.elapsed.seconds() - self._read_at
        if not self.rounds.was_poked and age < self._due_seconds(appliance, has_moved=seen != self._numbers_read):
            return None
        return await self._read_whole(appliance, seen, cost)

    def _due_seconds(self, appliance: Appliance, *, has_moved: bool) -> float:
        answer = appliance.last_answer(CallName.JOB)
        return detail_due_seconds(
            size_bytes=answer.size_bytes if answer else 0,
            took_seconds=self._took_seconds,
            has_moved=has_moved,
            is_ended=not self._store.is_running(self.job_id),
        )

    async def _cheap_numbers(self, appliance: Appliance) -> Numbers | None:
        """The job's numbers by its small record, or else by the list."""
        if self._is_record_readable and self._store.is_running(self.job_id):
            try:
                record = await appliance.active_job(self.job_id)
            except GoneError:
                return self._listed_numbers()
            except PermissionDeniedError:
                self._is_record_readable = False
                return self._listed_numbers()
            for event in await self._store.records_arrived({self.job_id: record}, is_all=False):
                self._setting.publish(event)
            return numbers(record)
        return self._listed_numbers()

    def _listed_numbers(self) -> Numbers | None:
        job = self._store.snapshot.job(self.job_id) if self._store.snapshot else None
        return numbers(job) if job else None

    async def _read_whole(self, appliance: Appliance, seen: Numbers | None, cost_seconds: float) -> Answer:
        self.rounds.announce()
        clock = self._setting.clock
        began = clock.monotonic()
        tree = await appliance.job(self.job_id, previous=self._store.tree)
        self._took_seconds = clock.monotonic() - began
        self._read_at = self._setting.elapsed.seconds()
        self._numbers_read = seen
        for event in self._store.tree_arrived(tree):
            self._setting.publish(event)
        return Answer(
            took_seconds=self._took_seconds,
            cost_seconds=cost_seconds,
            next_seconds=self._due_seconds(appliance, has_moved=False),
            warning=_warning(self.job_id, tree.job.job_id),
        )


def _warning(asked: JobId, told: JobId) -> str:
    return "" if asked == told else f"The answer is about job {told}, which is not the one asked for."
