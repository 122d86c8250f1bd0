"""The sources that are the same for all jobs of an endpoint, as a table: another source is another row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from bptui.ds3 import questions
from bptui.model.evidence import Failure
from bptui.model.reading import FailureList
from bptui.monitor.appliance import Appliance
from bptui.monitor.link import Link
from bptui.monitor.sources import Source

MINUTE = 60.0
HOUR = 3600.0
FAILURES_LENGTH = 250
"""How many entries are read at each end of a failure list: its order is not documented."""
FAILURES_KEPT = 250


class Call(StrEnum):
    """The calls of the table, named as the appliance names them; the failure lists have names of their own."""

    DATA_PATH_BACKEND = "data_path_backend"
    CACHE_STATE = "cache_state"
    SYSTEM_HEALTH = "system_health"
    NODE = "node"
    JOB_CREATION_FAILED = "job_creation_failed"
    TAPE_PARTITION = "tape_partition"
    TAPE_DRIVE = "tape_drive"
    POOL = "pool"
    BLOB_STORE_TASK = "blob_store_task"
    STORAGE_DOMAIN = "storage_domain"


class When(Enum):
    """When a source is worth asking."""

    ALWAYS = "always"
    MEDIA = "while some job is overdue, stands, or is looked at"


@dataclass(frozen=True, slots=True)
class MediaNeed:
    """Who tells what is worth asking at the moment."""

    is_media_needed: Callable[[], bool]
    waiting_buckets: Callable[[], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One source: its name, how it is asked, when, and how often."""

    call: str
    ask: Callable[[Appliance], Awaitable[Any]]
    when: When = When.MEDIA
    every_seconds: float = MINUTE


def _failures(source: FailureList, when: When = When.MEDIA) -> Row:
    async def ask(appliance: Appliance) -> tuple[Failure, ...]:
        return newest(await appliance.newest(questions.failures(source), length=FAILURES_LENGTH))

    return Row(source.value, ask, when)


def newest(failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """The dated entries, newest first, and no more of them than anybody reads."""
    dated = [(failure.date, failure) for failure in failures if failure.date is not None]
    return tuple(failure for _, failure in sorted(dated, key=lambda pair: pair[0], reverse=True)[:FAILURES_KEPT])


ROWS: tuple[Row, ...] = (
    Row(Call.DATA_PATH_BACKEND, lambda asked: asked.answer(questions.data_path_backend()), When.ALWAYS),
    Row(Call.CACHE_STATE, lambda asked: asked.answer(questions.cache_state()), When.ALWAYS),
    Row(Call.SYSTEM_HEALTH, lambda asked: asked.answer(questions.system_health()), When.ALWAYS),
    Row(Call.NODE, lambda asked: asked.items(questions.nodes()), When.ALWAYS),
    _failures(FailureList.SYSTEM, When.ALWAYS),
    Row(
        Call.JOB_CREATION_FAILED,
        lambda asked: asked.newest(questions.job_creation_failures(), length=FAILURES_LENGTH),
        When.ALWAYS,
    ),
    Row(Call.TAPE_PARTITION, lambda asked: asked.items(questions.tape_partitions())),
    Row(Call.TAPE_DRIVE, lambda asked: asked.items(questions.tape_drives())),
    Row(Call.POOL, lambda asked: asked.items(questions.pools())),
    Row(Call.BLOB_STORE_TASK, lambda asked: asked.answer(questions.blob_store_tasks())),
    Row(Call.STORAGE_DOMAIN, lambda asked: asked.items(questions.storage_domains()), every_seconds=HOUR),
    *(_failures(source) for source in FailureList if source is not FailureList.SYSTEM),
)
"""What is read of every endpoint; the two that verdicts about the whole endpoint need even when no job waits are `always`."""


def endpoint_rows(link: Link, need: MediaNeed, take: Callable[[str, Any], None]) -> list[Source]:
    """The table as sources that hand what they read to `take`."""
    return [_source(row, link, need, take) for row in ROWS]


def _source(row: Row, link: Link, need: MediaNeed, take: Callable[[str, Any], None]) -> Source:
    async def read() -> None:
        take(row.call, await row.ask(await link()))

    if row.when is When.ALWAYS:
        return Source(row.call, row.every_seconds, read)
    return Source(row.call, row.every_seconds, read, need.is_media_needed)
