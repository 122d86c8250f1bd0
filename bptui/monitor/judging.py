"""Judging: keeps the verdicts of an endpoint up to date with what is polled, a slice at a time, and says what is news."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from bptui.model.diff import JobsChanges
from bptui.model.job import JobId
from bptui.model.problem import Problem
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import EndpointVerdict, Verdict
from bptui.monitor import notes
from bptui.monitor.appliance import Watched
from bptui.monitor.events import Event, JobsChanged, Pane, Polled, PollFailed, VerdictsChanged
from bptui.monitor.progress import Past
from bptui.monitor.rounds import Setting, attempt
from bptui.monitor.verdict_notes import EndpointNotes, verdict_notes
from bptui.monitor.why import facts
from bptui.monitor.why.endpoint import Blindness
from bptui.monitor.why.history import Instant
from bptui.monitor.why.pauses import Pause, learned
from bptui.monitor.why.stability import News
from bptui.monitor.why.verdicts import Outcome, Verdicts

SLICE_JOBS = 60
"""How many jobs are judged before the event loop gets a turn: some milliseconds' worth."""
TAKEN_JOBS = 500
"""The same for jobs that are only taken in."""
QUEUE_MOST = 64
"""More differences than this that wait are compared as one, which costs what exists: departures may come by the dozen."""
BLIND_ATTEMPTS = 2
"""One failed poll is no blindness, unless only a person can help."""
LEARN_SECONDS = 600.0
PAUSES_KEPT = 5000


class _Wave:
    """What one round of judging has brought so far."""

    def __init__(self) -> None:
        self.changed: dict[JobId, None] = {}
        self.removed: list[JobId] = []
        self.news: list[tuple[JobId, News]] = []
        self.pauses: list[Pause] = []

    def add(self, outcome: Outcome) -> None:
        self.changed.update(dict.fromkeys(outcome.changed))
        self.removed += outcome.removed
        self.news += outcome.news
        self.pauses += outcome.pauses

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.removed or self.pauses)


