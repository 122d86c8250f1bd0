"""The poller: everything that goes on for one endpoint, as tasks that never wait for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from bptui.clock import Clock
from bptui.ds3.calls import CallName
from bptui.model.answer import RawAnswer
from bptui.model.endpoint import MAXIMUM_INTERVAL_SECONDS, MINIMUM_INTERVAL_SECONDS
from bptui.model.job import EndedJob, Job, JobId, JobRecord
from bptui.model.problem import Problem, ProblemKind
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.about import About
from bptui.monitor.actions import CloseJobs
from bptui.monitor.ages import Elapsed
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit
from bptui.monitor.close import read_small
from bptui.monitor.departures import LOOK_AGAIN_SECONDS, Departures
from bptui.monitor.events import CloseFinished, Event, Pane
from bptui.monitor.insight import Insight
from bptui.monitor.link import Link
from bptui.monitor.looking import Looking
from bptui.monitor.older import Older
from bptui.monitor.outage import Outages
from bptui.monitor.pace import UNSEEN_MULTIPLE
from bptui.monitor.progress import Progress, progress
from bptui.monitor.rounds import Answer, Rounds, Setting, attempt
from bptui.monitor.sources import Source, Sources
from bptui.monitor.state import EndpointState, PaneState
from bptui.monitor.store import Moment, Store
from bptui.monitor.writing import Writing

if TYPE_CHECKING:
    from bptui.model.tree import JobTree

SETTLE_SECONDS = 0.15
"""A job must be looked at this long before it is read: running down a list asks for nothing."""
RECORDS_SECONDS = 60.0
SYSTEM_SECONDS = 60.0


class Poller:
    """One endpoint: a task for the list, one for the job looked at, one for jobs that left, one for all else in turn.

    The list goes first: before it was read once, and while only a person can help it, nothing else is asked,
    so that a wrong key is tried once and not three times.
    """

    def __init__(
        self,
        watched: Watched,
        *,
        clock: Clock,
        elapsed: Elapsed,
        publish: Callable[[Event], None],
        audit: Audit,
        jitter: Callable[[], float],
        shown: asyncio.Event,
    ) -> None:
        """Nothing but the list is asked for, nor what explains it loaded, before `shown` is set."""
        self.endpoint = watched.endpoint
        self.interval_seconds = _within_bounds(watched.endpoint.interval_seconds)
        self._is_seen = True
        self._clock = clock
        self._elapsed = elapsed
        self._hand_on = publish
        self._setting = Setting(self.endpoint.name, clock, elapsed, self._told, jitter, self._pace)
        self._store = Store(self.endpoint.name)
        self._list = Rounds(self._setting, Pane.LIST, self._ask_list)
        self._looking: Looking | None = None
        self._following: asyncio.Task[None] | None = None
        self._writing = Writing(watched, self._setting, audit)
        self._link = Link(watched, self._writing.guard)
        self._older = Older(self._setting, self._link)
        self._departures = Departures(self._setting, self._store, self._link)
        self._about = About(self._setting, self._link)
        self.insight = Insight(watched, self._setting, self._store, self._link, self._about)
        self._endings = Sources([self._departure_row()], self._setting)
        self._sources = Sources(self._rows(), self._setting, self.insight.source_read)
        self._reading_job = asyncio.Lock()
        self._outages = Outages(elapsed, self._publish)
        self._shown = shown
        if shown.is_set():
            self.insight.begin(self._sources, ())
        self._group: asyncio.TaskGroup | None = None

    def _departure_row(self) -> Source:
        return Source("completed_job", LOOK_AGAIN_SECONDS, self._departures.read, self._departures.is_wanted)

    def _rows(self) -> list[Source]:
        return [
            Source("system_information", SYSTEM_SECONDS, self._about.read),
            Source("active_job", RECORDS_SECONDS, self._read_records),
        ]

    # Running

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            async with asyncio.TaskGroup() as self._group:
                self._group.create_task(self._list.run())
                self._group.create_task(self._endings.run(self._may_ask_more))
                self._group.create_task(self._sources.run(self._may_ask_more))
                self._group.create_task(self.insight.run(self._sources, self.known, self._shown.wait))
                self._follow()
        finally:
            self._group = None
            await self._link.close()

    async def _may_ask_more(self) -> None:
        """Wait until the list is shown, and can be read."""
        await self._shown.wait()
        await self._outages.may_ask.wait()

    def _pace(self) -> float:
        return self.interval_seconds if self._is_seen else UNSEEN_MULTIPLE * self.interval_seconds

    def _told(self, event: Event) -> None:
        self._publish(event)
        self._outages.notice(event)

    def _publish(self, event: Event) -> None:
        self._hand_on(event)
        self.insight.notice(event)

    def _publish_all(self, events: Iterable[Event]) -> None:
        for event in events:
            self._publish(event)

    # The list

    async def _ask_list(self) -> Answer:
        self._list.announce()
        appliance = await self._link()
        asked_at, began = self._elapsed.seconds(), self._clock.monotonic()
        jobs = await appliance.jobs()
        took = self._clock.monotonic() - began
        self._publish_all(await self._store.list_arrived(jobs, self._moment()))
        await self._writing.settle(jobs, asked_at)
        if self._store.leaving:
            self._endings.hurry("completed_job")
        return Answer(took_seconds=took, cost_seconds=took)

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._elapsed.seconds())

    # The job looked at

    def watch(self, job_id: JobId | None) -> None:
        """Look at a job, or at none; the request for another one is cancelled."""
        if job_id == (self._looking.job_id if self._looking else None):
            return
        self._store.forget_tree()
        self.insight.watch(job_id)
        self._looking = None
        if job_id is not None:
            self._looking = Looking(job_id, self._setting, self._store, self._link)
        self._follow()

    def _follow(self) -> None:
        if self._following:
            self._following.cancel()
            self._following = None
        if self._group and self._looking:
            self._following = self._group.create_task(self._look_at(self._looking))

    async def _look_at(self, looking: Looking) -> None:
        async with self._reading_job:  # the connection of the job before is closed first
            await self._clock.sleep(SETTLE_SECONDS)
            await looking.rounds.run(self._outages.may_ask.wait)

    # Everything else, in turn

    async def _read_records(self) -> None:
        appliance = await self._link()
        self._publish_all(await self._store.records_arrived(await appliance.active_jobs(), is_all=True))

    async def show_ended(self, *, is_shown: bool) -> Problem | None:
        """Show jobs that ended before watching began, or hide them; asked for at most once a minute."""
        older: Mapping[JobId, EndedJob] | Problem = {}
        if is_shown:
            older = await attempt(self._older.read(), f"Reading the ended jobs of {self.endpoint.name}")
        if isinstance(older, Problem):
            return older
        self._publish_all(self._store.older_arrived(older))
        return None

    # Wishes

    def poke(self, pane: Pane | None = None) -> None:
        """Ask now; with no pane everything, also what was forbidden."""
        if pane is not Pane.JOB or not self._outages.may_ask.is_set():
            self._list.poke()
        if pane is not Pane.LIST and self._looking:
            self._looking.rounds.poke()
        if pane is None:
            self._endings.hurry()
            self._sources.hurry()

    def set_interval(self, seconds: float) -> None:
        """Change the pace from now on."""
        self.interval_seconds = _within_bounds(seconds)
        self._reconsider()

    def set_seen(self, *, is_seen: bool) -> None:
        """Slow down when nobody looks, and hurry when somebody does again."""
        if is_seen is not self._is_seen:
            self._is_seen = is_seen
            self._reconsider()

    def _reconsider(self) -> None:
        self._list.reconsider()
        if self._looking:
            self._looking.rounds.reconsider()

    def lock(self) -> None:
        """Let nothing but reading pass from now on."""
        self._writing.lock(self._link.appliance)

    def unlock(self) -> Problem | None:
        """Allow closing for this session."""
        return self._writing.unlock(self._link.appliance)

    async def close(self, wish: CloseJobs) -> list[CloseFinished]:
        """Close jobs, then ask for what they are now; a release not known yet is asked for first."""
        if self._about.system is None and self._writing.refusal() is None:
            await attempt(self._about.read(), f"Reading system_information of {self.endpoint.name}")
        try:
            return await self._writing.close(wish, self._link, self._about.system)
        finally:
            self.poke(Pane.LIST)
            self.poke(Pane.JOB)

    async def reread(self, job_id: JobId) -> JobRecord | Job | Problem:
        """Read one job by its small record, or by the list when the key may not read that."""
        return await attempt(self._reread(job_id), f"Reading job {job_id} of {self.endpoint.name}")

    async def _reread(self, job_id: JobId) -> JobRecord | Job | Problem:
        job = await read_small(await self._link(), job_id)
        return job or Problem(ProblemKind.GONE, "The job is not running any more.", "The list will say how it ended.")

    # Answers

    @property
    def snapshot(self) -> JobsSnapshot | None:
        """The jobs as last told."""
        return self._store.snapshot

    @property
    def tree(self) -> JobTree | None:
        """The job looked at, as last read."""
        return self._store.tree

    def known(self) -> Iterator[Event]:
        """What a new subscriber has to be told first."""
        yield from self._store.known()
        yield from self.insight.known()
        for rounds in (self._list, self._looking.rounds if self._looking else None):
            if rounds and rounds.last_told:
                yield rounds.last_told

    def progress(self, job_id: JobId) -> Progress | None:
        """What a running job's counters did while it was watched."""
        job = self._store.snapshot.jobs.get(job_id) if self._store.snapshot else None
        history = self._store.history(job) if job else None
        return progress(job, history, self._elapsed.seconds(), self._pace()) if job and history else None

    def raw(self, pane: Pane) -> RawAnswer | None:
        """The newest answer of a pane as it came."""
        name = CallName.JOBS if pane is Pane.LIST else CallName.JOB
        appliance = self._link.appliance
        return appliance.last_answer(name) if appliance else None

    def state(self) -> EndpointState:
        """How everything is doing at this moment."""
        return EndpointState(
            endpoint=self.endpoint,
            list=self._list.state(),
            job=self._looking.rounds.state() if self._looking else PaneState(),
            interval_seconds=self.interval_seconds,
            is_locked=self._writing.is_locked,
            is_read_only=self._writing.is_read_only,
            system=self._about.system,
            clock_skew_seconds=self._about.skew_seconds(self._list.problem),
            sources=self._endings.states | self._sources.states,
        )


def _within_bounds(interval_seconds: float) -> float:
    return min(max(interval_seconds, MINIMUM_INTERVAL_SECONDS), MAXIMUM_INTERVAL_SECONDS)
