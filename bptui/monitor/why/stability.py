"""Keeps a verdict from flickering, and says once per episode when a job went past its limit and when to ring."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from bptui.model.verdict import Grade, Kind, KindClass, Verdict
from bptui.monitor.why.limits import MINUTE

CACHE_ALARM_SECONDS = 10 * MINUTE
MEDIA_ALARM_LIMITS = 2
"""How many times its limit a pause lasts before `media` rings."""
EVALUATIONS = 2
"""How many evaluations in a row a kind must hold that does not take effect at once."""

_NOTEWORTHY = {KindClass.WAITS, KindClass.STOPPED}


class NewsKind(Enum):
    """What an evaluation may have to say besides the verdict."""

    PAST_LIMIT = "past its limit"
    ALARM = "alarm"
    MOVES_AGAIN = "moves again"


@dataclass(frozen=True, slots=True)
class News:
    """Something that is said once per episode."""

    kind: NewsKind
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Steady:
    """The verdict that is shown, and what is needed to go on from there."""

    shown: Verdict
    shown_at: float
    """Since when this kind is shown."""
    evaluations: int = 1
    """How many evaluations in a row gave this kind."""
    pending: Verdict | None = None
    """A verdict of another kind that has not held yet."""
    announced: frozenset[Kind] = frozenset()
    """Kinds of this episode that were news already."""
    rung: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Ringing:
    """What decides whether a job may ring at all."""

    is_verify: bool = False
    is_by_idle_timer: bool = False
    is_explained: bool = False
    """Whether a verdict about the whole appliance rings for it."""


def settle(
    before: Steady | None, verdict: Verdict, now_seconds: float, ringing: Ringing
) -> tuple[Steady, tuple[News, ...]]:
    """Take in one evaluation: what is shown from now on, and what is news."""
    if before is None:
        steady = Steady(verdict, now_seconds)
    elif before.shown.kind is verdict.kind:
        steady = replace(before, shown=verdict, evaluations=before.evaluations + 1, pending=None)
    elif _takes_effect_at_once(before, verdict):
        held = EVALUATIONS if before.pending and before.pending.kind is verdict.kind else 1
        steady = replace(before, shown=verdict, shown_at=now_seconds, evaluations=held, pending=None)
    else:
        return replace(before, pending=verdict), ()
    steady, news = _end_episode(before, steady)
    steady, more = _announce(steady)
    steady, alarm = _ring(steady, now_seconds, ringing)
    return steady, (*news, *more, *alarm)


def _takes_effect_at_once(before: Steady, verdict: Verdict) -> bool:
    if before.pending and before.pending.kind is verdict.kind:
        return True
    is_told_stop = verdict.kind.kind_class is KindClass.STOPPED and verdict.grade is Grade.TOLD
    is_sure = verdict.kind.kind_class in {KindClass.MOVES, KindClass.ENDED} or verdict.kind is Kind.WATCHING
    return is_sure or is_told_stop or before.shown.kind is Kind.WATCHING


def _end_episode(before: Steady | None, steady: Steady) -> tuple[Steady, tuple[News, ...]]:
    is_over = steady.shown.kind.kind_class is KindClass.MOVES and steady.shown.kind is not Kind.WORKING
    if not is_over or not steady.announced:
        return steady, ()
    was_standing = before is not None and before.shown.kind.kind_class is not KindClass.MOVES
    news = (News(NewsKind.MOVES_AGAIN, steady.shown),) if was_standing else ()
    return replace(steady, announced=frozenset(), rung=frozenset()), news


def _announce(steady: Steady) -> tuple[Steady, tuple[News, ...]]:
    kind = steady.shown.kind
    is_noteworthy = kind.kind_class in _NOTEWORTHY or kind is Kind.UNCLEAR
    if not is_noteworthy or kind in steady.announced:
        return steady, ()
    return replace(steady, announced=steady.announced | {kind}), (News(NewsKind.PAST_LIMIT, steady.shown),)


def _ring(steady: Steady, now_seconds: float, ringing: Ringing) -> tuple[Steady, tuple[News, ...]]:
    kind = steady.shown.kind
    if ringing.is_explained or ringing.is_verify or kind in steady.rung or not _is_due(steady, now_seconds, ringing):
        return steady, ()
    return replace(steady, rung=steady.rung | {kind}), (News(NewsKind.ALARM, steady.shown),)


def _is_due(steady: Steady, now_seconds: float, ringing: Ringing) -> bool:
    if steady.shown.kind is Kind.CANCELED:
        return ringing.is_by_idle_timer
    if steady.shown.kind in {Kind.BLOCKED, Kind.ERROR}:
        return steady.evaluations >= EVALUATIONS
    return now_seconds >= _rings_at(steady)


def _rings_at(steady: Steady) -> float:
    shown = steady.shown
    if shown.kind is Kind.CACHE:
        return steady.shown_at + CACHE_ALARM_SECONDS
    if shown.kind is Kind.MEDIA and shown.limit_seconds is not None:
        return shown.since_seconds + MEDIA_ALARM_LIMITS * shown.limit_seconds
    return math.inf


def next_evaluation(steady: Steady, now_seconds: float) -> float:
    """When the job has to be judged again for the sake of steadiness or an alarm; infinite when never."""
    kind = steady.shown.kind
    is_unproven = kind in {Kind.BLOCKED, Kind.ERROR} and steady.evaluations < EVALUATIONS
    if steady.pending or is_unproven or kind is Kind.WATCHING:
        return now_seconds
    return math.inf if kind in steady.rung else _rings_at(steady)


def reads_differently(before: Verdict, after: Verdict) -> bool:
    """Whether a person would notice: while a job moves, its last change is not shown."""
    if before.kind is after.kind and after.kind.kind_class is KindClass.MOVES:
        return (before.rule, before.grade) != (after.rule, after.grade)
    return before != after
