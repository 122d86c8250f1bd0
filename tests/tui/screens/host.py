"""A program that holds nothing but the dialog under test, and values to ask about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.job import Job, JobId
from bptui.model.vocabulary import OrderGuarantee, Priority
from bptui.tui.screens.dialog import Dialog
from bptui.tui.terminal import TerminalApp
from bptui.tui.theme import Depth, Look, ThemeName, look
from tests.jobs import PLAIN_JOB
from tests.waiting import WAIT_SECONDS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DARK = look(ThemeName.DARK, Depth.TRUECOLOR)
UNANSWERED = object()


class Host(TerminalApp):
    """Shows one dialog and keeps its answer."""

    def __init__(self, dialog: Dialog[Any], the_look: Look = DARK) -> None:
        super().__init__(the_look, [], has_mouse=False)
        self.dialog = dialog
        self.answer: object = UNANSWERED
        self.answered = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Static("\n".join(["the list below"] * 12), markup=False)

    def on_mount(self) -> None:
        self.run_worker(self._ask())

    async def _ask(self) -> None:
        self.answer = await self.push_screen_wait(self.dialog)
        self.answered.set()

    async def given(self) -> None:
        """Wait for the answer; fail after a minute."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self.answered.wait()

    @property
    def text(self) -> str:
        """What is painted, line by line."""
        width, height = self.size
        strips = self.screen._compositor.render_strips(self.size)
        assert len(strips) == height
        return "\n".join(strip.crop(0, width).text.rstrip() for strip in strips)


async def wait_until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Let the program run until something is so; fail after a minute."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not is_so():
            await pilot.pause(0.01)


async def press_at(pilot: Pilot[None], key: str, *, after_seconds: float, character: str | None = None) -> None:
    """Press a key as if it had been read from the terminal that long from now."""
    await _press(pilot, key, character, lambda now: now + after_seconds)


async def press_early(pilot: Pilot[None], key: str, painted_at: float | None, character: str | None = None) -> None:
    """Press a key as if it had been read from the terminal just before what it answers was 300 ms old."""
    assert painted_at is not None
    await _press(pilot, key, character, lambda _: painted_at + 0.29)


async def _press(pilot: Pilot[None], key: str, character: str | None, when: Callable[[float], float]) -> None:
    event = events.Key(key, character or (key if len(key) == 1 else None))
    event.time = when(event.time)
    pilot.app.post_message(event)
    await pilot.pause()


def job(number: int = 1, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "job_id": JobId(f"1807249f-d247-4cbc-b6cb-e556c020b7a{number}"),
        "name": "nightly-backup",
        "bucket_name": "prod-media",
        "priority": Priority.HIGH,
        "is_aggregating": True,
        "original_size_bytes": 1_319_413_953_331,
        "cached_size_bytes": 44_023_414_784,
        "completed_size_bytes": 0,
        "start_date": NOW - timedelta(hours=2, minutes=10),
        "user_name": "svc-arc",
        "order_guarantee": OrderGuarantee.NONE,
    }
    return replace(PLAIN_JOB, **(values | changes))


def endpoint(*, is_prod: bool = False, name: str = "denver") -> Endpoint:
    return Endpoint(EndpointName(name), "https://bp.example.test", "access", is_prod=is_prod)
