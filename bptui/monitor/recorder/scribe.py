"""The scribe: turns what polls of one endpoint brought into frames, keeps the picture that they make, and writes them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from bptui.model.diff import JobsChanges
from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Ending, JobId
from bptui.model.problem import Problem
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Verdict
from bptui.monitor.recorder.encoding import Data, difference, encode, encode_tagged
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.place import Taken, Unwritable
from bptui.monitor.recorder.state import GAP_POLLS, State, bare
from bptui.monitor.why.pauses import Pause

if TYPE_CHECKING:
    from bptui.monitor.recorder.ring import PauseRow, Ring

log = logging.getLogger(__name__)

KEY_SECONDS = 6 * 3600.0
"""A key frame at least this often: how finely the oldest is forgotten, and how much is read at start."""
KEY_SHARE = 8
"""And whenever the frames since the last one take this part of the ring."""
RETRY_SECONDS = 60.0
ENDED_SECONDS = 12 * 3600.0
"""How long a job that ended is told in key frames."""
ANSWERS_SECONDS = 24 * 3600.0
"""After this time an answer is forgotten unless it comes again."""
LARGEST_ANSWER = 256 * 1024
"""Longer answers, as JSON, are left out: they would push out the history of jobs."""


class Keeping(Enum):
    """What becomes of what is seen."""

    RECORDING = "recording"
    READING = "reading only"
    """Another session records; what it has recorded is used."""
    FAILED = "not recording"


@dataclass(frozen=True, slots=True)
class RecorderState:
    """Whether an endpoint is recorded, and if not, why."""

    keeping: Keeping
    sentence: str = ""
    """What is the matter, for the person; empty while recording."""


@dataclass(slots=True)
class Batch:
    """What came since the last poll of the list, and that poll; or what came after the last one of all."""

    at: float
    interval_seconds: float
    is_poll: bool = True
    problem: Problem | None = None
    snapshot: JobsSnapshot | None = None
    """The jobs, if they read differently."""
    changes: JobsChanges | None = None
    """The difference to the snapshot before; None: only the whole counts."""
    verdicts: dict[JobId, Verdict | None] = field(default_factory=dict)
    shift_seconds: float = 0.0
    """How far seconds since 1970 are ahead of the clock that these verdicts are told by."""
    answers: dict[str, tuple[float, object, Problem | None]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it besides the poll."""
        return self.snapshot is None and not self.verdicts and not self.answers


