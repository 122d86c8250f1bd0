"""As many objects in one job, and as many jobs, as an appliance allows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Chunk, Job, Priority, RequestType
from bptui.simulator.scenarios.casting import generator_for
from bptui.simulator.scenarios.names import FAMILIES, MIB

if TYPE_CHECKING:
    import random
    from collections.abc import Generator

    from bptui.simulator.appliance import Appliance

MOST_OBJECTS = 500_000
"""Objects a job may hold (DS3 API reference, "Limits")."""
OBJECTS_A_CHUNK = 1000
MOST_JOBS = 40_000
"""Concurrent jobs, `MaxNumberOfConcurrentJobs` by default."""

STEP_SECONDS = 5.0
CHUNKS_A_STEP = 50
OBJECTS_A_STEP = 500
JOBS_A_STEP = 80


def huge(appliance: Appliance) -> None:
    """One PUT with all objects, in chunks of a thousand (one object each from 6.0 on)."""
    size = 1 if appliance.release.has_job_entries else OBJECTS_A_CHUNK
    _one_job(appliance, size)


def huge_flat(appliance: Appliance) -> None:
    """The same objects in a single chunk."""
    _one_job(appliance, MOST_OBJECTS)


def _one_job(appliance: Appliance, chunk_size: int) -> None:
    rng = generator_for(appliance, "huge")
    count = appliance.options.objects or MOST_OBJECTS
    user = appliance.add_user("lindqvist")
    chunks = [
        Chunk(new_uuid(rng), number, _blobs(start, min(start + chunk_size, count), rng), appliance.machine.nodes[0].id)
        for number, start in enumerate(range(0, count, chunk_size), 1)
    ]
    job = Job(
        id=new_uuid(rng),
        name="survey 114 complete",
        bucket=appliance.add_bucket("seismic-north", user, age_days=700),
        user=user,
        request_type=RequestType.PUT,
        created_at=appliance.now() - timedelta(hours=6),
        chunks=chunks,
    )
    _begin_past(job)
    appliance.add(job)
    appliance.begin(_receive(job), after_seconds=STEP_SECONDS)


def _blobs(start: int, end: int, rng: random.Random) -> list[Blob]:
    return [
        Blob(
            new_uuid(rng),
            f"survey-114/line-{i // 4000 + 1:03d}/acquisition/shot-{i:06d}.segd",
            8 * MIB + i % 977 * 4096,
            new_uuid(rng),
        )
        for i in range(start, end)
    ]


def _begin_past(job: Job) -> None:
    """What is already in the cache: the first 3 of 8 objects of every chunk; every thousandth is superseded."""
    for number, (chunk, index, blob) in enumerate(job.blobs()):
        blob.is_latest = number % 1000 != 999
        if number % 8 < 3:
            job.cache(chunk, index)


def _receive(job: Job) -> Generator[float]:
    """Every few seconds, objects arrive in many places at once."""
    groups = [job.chunks[at::CHUNKS_A_STEP] for at in range(min(CHUNKS_A_STEP, len(job.chunks)))]
    waiting = [
        ((chunk, index) for chunk in group for index, blob in enumerate(chunk.blobs) if not blob.is_in_cache)
        for group in groups
    ]
    while job.is_running:
        for places in waiting:
            for _ in range(OBJECTS_A_STEP // len(waiting)):
                place = next(places, None)
                if place is not None:
                    job.cache(*place)
        yield STEP_SECONDS


def many(appliance: Appliance) -> None:
    """As many small jobs as the appliance takes; each second some of them move, end, and are followed by new ones."""
    rng = generator_for(appliance, "many")
    count = appliance.options.jobs or MOST_JOBS
    jobs = [_small_job(appliance, number, count, rng) for number in range(count)]
    for job in jobs:
        for index in range(rng.randrange(len(job.chunks[0].blobs))):
            job.cache(job.chunks[0], index)
    appliance.begin(_stir(appliance, jobs, rng), after_seconds=1)


def _small_job(appliance: Appliance, number: int, count: int, rng: random.Random) -> Job:
    bucket_name = tuple(FAMILIES)[number % len(FAMILIES)]
    family = FAMILIES[bucket_name]
    user = appliance.add_user(("mbarros", "okonkwo", "tanaka", "lindqvist", "svc-mam", "svc-veeam")[number % 6])
    blobs = [Blob(new_uuid(rng), family.name(index, rng), family.size(rng), new_uuid(rng)) for index in range(4)]
    job = Job(
        id=new_uuid(rng),
        name=f"{'ingest' if number % 3 else 'recall'} {number:05d}",
        bucket=appliance.add_bucket(bucket_name, user, age_days=300),
        user=user,
        request_type=RequestType.PUT if number % 3 else RequestType.GET,
        created_at=appliance.now() - timedelta(seconds=max(0, count - number)),
        chunks=[Chunk(new_uuid(rng), 1, blobs)],
        priority=(Priority.NORMAL, Priority.HIGH, Priority.LOW, Priority.NORMAL, Priority.URGENT)[number % 5],
        is_aggregating=number % 40 == 1,
    )
    return appliance.add(job)


def _stir(appliance: Appliance, jobs: list[Job], rng: random.Random) -> Generator[float]:
    made = len(jobs)
    while True:
        for _ in range(max(1, JOBS_A_STEP * len(jobs) // MOST_JOBS)):
            at = rng.randrange(len(jobs))
            _go_on(appliance, jobs[at])
            if not jobs[at].is_running:
                jobs[at] = _small_job(appliance, made, made, rng)
                made += 1
        yield 1.0


def _go_on(appliance: Appliance, job: Job) -> None:
    """The next blob arrives; after the last one the job is done with."""
    if not job.is_running:
        return
    chunk = job.chunks[0]
    index = next((index for index, blob in enumerate(chunk.blobs) if not blob.is_in_cache), None)
    if index is None:
        appliance.finish(job)
        return
    job.cache(chunk, index)