class Judging:
    """The verdicts of one endpoint.

    Jobs are judged as of the moment when their list was read, once a poll: between two polls nothing is
    known that would turn a pause into a longer one. Evidence that arrives meanwhile counts at the next poll.
    """

    def __init__(
        self,
        watched: Watched,
        setting: Setting,
        evidence: Callable[[], facts.Evidence],
        snapshot: Callable[[], JobsSnapshot | None],
        on_judged: Callable[[], None],
        remember: Callable[[Past], Awaitable[None]],
    ) -> None:
        self._watched = watched
        self._setting = setting
        self._evidence = evidence
        self._snapshot = snapshot
        self._on_judged = on_judged
        self._remember = remember
        self._verdicts = Verdicts(watched.limits)
        self._queue: deque[tuple[JobsSnapshot, JobsChanges | None, Instant]] = deque()
        self._listed: Instant | None = None
        """When the list was read last."""
        self._judged: Instant | None = None
        """The reading of the list that was judged last."""
        self._failing_since: float | None = None
        self._blindness: Blindness | None = None
        self._endpoint_notes = EndpointNotes(setting.endpoint)
        self._pauses: deque[Pause] = deque(maxlen=PAUSES_KEPT)
        self._learned_at = 0.0
        self._revision = 0
        self._is_defect_told = False
        self._wake = asyncio.Event()
        self.has_begun = asyncio.Event()
        """Set once what was recorded before is read."""
        self.endpoint_verdicts: tuple[EndpointVerdict, ...] = ()
        self.is_media_needed = False
        self.waiting_buckets: frozenset[str] = frozenset()

    def notice(self, event: Event) -> None:
        """Take note of an event; what follows from it is worked out by `run`."""
        match event:
            case JobsChanged():
                self._put(event.snapshot, event.changes)
            case Polled(pane=Pane.LIST):
                self._failing_since = self._blindness = None
                snapshot = self._snapshot()
                if snapshot is not None and (self._listed is None or self._listed.utc != snapshot.at):
                    self._put(snapshot, JobsChanges())
                self._wake.set()
            case PollFailed(pane=Pane.LIST):
                self._blind(event.problem, is_sure=event.next_at is None or event.attempt >= BLIND_ATTEMPTS)

    def _put(self, snapshot: JobsSnapshot, changes: JobsChanges) -> None:
        if self._listed is None or self._listed.utc != snapshot.at:
            self._listed = Instant(self._setting.elapsed.seconds(), snapshot.at)
        self._queue.append((snapshot, changes, self._listed))
        if len(self._queue) > QUEUE_MOST:
            self._queue.clear()
            self._queue.append((snapshot, None, self._listed))
        self._wake.set()

    def _blind(self, problem: Problem, *, is_sure: bool) -> None:
        if self._failing_since is None:
            self._failing_since = self._setting.elapsed.seconds()
        if is_sure:
            self._blindness = Blindness(problem, self._failing_since)
            self._wake.set()

    # Working it out

    async def run(self) -> None:
        """Judge what arrives until cancelled; a defect in judging costs verdicts, never the watching."""
        what = f"Judging the jobs of {self._setting.endpoint}"
        await attempt(self._begin(), what)
        self.has_begun.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            problem = await attempt(self._work(), what)
            if problem is not None and not self._is_defect_told:
                self._is_defect_told = True
                self._setting.publish(notes.defect(self._setting.endpoint, self._now().utc, problem))

    async def _begin(self) -> None:
        now = self._now()
        recorded = await asyncio.to_thread(self._watched.recorded, now) if self._watched.recorded else None
        past, recorded = (recorded.past, replace(recorded, past=None)) if recorded else (None, None)
        self._verdicts = Verdicts(self._watched.limits, recorded)
        # From nothing to the first list is a difference, too, and can be taken in by slices.
        self._verdicts.update(JobsSnapshot(self._setting.endpoint, 0, now.utc), None, facts.Evidence(), now)
        if past:
            await self._remember(past)

    async def _work(self) -> None:
        wave = _Wave()
        before = self.endpoint_verdicts
        self._adjust_limits()
        while self._queue:
            await self._take(wave, *self._queue.popleft())
        await asyncio.sleep(0)
        now = self._now()
        judged = self._verdicts.endpoint_verdicts(now, self._blindness)
        self.endpoint_verdicts = self._watched.stood(now, judged) if self._watched.stood else judged
        await asyncio.sleep(0)
        self.is_media_needed = self._verdicts.needs_media(now)
        await asyncio.sleep(0)
        self.waiting_buckets = self._verdicts.waiting_buckets()
        self._on_judged()
        if not wave.is_empty or self.endpoint_verdicts != before:
            self._tell(wave)
        for note in self._notes(wave, now):
            self._setting.publish(note)

    async def _take(self, wave: _Wave, snapshot: JobsSnapshot, changes: JobsChanges | None, instant: Instant) -> None:
        evidence = self._evidence()
        for part in parts(changes) if changes is not None else (None,):
            is_poll = self._judged is not instant
            self._judged = instant
            outcome = self._verdicts.update(snapshot, part, evidence, instant, SLICE_JOBS, is_poll=is_poll)
            wave.add(outcome)
            while outcome.is_behind:
                await asyncio.sleep(0)
                outcome = self._verdicts.catch_up(instant, SLICE_JOBS)
                wave.add(outcome)
            await asyncio.sleep(0)

    def _tell(self, wave: _Wave) -> None:
        self._revision += 1
        self._pauses += wave.pauses
        self._setting.publish(
            VerdictsChanged(
                self._setting.endpoint,
                self._revision,
                tuple(wave.changed),
                tuple(wave.removed),
                self.endpoint_verdicts,
                tuple(wave.pauses),
            )
        )

    def _notes(self, wave: _Wave, now: Instant) -> Iterator[Event]:
        snapshot = self._snapshot()
        if snapshot is not None:
            yield from verdict_notes(snapshot, wave.news, now)
        yield from self._endpoint_notes.notes(self.endpoint_verdicts, now)

    def _adjust_limits(self) -> None:
        """Follow the pace of polling, and learn now and then from pauses that ended by themselves."""
        limits, seconds = self._verdicts.limits, self._setting.pace()
        if limits.poll_seconds != seconds:
            limits = replace(limits, poll_seconds=seconds)
        now = self._setting.elapsed.seconds()
        if self._pauses and now - self._learned_at >= LEARN_SECONDS:
            self._learned_at = now
            longest = dict(limits.learned)
            for key, pause in learned(self._pauses, now).items():
                longest[key] = max(pause, longest.get(key, 0.0))
            limits = replace(limits, learned=longest)
        self._verdicts.limits = limits

    def _now(self) -> Instant:
        return Instant(self._setting.elapsed.seconds(), self._setting.clock.now())

    # What is known

    def verdict(self, job_id: JobId) -> Verdict | None:
        """The verdict on a job, without its evidence; None before it was judged."""
        return self._verdicts.verdict(job_id)

    def explain(self, job_id: JobId) -> Verdict | None:
        """The verdict on a job with its evidence, as of now; None before it was judged."""
        return self._verdicts.explain(job_id, self._now())

    def explained_by(self, job_id: JobId) -> EndpointVerdict | None:
        """The verdict about the whole appliance that a job points to."""
        return self._verdicts.explained_by(job_id)

    def known(self) -> Iterator[Event]:
        """What a new subscriber has to be told."""
        snapshot = self._snapshot()
        if snapshot is not None and self._revision:
            ids = (*snapshot.jobs, *snapshot.ended)
            yield VerdictsChanged(self._setting.endpoint, self._revision, ids, (), self.endpoint_verdicts)


def parts(changes: JobsChanges) -> Iterator[JobsChanges]:
    """A difference in pieces that can be taken in one after the other; at least one."""
    ids = (*changes.added, *changes.changed)
    yield JobsChanges(added=ids[:TAKEN_JOBS], removed=changes.removed)
    for start in range(TAKEN_JOBS, len(ids), TAKEN_JOBS):
        yield JobsChanges(added=ids[start : start + TAKEN_JOBS])
