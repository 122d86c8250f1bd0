"""A feed that says what a test wants, and values to say it with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bptui.ds3.calls import CallName
from bptui.model.answer import RawAnswer
from bptui.model.diff import JobsChanges, TreeChanges, snapshot_changes
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.model.job import EndedJob, Ending, Job, JobId, JobKey, JobRecord, Node
from bptui.model.problem import Problem
from bptui.model.reading import SourceState
from bptui.model.snapshot import JobsSnapshot
from bptui.model.tree import JobTree
from bptui.model.verdict import EndpointVerdict, Grade, Kind, Verdict
from bptui.model.vocabulary import JobStatus, OrderGuarantee
from bptui.monitor.ages import Freshness
from bptui.monitor.events import Event, JobsChanged, Pane, Polled, TreeChanged, VerdictsChanged
from bptui.monitor.expense import Expense
from bptui.monitor.progress import Progress
from bptui.monitor.state import EndpointState, PaneState
from bptui.monitor.why.facts import Evidence
from tests.jobs import PLAIN_JOB
from tests.trees import TreeBuilder

NOW = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)
DENVER = EndpointName("prod-denver")
GIB = 1 << 30
SECONDS = 100_000.0
"""NOW on the clock of the verdicts."""


def job_id(number: int) -> JobId:
    """A job id that reads well in a failing test."""
    return JobId(str(UUID(int=0x0C0FFEE0_0000_4000_8000_000000000000 + number)))


def job(number: int, name: str | None = None, **values: Any) -> Job:
    """A running PUT of 64 GiB, half cached and a quarter done, unless told otherwise."""
    attributes: dict[str, Any] = {
        "job_id": job_id(number),
        "name": f"job {number}" if name is None else name,
        "original_size_bytes": 64 * GIB,
        "cached_size_bytes": 32 * GIB,
        "completed_size_bytes": 16 * GIB,
        "start_date": NOW - timedelta(hours=9) + timedelta(minutes=number),
        "user_id": str(UUID(int=7)),
        "user_name": "mbarros",
        "order_guarantee": OrderGuarantee.NONE,
        "nodes": (Node(str(UUID(int=1)), "10.24.8.2", None, 443),),
    }
    return replace(PLAIN_JOB, **attributes | values)


def ended(of: Job, how: Ending, minutes_ago: int = 4) -> EndedJob:
    """The same job, ended."""
    status = {Ending.COMPLETED: JobStatus.COMPLETED, Ending.CANCELED: JobStatus.CANCELED}.get(how, of.status)
    return EndedJob(replace(of, status=status, is_aggregating=False), how, NOW - timedelta(minutes=minutes_ago))


def progress(**values: Any) -> Progress:
    """A job that moves."""
    attributes: dict[str, Any] = {
        "watched_seconds": 7200.0,
        "pause_seconds": 4.0,
        "pause_is_lower_bound": False,
        "is_moving": True,
        "cached_rate": 212e6,
        "completed_rate": 118e6,
        "eta_seconds": 431.0,
    }
    return Progress(**attributes | values)


def verdict(kind: Kind, minutes: float = 41, **values: Any) -> Verdict:
    """A verdict that has held for some minutes."""
    attributes: dict[str, Any] = {
        "kind": kind,
        "rule": "P6",
        "since_seconds": SECONDS - 60 * minutes,
        "grade": Grade.FOLLOWS,
    }
    return Verdict(**attributes | values)


def tree_of(of: Job, *, chunks: int = 3, objects: int = 4) -> JobTree:
    """A job's chunks with some objects each, every second one in cache."""
    builder = TreeBuilder(of)
    for chunk in range(chunks):
        builder.chunk(str(UUID(int=0xC000 + chunk)), chunk + 1, str(UUID(int=1)) if chunk < chunks - 1 else None)
        for place in range(objects):
            number = chunk * objects + place
            builder.object(
                f"reel-{chunk:02}/scene {place:02}/master.mxf",
                object_id=str(UUID(int=0xB000 + number)),
                in_cache=number % 2 == 0,
                is_latest=number % 5 != 4,
                length_bytes=5 * GIB + number,
                version_id=str(UUID(int=0xE000 + number)),
            )
    return builder.build()


