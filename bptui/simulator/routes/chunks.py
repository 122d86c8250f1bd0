"""Chunks: which are ready for the client, one alone, allocation, and the back end's record of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.jobs import Chunk, Job, RequestType
from bptui.simulator.render.records import chunk_record, entry_record
from bptui.simulator.requests import Answer, Refusal
from bptui.simulator.routes.paging import page
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from bptui.simulator.requests import Request
    from bptui.simulator.service import Service


def ready(service: Service, request: Request) -> Answer:
    """Get Job Chunks Ready For Client Processing: `Retry-After` is there every time, because SDKs insist on it."""
    if "job" not in request.query:
        raise Refusal(400, "BadRequest", "The parameter job is missing.")
    job = service.running_job(request.query["job"])
    wanted = request.query.get("job_chunk")
    most = int(request.query.get("preferred_number_of_chunks") or 10)
    chunks = [chunk for chunk in job.chunks if is_ready(job, chunk) and wanted in (None, chunk.id)][:most]
    for chunk in chunks:
        chunk.assign(service.appliance.machine.nodes[0].id)
    seconds = service.appliance.machine.backend.cache_retry_after_seconds
    return Answer.streamed(service.jobs.master(job, chunks), {"Retry-After": str(seconds)})


def is_ready(job: Job, chunk: Chunk) -> bool:
    """Whether a client can go on with a chunk: send what is missing, or read what is staged."""
    if chunk.is_done:
        return False
    return not chunk.is_in_cache if job.request_type is RequestType.PUT else chunk.is_in_cache


def _known(service: Service, chunk_id: str) -> tuple[Job, Chunk]:
    for job in service.appliance.running():
        for chunk in job.chunks:
            if chunk.id == chunk_id.lower():
                return job, chunk
    raise not_found(f"No job chunk is known under the identifier '{chunk_id}'.", service.appliance.release.gone_status)


def get_chunk(service: Service, _: Request, chunk_id: str) -> Answer:
    """Get Job Chunk."""
    return Answer.streamed(service.jobs.alone(_known(service, chunk_id)[1]))


def allocate(service: Service, request: Request, chunk_id: str) -> Answer:
    """Allocate Job Chunk: gives it a node; aggregating jobs are allocated in advance and answer 404."""
    if request.query.get("operation", "").lower() != "allocate":
        raise Refusal(400, "BadRequest", "The operation of a job chunk can only be allocate.")
    job, chunk = _known(service, chunk_id)
    if job.is_aggregating:
        raise not_found(f"Chunk {chunk_id} belongs to an aggregating job and is allocated already.")
    if not service.appliance.has_cache_space():
        headers = {"Retry-After": str(service.appliance.machine.backend.cache_retry_after_seconds)}
        raise Refusal(503, "ServiceUnavailable", "There is no cache space for the chunk at present.", headers)
    chunk.assign(service.appliance.machine.nodes[0].id)
    service.appliance.note_activity(job)
    return Answer.streamed(service.jobs.alone(chunk))


def chunk_info(service: Service, _: Request, chunk_id: str) -> Answer:
    """Get Job Chunk info: the back end's record, from 6.0 on as a job entry."""
    job, chunk = _known(service, chunk_id)
    has_entries = service.appliance.release.has_job_entries
    return service.data(entry_record(job, chunk) if has_entries else chunk_record(job, chunk))


def entries(service: Service, request: Request) -> Answer:
    """Get Job Entries (6.0 on)."""
    if not service.appliance.release.has_job_entries or "job_id" not in request.query:
        raise not_found("There is nothing at job_chunk_dao without an identifier.")
    job = service.any_job(request.query["job_id"])
    return page(service, request, job.chunks, lambda each: each.id, lambda each: ("JobEntry", entry_record(job, each)))
