"""The memory: what a session takes from a ring at its start, so that pauses begin where the recording began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from bptui.model.vocabulary import Priority
from bptui.monitor.recorder.lately import Lately
from bptui.monitor.recorder.ring import NotARecording, PauseRow, read_frames, read_pauses
from bptui.monitor.recorder.state import State
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Side
from bptui.monitor.why.pauses import Pause, learned
from bptui.monitor.why.recorded import Recorded

MOST_BYTES = 8 * 1024 * 1024
"""So much of a ring, compressed, is read at most, unless its last key frame alone needs more."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was recorded of an endpoint."""

    state: State
    last_at: float | None = None
    """When the last good poll was, in seconds since 1970; None when nothing was recorded."""
    pauses: tuple[PauseRow, ...] = ()
    lately: Lately = field(default_factory=Lately)

    def recorded(self, now: Instant) -> Recorded | None:
        """The histories of the jobs that ran at the end of the recording, on the clock of the samples."""
        if self.last_at is None:
            return None if not self.pauses else Recorded({}, "", now.seconds, self.learned(now))
        shift = _shift(now)
        histories = {
            job_id: self.state.histories.of(job, self.last_at, shift)
            for job_id, job in self.state.jobs.items()
            if job_id in self.state.histories.first
        }
        return Recorded(histories, self.by, now.seconds, self.learned(now), self.lately.past(self.state, shift))

    @property
    def by(self) -> str:
        """Who recorded."""
        return " and ".join(self.state.session.get("by", []))

    def learned(self, now: Instant) -> Mapping[tuple[Side, Priority], float]:
        """The longest pauses of the last days that ended by themselves, as `Limits.learned` takes them."""
        shift = _shift(now)
        pauses = (
            Pause(Side(side), Priority(priority), seconds, ended_at + shift)
            for side, priority, seconds, ended_at in self.pauses
        )
        return learned(pauses, now.seconds)


def _shift(now: Instant) -> float:
    """How far the clock of the samples is ahead of seconds since 1970."""
    return now.seconds - now.utc.timestamp()


def remember(path: Path, since: float = inf) -> Memory:
    """Read what a ring holds; blocks. A ring that is missing, or that nobody can read, holds nothing.

    With `since`, in seconds since 1970, it is also known how counters moved from then on, as far as that is not
    too much to be read at a start.
    """
    try:
        state, lately = State(), Lately()
        for frame in read_frames(path, since=since, most_bytes=MOST_BYTES):
            lately.take(state, frame)
        return Memory(state, lately.last_at, tuple(read_pauses(path)), lately)
    except (NotARecording, ValueError, TypeError, KeyError):
        return Memory(State())
