"""A working day: about a dozen jobs of every kind, one that completes soon, one that is canceled, one that stalls."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.jobs import Blob, Job, Order, Priority, RequestType, Status
from bptui.simulator.scenarios.casting import Role, cast, generator_for, new_blob
from bptui.simulator.scenarios.names import GIB, MIB

if TYPE_CHECKING:
    from collections.abc import Generator

    from bptui.simulator.appliance import Appliance

PUT, GET, VERIFY = RequestType.PUT, RequestType.GET, RequestType.VERIFY
TIB = 1024 * GIB
MB = stories.MEGABYTE
HOUR = 3600.0
FIRST_BYTES = GIB
"""What is there already when a fed job begins."""
HIGH, URGENT, LOW = ({"priority": priority} for priority in (Priority.HIGH, Priority.URGENT, Priority.LOW))
CLOSES_AFTER_SECONDS = 50 * 60.0
"""When a program that feeds an aggregating job closes it."""

Part = tuple[Role, float, float]
"""A role and how fast its two sides are, in bytes per second: client and tape for a PUT, tape and client otherwise."""

UPLOADS: tuple[Part, ...] = (
    (
        Role(
            "PUT by 10.24.8.61",
            "dailies-2026",
            "mbarros",
            PUT,
            1800 * GIB,
            40 * GIB,
            0.62,
            0.40,
            1.4 * HOUR,
            HIGH,
            superseded_every=11,
        ),
        900 * MB,
        650 * MB,
    ),
    (
        Role("survey 114 line 7", "seismic-north", "lindqvist", PUT, 5 * TIB, 120 * GIB, 0.19, 0.08, 3.1 * HOUR),
        620 * MB,
        540 * MB,
    ),
    (
        Role("offsite full week 47", "veeam-offsite", "svc-veeam", PUT, 11 * TIB, 240 * GIB, 1.0, 0.46, 19 * HOUR, LOW),
        1,
        700 * MB,
    ),
    (
        Role(
            "feature conform",
            "reel-masters",
            "tanaka",
            PUT,
            900 * GIB,
            130 * GIB,
            0.35,
            0.14,
            0.8 * HOUR,
            split_bytes=210 * GIB,
            superseded_every=7,
        ),
        1100 * MB,
        480 * MB,
    ),
    (
        Role("evening package", "broadcast-news", "svc-mam", PUT, 38 * GIB, 9 * GIB, 0.93, 0.70, 310, URGENT),
        500 * MB,
        900 * MB,
    ),
)
"""Bulk PUTs in every phase: received, received and written, only written, nearly done."""

DOWNLOADS: tuple[Part, ...] = (
    (
        Role(
            "restore for edit bay 3", "field-audio", "okonkwo", GET, 585 * GIB, 30 * GIB, 0.41, 0.30, 0.6 * HOUR
        ).with_attributes(order=Order.NONE, priority=Priority.HIGH),
        420 * MB,
        380 * MB,
    ),
    (
        Role(
            "cohort 12 recall", "genomics-raw", "lindqvist", GET, 3400 * GIB, 150 * GIB, 0.22, 0.02, 5.5 * HOUR
        ).with_attributes(order=Order.NONE),
        700 * MB,
        35 * MB,
    ),
    (
        Role(
            "quarterly verify", "reel-masters", "svc-mam", VERIFY, 8 * TIB, 300 * GIB, 0.58, 0.57, 41 * HOUR
        ).with_attributes(order=Order.NONE, priority=Priority.BACKGROUND),
        800 * MB,
        800 * MB,
    ),
)
"""GETs that are staged and read, or staged and not read, and a VERIFY."""

PAST = (
    ("Untitled", "broadcast-news", "svc-mam", PUT, 1288490188, 3.1, Status.COMPLETED),
    ("PUT by 10.24.8.61", "dailies-2026", "mbarros", PUT, 940 * GIB, 9.5, Status.COMPLETED),
    ("survey 114 line 6", "seismic-north", "lindqvist", PUT, 4 * TIB, 26.0, Status.COMPLETED),
    ("trailer recall", "reel-masters", "tanaka", GET, 88 * GIB, 31.0, Status.COMPLETED),
    ("offsite full week 46", "veeam-offsite", "svc-veeam", PUT, 11 * TIB, 170.0, Status.COMPLETED),
    ("VERIFY by 10.24.8.61", "field-audio", "mbarros", VERIFY, 700 * GIB, 200.0, Status.COMPLETED),
    ("GET by null", "genomics-raw", "lindqvist", GET, 52 * MIB, 5.2, Status.CANCELED),
    ("vfx drop 17", "vfx-plates", "tanaka", PUT, 61 * GIB, 27.4, Status.CANCELED),
)
"""What ended in the last days: name, bucket, user, type, size, how many hours ago, and how."""


def populate(appliance: Appliance) -> None:
    """Bring in the people, the buckets and the day's jobs."""
    ended(appliance)
    for role, first_rate, second_rate in (*UPLOADS, *DOWNLOADS):
        play(appliance, role, first_rate, second_rate)
    aggregating(appliance)
    troubled(appliance)
    appliance.begin(arrivals(appliance), after_seconds=25)


