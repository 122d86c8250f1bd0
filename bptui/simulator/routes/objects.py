"""Objects' bodies: sent and fetched for a job's blob, or as plain S3 traffic."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Chunk, ChunkState, Job, RequestType
from bptui.simulator.requests import Answer, Refusal
from bptui.simulator.routes.bulk import begin
from bptui.simulator.routes.environment import known_bucket
from bptui.simulator.service import not_found
from bptui.simulator.storage import StoredObject
from bptui.simulator.stories import AGGREGATION_WINDOW_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bptui.simulator.accounts import Bucket
    from bptui.simulator.requests import Request
    from bptui.simulator.service import Service
    from bptui.simulator.storage import Part

OCTETS = "application/octet-stream"


async def put(service: Service, request: Request, word: str, key: str) -> Answer:
    """Put Object: a blob of a job, or a whole object for which the appliance finds or makes a naked job."""
    with service.appliance.lock:
        bucket = known_bucket(service, word)
        offset = int(request.query.get("offset") or 0)
        job = _job_of(service, request)
        if job is not None and job.find(key, offset) is None:
            raise not_found(f"Job {job.id} has no blob of '{key}' at {offset}.")
    part = await service.storage.take(request.body, offset)
    with service.appliance.lock:
        service.appliance.catch_up()
        try:
            if job is None:
                job = _naked_job(service, request, bucket, key, part)
            _arrive(service, job, bucket, key, part, request)
        except Refusal:
            service.storage.drop([part])
            raise
        return Answer.nothing(200, {"ETag": f'"{part.digest}"'})


def _job_of(service: Service, request: Request) -> Job | None:
    job_id = request.query.get("job")
    return service.running_job(job_id) if job_id else None


def _arrive(service: Service, job: Job, bucket: Bucket, key: str, part: Part, request: Request) -> None:
    found = job.find(key, part.offset)
    if found is None:
        raise not_found(f"Job {job.id} has no blob of '{key}' at {part.offset}.")
    chunk, index, blob = found
    if part.length != blob.length:
        raise Refusal(400, "IncompleteBody", f"'{key}' at {part.offset} has {blob.length} bytes, not {part.length}.")
    if part.offset == 0 or key not in bucket.objects:
        known = bucket.objects.get(key)
        if known is None or known.version_id != blob.version_id:
            service.storage.drop(known.parts.values() if known else ())
            bucket.objects[key] = StoredObject(key, service.appliance.now(), blob.version_id)
    stored = bucket.objects[key]
    if part.offset in stored.parts:
        service.storage.drop([stored.parts[part.offset]])
    stored.parts[part.offset] = part
    stored.metadata |= {name: text for name, text in request.headers.items() if name.startswith("x-amz-meta-")}
    chunk.assign(service.appliance.machine.nodes[0].id)
    job.cache(chunk, index)
    service.appliance.note_activity(job)


def _naked_job(service: Service, request: Request, bucket: Bucket, key: str, part: Part) -> Job:
    """The naked job that an object without a job joins: one of this bucket that is still open, or a new one."""
    appliance = service.appliance
    rng = random.Random(appliance.rng.getrandbits(64))
    blob = Blob(new_uuid(rng), key, part.length, new_uuid(rng))
    oldest = appliance.moment_seconds - AGGREGATION_WINDOW_SECONDS
    for job in appliance.running():
        is_open = job.is_naked and job.is_aggregating and job.request_type is RequestType.PUT
        if is_open and job.bucket is bucket and job.created_seconds >= oldest:
            if appliance.release.has_job_entries or job.chunks[-1].state is not ChunkState.PENDING:
                job.enlarge([Chunk(new_uuid(rng), len(job.chunks) + 1, [blob])])
            else:
                job.append(job.chunks[-1], blob)
            return job
    if request.user is None:
        raise Refusal(403, "AccessDenied", "Nobody signed this request.")
    job = Job(
        id=new_uuid(rng),
        name="Untitled",
        bucket=bucket,
        user=request.user,
        request_type=RequestType.PUT,
        created_at=appliance.now(),
        chunks=[Chunk(new_uuid(rng), 1, [blob])],
        is_naked=True,
        is_aggregating=True,
    )
    appliance.add(job)
    begin(service, job, rng)
    return job


def head(stored: StoredObject) -> Answer:
    """Head Object."""
    return Answer(200, (), stored.size_bytes, _headers(stored), OCTETS)


def _headers(stored: StoredObject) -> dict[str, str]:
    modified = stored.created_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return {"ETag": stored.entity_tag, "Last-Modified": modified, "Accept-Ranges": "bytes", **stored.metadata}


def get(service: Service, request: Request, stored: StoredObject) -> Answer:
    """Get Object: a blob of a job, a range, or all of it."""
    job = _job_of(service, request)
    start, length, status = 0, stored.size_bytes, 200
    headers = _headers(stored)
    if job is not None:
        start = int(request.query.get("offset") or 0)
        length = stored.parts[start].length if start in stored.parts else 0
    if "range" in request.headers:
        start, length = _range(request.headers["range"], stored.size_bytes)
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{stored.size_bytes}"
        status = 206
    blocks = service.storage.read(stored, start, length)
    if job is not None:
        blocks = _counted(service, job, stored.name, start, blocks)
    return Answer(status, blocks, length, headers, OCTETS)


def _range(text: str, size_bytes: int) -> tuple[int, int]:
    """Start and length of the first range in a `Range` header."""
    unit, _, ranges = text.partition("=")
    first, _, last = ranges.split(",")[0].strip().partition("-")
    if unit.strip() != "bytes" or not (first or last) or not (first + last).isdecimal():
        raise Refusal(400, "InvalidRange", f"'{text}' is no range of bytes.")
    start = int(first) if first else max(0, size_bytes - int(last))
    end = min(int(last) + 1 if first and last else size_bytes, size_bytes)
    if start >= end:
        raise Refusal(416, "InvalidRange", f"'{text}' lies outside of {size_bytes} bytes.")
    return start, end - start


def _counted(service: Service, job: Job, name: str, start: int, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same blocks; once the last has gone, the job's blob counts as read."""
    yield from blocks
    with service.appliance.lock:
        for chunk, index, blob in job.blobs():
            if blob.name == name and blob.offset <= start < blob.offset + max(blob.length, 1):
                job.finish_blob(chunk, index)
        service.appliance.note_activity(job)
        if all(blob.is_done for _, _, blob in job.blobs()):
            service.appliance.complete(job)


def delete_many(service: Service, bucket: Bucket, body: bytes) -> Answer:
    """Delete Multiple Objects."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - only loopback clients speak to a pretend appliance
    except ET.ParseError as error:
        raise Refusal(400, "MalformedXML", f"The list of objects cannot be read: {error}.") from None
    keys = [each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] == "Key"]
    for key in keys:
        stored = bucket.objects.pop(key, None)
        if stored is not None:
            service.storage.drop(stored.parts.values())
    deleted = [("Deleted", [("Key", key)]) for key in keys]
    return Answer.of(service.style.document("DeleteResult", deleted))
