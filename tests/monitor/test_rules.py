"""The verdict of each rule arrives and leaves: the pretend appliance plays, the whole monitor watches over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bptui.credentials import Secret
from bptui.ds3.client import Client
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.evidence import Reading
from bptui.model.job import JobKey
from bptui.model.verdict import Kind
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.events import Event, Noted, NoteKind, VerdictsChanged
from bptui.monitor.monitor import Monitor
from bptui.monitor.why.sentence import Style, sentence
from bptui.simulator.options import Options
from bptui.simulator.scenarios.plots import RULES
from bptui.simulator.scenarios.troubles import TROUBLES
from bptui.simulator.server import RunningSimulator

NAME = EndpointName("lab")
INGEST, RESTORE = "ingest 7", "restore for edit bay 3"
STEP_SECONDS = 120.0
MOST_STEPS = 80


class StageClock:
    """A clock that a test moves on; sleepers wake when their time has come."""

    def __init__(self) -> None:
        self._began = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
        self.seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, waiting))
        await waiting

    def move(self, seconds: float) -> None:
        self.seconds += seconds
        due = [waiting for at, waiting in self._sleepers if at <= self.seconds and not waiting.done()]
        self._sleepers = [(at, waiting) for at, waiting in self._sleepers if at > self.seconds and not waiting.done()]
        for waiting in due:
            waiting.set_result(None)


class Stage:
    """One pretend appliance and a monitor over it, moved on together."""

    def __init__(self, simulator: RunningSimulator, clock: StageClock, monitor: Monitor, step_seconds: float) -> None:
        self.simulator = simulator
        self.clock = clock
        self.monitor = monitor
        self.step_seconds = step_seconds
        self.events: list[Event] = []
        self._news = asyncio.Event()
        self._subscription = monitor.events()

    async def listen(self) -> None:
        async for event in self._subscription:
            self.events.append(event)
            self._news.set()

    async def step(self, seconds: float | None = None) -> None:
        """Let time pass, and wait until everything that is due was asked and judged."""
        self.simulator.appliance.advance(seconds or self.step_seconds)
        self.clock.move(seconds or self.step_seconds)
        await self.settle()

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            calm = 0
            while calm < 3:
                await asyncio.sleep(0.002)
                calm = calm + 1 if self._is_calm() else 0

    def _is_calm(self) -> bool:
        poller = self.monitor._pollers[NAME]
        state = poller.state()
        is_read = state.list.at is not None and state.list.asking_seconds is None and state.job.asking_seconds is None
        is_listed = is_read and poller._list._due is not None and poller._list._due > self.clock.seconds
        judging = poller.insight.judging
        is_judged = not judging._queue and not judging._wake.is_set()
        is_looked = poller._looking is None or poller.tree is not None
        return (
            is_listed and is_judged and is_looked and poller._sources._next() is None and not poller._sources.is_reading
        )

    async def look_at(self, key: JobKey) -> None:
        self.monitor.watch(NAME, key.job_id)
        await asyncio.sleep(0.01)
        await self.step(0.5)

    def key(self, name: str) -> JobKey:
        snapshot = self.monitor.latest(NAME)
        assert snapshot
        jobs = [*snapshot.jobs.values(), *(ended.job for ended in snapshot.ended.values())]
        return JobKey(NAME, next(job.job_id for job in jobs if job.name == name))

    def ruling(self, key: JobKey) -> tuple[str, Kind] | None:
        verdict = self.monitor.verdict(key)
        return (verdict.rule, verdict.kind) if verdict else None

    def asked(self, resource: str) -> int:
        return len([one for one in self.simulator.requests if one.path == f"/_rest_/{resource}"])

    def notes(self, kind: NoteKind) -> list[Noted]:
        return [event for event in self.events if isinstance(event, Noted) and event.kind is kind]

    def endpoint_rules(self) -> set[str]:
        return {verdict.rule for verdict in self.monitor.endpoint_verdicts(NAME)}

    def sentence(self, key: JobKey) -> str:
        verdict = self.monitor.explain(key)
        assert verdict
        return sentence(verdict, Style(self.monitor.now_seconds()))

    async def until(self, is_so: Callable[[], object], most_steps: int) -> bool:
        for _ in range(most_steps):
            if is_so():
                return True
            await self.step()
        return bool(is_so())


@asynccontextmanager
async def stage(
    scenario: str,
    tmp_path: Path,
    *,
    step_seconds: float = STEP_SECONDS,
    release: str = "5.8",
    faults: tuple[str, ...] = (),
) -> AsyncIterator[Stage]:
    clock = StageClock()
    options = Options(scenario=scenario, speed=0, start=clock.now(), release=release, faults=faults)
    with RunningSimulator(options) as simulator:
        endpoint = Endpoint(NAME, simulator.endpoint, simulator.access_key, interval_seconds=step_seconds, proxy="")
        secret = Secret(simulator.secret_key)
        audit = Audit(tmp_path / "audit.jsonl", Origin("ops", "jump"))
        watched = Watched(endpoint, lambda: Client(endpoint, secret, environ={}, clock=clock))
        monitor = Monitor([watched], clock=clock, audit=audit, jitter=lambda: 0.0)
        made = Stage(simulator, clock, monitor, step_seconds)
        tasks = [asyncio.create_task(monitor.run()), asyncio.create_task(made.listen())]
        try:
            await made.settle()
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


ARRIVING = {
    "X1": ("X1", Kind.GONE),
    "X2": ("X2", Kind.CANCELED),
    "X3": ("X3", Kind.DONE),
    "X7": ("X7", Kind.UNCLEAR),
    "P1": ("P1", Kind.RECEIVING_AND_WRITING),
    "P2": ("P2", Kind.RECEIVING),
    "P9": ("P9", Kind.UNCLEAR),
    "A1": ("A1", Kind.OPEN),
    "A2": ("A2", Kind.OPEN),
    "G1": ("G1", Kind.STAGING_AND_SENDING),
    "V1": ("V1", Kind.VERIFYING),
}
"""What comes and has no cure that the plot plays, by scenario."""

LEAVING = {
    "X4": ("X4", Kind.BLOCKED),
    "X6": ("X6", Kind.ERROR),
    "P3": ("P3", Kind.WRITING),
    "P4": ("P4", Kind.QUIET),
    "P5": ("P5", Kind.CACHE),
    "P6": ("P6", Kind.MEDIA),
    "P7": ("P7", Kind.CLIENT),
    "P8": ("P8", Kind.UNCLEAR),
    "G2": ("G2", Kind.STAGING),
    "G3": ("G3", Kind.SENDING),
    "G5": ("G5", Kind.CLIENT),
    "G8": ("G8", Kind.UNCLEAR),
    "V2": ("V2", Kind.QUIET),
    "M1": ("M1", Kind.BLOCKED),
    "M1-bad": ("M1", Kind.BLOCKED),
    "M1-busy": ("M1", Kind.QUEUED),
    "M2": ("M2", Kind.BLOCKED),
    "M2-offline": ("M2", Kind.BLOCKED),
    "M3": ("M3", Kind.BLOCKED),
    "M3-reserved": ("M3", Kind.BLOCKED),
    "M3-priority": ("M3", Kind.BLOCKED),
    "M4": ("M4", Kind.BLOCKED),
    "M5": ("M5", Kind.BLOCKED),
    "M6": ("M6", Kind.BLOCKED),
    "M7-queued": ("M7", Kind.QUEUED),
    "G6": ("G6", Kind.CACHE),
    "G7": ("G7", Kind.MEDIA),
    "M8": ("M8", Kind.QUEUED),
    "V3": ("V3", Kind.MEDIA),
}
"""What comes with a trouble and goes with its cure, by scenario."""

UNSEEN = {"G6", "G7", "M8", "V3"}
"""Looked at, these have a tape that is known, and the task that reads it."""


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ARRIVING)
async def test_a_verdict_arrives(scenario: str, tmp_path: Path) -> None:
    """Watched over a socket, the job of the scenario gets the verdict of its rule."""
    async with stage(f"rule-{scenario}", tmp_path) as seen:
        key = seen.key(RULES[scenario].role.name)
        await seen.look_at(key)
        assert await seen.until(lambda: seen.ruling(key) == ARRIVING[scenario], MOST_STEPS), seen.ruling(key)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", LEAVING)
async def test_a_verdict_arrives_and_leaves(scenario: str, tmp_path: Path) -> None:
    """The verdict comes with its cause, and goes when the cause is gone and the job moves."""
    expected = LEAVING[scenario]
    async with stage(f"rule-{scenario}", tmp_path) as seen:
        key = seen.key(RULES[scenario].role.name)
        if scenario not in UNSEEN:
            await seen.look_at(key)
        assert await seen.until(lambda: seen.ruling(key) == expected, MOST_STEPS), seen.ruling(key)
        assert seen.sentence(key)
        appliance = seen.simulator.appliance
        with appliance.lock:
            TROUBLES[RULES[scenario].trouble].cure(appliance, appliance.jobs[key.job_id])
        assert await seen.until(lambda: seen.ruling(key) != expected, 20), seen.sentence(key)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["X4", "M2", "P5", "E2", "E3", "E4", "E7", "E8", "E8-space", "E9"])
async def test_a_verdict_about_the_appliance_arrives_and_leaves(scenario: str, tmp_path: Path) -> None:
    """It is told once as an alarm, and that it is over once."""
    rule = {"X4": "E1", "M2": "E6", "P5": "E5"}.get(scenario, scenario[:2])
    async with stage(f"rule-{scenario}", tmp_path) as seen:
        key = seen.key(RULES[scenario].role.name)
        await seen.look_at(key)
        assert await seen.until(lambda: rule in seen.endpoint_rules(), MOST_STEPS), seen.endpoint_rules()
        appliance = seen.simulator.appliance
        with appliance.lock:
            TROUBLES[RULES[scenario].trouble].cure(appliance, appliance.jobs[key.job_id])
        assert await seen.until(lambda: rule not in seen.endpoint_rules(), MOST_STEPS), seen.endpoint_rules()
        events = [event for event in seen.events if isinstance(event, VerdictsChanged)]
        assert any(rule in {verdict.rule for verdict in event.endpoint_verdicts} for event in events)
        over = [event for event in seen.notes(NoteKind.ENDPOINT) if event.sentence.startswith("No longer so")]
        assert over
        assert len([note for note in seen.notes(NoteKind.ALARM) if note.job_id is None]) >= 1


async def test_who_is_blind_is_told_apart_from_the_jobs(tmp_path: Path) -> None:
    """When the appliance does not answer any more, that is said, and the verdicts on the jobs stay as they were."""
    async with stage("rule-P1", tmp_path, step_seconds=60.0) as seen:
        key = seen.key(INGEST)
        await seen.step()
        before = seen.ruling(key)
        assert before
        seen.simulator.stop()
        assert await seen.until(lambda: "E10" in seen.endpoint_rules(), MOST_STEPS)
        assert seen.ruling(key) == before


async def test_a_refused_source_is_named_and_asked_no_more(tmp_path: Path) -> None:
    """With all media calls forbidden, the sentence says what could not be read, and a person's poke asks again."""
    async with stage("rule-P6", tmp_path, faults=("forbidden:path=/_rest_/tape_partition",)) as seen:
        key = seen.key(INGEST)
        await seen.look_at(key)
        assert await seen.until(lambda: seen.ruling(key) == ("P6", Kind.MEDIA), MOST_STEPS)
        assert "Not readable: tape_partition (403)" in seen.sentence(key)
        assert seen.monitor.sources(NAME)["tape_partition"].reading is Reading.FORBIDDEN
        assert seen.asked("tape_partition") == 1
        seen.monitor.poke(NAME)
        await seen.step()
        assert seen.asked("tape_partition") == 2


