"""How long a pause may last before it needs a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bptui.model.vocabulary import Priority

MINUTE = 60.0
HOUR = 3600.0
GIGA = 10**9


class Side(Enum):
    """The part of a job's way that a pause is about."""

    INTAKE = "intake"
    """PUT: from the client into the cache."""
    DRAIN = "drain"
    """PUT: from the cache to every permanent store."""
    STAGE = "stage"
    """GET: from media into the cache."""
    SEND = "send"
    """GET: from the cache to the client."""
    CHECK = "check"
    """VERIFY: both of its counters."""
    BYTES = "bytes"
    """Any byte counter."""
    WHOLE = "whole"
    """Anything of the job at all."""


LARGEST_BLOB_BYTES = 64 * GIGA
"""What a blob is taken to be at most when no detail tells; the appliance prefers not to make larger ones."""
LARGEST_CHUNK_BYTES = 360 * GIGA
"""What a chunk is taken to be at most when no detail tells: 2 % of an LTO-9 cartridge."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The floors and bounds from which normal pauses follow; each can be set per endpoint."""

    client_bytes_per_second: float = 30e6
    client_least_seconds: float = 10 * MINUTE
    client_most_seconds: float = HOUR
    media_bytes_per_second: float = 100e6
    media_start_seconds: float = 15 * MINUTE
    media_least_seconds: float = 30 * MINUTE
    media_most_seconds: float = 2 * HOUR
    verify_least_seconds: float = 2 * HOUR
    open_seconds: float = 15 * MINUTE
    nothing_to_count_seconds: float = 10 * MINUTE
    finish_seconds: float = 30 * MINUTE
    """How long a job that has counted everything may take to be called completed."""
    detail_seconds: float = 10 * MINUTE
    """How old a detail may be to count as evidence."""
    poll_seconds: float = 5.0
    learned_most_seconds: float = 4 * HOUR
    learned: Mapping[tuple[Side, Priority], float] = field(default_factory=dict)
    """The longest pause in the last days that ended by itself; it raises a limit and never lowers one."""

    @property
    def moving_seconds(self) -> float:
        """For how long a counter counts as moving after it changed."""
        return max(MINUTE, 3 * self.poll_seconds)

    def client_seconds(self, blob_bytes: int) -> float:
        """How long nothing may be counted while a blob of this size goes to or from the client."""
        seconds = blob_bytes / self.client_bytes_per_second
        return min(max(seconds, self.client_least_seconds), self.client_most_seconds)

    def media_seconds(self, chunk_bytes: int) -> float:
        """How long nothing may be counted while a chunk of this size goes to or from media."""
        seconds = self.media_start_seconds + chunk_bytes / self.media_bytes_per_second
        return min(max(seconds, self.media_least_seconds), self.media_most_seconds)

    def verify_seconds(self, chunk_bytes: int) -> float:
        """How long a VERIFY may count nothing."""
        return max(self.verify_least_seconds, 2 * self.media_seconds(chunk_bytes))

    def raised(self, limit_seconds: float, side: Side, priority: Priority) -> float:
        """The limit, or half as much again as the longest normal pause here, up to a bound."""
        pause = self.learned.get((side, priority)) if self.learned else None
        if pause is None:
            return limit_seconds
        return max(limit_seconds, min(1.5 * pause, self.learned_most_seconds))
