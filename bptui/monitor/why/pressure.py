"""How scarce cache space is: pressure is reserved space, not used space."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bptui.model.evidence import CacheFilesystem, CacheState
from bptui.model.vocabulary import Priority

BURST_THRESHOLD = 0.85
"""The share that jobs of priority HIGH or less may reserve, when the answer does not tell."""
RECLAIM_THRESHOLD = 0.82
"""The share of use at which old data are removed, when the answer does not tell."""
URGENT_THRESHOLD = 0.98
MARGIN = 0.02


class Level(IntEnum):
    """Pressure from least to most; of several file systems the worst counts."""

    LOW = 0
    UNKNOWN = 1
    LIKELY_HIGH = 2
    """Judged by use alone, because the release does not tell what is reserved."""
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Pressure:
    """The worst file system, and the figures it was judged by."""

    level: Level = Level.UNKNOWN
    reserved_share: float | None = None
    used_share: float | None = None
    threshold: float = BURST_THRESHOLD

    @property
    def is_high(self) -> bool:
        """Whether space is short, surely or likely."""
        return self.level >= Level.LIKELY_HIGH


_URGENT = {Priority.URGENT, Priority.CRITICAL}


def cache_pressure(cache: CacheState | None, priority: Priority) -> Pressure:
    """The pressure that a job of this priority feels."""
    if cache is None or not cache.filesystems:
        return Pressure()
    found = [_pressure_of(filesystem, is_urgent=priority in _URGENT) for filesystem in cache.filesystems]
    return max(found, key=lambda pressure: (pressure.level, pressure.reserved_share or pressure.used_share or 0.0))


def _pressure_of(filesystem: CacheFilesystem, *, is_urgent: bool) -> Pressure:
    total = filesystem.total_bytes
    if not total:
        return Pressure()
    burst = filesystem.burst_threshold or BURST_THRESHOLD
    reserved = None if filesystem.job_locked_bytes is None else filesystem.job_locked_bytes / total
    used = None if filesystem.used_bytes is None else filesystem.used_bytes / total
    high_from = URGENT_THRESHOLD if is_urgent else burst - MARGIN
    reclaim = filesystem.reclaim_initiate_threshold or RECLAIM_THRESHOLD
    return Pressure(_level(reserved, used, high_from, reclaim), reserved, used, burst)


def _level(reserved: float | None, used: float | None, high_from: float, low_below: float) -> Level:
    if reserved is not None:
        return Level.HIGH if reserved >= high_from else Level.LOW
    if used is None:
        return Level.UNKNOWN
    if used >= high_from:
        return Level.LIKELY_HIGH
    return Level.LOW if used < low_below else Level.UNKNOWN
