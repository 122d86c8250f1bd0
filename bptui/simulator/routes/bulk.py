"""Bulk requests: jobs that clients create (DS3 API reference, "Job creation")."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bptui.simulator import stories
from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Job, Order, Priority, RequestType
from bptui.simulator.requests import Refusal
from bptui.simulator.routes.environment import known_bucket
from bptui.simulator.routes.jobs import settable_priority
from bptui.simulator.service import not_found
from bptui.simulator.splitting import BLOB_BYTES, chunks_of, parts_of

if TYPE_CHECKING:
    from bptui.simulator.accounts import Bucket
    from bptui.simulator.requests import Answer, Request
    from bptui.simulator.service import Service
    from bptui.simulator.storage import StoredObject

MOST_OBJECTS = 500_000
LARGEST_BLOB_BYTES = 100 << 30

TAPE_BYTES_PER_SECOND = 700 * stories.MEGABYTE

OPERATIONS = {
    "start_bulk_put": RequestType.PUT,
    "start_bulk_get": RequestType.GET,
    "start_bulk_verify": RequestType.VERIFY,
    "start_bulk_stage": RequestType.GET,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One object of a bulk request."""

    name: str
    size_bytes: int
    offset: int = 0
    length: int | None = None


def start(service: Service, request: Request, word: str, body: bytes) -> Answer:
    """Start Bulk PUT, GET or VERIFY: a new job, or an aggregating one that is still open, enlarged."""
    bucket = known_bucket(service, word)
    operation = request.query.get("operation", "").lower()
    request_type = OPERATIONS.get(operation)
    if request_type is None:
        raise Refusal(400, "BadRequest", f"'{operation}' is not a legal value for operation.")
    if not service.appliance.machine.backend.allows_new_jobs:
        if request.user is not None:
            service.appliance.refuse_job(request.user, "New jobs are not accepted at present.")
        raise Refusal(503, "ServiceUnavailable", "New jobs are not accepted at present.", {"Retry-After": "300"})
    asked = parse(body)
    rng = random.Random(service.appliance.rng.getrandbits(64))
    is_put = request_type is RequestType.PUT
    blobs = _new_blobs(request, bucket, asked, rng) if is_put else _stored_blobs(bucket, asked, rng)
    return service.master(_enter(service, request, bucket, request_type, blobs, rng))


def parse(body: bytes) -> list[Asked]:
    """The objects that a bulk request names.

    Raises:
        Refusal: 400 for what is not such a list, or too long a one.
    """
    try:
        root = ET.fromstring(body)  # noqa: S314 - only loopback clients speak to a pretend appliance
        asked = [
            Asked(
                each.attrib["Name"],
                int(each.get("Size", "0")),
                int(each.get("Offset", "0")),
                _length(each.get("Length")),
            )
            for each in root
        ]
    except (ET.ParseError, KeyError, ValueError) as error:
        raise Refusal(400, "MalformedXML", f"The list of objects cannot be read: {error}.") from None
    if not 1 <= len(asked) <= MOST_OBJECTS:
        raise Refusal(400, "BadRequest", f"A job has 1 to {MOST_OBJECTS} objects, not {len(asked)}.")
    return asked


def _length(text: str | None) -> int | None:
    return None if text is None else int(text)


def _new_blobs(request: Request, bucket: Bucket, asked: list[Asked], rng: random.Random) -> list[Blob]:
    """The blobs that a PUT expects; an object that is there already is a conflict."""
    blob_bytes = min(int(request.query.get("max_upload_size") or BLOB_BYTES), LARGEST_BLOB_BYTES)
    blobs: list[Blob] = []
    for each in asked:
        if each.name in bucket.objects and not request.flag("ignore_naming_conflicts"):
            raise Refusal(409, "OBJECT_ALREADY_EXISTS", f"The object '{each.name}' exists already.")
        blobs += parts_of(each.name, each.size_bytes, rng, blob_bytes)
    return blobs


def _stored_blobs(bucket: Bucket, asked: list[Asked], rng: random.Random) -> list[Blob]:
    """The whole blobs that cover what a GET or VERIFY asks for."""
    blobs: list[Blob] = []
    for each in asked:
        stored = bucket.objects.get(each.name)
        if stored is None:
            raise not_found(f"The object '{each.name}' does not exist.")
        blobs += _covering(stored, each, rng)
    return blobs


def _covering(stored: StoredObject, asked: Asked, rng: random.Random) -> list[Blob]:
    end = stored.size_bytes if asked.length is None else asked.offset + asked.length
    return [
        Blob(new_uuid(rng), stored.name, part.length, stored.version_id, at, is_in_cache=part.is_in_cache)
        for at, part in sorted(stored.parts.items())
        if at <= asked.offset < at + max(part.length, 1) or asked.offset <= at < end
    ]


def _enter(
    service: Service, request: Request, bucket: Bucket, request_type: RequestType, blobs: list[Blob], rng: random.Random
) -> Job:
    appliance, query = service.appliance, request.query
    is_aggregating = query.get("aggregating", "").lower() == "true"
    default_order = "IN_ORDER" if request_type is RequestType.PUT else "NONE"
    order = Order(query.get("chunk_client_processing_order_guarantee", default_order).upper())
    open_job = _open_job(service, bucket, request_type, order) if is_aggregating else None
    if open_job is not None:
        open_job.enlarge(chunks_of(appliance.release, blobs, rng, first=len(open_job.chunks) + 1))
        appliance.note_activity(open_job)
        return open_job
    if request.user is None:
        raise Refusal(403, "AccessDenied", "Nobody signed this request.")
    job = Job(
        id=new_uuid(rng),
        name=query.get("name") or f"{request_type.value} by {request.headers.get('x-forwarded-for', '127.0.0.1')}",
        bucket=bucket,
        user=request.user,
        request_type=request_type,
        created_at=appliance.now(),
        chunks=chunks_of(appliance.release, blobs, rng),
        priority=settable_priority(query["priority"]) if "priority" in query else _default_priority(request_type),
        order=order,
        is_aggregating=is_aggregating,
    )
    appliance.add(job)
    begin(service, job, rng)
    return job


def _default_priority(request_type: RequestType) -> Priority:
    return Priority.LOW if request_type is RequestType.VERIFY else Priority.NORMAL


def _open_job(service: Service, bucket: Bucket, request_type: RequestType, order: Order) -> Job | None:
    """An aggregating job that takes in more: same bucket, type and order, not older than 30 minutes."""
    oldest = service.appliance.moment_seconds - stories.AGGREGATION_WINDOW_SECONDS
    for job in service.appliance.running():
        fits = job.bucket is bucket and job.request_type is request_type and job.order is order
        if fits and job.is_aggregating and not job.is_naked and job.created_seconds >= oldest:
            return job
    return None


def begin(service: Service, job: Job, rng: random.Random) -> None:
    """Start what the back end does for a job that a client made."""
    appliance = service.appliance
    if job.request_type is RequestType.PUT:
        appliance.begin(stories.persist(appliance, job, TAPE_BYTES_PER_SECOND, rng, lambda _: False))
        return
    appliance.begin(stories.stage(appliance, job, TAPE_BYTES_PER_SECOND, rng))
    if job.request_type is RequestType.VERIFY:
        appliance.begin(stories.read(appliance, job, TAPE_BYTES_PER_SECOND, rng))
