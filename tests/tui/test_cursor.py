"""The cursor of a list is bound to identities: pure properties under random changes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from bptui.tui.widgets.cursor import Cursor, NoRows
from bptui.tui.widgets.strips import Piece

Keys = tuple[int | None, ...]


class Listed:
    """Rows that are their keys."""

    has_heading = False

    def __init__(self, keys: Sequence[int | None]) -> None:
        self.keys = list(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def key_at(self, index: int) -> Hashable | None:
        return self.keys[index]

    def index_of(self, key: Hashable, near: int) -> int | None:
        return self.keys.index(key) if key in self.keys else None  # type: ignore[arg-type]  # a stranger is not in it

    def line(self, index: int, width: int) -> Sequence[Piece]:
        return ()

    def heading(self, width: int) -> Sequence[Piece]:
        return ()


keys = st.lists(st.integers(0, 30), unique=True, max_size=20).map(tuple)


@given(keys, keys, st.integers(0, 30), st.integers(1, 8))
def test_the_cursor_stays_on_its_row(before: Keys, after: Keys, moves: int, page: int) -> None:
    """After any change the cursor is on the same row; only when that is gone, on one that was listed, if any is."""
    cursor = Cursor(Listed(before))
    cursor.page = page
    cursor.move_to(moves % max(1, len(before)), 1)
    chosen = cursor.key
    gone = cursor.settle(Listed(after))
    if chosen in after and chosen is not None:
        assert (cursor.key, gone) == (chosen, None)
    elif after:
        assert cursor.key in after
        assert gone == chosen
        if set(before) & set(after):
            assert cursor.key in before
    else:
        assert cursor.key is None


@given(keys, keys, st.integers(0, 30), st.integers(1, 8))
def test_the_cursor_is_in_view_when_it_was(before: Keys, after: Keys, moves: int, page: int) -> None:
    """Key and row agree, and no line is left empty that could show a row."""
    cursor = Cursor(Listed(before))
    cursor.page = page
    cursor.move_to(moves % max(1, len(before)), 1)
    cursor.settle(Listed(after))
    if after:
        assert cursor.rows.key_at(cursor.row) == cursor.key
        assert cursor.top <= cursor.row < cursor.top + page
        assert cursor.top <= max(0, len(after) - page)


@given(st.integers(1, 20), st.integers(1, 8), st.integers(0, 19), st.integers(1, 5))
def test_rows_above_the_view_do_not_scroll_it(count: int, page: int, at: int, added: int) -> None:
    """Rows that come above what is in view leave it where it is, unless the view is at the top."""
    cursor = Cursor(Listed(range(count)))
    cursor.page = page
    cursor.move_to(at % count, 1)
    first = cursor.rows.key_at(cursor.top)
    was_scrolled = cursor.top > 0
    cursor.settle(Listed([*range(100, 100 + added), *range(count)]))
    if was_scrolled:
        assert cursor.rows.key_at(cursor.top) == first


def test_the_cursor_passes_over_lines_for_the_eye() -> None:
    """A line without an identity is never under the cursor."""
    cursor = Cursor(Listed((1, None, 2)))
    cursor.page = 3
    cursor.move_to(1, 1)
    assert cursor.key == 2
    cursor.move_to(1, -1)
    assert cursor.key == 1


def test_an_empty_list_has_no_cursor() -> None:
    """Nothing is under the cursor when nothing is listed."""
    assert Cursor(NoRows()).key is None
