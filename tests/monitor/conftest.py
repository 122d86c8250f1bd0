"""A clock whose hands a test turns, a scripted appliance behind the monitor's own seam, and jobs to put into it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bptui.ds3.calls import Call, CallName
from bptui.ds3.errors import Ds3Error, GoneError, PermissionDeniedError
from bptui.ds3.questions import Listing, Question
from bptui.ds3.tally import Traffic
from bptui.model.answer import RawAnswer
from bptui.model.building import SegmentBuilder
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.model.job import Job, JobId, JobKey, JobRecord, RecordKind
from bptui.model.problem import Problem, ProblemKind
from bptui.model.system import SystemInformation
from bptui.model.tree import JobTree
from bptui.model.vocabulary import OrderGuarantee, RequestType
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.endings import record_of
from bptui.monitor.events import Event
from bptui.monitor.hub import Subscription
from bptui.monitor.monitor import Monitor
from tests.jobs import PLAIN_JOB
from tests.monitor.listening import Listening, running

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
NAME = EndpointName("lab")
T = TypeVar("T")


def job_id(number: int) -> JobId:
    return JobId(f"{number:08d}-0000-4000-8000-000000000000")


def make_job(number: int = 1, **changes: object) -> Job:
    job = replace(
        PLAIN_JOB,
        job_id=job_id(number),
        name=f"job {number}",
        bucket_name="archive",
        original_size_bytes=1000,
        cached_size_bytes=100,
        completed_size_bytes=10,
        start_date=START,
        user_id="user",
        user_name="svc",
    )
    return replace(job, **changes)  # type: ignore[arg-type]  # any field by name


def make_record(job: Job, kind: RecordKind = RecordKind.ACTIVE, **changes: object) -> JobRecord:
    plain = record_of(job, kind)
    record = replace(plain, bucket_id="bucket", created_at=START, is_aggregating=job.is_aggregating)
    return replace(record, **changes)  # type: ignore[arg-type]  # any field by name


def failure(kind: ProblemKind, retry_after_seconds: float | None = None) -> Ds3Error:
    return Ds3Error(Problem(kind, f"It failed: {kind.value}.", retry_after_seconds=retry_after_seconds))


def forbidden() -> Ds3Error:
    return PermissionDeniedError(Problem(ProblemKind.PERMISSION, "Not for this key.", status=403))


class HandClock:
    """Time stands until `advance` turns it; a sleeper wakes when its time has come."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.jump_seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds + self.jump_seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.seconds + seconds, next(self._numbers), woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        end = self.seconds + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self.seconds = max(self.seconds, due)
            woken.set()
            await settle()
        self.seconds = end
        await settle()


async def settle() -> None:
    """Let every task go as far as it can without time passing."""
    for _ in range(60):
        await asyncio.sleep(0)


class Scripted:
    """An appliance that answers what the test says, counts what it is asked, and can hold an answer back."""

    def __init__(self) -> None:
        self.running: dict[JobId, Job] = {}
        self.trees: dict[JobId, JobTree] = {}
        self.records: dict[JobId, JobRecord] = {}
        self.completed: dict[JobId, JobRecord] = {}
        self.canceled: dict[JobId, JobRecord] = {}
        self.ended: dict[JobId, Job] = {}
        self.system = SystemInformation("5.8.2", None, True, None, None, START)
        self.evidence: dict[str, Any] = {}
        self.traffic: dict[CallName, Traffic] = {}
        self.errors: dict[str, Ds3Error] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.cost_seconds: dict[str, float] = {}
        self.clock: HandClock | None = None
        self.asked: list[tuple[str, JobId | None]] = []
        self.under_way: dict[str, int] = {}
        self.most_under_way: dict[str, int] = {}
        self.cancelled: list[str] = []
        self.answers: dict[CallName, RawAnswer] = {}
        self.is_locked: bool | None = None
        self.is_closed = False
        self.on_close: Callable[[], Job] | None = None

    def count(self, name: str, job: JobId | None = None) -> int:
        return sum(asked == name and job in (None, about) for asked, about in self.asked)

    def add(self, *jobs: Job) -> None:
        for job in jobs:
            self.running[job.job_id] = job
            self.trees[job.job_id] = JobTree(job)
            self.records[job.job_id] = make_record(job)

    def remove(self, job: JobId) -> None:
        for held in (self.running, self.trees, self.records):
            held.pop(job, None)

    async def _asked(self, name: str, job: JobId | None = None) -> None:
        self.asked.append((name, job))
        self.under_way[name] = self.under_way.get(name, 0) + 1
        self.most_under_way[name] = max(self.most_under_way.get(name, 0), self.under_way[name])
        try:
            if name in self.held:
                await self.held[name].wait()
            if self.clock and name in self.cost_seconds:
                await self.clock.sleep(self.cost_seconds[name])
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        finally:
            self.under_way[name] -= 1
        if name in self.errors:
            raise self.errors[name]

    async def jobs(self, *, is_full: bool = False) -> dict[JobId, Job]:
        await self._asked("full" if is_full else "jobs")
        return {**self.running, **self.ended} if is_full else dict(self.running)

    async def job(self, job_id: JobId, *, previous: JobTree | None = None) -> JobTree:
        await self._asked("job", job_id)
        return _told(self.trees, job_id)

    async def active_job(self, job_id: JobId) -> JobRecord:
        await self._asked("active_job", job_id)
        return _told(self.records, job_id)

    async def active_jobs(self) -> dict[JobId, JobRecord]:
        await self._asked("active_jobs")
        return dict(self.records)

    async def completed_job(self, job_id: JobId) -> JobRecord:
        await self._asked("completed_job", job_id)
        return _told(self.completed, job_id)

    async def canceled_job(self, job_id: JobId) -> JobRecord:
        await self._asked("canceled_job", job_id)
        return _told(self.canceled, job_id)

    async def completed_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        await self._asked("completed_jobs")
        return dict(self.completed)

    async def canceled_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        await self._asked("canceled_jobs")
        return dict(self.canceled)

    async def system_information(self) -> SystemInformation:
        await self._asked("system_information")
        return self.system

    async def answer(self, question: Question[T]) -> T:
        return await self._told_by(question.call)

    async def items(self, listing: Listing[T], *, most: int | None = None) -> tuple[T, ...]:
        return await self._told_by(listing.call)

    async def newest(self, listing: Listing[T], *, length: int) -> tuple[T, ...]:
        return await self._told_by(listing.call)

    async def _told_by(self, call: Call) -> Any:
        """What `evidence` holds for the path without `/_rest_/`; what it does not hold, no release knows."""
        name = call.path.removeprefix("/_rest_/")
        await self._asked(name)
        if name not in self.evidence:
            raise GoneError(Problem(ProblemKind.GONE, "Not known.", status=404))
        return self.evidence[name]

    async def close_aggregating_job(self, job_id: JobId) -> Job:
        await self._asked("close", job_id)
        if self.on_close:
            return self.on_close()
        self.add(replace(self.running[job_id], is_aggregating=False))
        return self.running[job_id]

    def lock(self) -> None:
        self.is_locked = True

    def unlock(self) -> None:
        self.is_locked = False

    def last_answer(self, name: CallName, /) -> RawAnswer | None:
        return self.answers.get(name)

    async def aclose(self) -> None:
        self.is_closed = True


