"""Ages: how long ago something was, also when the computer slept or somebody set its clock."""

from __future__ import annotations

from enum import Enum

from bptui.clock import Clock

LATE_DELAYS = 1.0
"""Overdue by this many planned delays, an answer is late."""
STALE_DELAYS = 4.0
"""Overdue by this many planned delays, an answer is stale."""


class Elapsed:
    """Seconds since watching began, the sleep of a laptop included; never goes back.

    A monotonic clock may stand while the computer sleeps, and the time of day may be set back. So each
    reading adds the larger of what both say has passed since the reading before.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds = 0.0
        self._wall = clock.now()
        self._monotonic = clock.monotonic()

    def seconds(self) -> float:
        """How much time has passed since this was made."""
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        passed = max((wall - self._wall).total_seconds(), monotonic - self._monotonic)
        self._wall, self._monotonic = wall, monotonic
        self._seconds += max(passed, 0.0)
        return self._seconds


class Freshness(Enum):
    """How far a pane's data may be trusted to be of now."""

    NEVER = "never"
    """Nothing was read yet."""
    FRESH = "fresh"
    LATE = "late"
    """The next answer is overdue by one planned delay."""
    STALE = "stale"
    """The next answer is overdue by four planned delays."""


def freshness(age_seconds: float | None, planned_seconds: float) -> Freshness:
    """Judge data by their age and by when, at the last good answer, the next one was planned to arrive."""
    if age_seconds is None:
        return Freshness.NEVER
    overdue = age_seconds - planned_seconds
    if overdue >= STALE_DELAYS * planned_seconds:
        return Freshness.STALE
    return Freshness.LATE if overdue >= LATE_DELAYS * planned_seconds else Freshness.FRESH
