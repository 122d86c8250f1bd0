"""Runs bptui by a clock that goes faster, so that the pauses of hours pass in seconds: `hasty.py SPEED ARGUMENT…`."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

import bptui.clock
import bptui.ds3.client


class HastyClock:
    """The machine's clock, so many times as fast."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._wall = datetime.now(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic() - self._began)

    def monotonic(self) -> float:
        return self._began + (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


if __name__ == "__main__":
    bptui.clock.SYSTEM_CLOCK = HastyClock(float(sys.argv.pop(1)))
    # Requests keep the real time of day, by which they are signed; all that is loaded from here on is hasty.
    from bptui.cli import main

    main()
