"""A stage for pictures: the real program over a pretend appliance, in a time that stands still until it is stepped."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot

from bptui.credentials import Secret
from bptui.ds3.client import Client
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.monitor import Monitor
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from bptui.tui.app import BptuiApp
from bptui.tui.options import view_options
from bptui.tui.screens.opening import opening_headline

START = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)
PATIENCE_SECONDS = 20.0
PORT = 18470
"""Always the same: the address is in some of the pictures."""
ENVIRON = {"COLORTERM": "truecolor", "TERM": "xterm-256color", "LANG": "C.UTF-8"}


class SteppedClock:
    """A clock that stands still until it is stepped; who sleeps wakes when a step reaches the end of the sleep."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        sleeper = (self._elapsed + seconds, woken)
        self._sleepers.append(sleeper)
        try:
            await woken.wait()
        finally:
            self._sleepers.remove(sleeper)

    def step(self, seconds: float) -> None:
        self._elapsed += seconds
        for due, woken in self._sleepers:
            if due <= self._elapsed:
                woken.set()


class Stage:
    """The program in a headless terminal, and the hands that move time, keys and the appliance."""

    def __init__(self, app: BptuiApp, pilot: Pilot[int], simulator: RunningSimulator, clock: SteppedClock) -> None:
        self.app, self.pilot, self.simulator, self._clock = app, pilot, simulator, clock

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for both, second by second, so that polls and ages come when they would."""
        for _ in range(round(seconds)):
            self.simulator.appliance.advance(1)
            self._clock.step(1)
            await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        for _ in range(6):
            await self.pilot.pause(0.02)

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each after the last has been painted."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*(KEY_NAMES.get(letter, letter) for letter in text))

    async def wait(self, seen: Callable[[str], bool] | str) -> None:
        """Wait until the picture shows a text."""
        is_seen = (lambda text: seen in text) if isinstance(seen, str) else seen
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_seen(self.text()):
                await self.pilot.pause(0.02)

    def text(self) -> str:
        """The picture as plain text."""
        return re.sub(r"<[^>]+>", "", self.app.export_screenshot()).replace("&#160;", " ")

    def picture(self) -> str:
        """The screen as SVG."""
        return picture_of(self.app)


def picture_of(app: App[int]) -> str:
    """A screen as SVG, alike on every machine: without font addresses and with a fixed id."""
    svg = app.export_screenshot(title="bptui")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "terminal", svg)


KEY_NAMES = {" ": "space", "-": "minus", "/": "slash"}


@asynccontextmanager
async def staged(
    folder: Path,
    size: tuple[int, int],
    *,
    scenario: str = "busy",
    name: str = "denver",
    writes: Writes = Writes.YES,
    is_prod: bool = False,
) -> AsyncIterator[Stage]:
    """Open the program over a pretend appliance and wait for its first list."""
    with RunningSimulator(Options(scenario=scenario, seed=1, speed=0, start=START, port=PORT)) as simulator:
        clock = SteppedClock()
        endpoint = Endpoint(
            EndpointName(name), simulator.endpoint, simulator.access_key, writes=writes, is_prod=is_prod
        )
        client = Client(endpoint, Secret(simulator.secret_key), environ={}, clock=clock)
        audit = Audit(folder / "audit.jsonl", Origin("on-call", "jump01"))
        monitor = Monitor([Watched(endpoint, lambda: client)], clock=clock, audit=audit, jitter=lambda: 0.5)
        options = view_options({"COLORTERM": "truecolor", "TERM": "xterm-256color", "LANG": "C.UTF-8"}, UTC)
        app = BptuiApp(lambda: monitor, opening_headline(endpoint, is_read_only=False), options, clock)
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, simulator, clock)
            await stage.wait("PUT" if scenario != "empty" else name)
            await stage.settle()
            yield stage
