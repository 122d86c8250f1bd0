"""Pauses that ended by themselves: what is normal here, from which limits are learned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bptui.model.vocabulary import Priority, RequestType
from bptui.monitor.why.history import History, Sample
from bptui.monitor.why.limits import HOUR, MINUTE, Side

SHORTEST_SECONDS = 10 * MINUTE
"""Shorter pauses are within every limit and not worth remembering."""
REMEMBERED_SECONDS = 7 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Pause:
    """One side of a job stood with work to do, and then went on."""

    side: Side
    priority: Priority
    seconds: float
    ended_at: float
    """On the clock of the samples."""


def ended_pauses(history: History, sample: Sample, priority: Priority) -> tuple[Pause, ...]:
    """The pauses that a new sample ends; asked before the history takes the sample in."""
    found: list[Pause] = []
    for side, has_work, has_moved in _sides(history, sample):
        seconds = sample.at_seconds - history.pause_start(side)[0]
        if has_work and has_moved and seconds >= SHORTEST_SECONDS:
            found.append(Pause(side, priority, seconds, sample.at_seconds))
    return tuple(found)


def _sides(history: History, sample: Sample) -> Iterable[tuple[Side, bool, bool]]:
    has_cached, has_completed = sample.cached > history.cached, sample.completed > history.completed
    has_missing, has_waiting = history.original > history.cached, history.cached > history.completed
    if history.request_type == RequestType.PUT:
        return (Side.INTAKE, has_missing, has_cached), (Side.DRAIN, has_waiting, has_completed)
    if history.request_type == RequestType.GET:
        return (Side.STAGE, has_missing, has_cached), (Side.SEND, has_waiting, has_completed)
    return ((Side.CHECK, history.original > history.completed, has_cached or has_completed),)


def learned(pauses: Iterable[Pause], now_seconds: float) -> dict[tuple[Side, Priority], float]:
    """The longest of the last seven days by side and priority, as `Limits.learned` takes them."""
    longest: dict[tuple[Side, Priority], float] = {}
    for pause in pauses:
        if now_seconds - pause.ended_at <= REMEMBERED_SECONDS:
            key = (pause.side, pause.priority)
            longest[key] = max(longest.get(key, 0.0), pause.seconds)
    return longest
