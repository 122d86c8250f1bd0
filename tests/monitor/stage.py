"""A pretend appliance and the whole monitor over it on a real socket, moved on together by a clock of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bptui.credentials import Secret
from bptui.ds3.client import Client
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.job import JobKey
from bptui.model.verdict import Kind
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.events import Noted, NoteKind
from bptui.monitor.monitor import Monitor
from bptui.monitor.why.sentence import Style, endpoint_sentence, sentence
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.monitor.listening import Listening, running
from tests.waiting import WAIT_SECONDS

NAME = EndpointName("lab")
STEP_SECONDS = 120.0


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


class Stage(Listening):
    """One pretend appliance and a monitor over it, moved on together."""

    def __init__(self, simulator: RunningSimulator, clock: StageClock, monitor: Monitor, step_seconds: float) -> None:
        super().__init__(monitor)
        self.simulator = simulator
        self.clock = clock
        self.step_seconds = step_seconds

    async def step(self, seconds: float | None = None) -> None:
        """Let time pass, and wait until everything that is due was asked and judged."""
        self.simulator.appliance.advance(seconds or self.step_seconds)
        self.clock.move(seconds or self.step_seconds)
        await self.settle()

    async def settle(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            calm = 0
            while calm < 3:
                await asyncio.sleep(0.002)
                calm = calm + 1 if self._is_calm() else 0

    def _is_calm(self) -> bool:
        poller = self.monitor._pollers[NAME]
        state = poller.state()
        is_read = state.list.at is not None and state.list.asking_seconds is None and state.job.asking_seconds is None
        is_listed = is_read and poller._list._due is not None and poller._list._due > self.clock.seconds
        assert poller.insight.reasons
        judging = poller.insight.reasons.judging
        is_judged = not judging._queue and not judging._wake.is_set()
        is_looked = poller._looking is None or poller.tree is not None
        return (
            is_listed and is_judged and is_looked and poller._sources._next() is None and not poller._sources.is_reading
        )

    async def look_at(self, key: JobKey) -> None:
        self.monitor.watch(NAME, key.job_id)
        await asyncio.sleep(0.01)
        await self.step(0.5)

    def find(self, name: str) -> JobKey | None:
        """The job of this name, if it was ever listed."""
        snapshot = self.monitor.latest(NAME)
        assert snapshot
        jobs = [*snapshot.jobs.values(), *(ended.job for ended in snapshot.ended.values())]
        return next((JobKey(NAME, job.job_id) for job in jobs if job.name == name), None)

    def key(self, name: str) -> JobKey:
        """The job of this name."""
        key = self.find(name)
        assert key, name
        return key

    def ruling(self, key: JobKey) -> tuple[str, Kind] | None:
        """What is shown of a job: its rule and kind."""
        verdict = self.monitor.verdict(key)
        return (verdict.rule, verdict.kind) if verdict else None

    def asked(self, resource: str) -> int:
        return len([one for one in self.simulator.requests if one.path == f"/_rest_/{resource}"])

    def notes(self, kind: NoteKind) -> list[Noted]:
        return [event for event in self.events if isinstance(event, Noted) and event.kind is kind]

    def endpoint_sentences(self) -> dict[str, str]:
        """What is said of the whole appliance, by rule."""
        style = Style(self.monitor.now_seconds())
        return {verdict.rule: endpoint_sentence(verdict, style) for verdict in self.monitor.endpoint_verdicts(NAME)}

    def sentence(self, key: JobKey) -> str:
        verdict = self.monitor.explain(key)
        assert verdict
        return sentence(verdict, Style(self.monitor.now_seconds()))

    async def step_until(self, is_so: Callable[[], object], most_steps: int) -> bool:
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
        async with running(monitor.run(), made.listen()):
            await made.settle()
            yield made
