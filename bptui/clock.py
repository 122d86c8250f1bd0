"""The time, as an argument: what waits or stamps takes a clock, so that a test can turn its hands."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a clock must be able to do."""

    def now(self) -> datetime:
        """The time of day, UTC; it may jump when somebody sets the system's clock."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back, and is what durations are measured with."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds of `monotonic`."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The machine's time of day, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep in the running event loop."""
        await asyncio.sleep(seconds)


SYSTEM_CLOCK: Clock = SystemClock()
"""The clock that programs use and tests replace."""
