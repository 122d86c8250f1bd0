"""What the top line and the panes' borders say of an endpoint's state; pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bptui.model.job import Ending
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Kind
from bptui.monitor.ages import Freshness
from bptui.monitor.state import EndpointState, PaneState
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.widgets.kinds import Kinds
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.top_line import Access, Headline, Standing
from bptui.units import age_text, clock_text

CLOCK_SECONDS = 300.0
"""Clocks that differ by less mislead nobody: dates of hours and days are compared with ours."""


class Counts(NamedTuple):
    """How many jobs there are, by what one looks for."""

    jobs: int
    aggregating: int
    canceled: int

    @classmethod
    def of(cls, snapshot: JobsSnapshot) -> Counts:
        """Count a snapshot's jobs once."""
        canceled = sum(1 for ended in snapshot.ended.values() if ended.ending is Ending.CANCELED)
        aggregating = sum(job.is_aggregating for job in snapshot.jobs.values())
        return cls(len(snapshot.jobs), aggregating, canceled)


def standing(counts: Counts | None, kinds: Kinds) -> Standing:
    """How many jobs do not move, by what one does about it."""
    return Standing(
        blocked=kinds.count(Kind.BLOCKED),
        errors=kinds.count(Kind.ERROR),
        waiting=kinds.waiting,
        unclear=kinds.count(Kind.UNCLEAR),
        canceled=counts.canceled if counts else 0,
    )


def headline(state: EndpointState, counts: Counts | None, kinds: Kinds, *, is_frozen: bool) -> Headline:
    """What the top line says of an endpoint."""
    return Headline(
        endpoint=state.endpoint.name,
        is_prod=state.endpoint.is_prod,
        is_insecure=state.endpoint.is_insecure,
        is_down=state.is_down,
        freshness=state.list.freshness,
        age_seconds=state.list.age_seconds,
        asking_seconds=state.list.asking_seconds,
        interval_seconds=state.interval_seconds,
        access=access(state),
        is_frozen=is_frozen,
        jobs=counts.jobs if counts else None,
        aggregating=counts.aggregating if counts else 0,
        standing=standing(counts, kinds),
    )


def clock_lines(state: EndpointState) -> tuple[str, ...]:
    """That the appliance's clock is off, where its dates mislead for that."""
    ahead_seconds = state.clock_skew_seconds
    if ahead_seconds is None or abs(ahead_seconds) < CLOCK_SECONDS:
        return ()
    return (f"The appliance's clock is {clock_text(ahead_seconds)}, and so are its dates.",)


def access(state: EndpointState) -> Access:
    """Whether closing is possible at an endpoint."""
    if state.is_read_only:
        return Access.READ_ONLY
    return Access.LOCKED if state.is_locked else Access.UNLOCKED


def pane_note(pane: PaneState, display: Display) -> tuple[Piece, ...]:
    """What a pane's border says of its data: nothing while they are fresh."""
    look = display.look
    parts: list[Piece] = []
    if pane.freshness in (Freshness.LATE, Freshness.STALE):
        is_stale = pane.freshness is Freshness.STALE
        word = "STALE" if is_stale else "late"
        parts.append((f"{word}, {_coarse_age(pane.age_seconds)}", look.bad if is_stale else look.warn))
    if pane.problem is not None:
        tries = (
            f", next try {_clock_time(pane.next_at, display)}" if pane.next_at else f", {_asks(display)} tries again"
        )
        if parts:
            parts.append((f" {look.glyphs.between} ", look.dim))
        parts.append((f"{visible(pane.problem.kind.value)}{tries}", look.bad))
    return tuple(parts)


def _coarse_age(seconds: float | None) -> str:
    """An age that changes once a minute, so that a border is not painted each second."""
    return "<1 m old" if seconds is not None and seconds < 60 else age_text(seconds).replace("ago", "old")


def _asks(display: Display) -> str:
    return display.keymap.named("refresh_now")


def _clock_time(at: datetime, display: Display) -> str:
    return f"{display.local(at):%H:%M:%S %Z}"


def waiting_lines(pane: PaneState, what: str, display: Display) -> tuple[str, ...]:
    """What stands in a pane before its first answer: for how long it is waited for, or why there is none."""
    problem = pane.problem
    if problem is None:
        seconds = int(pane.asking_seconds or 0)
        return f"Reading {what} {display.look.glyphs.ellipsis} {seconds} s", f"{_asks(display)} asks again."
    tries = f"Next try {_clock_time(pane.next_at, display)}." if pane.next_at else f"{_asks(display)} tries again."
    return tuple(line for line in (visible(problem.sentence), visible(problem.advice), tries) if line)


def blind_lines(pane: PaneState, display: Display, now: datetime) -> tuple[str, ...]:
    """Why an appliance cannot be read, what was tried, and when it is tried again; nothing while it answers."""
    if pane.problem is None:
        return ()
    last = "Nothing was read yet." if pane.at is None else f"Last good data: {display.moment(pane.at, now)}."
    since = "" if pane.at is None else " since"
    tried = f"Tried {pane.attempt} time{'' if pane.attempt == 1 else 's'}{since}."
    return (*waiting_lines(pane, "the job list", display), last, tried)
