"""What the counters of all jobs of an endpoint did, as far back as they were recorded; times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping

from bptui.model.job import Job, JobId
from bptui.monitor.recorder.encoding import Data
from bptui.monitor.why.history import History, sample_of
from bptui.monitor.why.pauses import Pause, ended_pauses

_MOMENTS = (
    "original_at",
    "cached_at",
    "completed_at",
    "staged_at",
    "intake_from",
    "drain_from",
    "unread_from",
)


class Histories:
    """Since when each job is watched and, only for those that have moved, when each counter last changed."""

    def __init__(self) -> None:
        self.first: dict[JobId, float] = {}
        self._moved: dict[JobId, History] = {}

    def see(self, before: Job | None, job: Job, at: float, *, is_stopped: bool = False) -> tuple[Pause, ...]:
        """Take a job that is new or reads differently; returns the pauses that this ends."""
        first_at = self.first.setdefault(job.job_id, at)
        if before is None or first_at >= at:
            return ()
        history = self._moved.get(job.job_id)
        if history is None:
            history = self._moved[job.job_id] = History(job.request_type, sample_of(before, first_at))
        sample = sample_of(job, at)
        pauses = () if is_stopped else ended_pauses(history, sample, job.priority)
        history.add(sample)
        return pauses

    def forget(self, job_id: JobId) -> None:
        """Drop a job that has ended."""
        self.first.pop(job_id, None)
        self._moved.pop(job_id, None)

    def of(self, job: Job, last_at: float, shift_seconds: float) -> History:
        """The history of a job whose counters read so until a moment, on a clock that is so much ahead of 1970."""
        first_at = self.first[job.job_id]
        history = History(job.request_type, sample_of(job, first_at + shift_seconds))
        moved = self._moved.get(job.job_id)
        if moved is not None:
            history.first_at = moved.first_at + shift_seconds
            history.staged = moved.staged
            for name in _MOMENTS:
                moment = getattr(moved, name)
                setattr(history, name, None if moment is None else moment + shift_seconds)
        history.seen(last_at + shift_seconds)
        return history

    def last_changes(self, job_id: JobId) -> tuple[float | None, float | None]:
        """When bytes of a job were last cached and completed; None where that was never seen."""
        moved = self._moved.get(job_id)
        return (None, None) if moved is None else (moved.cached_at, moved.completed_at)

    def as_data(self) -> dict[str, Data]:
        """The sections `first` and `histories` of a key frame."""
        moved = {job_id: [history.first_at, *_moments(history)] for job_id, history in self._moved.items()}
        return {"first": dict(self.first), "histories": moved}

    def restore(self, body: Mapping[str, Data], jobs: Mapping[JobId, Job]) -> None:
        """Begin with what a key frame says; raises ValueError or TypeError when it makes no sense."""
        self.first = {JobId(job_id): float(at) for job_id, at in body.get("first", {}).items() if job_id in jobs}
        self._moved = {}
        for job_id, (first_at, *moments) in body.get("histories", {}).items():
            job = jobs.get(job_id)
            if job is not None:
                history = self._moved[job_id] = History(job.request_type, sample_of(job, float(first_at)))
                for name, moment in zip(_MOMENTS, moments, strict=True):
                    setattr(history, name, None if moment is None else float(moment))


def _moments(history: History) -> list[float | None]:
    return [getattr(history, name) for name in _MOMENTS]
