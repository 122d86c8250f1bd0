"""Jobs: list, show, close, modify, cancel, truncate, clear (DS3 API reference, sections on the three calls and on mutation)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bptui.simulator.jobs import Job, Priority, Status
from bptui.simulator.render.records import NAMES, job_record
from bptui.simulator.requests import Answer, Refusal
from bptui.simulator.routes.paging import page
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from bptui.simulator.requests import Request
    from bptui.simulator.service import Service

SETTABLE = frozenset({Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW})
"""Priorities a user may ask for; the others belong to the system."""


def get_jobs(service: Service, request: Request) -> Answer:
    """Get Jobs: running ones; with `full_details` also what ended in the last 30 days. Never paged."""
    jobs = service.appliance.running()
    if request.flag("full_details"):
        jobs += service.appliance.ended(Status.COMPLETED) + service.appliance.ended(Status.CANCELED)
    bucket = request.query.get("bucket_id")
    if bucket:
        jobs = [job for job in jobs if bucket in (job.bucket.id, job.bucket.name)]
    return Answer.streamed(service.jobs.listing(jobs))


def get_job(service: Service, request: Request, job_id: str) -> Answer:
    """Get Job, or its siblings on the same path that a flag chooses."""
    job = service.any_job(job_id)
    if request.flag("summary") and service.appliance.release.has_summary:
        return Answer.streamed(service.jobs.summary(job))
    if request.flag("replicate"):
        return Answer.of(b'{"job":"' + job.id.encode() + b'"}')
    return service.master(job)


def put_job(service: Service, request: Request, job_id: str) -> Answer:
    """Close Aggregating Job with its flag; Modify Job otherwise, also before 4.0, which does not know the flag."""
    if request.flag("close_aggregating_job") and service.appliance.release.has_close:
        return _close(service, job_id)
    return modify(service, request, job_id)


def _close(service: Service, job_id: str) -> Answer:
    job = service.running_job(job_id)
    if not job.is_aggregating and service.appliance.options.close_refuses_idle:
        raise Refusal(409, "Conflict", f"Job {job.id} cannot be changed in its present state.")
    service.appliance.close(job)
    return service.master(job)


def modify(service: Service, request: Request, job_id: str) -> Answer:
    """Modify Job; resets the idle timer even when there is nothing to modify."""
    job = service.running_job(job_id)
    query = request.query
    if "priority" in query:
        job.priority = settable_priority(query["priority"])
    if "name" in query:
        job.name = query["name"]
    if "created_at" in query:
        job.created_at = _date(query["created_at"])
    if service.appliance.release.since(5, 5):
        if "dead_job_cleanup_allowed" in query:
            job.allows_dead_job_cleanup = query["dead_job_cleanup_allowed"].lower() == "true"
        if "protected" in query:
            job.is_protected = query["protected"].lower() == "true"
    job.touch()
    service.appliance.note_activity(job)
    return service.master(job)


def settable_priority(text: str) -> Priority:
    """A priority that a user may set.

    Raises:
        Refusal: 400 for a word that is none, 403 for one that belongs to the system.
    """
    try:
        priority = Priority(text.upper())
    except ValueError:
        raise Refusal(400, "BadRequest", f"'{text}' is not a legal value for priority.") from None
    if priority not in SETTABLE:
        raise Refusal(403, "Forbidden", f"Priority {priority} is for the system's own jobs.")
    return priority


def _date(text: str) -> datetime:
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC)
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Refusal(400, "BadRequest", f"'{text}' is not a legal value for created_at.") from None


def delete_job(service: Service, request: Request, job_id: str) -> Answer:
    """Cancel Job with `force`, Truncate Job without."""
    job = service.running_job(job_id)
    if job.is_protected and service.appliance.release.since(5, 5):
        raise Refusal(409, "Conflict", f"Job {job.id} is protected.")
    if request.flag("force"):
        service.appliance.cancel(job)
    else:
        job.truncate()
    service.warn(
        f"{request.method} {request.target}: job {job.id} was {'canceled' if request.flag('force') else 'truncated'}."
    )
    return Answer.nothing()


def delete_jobs(service: Service, request: Request) -> Answer:
    """Cancel All Jobs with `force`, Truncate All Jobs without: what a missing id turns a one-job call into."""
    jobs = [job for job in service.appliance.running() if _is_meant(job, request)]
    for job in jobs:
        if request.flag("force"):
            service.appliance.cancel(job)
        else:
            job.truncate()
    word = "canceled" if request.flag("force") else "truncated"
    service.warn(f"{request.method} {request.target}: ALL {len(jobs)} JOBS WERE {word.upper()}.")
    return Answer.nothing()


def _is_meant(job: Job, request: Request) -> bool:
    bucket, request_type = request.query.get("bucket_id"), request.query.get("request_type")
    return (not bucket or bucket in (job.bucket.id, job.bucket.name)) and (
        not request_type or job.request_type == request_type.upper()
    )


def records(status: Status, service: Service, request: Request) -> Answer:
    """Get Active, Completed or Canceled Jobs: newest first, filtered, paged."""
    jobs = service.appliance.running() if status is Status.IN_PROGRESS else service.appliance.ended(status)
    release = service.appliance.release
    found = [job for job in jobs if _passes(job, request)]
    return page(service, request, found, lambda job: job.id, lambda job: (NAMES[status], job_record(job, release)))


def record(status: Status, service: Service, _: Request, job_id: str) -> Answer:
    """Get Active, Completed or Canceled Job."""
    job = service.any_job(job_id)
    if job.status is not status:
        raise not_found(
            f"No {NAMES[status]} is known under the identifier '{job_id}'.", service.appliance.release.gone_status
        )
    return service.data(job_record(job, service.appliance.release))


def clear(status: Status, service: Service, request: Request) -> Answer:
    """Clear All Completed or Canceled Jobs."""
    jobs = [job for job in service.appliance.jobs.values() if job.status is status]
    service.appliance.forget(jobs)
    service.warn(f"{request.method} {request.target}: {len(jobs)} {status} jobs were cleared.")
    return Answer.nothing()


def _passes(job: Job, request: Request) -> bool:
    """Whether a job passes the filters of the record lists; values in any case, empty means not asked."""
    fields = {
        "aggregating": job.is_aggregating,
        "bucket_id": job.bucket.id,
        "canceled_due_to_timeout": job.is_canceled_due_to_timeout,
        "chunk_client_processing_order_guarantee": job.order.value,
        "name": job.name,
        "priority": job.priority.value,
        "request_type": job.request_type.value,
        "truncated": job.is_truncated,
        "user_id": job.user.id,
    }
    asked = {name: request.query[name] for name in fields if request.query.get(name)}
    if asked.get("bucket_id") == job.bucket.name:
        del asked["bucket_id"]
    return all(str(fields[name]).lower() == value.lower() for name, value in asked.items())
