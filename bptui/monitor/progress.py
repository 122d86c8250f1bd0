"""Progress: what the counters of a job did while it was watched; pure, and small for 40,000 jobs.

Counters move in steps, by object and by chunk, so only their changes are kept: a job that stands costs
nothing. All times are seconds of `ages.Elapsed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bptui.model.job import Job, JobId
from bptui.model.vocabulary import RequestType

WINDOW_SECONDS = 30 * 60.0
"""How far back changes count for a rate."""
CHANGES_NEEDED = 3
"""A rate from fewer changes would be a guess."""
SPARK_CELLS = 8
SPARK_CELL_SECONDS = 120.0
"""The last minutes are shown in so many cells of so long each."""
CHANGES_KEPT = 48
"""How many changes of a counter are kept; beyond it every second one in the middle is forgotten."""
MOVING_SECONDS = 60.0
"""A job moves when a counter changed this long ago at most, or within MOVING_POLLS polls."""
MOVING_POLLS = 3


@dataclass(frozen=True, slots=True)
class Counters:
    """The three sizes of a job, made consistent: what is completed has been cached, and nothing exceeds the whole."""

    original_bytes: int
    cached_bytes: int
    completed_bytes: int


def counters(job: Job) -> Counters:
    """Normalise a job's sizes (a PUT has received what it has written)."""
    completed = max(job.completed_size_bytes, 0)
    cached = max(job.cached_size_bytes, 0)
    cached = max(cached, completed) if job.request_type == RequestType.PUT else cached
    return Counters(max(job.original_size_bytes, cached, completed), cached, completed)


Change = tuple[float, int]
"""When a counter was seen with a new value, and that value."""


def rate(changes: tuple[Change, ...], now: float) -> float | None:
    """Bytes a second between the first and the last change of the last 30 minutes; None when too few are known."""
    recent = [change for change in changes if now - change[0] <= WINDOW_SECONDS]
    if len(recent) < CHANGES_NEEDED or recent[-1][0] <= recent[0][0]:
        return None
    return (recent[-1][1] - recent[0][1]) / (recent[-1][0] - recent[0][0])


def with_change(changes: tuple[Change, ...], at: float, value: int) -> tuple[Change, ...]:
    """Add a change, forgetting what is too old to count and thinning out what is too much."""
    kept = tuple(change for change in changes if at - change[0] <= WINDOW_SECONDS)
    if len(kept) >= CHANGES_KEPT:
        kept = kept[:1] + kept[1:-1:2] + kept[-1:]
    return (*kept, (at, value))


class History:
    """What is remembered of one job: when it was first seen, its counters, and their changes."""

    __slots__ = ("cached_changes", "completed_changes", "latest", "since")

    def __init__(self, first: Counters, at: float) -> None:
        self._begin(first, at)

    def _begin(self, first: Counters, at: float) -> None:
        self.since = at
        self.latest = first
        self.cached_changes: tuple[Change, ...] = ()
        self.completed_changes: tuple[Change, ...] = ()

    def add(self, sample: Counters, at: float) -> bool:
        """Take a newer sample; False when counters went back, which makes everything before worthless."""
        before, self.latest = self.latest, sample
        if sample == before:
            return True
        if sample.cached_bytes < before.cached_bytes or sample.completed_bytes < before.completed_bytes:
            self.since = at
            self.cached_changes = self.completed_changes = ()
            return False
        if sample.cached_bytes > before.cached_bytes:
            self.cached_changes = with_change(self.cached_changes, at, sample.cached_bytes)
        if sample.completed_bytes > before.completed_bytes:
            self.completed_changes = with_change(self.completed_changes, at, sample.completed_bytes)
        return True

    def resume(self, sample: Counters, at: float, *, is_gap: bool) -> None:
        """Take the first sample of another session.

        What is equal on both sides of a gap proves that nothing moved in it. What is not moved at no known time,
        and makes neither a rate nor a pause: all begins anew.
        """
        sizes = (self.latest.cached_bytes, self.latest.completed_bytes)
        if is_gap and sizes != (sample.cached_bytes, sample.completed_bytes):
            self._begin(sample, at)
        else:
            self.add(sample, at)

    @property
    def last_change(self) -> float | None:
        """When a byte counter last grew; None when none did since `since`."""
        ends = [changes[-1][0] for changes in (self.cached_changes, self.completed_changes) if changes]
        return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class Past:
    """What was recorded of jobs before watching began."""

    histories: Mapping[JobId, History]
    """To be taken up and changed by who continues them."""
    until: float
    """A first look later than this comes after a gap in which nobody looked."""

    def resumed(self, job: Job, at: float) -> History | None:
        """The history of a job, continued with what it read like at its first look; None when it was not recorded."""
        history = self.histories.get(job.job_id)
        if history is not None:
            history.resume(counters(job), at, is_gap=at > self.until)
        return history


