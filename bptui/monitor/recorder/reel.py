"""The reel: the frames of a recording in the order of time, as far as a moment needs them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping

from bptui.model.job import EndedJob, JobId, JobRecord
from bptui.model.verdict import EndpointVerdict
from bptui.monitor.recorder.encoding import Data, decode
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.overall import decode_overall
from bptui.monitor.recorder.state import GAP_POLLS, State

AHEAD_SECONDS = 120.0
"""How an ending, or the first answer of a source, is found that was asked for again later than then."""
DRIFT_SECONDS = 10.0
"""An answer that came so much later than it is asked for now is the answer to this asking."""
RECORDS_SECONDS = 40.0
"""Records are read once a minute: a change within this time is of the same reading."""


class Reel:
    """The frames of a recording, as far as they are needed for a moment and a little beyond."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        """Raises NotARecording when there is no frame."""
        self._frames = frames
        self.ahead: deque[Frame] = deque()
        """What comes next, in order."""
        self.state = State()
        self.current = next(frames)
        """The newest frame of which at least the beginning has come."""
        self.state.apply(self.current)

    def advance(self, now: float) -> None:
        """Take in what has come by a moment."""
        while frame := self._next(now):
            self.ahead.popleft()
            self.state.apply(frame)
            self.current = frame
        last = self.ahead[-1] if self.ahead else self.current
        while last.at < now + AHEAD_SECONDS and (frame := next(self._frames, None)):
            self.ahead.append(frame)
            last = frame

    def _next(self, now: float) -> Frame | None:
        if not self.ahead and (frame := next(self._frames, None)):
            self.ahead.append(frame)
        return self.ahead[0] if self.ahead and self.ahead[0].at <= now else None

    @property
    def interval_seconds(self) -> float:
        """How often the list was read."""
        return float(self.state.session.get("interval", 5.0))

    def last_poll(self, now: float) -> float:
        """When the list was read last, up to a moment."""
        frame = self.current
        if frame.polls < 2 or now >= frame.until:
            return min(frame.until, now)
        step = (frame.until - frame.at) / (frame.polls - 1)
        return frame.at + int((now - frame.at) / step) * step

    def next_poll(self, now: float) -> float | None:
        """When the list was read next, from a moment on; None when that was never again."""
        frame = self.current
        if frame.polls > 1 and now <= frame.until:
            step = (frame.until - frame.at) / (frame.polls - 1)
            passed = max(0, int((now - frame.at) / step + 0.999))
            return frame.at + passed * step
        if frame.polls == 1 and now <= frame.at:
            return frame.at
        return next((one.at for one in self.ahead if one.polls), None)

    # What was told by a moment, or is found a little ahead of it

    def leaving(self, now: float) -> Collection[str]:
        """Jobs that the list of this moment did not hold any more: that is told with the poll after, with how they ended."""
        told = self.ahead[0] if self.ahead and round(now - self.current.until, 3) >= 0 else None
        if told is None or told.at - now > GAP_POLLS * self.interval_seconds:
            return ()
        if told.is_key:
            return [job_id for job_id in self.state.jobs if job_id not in told.body.get("jobs", {})]
        return frozenset(told.body.get("gone", ()))

    def records(self, now: float) -> Mapping[JobId, JobRecord]:
        """The records of running jobs as read by a moment; those read between two polls are in the frame of the second."""
        records = dict(self.state.records)
        for frame in self._soon(now):
            State.take_records(records, frame)
        return records

    def endings(self, now: float) -> Mapping[JobId, EndedJob]:
        """How jobs ended, as told by a moment; as with records, what was read after a poll is in the next frame."""
        told = dict(self.state.ended)
        for frame in self._soon(now):
            told |= {JobId(one): decode(EndedJob, ended) for one, ended in frame.body.get("ended", {}).items() if ended}
        return told

    def _soon(self, now: float) -> Iterator[Frame]:
        soon = now + min(self.interval_seconds, RECORDS_SECONDS) + DRIFT_SECONDS
        return (frame for frame in self.ahead if frame.at <= soon)

    def endpoint_verdicts(self, now: float) -> tuple[EndpointVerdict, ...] | None:
        """What was wrong with the appliance after the poll of a moment; None where that was not recorded."""
        told = self.state.endpoint_verdicts
        for frame in self.ahead:  # what follows from a poll is told with the next one
            if frame.at <= now + self.interval_seconds and "endpoint_verdicts" in frame.body:
                told = decode_overall(frame.body["endpoint_verdicts"])
        return told

    def ending(self, job_id: JobId) -> EndedJob | None:
        """How a job ended, which was found out after it left the list."""
        told = self.state.ended.get(job_id)
        for frame in self.ahead:
            if told is None and frame.body.get("ended", {}).get(job_id):
                told = decode(EndedJob, frame.body["ended"][job_id])
        return told

    def answer(self, key: str, now: float) -> dict[str, Data] | None:
        """The answer of a moment, or the first one that came later."""
        told = self.state.answers.get(key)
        for frame in self.ahead:
            later = frame.body.get("answers", {}).get(key)
            if later is not None and (told is None or later["at"] <= now + DRIFT_SECONDS):
                told = later
        return told