def play(appliance: Appliance, role: Role, *rates: float, until: float = 1.0) -> Job:
    """Cast a role and start its two sides: client and tape for a PUT, tape and client otherwise (bytes per second)."""
    job = cast(appliance, role)
    rng = generator_for(appliance, "rates", job.id)
    first_rate, second_rate = rates
    if role.request_type is PUT:
        appliance.begin(stories.upload(appliance, job, first_rate, rng, until))
        drains = stories.every_other_drains
        appliance.begin(stories.persist(appliance, job, second_rate, rng, drains))
    else:
        appliance.begin(stories.stage(appliance, job, first_rate, rng, until))
        if second_rate:
            appliance.begin(stories.read(appliance, job, second_rate, rng))
    return job


def aggregating(appliance: Appliance) -> None:
    """Aggregating jobs: one that is fed, one that idles, and one the appliance made for plain S3 traffic."""
    open_job = {"is_aggregating": True}
    feed = Role("scanner feed", "harbor-masters", "mbarros", PUT, 9 * GIB, age_seconds=13 * 60, attributes=open_job)
    plain = Role("Untitled", "broadcast-news", "svc-mam", PUT, 30 * GIB, age_seconds=22 * 60, attributes=open_job)
    idle = Role("night ingest", "mri-studies", "okonkwo", PUT, 260 * GIB, age_seconds=7.3 * HOUR, attributes=open_job)
    appliance.begin(feeding(appliance, feed.received(0.99), 6.0))
    appliance.begin(feeding(appliance, plain.received(1.0).with_attributes(is_naked=True), 14.0))
    job = cast(appliance, idle.received(1.0))
    appliance.begin(stories.persist(appliance, job, 500 * MB, generator_for(appliance, "idle", job.id)))


def feeding(appliance: Appliance, role: Role, every_seconds: float) -> Generator[float]:
    """One fed job after the other: each is fed while it takes more, closed by its program later, and written."""
    while True:
        job = cast(appliance, role)
        rng = generator_for(appliance, "feed", job.id)
        make = partial(_next_blob, role.bucket, rng)
        appliance.begin(stories.feed(appliance, job, every_seconds, make, rng))
        appliance.begin(stories.persist(appliance, job, 450 * MB, rng))
        yield from stories.end_feed(appliance, job, CLOSES_AFTER_SECONDS - role.age_seconds)
        yield rng.uniform(60, 300)
        role = replace(role, total_bytes=FIRST_BYTES, age_seconds=0)


def _next_blob(bucket: str, rng: random.Random, index: int) -> Blob:
    return new_blob(bucket, index, rng)


def troubled(appliance: Appliance) -> None:
    """A PUT whose client fell silent, and a GET that somebody cancels."""
    play(
        appliance,
        Role("vfx drop 18", "vfx-plates", "tanaka", PUT, 64 * GIB, 16 * GIB, 0.42, 0.24, 2.7 * HOUR),
        300 * MB,
        400 * MB,
        until=0.43,
    )
    canceled = play(
        appliance,
        Role("GET by 10.24.8.77", "dailies-2026", "okonkwo", GET, 120 * GIB, 40 * GIB, 0.11, 0.03, 0.4 * HOUR),
        300 * MB,
        120 * MB,
    )
    appliance.begin(stories.cancel_after(appliance, canceled, 95))


def ended(appliance: Appliance) -> None:
    """What ended in the last days: shown when a client asks for full details."""
    for name, bucket, user, request_type, size_bytes, hours_ago, status in PAST:
        role = Role(name, bucket, user, request_type, 0, age_seconds=(hours_ago + 1.6) * HOUR)
        job = cast(appliance, role)
        job.original_bytes = size_bytes
        is_whole = status is Status.COMPLETED
        job.cached_bytes = size_bytes if is_whole else size_bytes // 5
        job.completed_bytes = size_bytes if is_whole else 0
        job.is_canceled_due_to_timeout = not is_whole and request_type is PUT
        job.end(status, appliance.now() - timedelta(hours=hours_ago))


def arrivals(appliance: Appliance) -> Generator[float]:
    """New jobs come as others end, so that the day goes on for as long as anybody watches."""
    rng = generator_for(appliance, "arrivals")
    number = 0
    while True:
        if len(appliance.running()) < 14:
            number += 1
            play(appliance, _arrival(number, rng), rng.uniform(300, 900) * MB, rng.uniform(500, 900) * MB)
        yield rng.uniform(35, 80)


def _arrival(number: int, rng: random.Random) -> Role:
    bucket, user = rng.choice(
        (
            ("dailies-2026", "mbarros"),
            ("field-audio", "okonkwo"),
            ("broadcast-news", "svc-mam"),
            ("vfx-plates", "tanaka"),
        )
    )
    request_type = rng.choice((PUT, PUT, PUT, GET, GET, VERIFY))
    name = f"{request_type.value} by 10.24.8.{60 + number % 40}" if rng.random() < 0.6 else f"package {number:03d}"
    size_bytes = int(8 * GIB * 2 ** rng.uniform(0, 8))
    chunk_bytes = max(12 * GIB, size_bytes // 30)
    priority = rng.choice((Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.URGENT))
    return Role(
        name, bucket, user, request_type, size_bytes, chunk_bytes, age_seconds=0, attributes={"priority": priority}
    )
