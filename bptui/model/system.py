"""The appliance itself: version, clock, health, nodes, buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SystemInformation:
    """What `system_information` tells."""

    version: str | None
    """The human version, such as `5.8.2`; None when the appliance leaves it empty."""
    api_version: str | None
    """Two digests joined by a dot: not a version number."""
    is_backend_activated: bool | None
    instance_id: str | None
    serial_number: str | None
    now: datetime | None
    """The appliance's clock, UTC."""

    @property
    def release(self) -> tuple[int, ...] | None:
        """The leading numbers of the version, for comparison; None when it is unknown."""
        numbers: list[int] = []
        for part in (self.version or "").split("."):
            if not part.isdecimal():
                break
            numbers.append(int(part))
        return tuple(numbers) or None


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """What `system_health` tells."""

    database_free_space: str | None
    """CRITICAL, LOW, NEAR_LOW or NORMAL."""
    required_ms: int | None
    """How long the appliance needed to verify that its data planner is healthy."""


@dataclass(frozen=True, slots=True)
class ApplianceNode:
    """What `node` tells of one node."""

    node_id: str
    name: str | None
    dns_name: str | None
    data_path_ip_address: str | None
    data_path_http_port: int | None
    data_path_https_port: int | None
    last_heartbeat: datetime | None
    serial_number: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """What the list of one's own buckets tells: who the key belongs to."""

    owner_name: str | None
    owner_id: str | None
    bucket_names: tuple[str, ...]
