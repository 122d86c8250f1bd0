"""Canceled: jobs that were canceled in the last hours, also before watching began, because somebody will ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bptui.model.job import EndedJob, Ending, Job, JobId, JobRecord
from bptui.model.vocabulary import JobStatus
from bptui.monitor.appliance import Appliance
from bptui.monitor.endings import from_full_list
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.store import Store

CANCELED_SECONDS = 60.0
SHOWN_HOURS = 12
PAGE = 1000
"""The newest of them; nobody cancels more in 12 hours."""
NAMES_SECONDS = 600.0
"""The list that has the names of buckets and users is asked for at most this often."""


class Canceled:
    """The jobs canceled lately, as last read."""

    def __init__(self, setting: Setting, store: Store, link: Link) -> None:
        self._setting = setting
        self._store = store
        self._link = link
        self._known: dict[JobId, EndedJob] = {}
        self._names_read_at: float | None = None

    async def read(self) -> None:
        """Read the newest page, and the names of those that were never seen running; raises Ds3Error."""
        appliance = await self._link()
        records = await appliance.canceled_jobs(most=PAGE)
        since = self._setting.clock.now() - timedelta(hours=SHOWN_HOURS)
        recent = {job_id: one for job_id, one in records.items() if one.date_canceled and one.date_canceled >= since}
        new = {job_id: one for job_id, one in recent.items() if job_id not in self._known}
        told = await self._told(appliance, new) if new else {}
        self._known = {job_id: told.get(job_id) or self._known[job_id] for job_id in recent}
        for event in self._store.canceled_arrived(self._known):
            self._setting.publish(event)

    async def _told(self, appliance: Appliance, new: Mapping[JobId, JobRecord]) -> dict[JobId, EndedJob]:
        now = self._setting.clock.now()
        named: dict[JobId, EndedJob] = {}
        if any(not self._store.is_known(job_id) for job_id in new) and self._may_ask_names():
            self._names_read_at = self._setting.elapsed.seconds()
            jobs = await appliance.jobs(is_full=True)
            named = from_full_list({job_id: jobs[job_id] for job_id in new if job_id in jobs}, new, now)
        nameless = {job_id: EndedJob(job_of(record), Ending.CANCELED, now, record) for job_id, record in new.items()}
        return {**nameless, **named}

    def _may_ask_names(self) -> bool:
        now = self._setting.elapsed.seconds()
        return self._names_read_at is None or now - self._names_read_at >= NAMES_SECONDS


def job_of(record: JobRecord) -> Job:
    """A job as its record tells it, which has ids where the list has names."""
    return Job(
        job_id=record.job_id,
        name=record.name,
        bucket_name=None,
        request_type=record.request_type,
        status=JobStatus.CANCELED,
        priority=record.priority,
        is_aggregating=False,
        is_naked=record.is_naked,
        entirely_in_cache=None,
        original_size_bytes=record.original_size_bytes,
        cached_size_bytes=record.cached_size_bytes,
        completed_size_bytes=record.completed_size_bytes,
        start_date=record.created_at,
        user_id=record.user_id,
        user_name=None,
        order_guarantee=record.order_guarantee,
    )