async def test_a_whole_session_asks_for_nobodys_secrets(tmp_path: Path) -> None:
    """Watching a blocked job with all its evidence makes GETs only, and never asks for users or targets."""
    async with stage("rule-M6", tmp_path) as seen:
        key = seen.key(INGEST)
        await seen.look_at(key)
        assert await seen.until(lambda: seen.ruling(key) == ("M6", Kind.BLOCKED), MOST_STEPS)
        resources = {request.path.removeprefix("/_rest_/").split("/")[0] for request in seen.simulator.requests}
        assert {"tape_drive", "ds3_target_failure", "bucket", "ds3_data_replication_rule"} <= resources
        assert not resources & {"user", "ds3_target", "s3_target", "azure_target"}
        assert {request.method for request in seen.simulator.requests} == {"GET"}


async def test_what_watching_costs_is_counted(tmp_path: Path) -> None:
    """Requests and bytes a minute for each kind of call are those that the appliance has received."""
    async with stage("rule-P1", tmp_path, step_seconds=5.0) as seen:
        for _ in range(24):
            await seen.step()
        expenses = {name.value: expense for name, expense in seen.monitor.traffic(NAME).items()}
        assert expenses["jobs"].requests == seen.asked("job")
        assert expenses["jobs"].requests_a_minute == pytest.approx(12, rel=0.1)
        assert expenses["cache_state"].requests_a_minute == pytest.approx(1.5, abs=0.5)
        assert expenses["cache_state"].received_bytes > 0
        assert seen.asked("tape_drive") == 0


async def test_jobs_canceled_before_watching_began_are_shown(tmp_path: Path) -> None:
    """What was canceled in the last 12 hours is there with reason, user and bytes; what was canceled before is not."""
    async with stage("night-7", tmp_path) as seen:
        snapshot = seen.monitor.latest(NAME)
        assert snapshot
        canceled = {ended.job.name: ended for ended in snapshot.ended.values()}
        assert set(canceled) == {"vfx drop 18", "GET by null"}
        job = canceled["vfx drop 18"]
        assert (job.job.user_name, job.job.bucket_name) == ("tanaka", "vfx-plates")
        assert job.record
        assert job.record.is_canceled_due_to_timeout is True
        assert job.job.cached_size_bytes > 0
        await seen.step()
        assert seen.ruling(seen.key("vfx drop 18")) == ("X2", Kind.CANCELED)
        assert len([one for one in seen.simulator.requests if one.query == "full_details"]) == 1
        assert not seen.notes(NoteKind.ALARM)