class Scribe:
    """Writes one ring; belongs to one thread, and every method may wait for the disk."""

    def __init__(
        self, endpoint: EndpointName, by: str, picture: State, open_ring: Callable[[], Ring], limit_bytes: int | None
    ) -> None:
        """`picture` is what the ring holds; `open_ring` raises Unwritable, or Taken when another session writes."""
        self._picture = picture
        self._open_ring = open_ring
        self._key_bytes = limit_bytes // KEY_SHARE if limit_bytes else None
        earlier = picture.session.get("by", []) if picture.jobs else []
        self._session: dict[str, Data] = {"endpoint": endpoint, "by": list(dict.fromkeys([*earlier, by]))}
        self._is_begun = False
        self._ring: Ring | None = None
        self._tries_at = 0.0
        self._last: Frame | None = None
        """The newest frame of this session; None: the next one has to be a key frame."""
        self._key_at = 0.0
        self._since_key = 0
        self._least = 0
        self.state = RecorderState(Keeping.RECORDING)

    def open(self, at: float) -> None:
        """Open the ring, or say why not; the next try comes after a while."""
        self._tries_at = at + RETRY_SECONDS
        try:
            self._ring = self._open_ring()
            self.state = RecorderState(Keeping.RECORDING)
        except Taken as taken:
            self.state = RecorderState(Keeping.READING, f"Not recorded here: {taken}.")
        except Unwritable as error:
            self._fail(error)

    def take(self, batch: Batch) -> None:
        """Record a poll."""
        self._session["interval"] = batch.interval_seconds
        news, pauses = self._news(batch)
        if self._ring is None and batch.at >= self._tries_at:
            self.open(batch.at)
        if self._ring is None:
            return
        try:
            self._write(self._ring, batch, news, pauses)
        except Unwritable as error:
            self._fail(error)

    def _write(self, ring: Ring, batch: Batch, news: dict[str, Data], pauses: tuple[Pause, ...]) -> None:
        last = self._last
        if last is not None and not news and batch.at - last.until <= GAP_POLLS * batch.interval_seconds:
            last.until, last.polls = max(batch.at, last.until), last.polls + 1
            ring.extend(last.until, last.polls)
            return
        is_key = last is None or self._is_key_due(batch.at)
        frame = Frame(batch.at, batch.at, int(batch.is_poll), is_key, self._whole(batch) if is_key else news)
        size = ring.append(frame, map(_row, pauses))
        if is_key:
            self._key_at, self._since_key, self._least = batch.at, 0, size
        else:
            self._since_key += size
        frame.body = {}
        self._last = frame

    def _is_key_due(self, at: float) -> bool:
        is_much = self._key_bytes is not None and self._since_key > max(self._key_bytes, self._least)
        return is_much or at - self._key_at > KEY_SECONDS

    def _fail(self, error: Unwritable) -> None:
        log.warning("recording failed: %s", error)
        self.state = RecorderState(Keeping.FAILED, f"What is seen is not recorded: {error}.")
        ring, self._ring, self._last = self._ring, None, None
        if ring is not None:
            try:
                ring.close()
            except Unwritable as again:
                log.info("closing the recording failed: %s", again)

    def finish(self) -> None:
        """Put everything on disk and let go of the file."""
        ring, self._ring, self._last = self._ring, None, None
        if ring is not None:
            try:
                ring.sync()
                ring.close()
            except Unwritable as error:
                self._fail(error)

    # What changed

    def _news(self, batch: Batch) -> tuple[dict[str, Data], tuple[Pause, ...]]:
        """Take a batch into the picture; returns the sections of its frame, and the pauses that ended."""
        news: dict[str, Data] = {}
        pauses: tuple[Pause, ...] = ()
        problem = encode(batch.problem) if batch.is_poll else self._picture.problem
        if problem != self._picture.problem:
            news["problem"] = self._picture.problem = problem
        if batch.snapshot is not None:
            pauses = self._take_snapshot(batch.snapshot, self._ids(batch), batch.at, news)
        self._take_verdicts(batch, news)
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
        return (told | dict.fromkeys(self._picture.jobs)).keys()

    def _take_snapshot(
        self, snapshot: JobsSnapshot, ids: Iterable[JobId], at: float, news: dict[str, Data]
    ) -> tuple[Pause, ...]:
        pauses: tuple[Pause, ...] = ()
        jobs: dict[str, Data] = {}
        ended: dict[str, Data] = {}
        records: dict[str, Data] = {}
        gone: list[str] = []
        picture = self._picture
        for job_id in ids:
            before, job = picture.jobs.get(job_id), snapshot.jobs.get(job_id)
            if job is not None:
                pauses += picture.histories.see(before, job, at, is_stopped=picture.is_stopped(job_id))
                if before is None or before != job:
                    jobs[job_id] = encode(job) if before is None else difference(before, job)
                picture.jobs[job_id] = job
            elif before is not None:
                gone.append(job_id)
                self._drop(job_id)
            self._take_ended(job_id, snapshot.ended.get(job_id), ended, is_ours=before is not None)
            self._take_record(job_id, snapshot, records)
        sections = {"jobs": jobs, "gone": gone, "ended": ended, "records": records}
        news.update((name, section) for name, section in sections.items() if section)
        return pauses

    def _drop(self, job_id: JobId) -> None:
        del self._picture.jobs[job_id]
        self._picture.records.pop(job_id, None)
        self._picture.verdicts.pop(job_id, None)
        self._picture.histories.forget(job_id)

    def _take_ended(self, job_id: JobId, told: EndedJob | None, news: dict[str, Data], *, is_ours: bool) -> None:
        known = self._picture.ended.get(job_id)
        if told is known or told == known:
            return
        if told is None:
            del self._picture.ended[job_id]
            news[job_id] = None
        elif is_ours or known or told.ending is Ending.CANCELED:
            self._picture.ended[job_id] = told
            news[job_id] = encode(told)

    def _take_record(self, job_id: JobId, snapshot: JobsSnapshot, news: dict[str, Data]) -> None:
        told, known = snapshot.records.get(job_id), self._picture.records.get(job_id)
        if told is known or told == known or job_id not in self._picture.jobs:
            return
        news[job_id] = encode(told)
        if told is None:
            del self._picture.records[job_id]
        else:
            self._picture.records[job_id] = told

    def _take_verdicts(self, batch: Batch, news: dict[str, Data]) -> None:
        known = self._picture.verdicts
        for job_id, told in batch.verdicts.items():
            if told is None:
                if known.pop(job_id, None):
                    news.setdefault("verdicts", {})[job_id] = None
                continue
            verdict = replace(bare(told), since_seconds=round(told.since_seconds + batch.shift_seconds, 1))
            if known.get(job_id) != verdict:
                known[job_id] = verdict
                news.setdefault("verdicts", {})[job_id] = encode(verdict)

    def _take_answers(self, answers: Mapping[str, tuple[float, object, Problem | None]], news: dict[str, Data]) -> None:
        for key, (at, value, problem) in answers.items():
            told = {"value": encode_tagged(value)} if problem is None else {"problem": encode(problem)}
            known = self._picture.answers.get(key, {})
            is_same = told.items() <= known.items()
            if not is_same and len(json.dumps(told)) <= LARGEST_ANSWER:
                self._picture.answers[key] = news.setdefault("answers", {})[key] = {"at": round(at, 3), **told}

    def _whole(self, batch: Batch) -> dict[str, Data]:
        """The body of a key frame."""
        picture = self._picture
        self._forget(batch.at)
        return {
            "session": self._session,
            "problem": picture.problem,
            "jobs": _items(picture.jobs),
            "ended": _items(picture.ended),
            "records": _items(picture.records),
            "answers": picture.answers,
            "verdicts": _items(picture.verdicts),
            **picture.histories.as_data(),
        }

    def _forget(self, at: float) -> None:
        """Let go of what nobody asks about any more, so that key frames do not grow from day to day."""
        picture = self._picture
        picture.ended = {
            job_id: told for job_id, told in picture.ended.items() if at - told.seen_at.timestamp() <= ENDED_SECONDS
        }
        known = picture.jobs.keys() | picture.ended.keys()
        picture.verdicts = {job_id: verdict for job_id, verdict in picture.verdicts.items() if job_id in known}
        # An answer that is still asked for is told again when it comes next.
        picture.answers = {key: told for key, told in picture.answers.items() if at - told["at"] <= ANSWERS_SECONDS}


def _items(values: Mapping[JobId, object]) -> Iterator[tuple[str, Data]]:
    return ((name, encode(value)) for name, value in values.items())


def _row(pause: Pause) -> PauseRow:
    return (pause.side.value, pause.priority.value, round(pause.seconds, 1), round(pause.ended_at, 1))
