"""Lets a person choose one of a few lines with a cursor that is bound to what the line stands for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from bptui.text import fit, visible
from bptui.tui.keys import Scope, bindings
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, LineView, Role, line


@dataclass(frozen=True, slots=True)
class Choice:
    """One line that can be chosen, and the value it stands for."""

    value: Hashable
    pieces: Line


class Choices(LineView, can_focus=True):
    """A short list with one cursor; Enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.ROWS),
        Binding("enter,l,right", "choose", "choose", show=False),
    ]

    class Chosen(Message):
        """Enter was pressed, or a line was clicked."""

        def __init__(self, choices: Choices, value: Hashable) -> None:
            super().__init__()
            self.choices = choices
            self.value = value

    def __init__(self, look: Look, choices: Sequence[Choice] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(look, id=id)
        self._choices: tuple[Choice, ...] = ()
        self._cursor = 0
        self.offer(choices)

    @property
    def value(self) -> Hashable:
        """What the line under the cursor stands for; None when there is no line."""
        return self._choices[self._cursor].value if self._choices else None

    def offer(self, choices: Sequence[Choice], *, value: Hashable = None) -> None:
        """Show other lines; the cursor stays on the same value, or goes to `value`, or to the nearest line."""
        wanted = self.value if value is None else value
        is_as_long = len(choices) == len(self._choices)
        self._choices = tuple(choices)
        places = [index for index, choice in enumerate(self._choices) if choice.value == wanted]
        self._cursor = places[0] if places else max(0, min(self._cursor, len(self._choices) - 1))
        self._paint()
        if not is_as_long:
            self.virtual_size = Size(self.size.width, len(self._choices))
            self.refresh(layout=True)
        self._keep_in_view()

    def is_cursor_line(self, index: int) -> bool:
        """Whether a line is the one Enter would choose."""
        return index == self._cursor

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Be as high as the choices need, where the style sheet says `height: auto`."""
        return max(1, len(self._choices))

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's signature
        """Take the width that is there."""
        return container.width

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view."""
        self.virtual_size = Size(event.size.width, len(self._choices))
        self._keep_in_view()

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        index = event.y + round(self.scroll_y)
        if 0 <= index < len(self._choices):
            self.move_to(index)
            self.action_choose()

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, or on the nearest there is."""
        before, self._cursor = self._cursor, max(0, min(index, len(self._choices) - 1))
        if before != self._cursor:
            self._paint()
            self._keep_in_view()

    def action_cursor_down(self) -> None:
        """Go down a line."""
        self.move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """Go up a line."""
        self.move_to(self._cursor - 1)

    def action_page_down(self) -> None:
        """Go down by what fits."""
        self.move_to(self._cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Go up by what fits."""
        self.move_to(self._cursor - max(1, self.size.height - 1))

    def action_first_row(self) -> None:
        """Go to the first line."""
        self.move_to(0)

    def action_last_row(self) -> None:
        """Go to the last line."""
        self.move_to(len(self._choices))

    def action_choose(self) -> None:
        """Say that the line under the cursor was chosen."""
        if self._choices:
            self.post_message(self.Chosen(self, self.value))

    def _paint(self) -> None:
        lines = [self._marked(index, choice) for index, choice in enumerate(self._choices)]
        self._lines, before = lines, self._lines
        if lines != before:
            self.refresh()

    def _marked(self, index: int, choice: Choice) -> Line:
        mark = f"{self.look.glyphs.cursor} " if index == self._cursor else "  "
        return (*line((mark, Role.KEY)), *choice.pieces)

    def _keep_in_view(self) -> None:
        top, height = round(self.scroll_y), self.size.height
        if height and not top <= self._cursor < top + height:
            target = self._cursor if self._cursor < top else self._cursor - height + 1
            self.scroll_to(y=target, animate=False, immediate=True, force=True)


def columns(cells: Sequence[tuple[str, int, Role]]) -> Line:
    """Make a line of cells with a width each, clipped and filled, two spaces apart."""
    return line(*((fit(visible(text), width) + "  ", role) for text, width, role in cells))
