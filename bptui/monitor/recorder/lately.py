"""What the newest frames of a ring tell besides the state at their end: how counters moved, and what was wrong when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bptui.model.job import Job, JobId
from bptui.model.verdict import EndpointVerdict
from bptui.monitor.progress import MOVING_SECONDS, Change, History, Past, counters
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.state import GAP_POLLS, State


@dataclass(frozen=True, slots=True)
class Stood:
    """A verdict about the whole appliance that held for a time; times are seconds since 1970."""

    verdict: EndpointVerdict
    """As it was said last."""
    began_at: float
    ended_at: float
    is_over: bool
    """Whether it was seen to end; otherwise the recording ended first."""


class Lately:
    """Goes along with a state from frame to frame; times are seconds since 1970."""

    def __init__(self) -> None:
        self.last_at: float | None = None
        """When the last good poll was; None as long as none was."""
        self._histories: dict[JobId, History] = {}
        """Only of jobs that moved."""
        self._standing: dict[str, tuple[float, EndpointVerdict]] = {}
        self._over: list[Stood] = []

    def take(self, state: State, frame: Frame) -> None:
        """Let the state take in the next frame, and note what that shows. Raises as `State.apply`."""
        before = {name: job for name in frame.body.get("jobs", {}) if (job := state.jobs.get(name))}
        state.apply(frame)
        self._take_counters(before, state, frame.at)
        self._take_verdicts(state, frame)
        if state.problem is None:
            self.last_at = frame.until

    def _take_counters(self, before: Mapping[JobId, Job], state: State, at: float) -> None:
        is_gap = self.last_at is not None and at - self.last_at > gap_seconds(state)
        for job_id, old in before.items():
            job = state.jobs[job_id]
            was, now = counters(old), counters(job)
            if was != now:
                known = self._histories.get(job_id)
                history = known or History(was, state.histories.first.get(job_id, at))
                self._histories[job_id] = history
                history.resume(now, at, is_gap=is_gap)

    def _take_verdicts(self, state: State, frame: Frame) -> None:
        told = {one.rule: one for one in state.endpoint_verdicts or ()}
        for rule in [rule for rule in self._standing if rule not in told]:
            began_at, verdict = self._standing.pop(rule)
            is_told = state.endpoint_verdicts is not None
            ended_at = frame.at if is_told or self.last_at is None else self.last_at
            self._over.append(Stood(verdict, began_at, max(ended_at, began_at), is_over=is_told))
        for rule, verdict in told.items():
            self._standing[rule] = (self._standing.get(rule, (frame.at,))[0], verdict)

    def stood(self, end: float) -> tuple[Stood, ...]:
        """What was wrong with the appliance as a whole, the oldest first, until the end of the recording."""
        standing = (Stood(verdict, at, max(end, at), is_over=False) for at, verdict in self._standing.values())
        return tuple(sorted((*self._over, *standing), key=lambda one: one.began_at))

    def past(self, state: State, shift_seconds: float) -> Past:
        """The movement of the jobs that ran at the end, on a clock that is so much ahead of 1970."""
        histories = {job_id: self._history(job, state, shift_seconds) for job_id, job in state.jobs.items()}
        end = 0.0 if self.last_at is None else self.last_at
        return Past(histories, end + gap_seconds(state) + shift_seconds)

    def _history(self, job: Job, state: State, shift_seconds: float) -> History:
        moved = self._histories.get(job.job_id)
        since = state.histories.first.get(job.job_id, 0.0) if moved is None else moved.since
        history = History(counters(job), since + shift_seconds)
        lasts = state.histories.last_changes(job.job_id)
        recent = ((), ()) if moved is None else (moved.cached_changes, moved.completed_changes)
        sizes = (history.latest.cached_bytes, history.latest.completed_bytes)
        history.cached_changes, history.completed_changes = (
            _shifted(changes or _only(last, size, since), shift_seconds)
            for changes, last, size in zip(recent, lasts, sizes, strict=True)
        )
        return history


def gap_seconds(state: State) -> float:
    """After so long without a good answer, what moved meanwhile moved at no known time."""
    return max(MOVING_SECONDS, GAP_POLLS * float(state.session.get("interval", 5.0)))


def _only(last_at: float | None, size: int, since: float) -> tuple[Change, ...]:
    """A change that is too old for a rate still tells since when a counter stands."""
    return () if last_at is None or last_at <= since else ((last_at, size),)


def _shifted(changes: tuple[Change, ...], seconds: float) -> tuple[Change, ...]:
    return tuple((at + seconds, size) for at, size in changes)
