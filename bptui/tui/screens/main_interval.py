"""How often to ask, as `+`, `-` and the palette choose it; pure."""

from __future__ import annotations

from math import isfinite

INTERVALS = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""The steps of `+` and `-`, in seconds."""


def interval_beside(now: float, step: int) -> float:
    """The next step from so many seconds: -1 asks more often, 1 less often."""
    if step < 0:
        return max((each for each in INTERVALS if each < now), default=INTERVALS[0])
    return min((each for each in INTERVALS if each > now), default=INTERVALS[-1])


def seconds_of(text: str) -> float | None:
    """The seconds a person wrote; None when it is no number."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if isfinite(seconds) else None
