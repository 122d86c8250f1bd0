"""The picture: what a writer knows of an endpoint, and what each poll changes in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Ending, JobId
from bptui.model.problem import Problem
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.recorder.batch import Batch
from bptui.monitor.recorder.encoding import Data, difference, encode, encode_tagged
from bptui.monitor.recorder.overall import encode_overall, shifted
from bptui.monitor.recorder.state import State, bare
from bptui.monitor.why.pauses import Pause

ENDED_SECONDS = 12 * 3600.0
"""How long a job that ended is told in key frames."""
ANSWERS_SECONDS = 24 * 3600.0
"""After this time an answer is forgotten unless it comes again."""
LARGEST_ANSWER = 256 * 1024
"""Longer answers, as JSON, are left out: they would push out the history of jobs."""
WORDING_SECONDS = 60.0
"""How often the words of a verdict about the appliance are kept while the same rules hold."""


class Picture:
    """What was recorded of an endpoint and what this session has seen of it; belongs to one thread."""

    def __init__(self, state: State, endpoint: EndpointName, by: str) -> None:
        """`state` is what the ring holds; `by` names this session."""
        self.state = state
        earlier = state.session.get("by", []) if state.jobs else []
        state.session = {"endpoint": endpoint, "by": list(dict.fromkeys([*earlier, by]))}
        state.endpoint_verdicts = None  # of another session, which may have ended long ago
        self._worded_at = 0.0
        self._is_begun = False

    def take(self, batch: Batch) -> tuple[dict[str, Data], tuple[Pause, ...]]:
        """Take in a batch; returns the sections of its frame, and the pauses that ended."""
        self.state.session["interval"] = batch.interval_seconds
        news: dict[str, Data] = {}
        pauses: tuple[Pause, ...] = ()
        problem = encode(batch.problem) if batch.is_poll else self.state.problem
        if problem != self.state.problem:
            news["problem"] = self.state.problem = problem
        if batch.snapshot is not None:
            pauses = self._take_snapshot(batch.snapshot, self._ids(batch), batch.at, news)
        self._take_verdicts(batch, news)
        self._take_endpoint_verdicts(batch, news)
        self._take_answers(batch.answers, news)
        if news or problem is not None:  # each failed poll is a frame: they are few, and at odd times
            news["problem"] = problem
        return news, pauses

    def _ids(self, batch: Batch) -> Iterable[JobId]:
        """The jobs that may read differently; the first time in a session those are all."""
        changes = batch.changes
        if changes is not None and self._is_begun:
            return (*changes.removed, *changes.added, *changes.changed)
        self._is_begun = True
        snapshot = batch.snapshot
        told = dict.fromkeys(snapshot.jobs) | dict.fromkeys(snapshot.ended) if snapshot else {}
        return (told | dict.fromkeys(self.state.jobs)).keys()

    def _take_snapshot(
        self, snapshot: JobsSnapshot, ids: Iterable[JobId], at: float, news: dict[str, Data]
    ) -> tuple[Pause, ...]:
        pauses: tuple[Pause, ...] = ()
        jobs: dict[str, Data] = {}
        ended: dict[str, Data] = {}
        records: dict[str, Data] = {}
        gone: list[str] = []
        state = self.state
        for job_id in ids:
            before, job = state.jobs.get(job_id), snapshot.jobs.get(job_id)
            if job is not None:
                pauses += state.histories.see(before, job, at, is_stopped=state.is_stopped(job_id))
                if before is None or before != job:
                    jobs[job_id] = encode(job) if before is None else difference(before, job)
                state.jobs[job_id] = job
            elif before is not None:
                gone.append(job_id)
                self._drop(job_id)
            self._take_ended(job_id, snapshot.ended.get(job_id), ended, is_ours=before is not None)
            self._take_record(job_id, snapshot, records)
        sections = {"jobs": jobs, "gone": gone, "ended": ended, "records": records}
        news.update((name, section) for name, section in sections.items() if section)
        return pauses

    def _drop(self, job_id: JobId) -> None:
        del self.state.jobs[job_id]
        self.state.records.pop(job_id, None)
        self.state.verdicts.pop(job_id, None)
        self.state.histories.forget(job_id)

    def _take_ended(self, job_id: JobId, told: EndedJob | None, news: dict[str, Data], *, is_ours: bool) -> None:
        known = self.state.ended.get(job_id)
        if told is known or told == known:
            return
        if told is None:
            del self.state.ended[job_id]
            news[job_id] = None
        elif is_ours or known or told.ending is Ending.CANCELED:
            self.state.ended[job_id] = told
            news[job_id] = encode(told)

    def _take_record(self, job_id: JobId, snapshot: JobsSnapshot, news: dict[str, Data]) -> None:
        told, known = snapshot.records.get(job_id), self.state.records.get(job_id)
        if told is known or told == known or job_id not in self.state.jobs:
            return
        news[job_id] = encode(told)
        if told is None:
            del self.state.records[job_id]
        else:
            self.state.records[job_id] = told

    def _take_verdicts(self, batch: Batch, news: dict[str, Data]) -> None:
        known = self.state.verdicts
        for job_id, told in batch.verdicts.items():
            if told is None:
                if known.pop(job_id, None):
                    news.setdefault("verdicts", {})[job_id] = None
                continue
            verdict = replace(bare(told), since_seconds=round(told.since_seconds + batch.shift_seconds, 1))
            if known.get(job_id) != verdict:
                known[job_id] = verdict
                news.setdefault("verdicts", {})[job_id] = encode(verdict)

    def _take_endpoint_verdicts(self, batch: Batch, news: dict[str, Data]) -> None:
        """Which rules hold is news at once; figures in their words flow, and are news now and then."""
        if batch.endpoint_verdicts is None:
            return
        told, known = shifted(batch.endpoint_verdicts, batch.shift_seconds), self.state.endpoint_verdicts
        is_other = known is None or [one.rule for one in told] != [one.rule for one in known]
        if is_other or (told != known and batch.at - self._worded_at >= WORDING_SECONDS):
            self.state.endpoint_verdicts, self._worded_at = told, batch.at
            news["endpoint_verdicts"] = encode_overall(told)

    def _take_answers(self, answers: Mapping[str, tuple[float, object, Problem | None]], news: dict[str, Data]) -> None:
        for key, (at, value, problem) in answers.items():
            told = {"value": encode_tagged(value)} if problem is None else {"problem": encode(problem)}
            known = self.state.answers.get(key, {})
            is_same = told.items() <= known.items()
            if not is_same and len(json.dumps(told)) <= LARGEST_ANSWER:
                self.state.answers[key] = news.setdefault("answers", {})[key] = {"at": round(at, 3), **told}

    def whole(self, at: float) -> dict[str, Data]:
        """The body of a key frame."""
        self._forget(at)
        return self.state.as_body()

    def _forget(self, at: float) -> None:
        """Let go of what nobody asks about any more, so that key frames do not grow from day to day."""
        state = self.state
        state.ended = {
            job_id: told for job_id, told in state.ended.items() if at - told.seen_at.timestamp() <= ENDED_SECONDS
        }
        known = state.jobs.keys() | state.ended.keys()
        state.verdicts = {job_id: verdict for job_id, verdict in state.verdicts.items() if job_id in known}
        # An answer that is still asked for is told again when it comes next.
        state.answers = {key: told for key, told in state.answers.items() if at - told["at"] <= ANSWERS_SECONDS}
