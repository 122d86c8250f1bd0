"""A list of any length that paints only what is visible, and whose cursor is bound to ids, never to rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from time import monotonic

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bptui.tui.cells import changed_spans
from bptui.tui.keys import Scope, bindings
from bptui.tui.theme import Look
from bptui.tui.widgets.cursor import Cursor, Rows
from bptui.tui.widgets.frame import Frame, border
from bptui.tui.widgets.painted import LineLook, Painted, PaintedRow
from bptui.tui.widgets.strips import Piece, laid_over, strip_of

CACHED_LINES = 128
"""More than most screens show; what a line that is kept costs, 2 KB, is many times its text."""


class VirtualList(Widget, can_focus=True):
    """Shows `Rows` in a frame, keeps the cursor on its row's identity, and repaints only cells that look different.

    What a key acts on is `acted_on`: the row that was painted under the cursor when the key was pressed, or none.
    """

    BINDINGS = bindings(Scope.ROWS)

    class Pointed(Message):
        """The cursor came to another row."""

        def __init__(self, pane: VirtualList, key: Hashable | None) -> None:
            super().__init__()
            self.pane = pane
            self.key = key

        @property
        def control(self) -> VirtualList:
            """The list whose cursor moved."""
            return self.pane

    class Lost(Pointed):
        """The row under the cursor is gone; the cursor stands on its neighbour now."""

    def __init__(
        self, rows: Rows, look: Look, frame: Frame, *, name: str, now: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(id=name)
        self.wish: Callable[[Message], None] = self._post_wish
        """Takes what a key wishes for: at once, so that the key typed after it goes where this one leads."""
        self.look = look
        self.frame = frame
        self.cursor = Cursor(rows)
        self._now = now
        self._pressed_at = 0.0
        self._painted = Painted()
        self._strips: dict[LineLook, Strip] = {}
        self._paper = Size(0, 0), Style.null()
        """Size and style of the pane, which Textual finds out at length: once for all lines painted together."""

    @property
    def rows(self) -> Rows:
        """What is shown."""
        return self.cursor.rows

    def show(self, rows: Rows, *, is_wished: bool = False) -> None:
        """Show other rows: the cursor stays on its row, what is in view stays in place, changed cells are repainted.

        `is_wished` says that the person asked for it, and so need not be told that a row is gone.
        """
        before = self.cursor.key
        self._fit(rows)
        gone = self.cursor.settle(rows)
        if gone is not None:
            self._painted.displace()
        self.repaint_changes()
        if gone is not None and not is_wished:
            self.post_message(self.Lost(self, self.cursor.key))
        elif before != self.cursor.key:
            self.post_message(self.Pointed(self, self.cursor.key))

    def _fit(self, rows: Rows) -> None:
        """Know how many rows are in view; a line of column names takes the room of one."""
        self.cursor.page = max(1, self.size.height - 2 - rows.has_heading)

    def set_frame(self, frame: Frame) -> None:
        """Write something else into the border."""
        self.frame = frame
        self.repaint_changes((0, self.size.height - 1))

    def set_look(self, look: Look) -> None:
        """Draw everything in another theme."""
        self.look = look
        self._strips.clear()
        self.refresh()

    def acted_on(self) -> Hashable | None:
        """The row that the key pressed just now is about: painted under the cursor by then, else None."""
        key = self.cursor.key
        return key if key is not None and self._painted.was_seen(key, self._pressed_at) else None

    # Moving, as the person wishes.

    def move_to(self, index: int, direction: int = 1) -> None:
        """Put the cursor on the row nearest to `index` and bring it into view."""
        left, top = self.cursor.row, self.cursor.top
        is_other = self.cursor.move_to(index, direction)
        if self.cursor.top == top:
            self.repaint_changes((self._line_of_row(left), self._line_of_row(self.cursor.row)))
        else:
            self.repaint_changes()
        if is_other:
            self.post_message(self.Pointed(self, self.cursor.key))

    def point_at(self, key: Hashable, *, near: int = 0) -> bool:
        """Put the cursor on the row with this identity; False when it is not there."""
        index = self.rows.index_of(key, near)
        if index is not None:
            self.move_to(index)
        return index is not None

    def action_cursor_down(self) -> None:
        """Go down a line."""
        self.move_to(self.cursor.row + 1)

    def action_cursor_up(self) -> None:
        """Go up a line."""
        self.move_to(self.cursor.row - 1, -1)

    def action_page_down(self) -> None:
        """Go down a page."""
        self.move_to(self.cursor.row + max(1, self.cursor.page - 1))

    def action_page_up(self) -> None:
        """Go up a page."""
        self.move_to(self.cursor.row - max(1, self.cursor.page - 1), -1)

    def action_first_row(self) -> None:
        """Go to the first line."""
        self.move_to(0)

    def action_last_row(self) -> None:
        """Go to the last line."""
        self.move_to(len(self.rows) - 1, -1)

    # What Textual tells.

    def on_key(self, event: events.Key) -> None:
        """Note when the key was pressed, which is before its action runs."""
        self._pressed_at = event.time

    def _post_wish(self, message: Message) -> None:
        self.post_message(message)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look further down."""
        event.stop()
        self.cursor.scroll(3)
        self.repaint_changes()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look further up."""
        event.stop()
        self.cursor.scroll(-3)
        self.repaint_changes()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that is painted where the person points."""
        painted = self._painted.lines.get(event.y)
        if painted is not None and painted.key is not None:
            self.point_at(painted.key, near=self.cursor.top + event.y)

    def on_resize(self) -> None:
        """Keep the cursor in view in the new size."""
        self._fit(self.rows)
        self.cursor.clamp(is_following=True)
        self._painted.cut(self.size.height)
        self.refresh()

    def on_focus(self) -> None:
        """Light up frame and cursor."""
        self.repaint_changes()

    def on_blur(self) -> None:
        """Dim frame and cursor."""
        self.repaint_changes()

    # Painting.

    def repaint_changes(self, lines: Iterable[int] | None = None) -> None:
        """Repaint the cells that would look different now from what is painted, and none else; of these lines only."""
        self._paper = self.size, self.rich_style
        self._painted.forget_out_of_view()
        painted, regions = self._painted.lines, []
        for y in list(painted if lines is None else lines):
            if y in painted:
                regions += self._changed_regions(y, painted[y])
        if regions:
            self.refresh(*regions)

    def _changed_regions(self, y: int, painted: PaintedRow) -> list[Region]:
        look = self._look_of(y)
        strip = painted.strip if look == painted.look else self._strip(look)
        spans = changed_spans(painted.strip, strip)
        if not spans:
            self._note_painted(y, look, strip)
        return [Region(first, y, end - first, 1) for first, end in spans]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint some lines."""
        self._paper = self.size, self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        look = self._look_of(y)
        strip = self._strip(look)
        self._note_painted(y, look, strip)
        return strip

    def _note_painted(self, y: int, look: LineLook, strip: Strip) -> None:
        """Remember what a line shows to the person from now on."""
        row = self._row_of_line(y)
        line = PaintedRow(look, strip, None if row is None else self.rows.key_at(row))
        self._painted.note(y, line, self._now(), is_under_cursor=row == self.cursor.row)

    def _row_of_line(self, y: int) -> int | None:
        row = self.cursor.top + y - 1 - self.rows.has_heading
        is_row_line = self.rows.has_heading < y < self._paper[0].height - 1
        return row if is_row_line and row < len(self.rows) else None

    def _line_of_row(self, row: int) -> int:
        return row - self.cursor.top + 1 + self.rows.has_heading

    def _look_of(self, y: int) -> LineLook:
        size, base = self._paper
        return size.width, base, tuple(self._pieces(y, size))

    def _strip(self, look: LineLook) -> Strip:
        cached = self._strips.get(look)
        if cached is None:
            if len(self._strips) >= CACHED_LINES:
                del self._strips[next(iter(self._strips))]
            width, base, pieces = look
            cached = self._strips[look] = strip_of(pieces, width, base)
        return cached

    def _pieces(self, y: int, size: Size) -> Sequence[Piece]:
        width = size.width
        if y == 0:
            return self.frame.top(self.look, width, is_focused=self.has_focus)
        if y == size.height - 1:
            return self.frame.bottom(self.look, width, is_focused=self.has_focus)
        lines, style = border(self.look, is_focused=self.has_focus)
        return [(lines.vertical, style), *self._inside(y, width - 2), (lines.vertical, style)]

    def _inside(self, y: int, width: int) -> Sequence[Piece]:
        """Exactly `width` cells; the rows have cut their words with a mark, this only fills the line."""
        row = self._row_of_line(y)
        if row is None:
            return _filled(self.rows.heading(width) if y == 1 and self.rows.has_heading else (), width)
        filled = _filled(self.rows.line(row, width), width)
        is_cursor = row == self.cursor.row and self.cursor.key is not None
        return self._under_cursor(filled) if is_cursor else filled

    def _under_cursor(self, pieces: Sequence[Piece]) -> list[Piece]:
        look, overlay = self.look, self.look.cursor if self.has_focus else self.look.cursor_elsewhere
        if overlay.reverse:
            return [(text, Style(reverse=True, bold=style.bold)) for text, style in pieces]
        return laid_over(
            [(text, look.dim_on_cursor if style == look.dim else style) for text, style in pieces], overlay
        )


def _filled(pieces: Sequence[Piece], width: int) -> list[Piece]:
    room = width - sum(cell_len(text) for text, _ in pieces)
    if room >= 0:
        return [*pieces, (" " * room, Style.null())] if room else list(pieces)
    return [(segment.text, segment.style or Style.null()) for segment in strip_of(pieces, width, Style.null())]
