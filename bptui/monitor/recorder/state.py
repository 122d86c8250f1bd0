"""What all frames up to a moment say together: the writer's picture of the ring, the reader's, and the replay's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bptui.model.job import EndedJob, Job, JobId, JobRecord
from bptui.model.verdict import EndpointVerdict, KindClass, Verdict
from bptui.monitor.recorder.encoding import Data, decode, encode
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.histories import Histories
from bptui.monitor.recorder.overall import decode_overall, encode_overall
from bptui.monitor.why.pauses import Pause


class State:
    """An endpoint as recorded."""

    def __init__(self) -> None:
        self.session: dict[str, Data] = {}
        self.problem: Data = None
        """Why the last poll failed; None when it did not."""
        self.jobs: dict[JobId, Job] = {}
        self.records: dict[JobId, JobRecord] = {}
        self.ended: dict[JobId, EndedJob] = {}
        self.answers: dict[str, dict[str, Data]] = {}
        self.verdicts: dict[JobId, Verdict] = {}
        self.endpoint_verdicts: tuple[EndpointVerdict, ...] | None = None
        """What was wrong with the appliance as a whole, since when in seconds since 1970; None when that is not told."""
        self.histories = Histories()

    def apply(self, frame: Frame) -> tuple[Pause, ...]:
        """Take in the next frame; returns the pauses that it ended. Raises ValueError or TypeError for nonsense."""
        body = frame.body
        if frame.is_key:
            self.jobs, self.records, self.ended, self.answers, self.verdicts = {}, {}, {}, {}, {}
            self.endpoint_verdicts = None
        self.session = body.get("session", self.session)
        self.problem = body.get("problem")
        self._take_gone(body)
        pauses = self._take_jobs(body, frame.at, is_key=frame.is_key)
        self.answers.update(body.get("answers", {}))
        self.take_records(self.records, frame)
        _take(self.verdicts, Verdict, body.get("verdicts", {}))
        if "endpoint_verdicts" in body:
            self.endpoint_verdicts = decode_overall(body["endpoint_verdicts"])
        if frame.is_key:
            self.histories.restore(body, self.jobs)
        return pauses

    def _take_jobs(self, body: Mapping[str, Data], at: float, *, is_key: bool) -> tuple[Pause, ...]:
        pauses: tuple[Pause, ...] = ()
        for name, changed in body.get("jobs", {}).items():
            job_id = JobId(name)
            before = self.jobs.get(job_id)
            if changed is None:
                raise ValueError(f"job {name} has no fields")
            job = decode(Job, changed if before is None else encode(before) | changed)
            if not is_key:
                pauses += self.histories.see(before, job, at, is_stopped=self.is_stopped(job_id))
            self.jobs[job_id] = job
        return pauses

    def _take_gone(self, body: Mapping[str, Data]) -> None:
        """Jobs that left the list, and what is told of how they ended."""
        for name, told in body.get("ended", {}).items():
            if told is None:
                self.ended.pop(JobId(name), None)
                continue
            self.ended[JobId(name)] = decode(EndedJob, told)
        for name in body.get("gone", ()):
            self.jobs.pop(name, None)
            self.records.pop(name, None)
            self.histories.forget(name)

    @staticmethod
    def take_records(records: dict[JobId, JobRecord], frame: Frame) -> None:
        """Bring records up to date with one frame."""
        _take(records, JobRecord, frame.body.get("records", {}))

    def as_body(self) -> dict[str, Data]:
        """The body of a key frame; large sections come item by item, once."""
        overall = self.endpoint_verdicts
        return {
            "session": self.session,
            "problem": self.problem,
            "jobs": _items(self.jobs),
            "ended": _items(self.ended),
            "records": _items(self.records),
            "answers": self.answers,
            "verdicts": _items(self.verdicts),
            **({} if overall is None else {"endpoint_verdicts": encode_overall(overall)}),
            **self.histories.as_data(),
        }

    def is_stopped(self, job_id: JobId) -> bool:
        """Whether the job stood for a named reason, so that its pause is not a normal one."""
        verdict = self.verdicts.get(job_id)
        return verdict is not None and verdict.kind.kind_class is KindClass.STOPPED


def _take(held: dict[JobId, Data], kind: type, told: Mapping[str, Data]) -> None:
    for name, data in told.items():
        if data is None:
            held.pop(JobId(name), None)
        else:
            held[JobId(name)] = decode(kind, data)


def _items(values: Mapping[JobId, object]) -> Iterator[tuple[str, Data]]:
    return ((name, encode(value)) for name, value in values.items())


def bare(verdict: Verdict) -> Verdict:
    """A verdict as it is recorded: without its evidence, which can be put together again."""
    return replace(verdict.ruling, cause=())


GAP_POLLS = 6
"""So many intervals without an answer are a gap."""
