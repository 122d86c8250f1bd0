"""Writing: whether an endpoint is locked in this session, its closes, and those that a later poll has to settle."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import Writes
from bptui.model.job import Job, JobId
from bptui.model.problem import Problem
from bptui.monitor import notes
from bptui.monitor.actions import CloseJobs
from bptui.monitor.appliance import Appliance, Watched
from bptui.monitor.audit import Audit, AuditUnwritable
from bptui.monitor.close import Judgement, close_job, refusal
from bptui.monitor.events import CloseFinished, CloseOutcome
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting, attempt

if TYPE_CHECKING:
    from bptui.model.system import SystemInformation


class Writing:
    """The lock of one endpoint, and what it guards."""

    def __init__(self, watched: Watched, setting: Setting, audit: Audit) -> None:
        self._endpoint = watched.endpoint
        self._is_session_read_only = watched.is_read_only
        self._setting = setting
        self._audit = audit
        self.is_read_only = watched.is_read_only or self._endpoint.writes is Writes.NO
        self.is_locked = self.is_read_only or self._endpoint.writes is Writes.ASK
        self._unsettled: dict[JobId, float] = {}
        """Closes of which it is not known whether they took effect, and when they ended (`ages.Elapsed`)."""

    def refusal(self, system: SystemInformation | None = None) -> Problem | None:
        """Say why nothing may be closed here now; None when it may."""
        return refusal(self._endpoint, is_read_only=self._is_session_read_only, is_locked=self.is_locked, system=system)

    def lock(self, appliance: Appliance | None) -> None:
        """Let nothing but reading pass from now on."""
        self.is_locked = True
        if appliance:
            appliance.lock()

    def unlock(self, appliance: Appliance | None) -> Problem | None:
        """Allow closing for the rest of this session; a problem when that is out of the question."""
        if self.is_read_only:
            return self.refusal()
        if appliance:
            try:
                appliance.unlock()
            except Ds3Error as error:
                return error.problem
        self.is_locked = False
        return None

    def guard(self, appliance: Appliance) -> None:
        """Give a new client the lock's state."""
        if self.is_locked:
            appliance.lock()
        else:
            appliance.unlock()

    async def close(self, wish: CloseJobs, link: Link, system: SystemInformation | None) -> list[CloseFinished]:
        """Close the jobs one after the other; cancelled between two, the rest stays unsent."""
        return [await self._close(job_id, wish.reason, link, system) for job_id in dict.fromkeys(wish.job_ids)]

    async def _close(self, job_id: JobId, reason: str, link: Link, system: SystemInformation | None) -> CloseFinished:
        appliance: Appliance | Problem | None = self.refusal(system)
        if appliance is None:
            appliance = await attempt(link(), f"Connecting to {self._endpoint.name}")
        if isinstance(appliance, Problem):
            judgement = Judgement(CloseOutcome.REFUSED, f"Nothing was closed: {appliance.sentence}", appliance)
            return self._tell(self._finished(job_id, judgement))
        finished = await close_job(
            appliance,
            self._endpoint,
            job_id,
            audit=self._audit,
            clock=self._setting.clock,
            is_read_only=self._is_session_read_only,
            is_locked=self.is_locked,
            system=system,
            reason=reason,
        )
        if finished.outcome is CloseOutcome.UNKNOWN:
            self._unsettled[job_id] = self._setting.elapsed.seconds()
        return self._tell(finished)

    def _finished(self, job_id: JobId, judgement: Judgement) -> CloseFinished:
        now = self._setting.clock.now()
        return CloseFinished(self._endpoint.name, job_id, judgement.outcome, judgement.sentence, now, judgement.problem)

    def _tell(self, finished: CloseFinished) -> CloseFinished:
        self._setting.publish(finished)
        self._setting.publish(notes.closed(finished))
        return finished

    async def settle(self, jobs: Mapping[JobId, Job], asked_at: float) -> None:
        """Settle unknown closes by a list that was asked for after they ended."""
        for job_id in [job_id for job_id, ended in self._unsettled.items() if asked_at > ended]:
            del self._unsettled[job_id]
            job = jobs.get(job_id)
            if job is not None and job.is_aggregating:
                judgement = Judgement(CloseOutcome.REFUSED, "A later look shows that the job still aggregates.")
            else:
                judgement = Judgement(CloseOutcome.CLOSED, "A later look shows that it is no longer aggregating.")
            finished = self._finished(job_id, judgement)
            details = {"endpoint": self._endpoint.name, "job_id": job_id, "outcome": judgement.outcome.name.lower()}
            try:
                await asyncio.to_thread(self._audit.write, "close settled", finished.at, **details)
            except AuditUnwritable as error:
                judgement = Judgement(judgement.outcome, f"{judgement.sentence} {error}.")
            self._tell(self._finished(job_id, judgement))
