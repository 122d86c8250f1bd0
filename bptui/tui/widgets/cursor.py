"""Where the cursor of a list stands and which rows are in view, bound to identities across updates; pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from bptui.tui.widgets.strips import Piece

NEIGHBOURS_TRIED = 1000
"""How far from a row that is gone its nearest neighbour is looked for."""


class Rows(Protocol):
    """What a list shows: rows by index, each with an identity that outlives the next poll."""

    @property
    def has_heading(self) -> bool:
        """Whether a line of column names stands above the rows."""
        ...

    def __len__(self) -> int: ...

    def key_at(self, index: int) -> Hashable | None:
        """The identity of a row; None for a line that is only for the eye, which the cursor passes over."""
        ...

    def index_of(self, key: Hashable, near: int) -> int | None:
        """Where the row with this identity stands, `near` being where it stood before; None when it is gone."""
        ...

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """What the row says in that many cells."""
        ...

    def heading(self, width: int) -> Sequence[Piece]:
        """The line of column names."""
        ...


class NoRows:
    """A list that is empty: before the first answer, or when nothing is looked at."""

    has_heading = False

    def __len__(self) -> int:
        return 0

    def key_at(self, index: int) -> Hashable | None:
        """Nothing stands anywhere."""
        raise IndexError(index)

    def index_of(self, key: Hashable, near: int) -> int | None:  # noqa: ARG002 - the shape of Rows
        """Nothing is found."""
        return None

    def line(self, index: int, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """Nothing is said."""
        raise IndexError(index)

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """No columns."""
        return ()


class Cursor:
    """The row a person has chosen, and the first row in view."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.top = 0
        """The index of the first row in view."""
        self.row = 0
        self.key: Hashable | None = None
        """The identity of the chosen row; None in an empty list."""
        self.page = 1
        """How many rows are in view."""
        self.settle(rows)

    @property
    def last_top(self) -> int:
        """The furthest down that the first row in view may be."""
        return max(0, len(self.rows) - self.page)

    def settle(self, rows: Rows) -> Hashable | None:
        """Take newer rows: the chosen row and what is in view stay in place. Return the chosen row's key if it is gone."""
        before, self.rows = self.rows, rows
        gone, old_row, old_top = self.key, self.row, self.top
        line = old_row - old_top
        was_in_view = 0 <= line < self.page
        found = None if gone is None else rows.index_of(gone, old_row)
        is_gone = gone is not None and found is None
        if found is None:
            found = self._neighbour(before, old_row) if is_gone else self.selectable(0, 1)
        self.row = 0 if found is None else found
        self.key = None if found is None else rows.key_at(found)
        if old_top > 0:
            self.top = self.row - line if was_in_view else self._anchored(before, old_top)
        self.clamp(is_following=was_in_view)
        return gone if is_gone else None

    def move_to(self, index: int, direction: int) -> bool:
        """Choose the row nearest to `index`, passing over lines for the eye; True when another row is chosen now."""
        row = self.selectable(max(0, min(index, len(self.rows) - 1)), direction)
        if row is None:
            return False
        is_other = row != self.row
        self.row, self.key = row, self.rows.key_at(row)
        self.clamp(is_following=True)
        return is_other

    def scroll(self, lines: int) -> None:
        """Look further down, or up, without choosing another row."""
        self.top = max(0, min(self.top + lines, self.last_top))

    def clamp(self, *, is_following: bool) -> None:
        """Leave no empty lines below the last row; with `is_following` bring the chosen row into view."""
        if is_following:
            self.top = min(max(self.top, self.row - self.page + 1), self.row)
        self.top = max(0, min(self.top, self.last_top))

    def selectable(self, index: int, direction: int) -> int | None:
        """The first row from here on, in this direction and then in the other, that can be chosen."""
        for step in (direction, -direction):
            place = index
            while 0 <= place < len(self.rows):
                if self.rows.key_at(place) is not None:
                    return place
                place += step
        return None

    def _neighbour(self, before: Rows, row: int) -> int | None:
        """The row now nearest to one that is gone: the next that is still there, else the one before it."""
        for step in range(1, min(NEIGHBOURS_TRIED, len(before)) + 1):
            for index in (row + step, row - step):
                key = before.key_at(index) if 0 <= index < len(before) else None
                found = None if key is None else self.rows.index_of(key, index)
                if found is not None:
                    return found
        return self.selectable(max(0, min(row, len(self.rows) - 1)), -1)

    def _anchored(self, before: Rows, top: int) -> int:
        """Where the row that was the first in view stands now."""
        key = before.key_at(top) if top < len(before) else None
        index = None if key is None else self.rows.index_of(key, top)
        return top if index is None else index
