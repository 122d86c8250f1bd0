"""A monitor that runs for as long as a test needs it, and a subscriber that is never late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bptui.monitor.events import Event
from bptui.monitor.monitor import Monitor
from tests.waiting import WAIT_SECONDS


class Listening:
    """Keeps every event that a monitor tells."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.events: list[Event] = []
        self._news = asyncio.Event()
        self._subscription = monitor.events()

    async def listen(self) -> None:
        async for event in self._subscription:
            self.events.append(event)
            self._news.set()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait until something that events tell of is so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not is_so():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a monitor, and whoever listens to it, beside the test."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
