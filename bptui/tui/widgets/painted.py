"""What a list has painted, and since when each row is in view: by this a key acts on what the person saw."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from bptui.tui.widgets.strips import Piece

LineLook = tuple[int, Style, tuple[Piece, ...]]
"""Everything that decides how a line looks: its width, the style of the pane, and what it says."""

_NOT_YET = float("inf")


class PaintedRow(NamedTuple):
    """One line as it was last painted, and whose row it showed."""

    look: LineLook
    strip: Strip
    key: Hashable | None


class Painted:
    """The lines of a list as they stand on the screen; times are monotonic seconds."""

    def __init__(self) -> None:
        self.lines: dict[int, PaintedRow] = {}
        self._in_view_since: dict[Hashable, float] = {}
        """When each row in view was first painted."""
        self._displaced_until = 0.0
        """When the cursor's new place was painted, after its row had gone."""

    def note(self, y: int, line: PaintedRow, now: float, *, is_under_cursor: bool) -> None:
        """Remember what a line shows to the person from now on."""
        self.lines[y] = line
        if line.key is not None:
            self._in_view_since.setdefault(line.key, now)
        if is_under_cursor and self._displaced_until == _NOT_YET:
            self._displaced_until = now

    def displace(self) -> None:
        """The row under the cursor is gone: until its neighbour is painted, a key was about the row that was there."""
        self._displaced_until = _NOT_YET

    def cut(self, height: int) -> None:
        """The list is only so high now; what stood above still stands there until it is painted anew."""
        self.lines = {y: line for y, line in self.lines.items() if y < height}

    def forget_out_of_view(self) -> None:
        """A row that comes back into view is in view from then on."""
        in_view = {line.key for line in self.lines.values()}
        self._in_view_since = {key: since for key, since in self._in_view_since.items() if key in in_view}

    def was_seen(self, key: Hashable, at: float) -> bool:
        """Whether a person who pressed a key at this moment had seen this row, and it is painted still."""
        is_painted = any(line.key == key for line in self.lines.values())
        return is_painted and at >= self._displaced_until and self._in_view_since[key] <= at
