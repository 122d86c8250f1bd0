"""The recorder that watching holds: takes facts as they come and never waits; one thread does the writing."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bptui.clock import Clock
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.job import JobId, JobKey
from bptui.model.problem import Problem
from bptui.model.verdict import Verdict
from bptui.monitor.appliance import Appliance, Watched
from bptui.monitor.events import Event, JobsChanged, Noted, NoteKind, Pane, Polled, PollFailed, VerdictsChanged
from bptui.monitor.hub import merged_changes
from bptui.monitor.progress import WINDOW_SECONDS
from bptui.monitor.recorder.batch import Batch, Keeping, RecorderState
from bptui.monitor.recorder.shelf import Shelf
from bptui.monitor.recorder.tape import taped
from bptui.monitor.why.history import Instant

if TYPE_CHECKING:
    from bptui.monitor.recorder.scribe import Scribe
    from bptui.monitor.why.recorded import Recorded

log = logging.getLogger(__name__)

_RECORDING = RecorderState(Keeping.RECORDING)
_BROKEN = RecorderState(
    Keeping.FAILED, "What is seen is not recorded, because of a defect in bptui; the log file has the details."
)
WAITING_MOST = 200
"""So many polls may wait for a disk that hangs; then they are let go, and the next one is told whole."""
SLICE_VERDICTS = 1000
"""So many verdicts are looked up before the event loop gets a turn."""
CLOSE_SECONDS = 1.5
"""How long ending waits for the disk."""


class Recorder:
    """Keeps what is seen of some endpoints, one ring for each, and gives back what was seen before."""

    def __init__(self, shelf: Shelf, by: str, clock: Clock) -> None:
        """`by` names the program in sentences, such as `watch`."""
        self._shelf = shelf
        self._by = by
        self._clock = clock
        self._connected: dict[EndpointName, Endpoint] = {}
        self._scribes: dict[EndpointName, Scribe] = {}
        """Those whose ring was read; made by the thread that writes."""
        self._pending: dict[EndpointName, Batch] = {}
        self._waiting: deque[tuple[EndpointName, Batch]] = deque()
        self._news = threading.Condition()
        self._stood: dict[EndpointName, list[Noted]] = {}
        """What was recorded of endpoints as a whole, until it is said."""
        self._told: dict[EndpointName, RecorderState] = {}
        self._is_failing: set[EndpointName] = set()
        """Endpoints whose list cannot be read, so that the next poll may be minutes away."""
        self._broken: set[EndpointName] = set()
        """Endpoints of which a defect of ours ended the writing."""
        self._is_over = False
        self._is_writing = False
        self._thread: threading.Thread | None = None

    @property
    def states(self) -> Mapping[EndpointName, RecorderState]:
        """Whether each endpoint is recorded; one of which nothing was written yet is missing."""
        # In one step, because the thread that writes may learn of another endpoint meanwhile.
        states = ((name, self._state(name)) for name in tuple(self._connected))
        return {name: state for name, state in states if state is not None}

    def _state(self, endpoint: EndpointName) -> RecorderState | None:
        if endpoint in self._broken:
            return _BROKEN
        scribe = self._scribes.get(endpoint)
        return scribe.state if scribe else None

    @property
    def is_idle(self) -> bool:
        """Whether everything that was taken is written, or could not be."""
        with self._news:
            return not self._waiting and not self._is_writing

    # Around an endpoint

    def around(self, watched: Watched) -> Watched:
        """Return the same endpoint, recorded, and with what was recorded of it before."""
        endpoint = watched.endpoint

        def connect() -> Appliance:
            appliance = watched.connect()
            self._connected[endpoint.name] = endpoint
            return taped(appliance, lambda key, answer, problem: self._note(endpoint.name, key, answer, problem))

        def recorded(now: Instant) -> Recorded | None:
            from bptui.monitor.recorder.telling import recorded_notes  # noqa: PLC0415 - not before the first frame

            memory = self._shelf.memory(endpoint, now.utc.timestamp() - WINDOW_SECONDS)
            self._stood[endpoint.name] = [*recorded_notes(endpoint.name, memory)]
            return memory.recorded(now)

        return replace(watched, connect=connect, recorded=recorded)

    # Facts, on the event loop

    async def follow(
        self,
        facts: AsyncIterator[Event],
        verdict: Callable[[JobKey], Verdict | None],
        seconds: Callable[[], float],
        publish: Callable[[Event], None],
    ) -> None:
        """Take every fact of a subscription until cancelled, and say when something cannot be recorded.

        `verdict` looks up what a fact only names, `seconds` is the clock by which it says since when it lasts.
        """
        async for event in facts:
            self.take(event)
            if isinstance(event, VerdictsChanged):
                shift = self._clock.now().timestamp() - seconds()
                self._take_verdicts(event.endpoint, dict.fromkeys(event.removed), shift)
                self._batch(event.endpoint).endpoint_verdicts = event.endpoint_verdicts
                for start in range(0, len(event.changed), SLICE_VERDICTS):
                    part = event.changed[start : start + SLICE_VERDICTS]
                    named = {job_id: verdict(JobKey(event.endpoint, job_id)) for job_id in part}
                    self._take_verdicts(event.endpoint, named, shift)
                    await asyncio.sleep(0)
                self._hurry(event.endpoint)
            elif isinstance(event, Polled):
                for note in (*self._stood.pop(event.endpoint, ()), *self._note_of(event.endpoint)):
                    publish(note)

    def _note_of(self, endpoint: EndpointName) -> Iterator[Noted]:
        """What became of recording, when that is news."""
        state = self._state(endpoint) or _RECORDING
        if state == self._told.get(endpoint, _RECORDING):
            return
        self._told[endpoint] = state
        sentence = state.sentence or "What is seen is recorded again."
        yield Noted(endpoint, self._clock.now(), NoteKind.RECORDING, None, sentence)

    def take(self, event: Event) -> None:
        """Take one fact; never waits."""
        batch = self._batch(event.endpoint)
        match event:
            case JobsChanged():
                self._take_jobs(batch, event)
                self._hurry(event.endpoint)
            case Polled(pane=Pane.LIST):
                self._is_failing.discard(event.endpoint)
                batch.interval_seconds = max((event.next_at - event.at).total_seconds(), 1.0)
                self._hand_over(event.endpoint, replace(batch, at=event.at.timestamp()))
            case PollFailed(pane=Pane.LIST):
                self._is_failing.add(event.endpoint)
                self._hand_over(event.endpoint, replace(batch, at=event.at.timestamp(), problem=event.problem))

    def _hurry(self, endpoint: EndpointName) -> None:
        """While the list cannot be read, what other calls tell does not wait for it."""
        if endpoint in self._is_failing:
            at = self._clock.now().timestamp()
            self._hand_over(endpoint, replace(self._batch(endpoint), at=at, is_poll=False))

    def _batch(self, endpoint: EndpointName) -> Batch:
        return self._pending.setdefault(endpoint, Batch(0.0, 5.0))

    def _take_jobs(self, batch: Batch, event: JobsChanged) -> None:
        changes = event.changes if event.since_revision is not None else None
        if batch.snapshot is not None:
            changes = merged_changes(batch.changes, changes) if batch.changes and changes else None
        batch.snapshot, batch.changes = event.snapshot, changes

    def _take_verdicts(self, endpoint: EndpointName, verdicts: Mapping[JobId, Verdict | None], shift: float) -> None:
        """Take verdicts that read differently; None for a job that is not known any more."""
        batch = self._batch(endpoint)
        batch.verdicts.update(verdicts)
        batch.shift_seconds = shift

    def _note(self, endpoint: EndpointName, key: str, answer: object, problem: Problem | None) -> None:
        self._batch(endpoint).answers[key] = (self._clock.now().timestamp(), answer, problem)

    def _hand_over(self, endpoint: EndpointName, batch: Batch) -> None:
        self._pending[endpoint] = Batch(0.0, batch.interval_seconds)
        if endpoint not in self._connected:
            return
        with self._news:
            if len(self._waiting) >= WAITING_MOST:
                self._let_go()
            self._waiting.append((endpoint, batch))
            self._news.notify()

    def _let_go(self) -> None:
        """Forget what waits but for the last snapshots, which tell everything."""
        kept = {endpoint: batch for endpoint, batch in self._waiting if batch.snapshot is not None}
        self._waiting.clear()
        self._waiting.extend((endpoint, replace(batch, changes=None)) for endpoint, batch in kept.items())

    # Writing, in the thread

    def start(self) -> None:
        """Begin to write what was taken, and what comes: rings are read and written from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._news:
                self._is_writing = False
                while not self._waiting and not self._is_over:
                    self._news.wait()
                if not self._waiting:
                    break
                endpoint, batch = self._waiting.popleft()
                self._is_writing = True
            if endpoint not in self._broken:
                self._write(endpoint, batch)
        for scribe in self._scribes.values():
            scribe.finish()

    def _write(self, endpoint: EndpointName, batch: Batch) -> None:
        try:
            self._scribe(endpoint).take(batch)
        except Exception:  # the outermost edge of the thread: a defect here costs the recording, never the screen
            log.exception("recording %s failed inside bptui", endpoint)
            self._broken.add(endpoint)

    def _scribe(self, name: EndpointName) -> Scribe:
        """Who writes the ring of an endpoint; the first time it is read, and opened when there is something to write."""
        from bptui.monitor.recorder.picture import Picture  # noqa: PLC0415  # the first list need not wait for them
        from bptui.monitor.recorder.scribe import Scribe  # noqa: PLC0415

        if name not in self._scribes:
            shelf, endpoint = self._shelf, self._connected[name]
            picture = Picture(shelf.memory(endpoint).state, name, self._by)
            self._scribes[name] = Scribe(picture, lambda: shelf.open(endpoint), shelf.limit_bytes)
        return self._scribes[name]

    def close(self) -> None:
        """Put everything on disk and end; waits for a disk that hangs no longer than a moment."""
        at = self._clock.now().timestamp()
        for endpoint, batch in list(self._pending.items()):
            if not batch.is_empty:
                self._hand_over(endpoint, replace(batch, at=at, is_poll=False))
        with self._news:
            self._is_over = True
            self._news.notify()
        if self._waiting:
            self.start()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)