def _told(held: dict[JobId, T], job_id: JobId) -> T:
    if job_id not in held:
        raise GoneError(Problem(ProblemKind.GONE, "Not known.", status=404))
    return held[job_id]


class Room(Listening):
    """A running monitor over one scripted appliance, and a subscriber that is never late."""

    def __init__(self, clock: HandClock, appliance: Scripted, monitor: Monitor) -> None:
        super().__init__(monitor)
        self.clock = clock
        self.appliance = appliance

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait for what needs a thread, as connecting does; the hands of the clock stand meanwhile."""
        await super().until(is_so)
        await settle()

    async def first_list(self) -> None:
        await self.until(lambda: self.of("Polled") or self.of("PollFailed"))

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if type(event).__name__ == kind]

    async def advance(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    def subscribe(self) -> Subscription:
        return self.monitor.events()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def appliance(clock: HandClock) -> Scripted:
    scripted = Scripted()
    scripted.clock = clock
    return scripted


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint(NAME, "http://lab.example.test", "access", writes=Writes.YES)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path / "state" / "audit.jsonl", Origin("ops", "jump", "/dev/pts/3", "10.0.0.9 5022 10.0.0.1 22"))


@pytest.fixture
async def room(clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit) -> AsyncIterator[Room]:
    monitor = Monitor([Watched(endpoint, lambda: appliance)], clock=clock, audit=audit, jitter=lambda: 0.0)
    made = Room(clock, appliance, monitor)
    async with running(monitor.run(), made.listen()):
        yield made


def chunk_id(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-00000000c000"


def get_with_chunks(number: int, **changes: object) -> tuple[Job, JobTree]:
    """A GET of two chunks with an object each, of which the first is in cache."""
    plain = {"request_type": RequestType.GET, "order_guarantee": OrderGuarantee.NONE}
    job = make_job(number, cached_size_bytes=500, completed_size_bytes=500, **{**plain, **changes})
    builder = SegmentBuilder()
    for chunk, in_cache in ((1, True), (2, False)):
        builder.chunk(chunk_id(chunk), chunk, None)
        builder.object(f"object {chunk}", in_cache=in_cache, length_bytes=500)
    return job, JobTree(job, [builder.build()])


class Make:
    """Values for tests."""

    chunk_id = staticmethod(chunk_id)
    get_with_chunks = staticmethod(get_with_chunks)

    id = staticmethod(job_id)
    job = staticmethod(make_job)
    record = staticmethod(make_record)
    failure = staticmethod(failure)
    forbidden = staticmethod(forbidden)
    settle = staticmethod(settle)
    name = NAME
    start = START

    room = Room

    @staticmethod
    def watched(name: str, appliance: Scripted) -> Watched:
        return Watched(Endpoint(EndpointName(name), f"http://{name}.example.test", "access"), lambda: appliance)

    @staticmethod
    def key(number: int) -> JobKey:
        return JobKey(NAME, job_id(number))


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
