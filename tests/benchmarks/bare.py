"""The baseline of the screen's figures: a bare Textual application with a table.

`python -m tests.benchmarks.bare [ROWS] [CHANGED] [SECONDS]` changes one cell of CHANGED rows every SECONDS.
"""

from __future__ import annotations

import itertools
import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("Type", "Name", "Bucket", "Size", "Done", "Why")


class Bare(App[None]):
    """A table and nothing else."""

    def __init__(self, rows: int, changed: int, seconds: float) -> None:
        super().__init__()
        self._rows, self._changed, self._seconds = rows, changed, seconds
        self._ticks = itertools.count()

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        for name in COLUMNS:
            table.add_column(name, key=name)
        for row in range(self._rows):
            table.add_row("PUT", f"job number {row}", "bucket", "1.20 TiB", "0 %", "moving", key=str(row))
        if self._changed:
            self.set_interval(self._seconds, self._change)

    def _change(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        tick = next(self._ticks)
        for row in range(self._changed):
            table.update_cell(str(row), "Done", f"{tick % 100} %")


if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:]]
    rows, changed, seconds = given + [30, 0, 5][len(given) :]
    Bare(int(rows), int(changed), seconds).run()
