"""How jobs move: each story yields the simulated seconds until its next step, and stops when its job has ended.

Counters move as the appliance's do: into the cache by blob, to media by chunk (DS3 API reference, "Sizes").
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bptui.simulator.jobs import Blob, Chunk, ChunkState, RequestType

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Generator

    from bptui.simulator.appliance import Appliance
    from bptui.simulator.jobs import Job
    from bptui.simulator.machine import Task

MEGABYTE = 1_000_000
LOOK_SECONDS = 2.0
"""How often a story that has nothing to do looks again."""
AGGREGATION_WINDOW_SECONDS = 30 * 60
"""For how long after its creation an aggregating job takes in further requests (DS3 API reference, "Flags")."""
IDLE_SECONDS = 24 * 3600.0
"""How long a PUT keeps its reservation without any transfer."""
CLEAN_UP_SECONDS = 600.0
MOST_ENDED_JOBS = 5_000
NAKED_IDLE_SECONDS = 120.0
"""How long plain S3 traffic has to pause until its job is written out."""


def _seconds(size_bytes: int, bytes_per_second: float, rng: random.Random) -> float:
    return size_bytes / bytes_per_second * rng.uniform(0.85, 1.15) + 0.05


def upload(
    appliance: Appliance, job: Job, bytes_per_second: float, rng: random.Random, until_fraction: float = math.inf
) -> Generator[float]:
    """A client sends blob after blob; past a fraction of the bytes it falls silent."""
    for chunk in list(job.chunks):
        for index, blob in enumerate(list(chunk.blobs)):
            if blob.is_in_cache or chunk.is_done:
                continue
            if job.cached_bytes + blob.length > job.original_bytes * until_fraction:
                return
            yield _seconds(blob.length, bytes_per_second, rng)
            while job.is_running and (job.is_client_silent or not appliance.has_cache_space()):
                yield LOOK_SECONDS
            if not job.is_running:
                return
            chunk.assign(appliance.machine.nodes[0].id)
            job.cache(chunk, index)
            appliance.note_activity(job)


def persist(
    appliance: Appliance,
    job: Job,
    bytes_per_second: float,
    rng: random.Random,
    drains: Callable[[Chunk], bool] = lambda _: True,
) -> Generator[float]:
    """The back end writes chunk after chunk to tape as they are entirely in cache, then the job completes."""
    while job.is_running:
        ready = next((chunk for chunk in job.chunks if not chunk.is_done and chunk.is_in_cache and chunk.blobs), None)
        is_open = _is_open(appliance, job)
        if ready is None or is_open or not appliance.can_write(job):
            if not is_open and all(chunk.is_done or not chunk.blobs for chunk in job.chunks):
                appliance.complete(job)
            yield LOOK_SECONDS
            continue
        ready.state = ChunkState.IN_PROGRESS
        task = begin_writing(appliance, job, ready)
        yield _seconds(ready.size_bytes, bytes_per_second, rng)
        appliance.end_task(task)
        if not appliance.can_write(job):
            ready.state = ChunkState.PENDING
        elif job.is_running:
            job.persist(ready, drains=drains(ready))


def _is_open(appliance: Appliance, job: Job) -> bool:
    """Whether the back end still waits for more objects; for plain S3 traffic it does not wait long."""
    idle_seconds = appliance.moment_seconds - job.last_activity_seconds
    return job.is_aggregating and not (job.is_naked and idle_seconds > NAKED_IDLE_SECONDS)


def stage(
    appliance: Appliance, job: Job, bytes_per_second: float, rng: random.Random, until_fraction: float = math.inf
) -> Generator[float]:
    """The back end reads blob after blob from tape into the cache."""
    for chunk in list(job.chunks):
        waiting = [index for index, blob in enumerate(chunk.blobs) if not blob.is_in_cache]
        if not waiting:
            continue
        yield rng.uniform(4, 12)
        yield from _until_readable(appliance, job, chunk)
        task = begin_reading(appliance, job, chunk)
        for index in waiting:
            blob = chunk.blobs[index]
            if job.cached_bytes + blob.length > job.original_bytes * until_fraction:
                appliance.end_task(task)
                return
            yield _seconds(blob.length, bytes_per_second, rng)
            if not appliance.can_read(job, chunk):
                # Whatever is in the way, no drive is at work for the job meanwhile.
                appliance.end_task(task)
                yield from _until_readable(appliance, job, chunk)
                task = begin_reading(appliance, job, chunk)
            if not job.is_running:
                break
            chunk.assign(appliance.machine.nodes[0].id)
            job.cache(chunk, index)
        appliance.end_task(task)
        if not job.is_running:
            return


def begin_reading(appliance: Appliance, job: Job, chunk: Chunk) -> Task:
    """A drive starts to read a chunk."""
    return appliance.begin_task("ReadChunkFromTapeTask", f"Read Chunk {chunk.id} from tape", job, chunk.tape_id)


def begin_writing(appliance: Appliance, job: Job, chunk: Chunk) -> Task:
    """A drive starts to write a chunk."""
    return appliance.begin_task("WriteChunkToTapeTask", f"Write Chunk {chunk.id} to tape", job)


def _until_readable(appliance: Appliance, job: Job, chunk: Chunk) -> Generator[float]:
    while job.is_running and not appliance.can_read(job, chunk):
        yield LOOK_SECONDS


def _next_unread(job: Job) -> tuple[Chunk, int, Blob] | None:
    for chunk in job.chunks:
        if chunk.has_unread:
            for index, blob in enumerate(chunk.blobs):
                if blob.is_in_cache and not blob.is_done:
                    return chunk, index, blob
    return None


def _until_willing(job: Job) -> Generator[float]:
    while job.is_running and job.is_client_silent:
        yield LOOK_SECONDS


def read(appliance: Appliance, job: Job, bytes_per_second: float, rng: random.Random) -> Generator[float]:
    """A client reads (or the appliance checks) what is in the cache; then the job completes."""
    while job.is_running:
        found = _next_unread(job)
        if found is None:
            if all(chunk.done_count == len(chunk.blobs) for chunk in job.chunks):
                appliance.complete(job)
            yield LOOK_SECONDS
            continue
        chunk, index, blob = found
        yield _seconds(blob.length, bytes_per_second, rng)
        yield from _until_willing(job)
        if job.is_running:
            job.finish_blob(chunk, index)
            if job.request_type is RequestType.GET:
                appliance.note_activity(job)


def _takes_more(appliance: Appliance, job: Job) -> bool:
    """Whether a new request would still join the job."""
    is_young = appliance.moment_seconds - job.created_seconds < AGGREGATION_WINDOW_SECONDS
    return job.is_running and job.is_aggregating and is_young


def feed(
    appliance: Appliance, job: Job, every_seconds: float, new_blob: Callable[[int], Blob], rng: random.Random
) -> Generator[float]:
    """A program keeps adding objects to an aggregating job and sends them, as long as the job takes more."""
    count = sum(1 for _ in job.blobs())
    while _takes_more(appliance, job):
        yield every_seconds * rng.uniform(0.7, 1.3)
        if not _takes_more(appliance, job):
            break
        job.append(job.chunks[-1], new_blob(count))
        count += 1
        yield every_seconds * rng.uniform(0.2, 0.5)
        _send_next(appliance, job)
    while job.is_running and job.cached_bytes < job.original_bytes:
        yield every_seconds * rng.uniform(0.2, 0.5)
        _send_next(appliance, job)


def _send_next(appliance: Appliance, job: Job) -> None:
    """The oldest object that has not arrived does."""
    if job.is_running and appliance.arrive(job):
        appliance.note_activity(job)


def end_feed(appliance: Appliance, job: Job, after_seconds: float) -> Generator[float]:
    """The program that fed an aggregating job closes it itself in the end; waits until the job has ended."""
    yield after_seconds
    if job.is_running and job.is_aggregating:
        appliance.close(job)
    while job.is_running:
        yield LOOK_SECONDS


def clean_up(appliance: Appliance) -> Generator[float]:
    """End what clients left behind, and forget what ended long ago (DS3 API reference, "Life cycle")."""
    while True:
        yield CLEAN_UP_SECONDS
        for job in appliance.running():
            idle_seconds = appliance.moment_seconds - job.last_activity_seconds
            if idle_seconds > IDLE_SECONDS and _is_abandoned(job):
                _end_abandoned(appliance, job)
        appliance.forget_oldest(MOST_ENDED_JOBS)


def _is_abandoned(job: Job) -> bool:
    is_incomplete = job.cached_bytes < job.original_bytes
    may_end = job.allows_dead_job_cleanup and not job.is_protected
    return job.request_type is RequestType.PUT and is_incomplete and may_end


def _end_abandoned(appliance: Appliance, job: Job) -> None:
    if job.cached_bytes == 0:
        appliance.cancel(job, due_to_timeout=True)
        return
    job.truncate()
    job.is_truncated_due_to_timeout = True


def cancel_after(appliance: Appliance, job: Job, seconds: float) -> Generator[float]:
    """Somebody cancels the job after a while."""
    yield seconds
    appliance.cancel(job)


def every_other_drains(chunk: Chunk) -> bool:
    """Two of three processed chunks stay listed without their objects: both were seen on appliances."""
    return chunk.number % 3 != 0
