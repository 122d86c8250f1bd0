"""Older jobs: those that ended before watching began, read on demand because their list holds 30 days."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

from bptui.ds3.errors import GoneError, PermissionDeniedError
from bptui.model.job import EndedJob, JobId, JobRecord
from bptui.monitor.appliance import Appliance
from bptui.monitor.endings import from_full_list
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting

FULL_LIST_SECONDS = 60.0
"""The list of 30 days is asked for at most this often."""
RECORDS_MOST = 1000
"""For how many of the newest ended jobs of each kind dates and reasons are read."""


class Older:
    """The ended jobs as last read."""

    def __init__(self, setting: Setting, link: Link) -> None:
        self._setting = setting
        self._link = link
        self._reading = asyncio.Lock()
        self._read_at: float | None = None
        self._jobs: dict[JobId, EndedJob] = {}

    async def read(self) -> Mapping[JobId, EndedJob]:
        """Return the jobs that ended in the last 30 days, at most a minute old; raises Ds3Error."""
        async with self._reading:
            now = self._setting.elapsed.seconds()
            if self._read_at is None or now - self._read_at >= FULL_LIST_SECONDS:
                appliance = await self._link()
                jobs = await appliance.jobs(is_full=True)
                self._jobs = from_full_list(jobs, await _records(appliance), self._setting.clock.now())
                self._read_at = now
            return self._jobs


async def _records(appliance: Appliance) -> dict[JobId, JobRecord]:
    """Dates and reasons, where the key may read them."""
    completed = await _if_readable(appliance.completed_jobs(most=RECORDS_MOST))
    return completed | await _if_readable(appliance.canceled_jobs(most=RECORDS_MOST))


async def _if_readable(asking: Awaitable[dict[JobId, JobRecord]]) -> dict[JobId, JobRecord]:
    try:
        return await asking
    except (GoneError, PermissionDeniedError):
        return {}
