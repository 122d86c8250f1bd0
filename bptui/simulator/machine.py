"""What surrounds the jobs: nodes, the data path back end, the cache, running tasks, the software's identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bptui.simulator.identity import uuid_of

if TYPE_CHECKING:
    from datetime import datetime

TEBIBYTE = 1 << 40


@dataclass(slots=True)
class Node:
    """A node of the appliance; its end point is what jobs name."""

    name: str
    end_point: str = "bp-data.example.test"
    ip_address: str = "10.24.8.20"
    http_port: int | None = 80
    https_port: int | None = 443
    silent_since: datetime | None = None
    """When the last heartbeat came, if no more do."""

    @property
    def id(self) -> str:
        """The node's UUID."""
        return uuid_of("node", self.name)


@dataclass(slots=True)
class Backend:
    """The data path back end's switches and limits (Get Data Path Backend)."""

    is_activated: bool = True
    allows_new_jobs: bool = True
    cache_retry_after_seconds: int = 60
    max_concurrent_jobs: int = 40_000
    max_aggregated_blobs_per_chunk: int = 20_000
    unavailable_media_policy: str = "DISCOURAGED"


@dataclass(slots=True)
class Cache:
    """The cache file system's size and what of it is in use."""

    total_bytes: int = 48 * TEBIBYTE
    unavailable_bytes: int = 0
    resident_bytes: int = 26 * TEBIBYTE
    """Data of no running job, which may be reclaimed."""
    locked_bytes: int = 0
    """Reserved beyond what the running jobs hold."""


@dataclass(slots=True)
class Task:
    """One thing the back end does now (Get Blob Store Tasks)."""

    number: int
    name: str
    description: str
    scheduled_at: datetime
    state: str = "PENDING_EXECUTION"
    started_at: datetime | None = None
    priority: str = "NORMAL"
    drive_id: str | None = None
    tape_id: str | None = None
    job_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedJob:
    """A job that could not be created (Get Job Creation Failures, 5.6 on)."""

    user_name: str
    message: str
    at: datetime
    type: str = "TAPES_MUST_BE_ONLINED"


@dataclass(slots=True)
class Machine:
    """The appliance apart from its jobs."""

    serial_number: str = "XN0042A7"
    nodes: list[Node] = field(default_factory=lambda: [Node("bp-lab-1")])
    backend: Backend = field(default_factory=Backend)
    cache: Cache = field(default_factory=Cache)
    tasks: dict[int, Task] = field(default_factory=dict)
    refused_jobs: list[RefusedJob] = field(default_factory=list)
    is_healthy: bool = True
    database_space: str = "NORMAL"
    tasks_begun: int = 0

    @property
    def instance_id(self) -> str:
        """The appliance's own UUID."""
        return uuid_of("instance", self.serial_number)
