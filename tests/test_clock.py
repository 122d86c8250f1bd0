"""The machine's clock gives UTC, never goes back, and sleeps."""

from __future__ import annotations

from datetime import UTC, datetime

from bptui.clock import SYSTEM_CLOCK


async def test_system_clock() -> None:
    """Now is aware and in UTC; a sleep is at least as long as asked for."""
    assert SYSTEM_CLOCK.now().tzinfo is UTC
    assert abs((datetime.now(UTC) - SYSTEM_CLOCK.now()).total_seconds()) < 5
    before = SYSTEM_CLOCK.monotonic()
    await SYSTEM_CLOCK.sleep(0.01)
    assert SYSTEM_CLOCK.monotonic() - before >= 0.009
