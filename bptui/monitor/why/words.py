"""The short form of a verdict that fits a column: `client? 41m`, `blocked 9h`, `media >41m`."""

from __future__ import annotations

from bptui.model.verdict import Grade, Kind, KindClass, Verdict
from bptui.units import short_duration

MINUTE = 60
WIDTH = 12
"""How many cells the short form takes at most."""

_WITHOUT_TIME = {KindClass.MOVES, KindClass.ENDED}


def word(verdict: Verdict, now_seconds: float) -> str:
    """The kind, a question mark where it is only likely, and for how long."""
    mark = "?" if verdict.grade is Grade.LIKELY else ""
    name = f"{verdict.kind.value}{mark}"
    if verdict.kind is Kind.WATCHING or verdict.kind.kind_class in _WITHOUT_TIME:
        return name
    time = _time(now_seconds - verdict.since_seconds, is_lower_bound=verdict.is_since_lower_bound)
    spaced = f"{name} {time}".rstrip()
    return spaced if len(spaced) <= WIDTH else f"{name}{time}"


def _time(seconds: float, *, is_lower_bound: bool) -> str:
    """A pause that changes once a minute at most, so that what stands need not be painted with every poll."""
    if seconds < MINUTE:
        # Of a pause that began before we looked, the first minute tells nothing worth reading.
        return "" if is_lower_bound else "<1m"
    return f">{short_duration(seconds)}" if is_lower_bound else short_duration(seconds)
