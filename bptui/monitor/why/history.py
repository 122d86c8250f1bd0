"""What the counters of one job did: only their last changes are kept, so memory does not grow with time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bptui.model.job import Job
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.limits import Side


class Instant(NamedTuple):
    """One moment on both clocks: that of the samples, and UTC for the dates of the appliance."""

    seconds: float
    utc: datetime

    def utc_of(self, seconds: float) -> datetime:
        """The UTC time of a moment on the clock of the samples."""
        return self.utc - timedelta(seconds=self.seconds - seconds)

    def seconds_of(self, utc: datetime) -> float:
        """The moment on the clock of the samples of a UTC time."""
        return self.seconds - (self.utc - utc).total_seconds()


@dataclass(frozen=True, slots=True)
class Sample:
    """The counters of a job at one moment."""

    at_seconds: float
    original: int
    cached: int
    completed: int
    is_entire: bool | None = None
    """`EntirelyInCache`; None when the answer does not tell."""
    staged: int | None = None
    """The length of the objects that a detail shows in cache; None without one."""


def sample_of(job: Job, at_seconds: float, staged: int | None = None) -> Sample:
    """Take the counters of a job."""
    return Sample(
        at_seconds,
        job.original_size_bytes,
        job.cached_size_bytes,
        job.completed_size_bytes,
        job.entirely_in_cache,
        staged,
    )


class Turn(Enum):
    """What a new sample shows besides progress."""

    WENT_BACK = "counters went back"
    GREW = "the job grew"
    SHRANK = "the job shrank"


class History:
    """The counters of one job, normalised, and when each last changed.

    A moment is None as long as no change was seen. Counters that go back start a new history.
    """

    __slots__ = (
        "cached",
        "cached_at",
        "completed",
        "completed_at",
        "drain_from",
        "first_at",
        "intake_from",
        "is_entire",
        "last_at",
        "original",
        "original_at",
        "request_type",
        "sample_count",
        "staged",
        "staged_at",
        "unread_from",
    )

    def __init__(self, request_type: RequestType, first: Sample) -> None:
        self.request_type = request_type
        self._begin(first)

    def _begin(self, sample: Sample) -> None:
        self.first_at = self.last_at = sample.at_seconds
        self.sample_count = 1
        self.original, self.cached, self.completed = self._normalised(sample)
        self.is_entire = sample.is_entire
        self.staged = sample.staged
        self.original_at: float | None = None
        self.cached_at: float | None = None
        self.completed_at: float | None = None
        self.staged_at: float | None = None
        self.intake_from: float | None = None
        self.drain_from: float | None = None
        self.unread_from: float | None = None

    def _normalised(self, sample: Sample) -> tuple[int, int, int]:
        # What is on all copies has arrived, and what was compared has been read, counted or not.
        is_get = self.request_type == RequestType.GET
        cached = sample.cached if is_get else max(sample.cached, sample.completed)
        return max(sample.original, cached, sample.completed), cached, sample.completed

    def seen(self, at_seconds: float) -> None:
        """Take note that the counters read the same at this moment."""
        if at_seconds > self.last_at:
            self.last_at = at_seconds
            self.sample_count += 1

    def add(self, sample: Sample) -> tuple[Turn, ...]:
        """Take in the next sample, which is later than all before it."""
        original, cached, completed = self._normalised(sample)
        if cached < self.cached or completed < self.completed:
            self._begin(sample)
            return (Turn.WENT_BACK,)
        at = sample.at_seconds
        self.seen(at)
        before = (self.original, self.cached, self.completed)
        if (original, cached, completed) != before or self._is_other_staging(sample):
            self._take_changes(sample, original, cached, completed)
        self.is_entire = sample.is_entire if sample.is_entire is not None else self.is_entire
        self.staged = sample.staged if sample.staged is not None else self.staged
        if original == before[0]:
            return ()
        return (Turn.GREW if original > before[0] else Turn.SHRANK,)

    def _is_other_staging(self, sample: Sample) -> bool:
        """Whether staging went on: what is told for the first time is news to us, not a change."""
        told_more = sample.staged is not None and self.staged is not None and sample.staged != self.staged
        return told_more or (self.is_entire is False and sample.is_entire is True)

    def _take_changes(self, sample: Sample, original: int, cached: int, completed: int) -> None:
        at = sample.at_seconds
        had_intake, had_drain, had_unread = self._backlogs()
        if self._is_other_staging(sample):
            self.staged_at = at
            self.staged, self.is_entire = sample.staged, sample.is_entire
        if original != self.original:
            self.original, self.original_at = original, at
        if cached != self.cached:
            self.cached, self.cached_at = cached, at
        if completed != self.completed:
            self.completed, self.completed_at = completed, at
        has_intake, has_drain, has_unread = self._backlogs()
        if has_intake and not had_intake:
            self.intake_from = at
        if has_drain and not had_drain:
            self.drain_from = at
        if has_unread and not had_unread:
            self.unread_from = at

    def _backlogs(self) -> tuple[bool, bool, bool]:
        staged = self.original if self.is_entire else max(self.cached, self.staged or 0)
        return self.original > self.cached, self.cached > self.completed, staged > self.completed

    def pause_start(self, side: Side) -> tuple[float, bool]:
        """Since when a side stands, and whether it may have stood longer than was looked."""
        start, is_seen = self.first_at, False
        for name in _MOMENTS[side]:
            moment: float | None = getattr(self, name)
            if moment is not None:
                is_seen = True
                start = max(start, moment)
        return start, not is_seen

    @property
    def last_change_at(self) -> float | None:
        """When anything was last counted, the size of the job included; None when never seen."""
        start, is_lower_bound = self.pause_start(Side.WHOLE)
        return None if is_lower_bound else start


_MOMENTS = {
    Side.INTAKE: ("cached_at", "intake_from"),
    Side.DRAIN: ("completed_at", "drain_from"),
    # Staging may have been held back by unread data, so it is late only from when the client read.
    Side.STAGE: ("cached_at", "staged_at", "completed_at"),
    Side.SEND: ("completed_at", "unread_from"),
    Side.CHECK: ("cached_at", "staged_at", "completed_at"),
    Side.BYTES: ("cached_at", "staged_at", "completed_at"),
    Side.WHOLE: ("original_at", "cached_at", "staged_at", "completed_at"),
}
"""What ends the pause of a side: a change of its counter, or that there was nothing to do before."""
