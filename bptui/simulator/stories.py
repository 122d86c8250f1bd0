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

MEGABYTE = 1_000_000
LOOK_SECONDS = 2.0
"""How often a story that has nothing to do looks again."""
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
        if ready is None or is_open:
            if not is_open and all(chunk.is_done or not chunk.blobs for chunk in job.chunks):
                appliance.complete(job)
                return
            yield LOOK_SECONDS
            continue
        ready.state = ChunkState.IN_PROGRESS
        task = appliance.begin_task("WriteChunkToTapeTask", f"Write Chunk {ready.id} to tape", job)
        yield _seconds(ready.size_bytes, bytes_per_second, rng)
        appliance.end_task(task)
        if job.is_running:
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
        task = appliance.begin_task("ReadChunkFromTapeTask", f"Read Chunk {chunk.id} from tape", job)
        yield rng.uniform(4, 12)
        for index in waiting:
            blob = chunk.blobs[index]
            if job.cached_bytes + blob.length > job.original_bytes * until_fraction:
                appliance.end_task(task)
                return
            yield _seconds(blob.length, bytes_per_second, rng)
            if not job.is_running:
                break
            chunk.assign(appliance.machine.nodes[0].id)
            job.cache(chunk, index)
        appliance.end_task(task)
        if not job.is_running:
            return


def read(appliance: Appliance, job: Job, bytes_per_second: float, rng: random.Random) -> Generator[float]:
    """A client reads (or the appliance checks) what is in the cache; then the job completes."""
    while job.is_running:
        found = next((at for at in job.blobs() if at[2].is_in_cache and not at[2].is_done), None)
        if found is None:
            if all(blob.is_done for _, _, blob in job.blobs()):
                appliance.complete(job)
                return
            yield LOOK_SECONDS
            continue
        chunk, index, blob = found
        yield _seconds(blob.length, bytes_per_second, rng)
        if job.is_running:
            job.finish_blob(chunk, index)
            if job.request_type is RequestType.GET:
                appliance.note_activity(job)


def _takes_more(job: Job) -> bool:
    return job.is_running and job.is_aggregating


def feed(
    appliance: Appliance, job: Job, every_seconds: float, new_blob: Callable[[int], Blob], rng: random.Random
) -> Generator[float]:
    """A program keeps adding objects to an aggregating job and sends them, as long as the job aggregates."""
    count = sum(1 for _ in job.blobs())
    while _takes_more(job):
        yield every_seconds * rng.uniform(0.7, 1.3)
        if not _takes_more(job):
            return
        chunk = job.chunks[-1]
        job.append(chunk, new_blob(count))
        count += 1
        yield every_seconds * rng.uniform(0.2, 0.5)
        if job.is_running and not chunk.is_done:
            job.cache(chunk, len(chunk.blobs) - 1)
            appliance.note_activity(job)


def cancel_after(appliance: Appliance, job: Job, seconds: float) -> Generator[float]:
    """Somebody cancels the job after a while."""
    yield seconds
    appliance.cancel(job)


def every_other_drains(chunk: Chunk) -> bool:
    """Two of three processed chunks stay listed without their objects: both were seen on appliances."""
    return chunk.number % 3 != 0
