"""Long work in slices, so that keys and paints have their turn in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import TypeVar

SLICE_SECONDS = 0.008
"""For how long a search runs before keys and paints have their turn."""

Step = TypeVar("Step")


async def in_slices(steps: Iterator[Step]) -> AsyncIterator[Step]:
    """Go through short steps, letting keys and paints have their turn in between."""
    until = monotonic() + SLICE_SECONDS
    for step in steps:
        yield step
        if monotonic() > until:
            await asyncio.sleep(0)
            until = monotonic() + SLICE_SECONDS