class StillClock:
    """A clock that stands until a test turns its hands."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


class ScriptedFeed:
    """Says what a test tells it to say; remembers what was wished."""

    def __init__(self, endpoint: Endpoint | None = None) -> None:
        self.endpoint = endpoint or Endpoint(DENVER, "https://bp.example.test", "access", writes=Writes.YES)
        self.snapshot: JobsSnapshot | None = None
        self.tree: JobTree | None = None
        self.progresses: dict[JobId, Progress] = {}
        self.list_state = PaneState()
        self.job_state = PaneState()
        self.seconds = self.endpoint.interval_seconds
        self.is_locked = False
        self.watched: list[JobId | None] = []
        self.poked: list[Pane | None] = []
        self.wishes: list[object] = []
        self.results: list[Any] = []
        self.rereads: list[JobKey] = []
        self.verdicts: dict[JobId, Verdict] = {}
        self.explanations: dict[JobId, Verdict] = {}
        self.explaining: dict[JobId, EndpointVerdict] = {}
        self.about_endpoint: tuple[EndpointVerdict, ...] = ()
        self.known_evidence = Evidence()
        self.known_sources: dict[str, SourceState] = {}
        self.expenses: dict[CallName, Expense] = {}
        self.seconds_now = SECONDS
        self.is_list_shown = False
        self.skew_seconds: float | None = None
        self.others: tuple[EndpointName, ...] = ()
        """Endpoints that are watched beside the one that is told about."""
        self.seen: dict[EndpointName, bool] = {}
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    # What a test says.

    def tell_jobs(
        self, *jobs: Job, ended_jobs: tuple[EndedJob, ...] = (), records: Mapping[JobId, JobRecord] | None = None
    ) -> JobsChanged:
        """The list reads like this now."""
        before = self.snapshot
        running = {each.job_id: each for each in jobs}
        gone = {each.job.job_id: each for each in ended_jobs}
        revision = before.revision + 1 if before else 1
        self.snapshot = JobsSnapshot(self.endpoint.name, revision, NOW, running, gone, dict(records or {}))
        changes = snapshot_changes(before, self.snapshot) if before else JobsChanges(added=tuple(running))
        self.list_state = PaneState(2.0, Freshness.FRESH, NOW, 0.1, 5.0, NOW + timedelta(seconds=3))
        return self._say(JobsChanged(self.endpoint.name, self.snapshot, changes, before.revision if before else None))

    def tell_tree(self, tree: JobTree) -> TreeChanged:
        """The job looked at reads like this now."""
        self.tree = tree.with_revision((self.tree.revision if self.tree else 0) + 1)
        self.job_state = PaneState(2.0, Freshness.FRESH, NOW, 0.1, 30.0, NOW, job_id=tree.job.job_id)
        return self._say(TreeChanged(self.endpoint.name, self.tree, TreeChanges(is_reshaped=True)))

    def tell_verdicts(
        self, changed: Mapping[JobId, Verdict], *, about_endpoint: Sequence[EndpointVerdict] = ()
    ) -> VerdictsChanged:
        """These verdicts read differently now, and this is what is wrong with the appliance."""
        self.verdicts |= changed
        self.about_endpoint = tuple(about_endpoint)
        return self._say(VerdictsChanged(self.endpoint.name, 1, tuple(changed), (), self.about_endpoint))

    def tell_polled(self, pane: Pane = Pane.LIST) -> Polled:
        """An answer without news arrived."""
        return self._say(Polled(self.endpoint.name, pane, NOW, 0.1, NOW + timedelta(seconds=5)))

    def say(self, event: Event) -> None:
        """Anything else happened."""
        self._say(event)

    def _say(self, event: Any) -> Any:
        self._queue.put_nowait(event)
        return event

    # What the screen asks.

    @property
    def endpoints(self) -> tuple[EndpointName, ...]:
        return (self.endpoint.name, *self.others)

    async def run(self) -> None:
        await asyncio.Event().wait()

    def list_is_shown(self) -> None:
        self.is_list_shown = True

    async def events(self) -> AsyncIterator[Event]:
        while True:
            yield await self._queue.get()

    def watch(self, endpoint: EndpointName, job_id: JobId | None) -> None:
        self.watched.append(job_id)
        if self.job_state.job_id != job_id:
            self.job_state = PaneState(job_id=job_id, asking_seconds=0.0)
            self.tree = None

    def poke(self, endpoint: EndpointName, pane: Pane | None = None) -> None:
        self.poked.append(pane)

    def interval(self, endpoint: EndpointName) -> float:
        return self.seconds

    def set_interval(self, endpoint: EndpointName, seconds: float) -> None:
        self.seconds = seconds

    def set_seen(self, endpoint: EndpointName, *, is_seen: bool) -> None:
        self.seen[endpoint] = is_seen

    def latest(self, endpoint: EndpointName) -> JobsSnapshot | None:
        return self.snapshot

    def latest_tree(self, endpoint: EndpointName) -> JobTree | None:
        return self.tree

    def state(self, endpoint: EndpointName) -> EndpointState:
        return EndpointState(
            self.endpoint,
            self.list_state,
            self.job_state,
            self.seconds,
            self.is_locked,
            self.endpoint.writes is Writes.NO,
            clock_skew_seconds=self.skew_seconds,
        )

    def progress(self, key: JobKey) -> Progress | None:
        return self.progresses.get(key.job_id)

    def raw(self, endpoint: EndpointName, pane: Pane) -> RawAnswer | None:
        return None

    def now_seconds(self) -> float:
        return self.seconds_now

    def verdict(self, key: JobKey) -> Verdict | None:
        return self.verdicts.get(key.job_id)

    def explain(self, key: JobKey) -> Verdict | None:
        return self.explanations.get(key.job_id) or self.verdicts.get(key.job_id)

    def explained_by(self, key: JobKey) -> EndpointVerdict | None:
        return self.explaining.get(key.job_id)

    def endpoint_verdicts(self, endpoint: EndpointName) -> tuple[EndpointVerdict, ...]:
        return self.about_endpoint

    def evidence(self, endpoint: EndpointName) -> Evidence:
        return self.known_evidence

    def sources(self, endpoint: EndpointName) -> Mapping[str, SourceState]:
        return self.known_sources

    def traffic(self, endpoint: EndpointName) -> Mapping[CallName, Expense]:
        return self.expenses

    async def reread(self, key: JobKey) -> JobRecord | Job | Problem:
        self.rereads.append(key)
        assert self.snapshot is not None
        return self.snapshot.jobs[key.job_id]

    async def perform(self, wish: Any) -> Any:
        self.wishes.append(wish)
        return self.results.pop(0) if self.results else None
