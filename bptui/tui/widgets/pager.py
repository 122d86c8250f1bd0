"""Lets a person read what is longer than the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Size

from bptui.tui.keys import Scope, bindings
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, LineView

Flow = Callable[[int], Sequence[Line]]
"""Gives the lines for a width in cells."""


class Pager(LineView, can_focus=True):
    """Lines that are laid out anew for each width, and scrolled by keys without animation."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.ROWS)]

    def __init__(
        self,
        look: Look,
        flow: Flow,
        *,
        hint: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        """`hint` stands in the border, such as which key leads back."""
        super().__init__(look, id=id, classes=classes)
        self._hint = hint
        self._flow = flow
        self._laid_out_for = -1

    def show(self, flow: Flow) -> None:
        """Show other lines; nothing is painted when they read the same."""
        self._flow = flow
        width = self._laid_out_for
        if width <= 0:
            return
        lines = list(flow(width))
        if lines != self._lines:
            is_as_long = len(lines) == len(self._lines)
            self._take(lines, width)
            self.refresh(layout=not is_as_long)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Be as high as the lines need, where the style sheet says `height: auto`."""
        self._lay_out(width)
        return max(1, len(self._lines))

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's signature
        """Take the width that is there."""
        return container.width

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self._lay_out(self.room)
        self._tell_position()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell in the border which lines are shown."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_position()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by a number of lines; negative goes up."""
        self._go(round(self.scroll_y) + lines)

    def action_cursor_down(self) -> None:
        """Scroll down a line."""
        self.scroll_lines(1)

    def action_cursor_up(self) -> None:
        """Scroll up a line."""
        self.scroll_lines(-1)

    def action_page_down(self) -> None:
        """Scroll down by what fits, less one line to hold on to."""
        self.scroll_lines(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Scroll up by what fits, less one line to hold on to."""
        self.scroll_lines(-max(1, self.size.height - 1))

    def action_first_row(self) -> None:
        """Show the first line."""
        self._go(0)

    def action_last_row(self) -> None:
        """Show the last line."""
        self._go(len(self._lines))

    def _go(self, top: int) -> None:
        last = max(0, len(self._lines) - self.size.height)
        self.scroll_to(y=max(0, min(top, last)), animate=False, immediate=True, force=True)

    def _lay_out(self, width: int) -> None:
        if width > 0 and width != self._laid_out_for:
            self._take(list(self._flow(width)), width)

    def _take(self, lines: list[Line], width: int) -> None:
        self._lines = lines
        self._laid_out_for = width
        self.virtual_size = Size(width, len(lines))
        self._tell_position()

    def _tell_position(self) -> None:
        """Write `1-20 of 83` where the border has room for it."""
        height, total = self.size.height, len(self._lines)
        top = round(self.scroll_y)
        place = f"{top + 1}-{min(total, top + height)} of {total}" if 0 < height < total else ""
        text = f"{place}  {self._hint}".strip()
        if text != (self.border_subtitle or ""):
            self.border_subtitle = text
