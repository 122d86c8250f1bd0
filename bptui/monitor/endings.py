"""Endings: how a job that left the list ended, learnt by as few and as small requests as will do."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bptui.ds3.errors import GoneError, PermissionDeniedError
from bptui.model.job import EndedJob, Ending, Job, JobId, JobRecord, RecordKind
from bptui.model.vocabulary import JobStatus
from bptui.monitor.appliance import Appliance

T = TypeVar("T")

_STATUS = {Ending.COMPLETED: JobStatus.COMPLETED, Ending.CANCELED: JobStatus.CANCELED}
_ENDING = {status: ending for ending, status in _STATUS.items()}


async def read_ending(appliance: Appliance, job: Job, at: datetime) -> EndedJob | None:
    """Ask how a job ended: the small records first, then the job itself; None when it runs after all.

    A job that was canceled may need 1.5 s to show up among the canceled ones. Raises Ds3Error when the last
    question, the job itself, cannot be answered.
    """
    for ending, asking in (
        (Ending.COMPLETED, appliance.completed_job),
        (Ending.CANCELED, appliance.canceled_job),
    ):
        record = await _if_told(asking(job.job_id))
        if record is not None:
            return from_record(job, ending, record, at)
    if await _if_told(appliance.active_job(job.job_id)):
        return None
    try:
        tree = await appliance.job(job.job_id)
    except GoneError:
        return EndedJob(job, Ending.GONE, at)
    return from_job(tree.job, at)


async def _if_told(asking: Awaitable[T]) -> T | None:
    """The answer, or None when the job is not in that list, or the key may not read it: the next question decides."""
    try:
        return await asking
    except (GoneError, PermissionDeniedError):
        return None


def from_record(job: Job, ending: Ending, record: JobRecord, at: datetime) -> EndedJob:
    """Say how a job ended by its record, which has sizes and dates, and by its last attributes, which have names."""
    last = replace(
        job,
        status=_STATUS[ending],
        is_aggregating=False,
        original_size_bytes=record.original_size_bytes,
        cached_size_bytes=record.cached_size_bytes,
        completed_size_bytes=record.completed_size_bytes,
    )
    return EndedJob(last, ending, at, record)


def record_of(job: Job, kind: RecordKind) -> JobRecord:
    """What the appliance's record of a job says at least."""
    return JobRecord(
        kind=kind,
        job_id=job.job_id,
        name=job.name,
        bucket_id=None,
        user_id=job.user_id,
        request_type=job.request_type,
        priority=job.priority,
        order_guarantee=job.order_guarantee,
        original_size_bytes=job.original_size_bytes,
        cached_size_bytes=job.cached_size_bytes,
        completed_size_bytes=job.completed_size_bytes,
        created_at=job.start_date,
    )


def from_job(job: Job, at: datetime, record: JobRecord | None = None) -> EndedJob | None:
    """Say how a job ended by its own status; None when it runs."""
    ending = _ENDING.get(job.status)
    return None if ending is None else EndedJob(job, ending, at, record)


def from_full_list(
    jobs: Mapping[JobId, Job], records: Mapping[JobId, JobRecord], at: datetime
) -> dict[JobId, EndedJob]:
    """Pick the jobs that ended from a list of all."""
    told = {job_id: from_job(job, at, records.get(job_id)) for job_id, job in jobs.items()}
    return {job_id: ended for job_id, ended in told.items() if ended is not None}
