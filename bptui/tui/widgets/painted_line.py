"""One line of the screen of which only the cells that change are painted again."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from bptui.tui.cells import changed_spans
from bptui.tui.widgets.strips import Piece, strip_of


class PaintedLine(Widget):
    """A widget of one line; who makes it says the pieces for a width."""

    def __init__(self, *, name: str) -> None:
        super().__init__(id=name)
        self._painted_strip: Strip | None = None

    def pieces(self, width: int) -> Sequence[Piece]:
        """What the line says in that many cells."""
        raise NotImplementedError

    def repaint_changes(self) -> None:
        """Repaint the cells that would look different now."""
        painted = self._painted_strip
        if painted is None or painted.cell_length != self.size.width:
            self.refresh()
            return
        spans = changed_spans(painted, self._line())
        if spans:
            self.refresh(*(Region(first, 0, end - first, 1) for first, end in spans))

    def _line(self) -> Strip:
        width = self.size.width
        return strip_of(self.pieces(width), width, self.rich_style)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is only one
        """Paint the line."""
        self._painted_strip = self._line()
        return self._painted_strip
