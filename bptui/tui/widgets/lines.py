"""Paints lines of text by meaning, so that all dialogs share one look."""

from __future__ import annotations

from enum import Enum

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bptui.text import visible
from bptui.tui.theme import Look


class Role(Enum):
    """What a piece of text is there for; the value is the style of a `Look`."""

    PLAIN = "text"
    DIM = "dim"
    HEAD = "strong"
    KEY = "key"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    PROD = "prod"
    SUPERSEDED = "superseded"
    CACHED = "bar_cached"
    DONE = "bar_done"
    NOTHING = "bar_nothing"


Piece = tuple[str, Role]
Line = tuple[Piece, ...]


def line(*pieces: str | Piece) -> Line:
    """Make a line of pieces; bare text is plain. Everything passes `visible`."""
    both = (piece if isinstance(piece, tuple) else (piece, Role.PLAIN) for piece in pieces)
    return tuple((visible(text), role) for text, role in both if text)


def wrapped(text: str, width: int) -> list[str]:
    """Break text between words into lines of at most `width` cells; a word that is longer is cut."""
    parts = Content(visible(text)).wrap(max(2, width))
    return [part.plain.rstrip() for part in parts] or [""]


def paragraph(text: str, width: int, role: Role = Role.PLAIN, *, first: str = "") -> list[Line]:
    """Wrap text into lines of one role; the first begins with `first`, the others stand under it."""
    parts = wrapped(text, width - len(first))
    return [line((" " * len(first) if index else first, role), (part, role)) for index, part in enumerate(parts)]


_ASCII = str.maketrans({"…": "~", "\N{EN DASH}": "-", "→": ">", "↑": "^", "↓": "v", "←": "<", "·": "-", "▸": ">"})
"""Our own signs where the terminal has no Unicode; other people's text stays as it is."""


class LineView(ScrollView):
    """Lines of pieces, painted one by one; what derives from it decides about focus, cursor and movement."""

    def __init__(self, look: Look, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.look = look
        self._lines: list[Line] = []

    @property
    def plain_lines(self) -> list[str]:
        """The text of every line, as it is painted."""
        return ["".join(text for text, _ in pieces) for pieces in self._lines]

    def is_cursor_line(self, index: int) -> bool:  # noqa: ARG002 - for those with a cursor
        """Whether a line is painted as the one under the cursor."""
        return False

    def render_line(self, y: int) -> Strip:
        """Paint one visible line."""
        base = self.rich_style
        index = y + round(self.scroll_y)
        if not 0 <= index < len(self._lines):
            return Strip.blank(self.room, base)
        is_cursor = self.is_cursor_line(index)
        if is_cursor:
            base += self.look.cursor if self.has_focus or not self.can_focus else self.look.cursor_elsewhere
        if self.look.is_ascii:
            pieces = tuple((text.translate(_ASCII), role) for text, role in self._lines[index])
        else:
            pieces = self._lines[index]
        segments = [Segment(text, self._style(base, role, is_cursor=is_cursor)) for text, role in pieces]
        return self._fitted(Strip(segments), base)

    @property
    def room(self) -> int:
        """How many cells a line has."""
        return self.content_size.width

    def _fitted(self, strip: Strip, base: Style) -> Strip:
        """Fill a line, or cut it with a mark."""
        if strip.cell_length <= self.room:
            return strip.adjust_cell_length(self.room, base)
        mark = Segment(self.look.glyphs.ellipsis, base + self.look.dim)
        return Strip([*strip.crop(0, self.room - 1).adjust_cell_length(self.room - 1, base), mark])

    def _style(self, base: Style, role: Role, *, is_cursor: bool) -> Style:
        if is_cursor and role is Role.DIM:
            return base + self.look.dim_on_cursor
        style: Style = getattr(self.look, role.value)
        return base + style
