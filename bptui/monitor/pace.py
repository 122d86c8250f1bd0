"""Pace: how long to wait until the next request, decided in one place and without looking at a clock."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.model.endpoint import MINIMUM_INTERVAL_SECONDS

COST_MULTIPLE = 4.0
"""Between two requests lies at least this many times what the last one took."""
UNSEEN_MULTIPLE = 3.0
"""The interval of an endpoint is stretched by this when nobody looks at it."""
BACKOFF_CAP_SECONDS = 300.0
RETRY_AFTER_CAP_SECONDS = 300.0
JITTER_SHARE = 0.2
"""Up to this share is taken off a delay after a failure, so that many watchers do not come back at once."""

SLOW_CLOCK_SECONDS = 30.0
"""The job looked at is read whole at least this often."""
ENDED_CLOCK_SECONDS = 300.0
"""The same for a job that has ended: only its being cleared away is news."""
LARGE_BYTES = 10_000_000
LARGE_COST_MULTIPLE = 20.0
"""An answer larger than LARGE_BYTES is not read again before this many times what reading it took, unless it changed."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the next delay depends on."""

    interval_seconds: float
    cost_seconds: float = 0.0
    """How long the last request took."""
    failures: int = 0
    """How many requests in a row have failed."""
    retry_after_seconds: float | None = None
    """What the appliance asked for."""
    waits_for_person: bool = False
    """Whether trying again by itself is pointless."""
    is_poked: bool = False
    """Whether a person, or an action, wants an answer now."""


def delay_seconds(situation: Situation, jitter: float = 0.0) -> float | None:
    """Say how long to wait before the next request; None: until a person asks. `jitter` is in 0…1."""
    if situation.is_poked:
        return 0.0
    if situation.waits_for_person:
        return None
    base = max(situation.interval_seconds, MINIMUM_INTERVAL_SECONDS)
    base = max(base, COST_MULTIPLE * situation.cost_seconds)
    if not situation.failures:
        return max(base, _asked_for(situation))
    grown = min(base * 2.0 ** min(situation.failures, 32), BACKOFF_CAP_SECONDS)
    return max(base, grown * (1.0 - JITTER_SHARE * jitter), _asked_for(situation))


def _asked_for(situation: Situation) -> float:
    return min(max(situation.retry_after_seconds or 0.0, 0.0), RETRY_AFTER_CAP_SECONDS)


def detail_due_seconds(*, size_bytes: int, took_seconds: float, has_moved: bool, is_ended: bool) -> float:
    """Say how old a whole job may get before it is read again: at once when its numbers moved, unless it is large."""
    is_large = size_bytes > LARGE_BYTES
    if has_moved:
        return max(SLOW_CLOCK_SECONDS if is_large else 0.0, COST_MULTIPLE * took_seconds)
    slow = ENDED_CLOCK_SECONDS if is_ended else SLOW_CLOCK_SECONDS
    return max(slow, (LARGE_COST_MULTIPLE if is_large else COST_MULTIPLE) * took_seconds)
