"""Which call answers which request: by method, resource, and whether there is an id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bptui.simulator.jobs import Status
from bptui.simulator.requests import REST
from bptui.simulator.routes import bulk, chunks, environment, jobs, library, s3
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from bptui.simulator.requests import Answer, Request
    from bptui.simulator.service import Service

ACTIVE, COMPLETED, CANCELED = Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELED

WITHOUT_ID: dict[tuple[str, str], Callable[[Service, Request], Answer]] = {
    ("GET", "job"): jobs.get_jobs,
    ("DELETE", "job"): jobs.delete_jobs,
    ("GET", "active_job"): partial(jobs.records, ACTIVE),
    ("DELETE", "active_job"): jobs.delete_jobs,
    ("GET", "completed_job"): partial(jobs.records, COMPLETED),
    ("DELETE", "completed_job"): partial(jobs.clear, COMPLETED),
    ("GET", "canceled_job"): partial(jobs.records, CANCELED),
    ("DELETE", "canceled_job"): partial(jobs.clear, CANCELED),
    ("GET", "job_creation_failed"): environment.job_creation_failures,
    ("GET", "job_chunk"): chunks.ready,
    ("GET", "job_chunk_dao"): chunks.entries,
    ("GET", "system_information"): environment.system_information,
    ("GET", "system_health"): environment.system_health,
    ("GET", "node"): environment.nodes,
    ("GET", "data_path_backend"): environment.data_path_backend,
    ("GET", "cache_state"): environment.cache_state,
    ("GET", "blob_store_task"): environment.tasks,
    ("GET", "bucket"): environment.buckets,
    ("GET", "user"): environment.users,
    ("GET", "data_policy"): environment.data_policies,
    **library.WITHOUT_ID,
}

WITH_ID: dict[tuple[str, str], Callable[[Service, Request, str], Answer]] = {
    ("GET", "job"): jobs.get_job,
    ("PUT", "job"): jobs.put_job,
    ("DELETE", "job"): jobs.delete_job,
    ("GET", "active_job"): partial(jobs.record, ACTIVE),
    ("PUT", "active_job"): jobs.modify,
    ("DELETE", "active_job"): jobs.delete_job,
    ("GET", "completed_job"): partial(jobs.record, COMPLETED),
    ("GET", "canceled_job"): partial(jobs.record, CANCELED),
    ("GET", "job_chunk"): chunks.get_chunk,
    ("PUT", "job_chunk"): chunks.allocate,
    ("GET", "job_chunk_dao"): chunks.chunk_info,
    ("GET", "node"): environment.node,
    ("GET", "bucket"): environment.bucket,
    ("GET", "user"): environment.user,
    ("GET", "data_policy"): environment.data_policy,
    **library.WITH_ID,
}

WITH_BODY: dict[tuple[str, str], Callable[[Service, Request, str, bytes], Answer]] = {
    ("PUT", "bucket"): bulk.start,
}


async def dispatch(service: Service, request: Request) -> Answer:
    """The answer of the call that a request is for.

    Raises:
        Refusal: the call refuses, or there is none.
    """
    if not request.is_rest:
        return await s3.dispatch(service, request)
    resource, _, ident = request.path.removeprefix(REST).rstrip("/").partition("/")
    key = (request.method, resource)
    lock = service.appliance.lock
    if ident and key in WITH_BODY:
        body = await request.read()
        with lock:
            return WITH_BODY[key](service, request, ident, body)
    with lock:
        call = _call(key, ident)
        if call is None:
            raise not_found(f"There is nothing at {request.path} for {request.method}.")
        return call(service, request)


def _call(key: tuple[str, str], ident: str) -> Callable[[Service, Request], Answer] | None:
    if not ident:
        return WITHOUT_ID.get(key)
    with_id: Any = WITH_ID.get(key)
    return None if with_id is None else lambda service, request: with_id(service, request, ident)
