"""What is read beside the lists gets its turn, however slow the appliance is."""

from __future__ import annotations

import asyncio
from collections import Counter

from bptui.monitor.ages import Elapsed
from bptui.monitor.rounds import Setting
from bptui.monitor.sources import Source, Sources
from tests.monitor.conftest import NAME, HandClock
from tests.monitor.listening import running

EVERY_SECONDS = 60.0
COST_SECONDS = 10.0


async def test_slow_answers_leave_no_source_out() -> None:
    """Where reading all takes longer than the first may wait, the others come before the first come again."""
    clock = HandClock()
    read: Counter[str] = Counter()

    def source(name: str) -> Source:
        async def ask() -> None:
            await clock.sleep(COST_SECONDS)
            read[name] += 1

        return Source(name, EVERY_SECONDS, ask)

    names = [f"source {number}" for number in range(12)]
    setting = Setting(NAME, clock, Elapsed(clock), lambda _: None, lambda: 0.0, lambda: (5.0, True))
    async with running(Sources([source(name) for name in names], setting).run(lambda: asyncio.sleep(0))):
        await clock.advance(3 * len(names) * COST_SECONDS)
    assert [read[name] for name in names] == [3] * len(names)