class Progress(NamedTuple):
    """A job's movement at the moment of asking."""

    watched_seconds: float
    """For how long the job has been watched, or recorded before, without its counters going back."""
    pause_seconds: float
    """Since a byte counter last grew, or since watching began."""
    pause_is_lower_bound: bool
    """Whether no counter grew since watching began, so that the pause may be longer."""
    is_moving: bool
    """Whether a counter grew within the last minute, or the last three polls."""
    cached_rate: float | None
    """Bytes a second into the cache (from the client, or from media); None when not known."""
    completed_rate: float | None
    """Bytes a second completed (onto all copies, to the client, or verified); None when not known."""
    eta_seconds: float | None
    """Until the slower side is done; None when not known."""
    at_seconds: float = 0.0
    cached_changes: tuple[Change, ...] = ()
    completed_changes: tuple[Change, ...] = ()

    @property
    def cached_amounts(self) -> tuple[int, ...]:
        """Bytes that came into the cache in each of the last cells of time, the oldest first."""
        return amounts(self.cached_changes, self.at_seconds)

    @property
    def completed_amounts(self) -> tuple[int, ...]:
        """Bytes that were completed in each of the last cells of time."""
        return amounts(self.completed_changes, self.at_seconds)

    @property
    def unseen_cells(self) -> int:
        """How many of these cells had passed before anybody looked."""
        first = int((self.at_seconds - self.watched_seconds) // SPARK_CELL_SECONDS)
        newest = int(self.at_seconds // SPARK_CELL_SECONDS)
        return max(0, SPARK_CELLS - 1 - (newest - first))


def progress(job: Job, history: History, now: float, interval_seconds: float) -> Progress:
    """Judge a job's history at a moment."""
    cached_rate = rate(history.cached_changes, now)
    completed_rate = rate(history.completed_changes, now)
    last = history.last_change
    pause = now - (history.since if last is None else last)
    return Progress(
        watched_seconds=now - history.since,
        pause_seconds=pause,
        pause_is_lower_bound=last is None,
        is_moving=last is not None and pause <= max(MOVING_SECONDS, MOVING_POLLS * interval_seconds),
        cached_rate=cached_rate,
        completed_rate=completed_rate,
        eta_seconds=eta_seconds(job, cached_rate, completed_rate) if job.is_running else None,
        at_seconds=now,
        cached_changes=history.cached_changes,
        completed_changes=history.completed_changes,
    )


def amounts(changes: tuple[Change, ...], now: float) -> tuple[int, ...]:
    """What each change but the first, whose size is not known, added, by cells of time; times are cut to whole cells."""
    newest = int(now // SPARK_CELL_SECONDS)
    cells = [0] * SPARK_CELLS
    for before, change in pairwise(changes):
        cell = SPARK_CELLS - 1 - (newest - int(change[0] // SPARK_CELL_SECONDS))
        if cell >= 0:
            cells[cell] += change[1] - before[1]
    return tuple(cells)


def eta_seconds(job: Job, cached_rate: float | None, completed_rate: float | None) -> float | None:
    """Seconds until the slower of both sides is done; None when a side that is not done has no known rate."""
    sizes = counters(job)
    cached = sizes.original_bytes if _is_staged(job) else max(sizes.cached_bytes, sizes.completed_bytes)
    sides = [
        _side_seconds(sizes.original_bytes - cached, cached_rate),
        _side_seconds(sizes.original_bytes - sizes.completed_bytes, completed_rate),
    ]
    known = [seconds for seconds in sides if seconds is not None]
    longest = max(known, default=0.0)
    return longest if len(known) == len(sides) and longest > 0 else None


def _is_staged(job: Job) -> bool:
    return job.request_type == RequestType.GET and job.entirely_in_cache is True


def _side_seconds(left_bytes: int, rate_now: float | None) -> float | None:
    if left_bytes <= 0:
        return 0.0
    return left_bytes / rate_now if rate_now else None
