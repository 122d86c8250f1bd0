"""What Textual's own widgets need for the work of lines 5 and 6: `python -m tests.benchmarks.baselines table|tree COUNT`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import DataTable, Tree


class Host(App[None]):
    """Shows one widget."""

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self._make = make

    def compose(self) -> ComposeResult:
        yield self._make()


COLUMNS = ("RequestType", "Name", "BucketName", "UserName", "OriginalSizeInBytes", "CompletedSizeInBytes", "Status")


async def refill(body: bytes) -> dict[str, float]:
    """Parse a Get Jobs body with ElementTree, clear a `DataTable`, and fill it again until it is painted (processor time)."""
    app = Host(lambda: DataTable(cursor_type="row"))
    async with app.run_test(size=(120, 40)) as pilot:
        table: DataTable[str] = app.query_one(DataTable)
        table.add_columns(*COLUMNS)
        for _ in range(2):
            start = time.process_time()
            jobs = [element.attrib for element in ET.fromstring(body)]  # noqa: S314 - our own bytes
            table.clear()
            for job in jobs:
                table.add_row(*(job[name] for name in COLUMNS), key=job["JobId"])
            await pilot.pause()
            took = time.process_time() - start
    return {"seconds": took}


async def expand(count: int) -> dict[str, float]:
    """Put `count` leaves under one node of a `Tree`, open it, and go to its end."""
    app = Host(lambda: Tree("job"))
    async with app.run_test(size=(120, 40)) as pilot:
        tree: Tree[int] = app.query_one(Tree)
        start = time.perf_counter()
        for index in range(count):
            tree.root.add_leaf(f"reel-{index:07}.mov", index)
        tree.root.expand()
        await pilot.pause()
        opened = time.perf_counter()
        await pilot.press("end")
        await pilot.pause()
        return {"expand": opened - start, "end": time.perf_counter() - opened}


if __name__ == "__main__":
    what, given = sys.argv[1:]
    print(json.dumps(asyncio.run(refill(Path(given).read_bytes()) if what == "table" else expand(int(given)))))
