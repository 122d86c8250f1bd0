"""The parts of a form that are not text: one value of a few, and something to press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Static


class Cycle(Static, can_focus=True):
    """One of a few values; Space and the arrows go to the next or the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,l,enter", "step(1)", "next", show=False),
        Binding("left,h", "step(-1)", "before", show=False),
    ]

    class Changed(Message):
        """Another value is shown."""

        def __init__(self, cycle: Cycle) -> None:
            super().__init__()
            self.cycle = cycle

    def __init__(self, labels: Sequence[str], *, id: str, chosen: int = 0) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._labels = labels
        self.chosen = chosen
        """The position of the value that is shown."""
        self.update(self._text)

    @property
    def _text(self) -> Content:
        return Content(f"< {self._labels[self.chosen]} >")

    def choose(self, chosen: int) -> None:
        """Show a value by its position."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update(self._text)
            self.post_message(self.Changed(self))

    def action_step(self, step: int) -> None:
        """Go to another value."""
        self.choose((self.chosen + step) % len(self._labels))

    def on_click(self) -> None:
        """Go to the next value."""
        self.action_step(1)


class Press(Static, can_focus=True):
    """Something that is done by Enter, Space or a click; without the animation of a button."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "press", show=False)]

    class Pressed(Message):
        """It was pressed."""

        def __init__(self, press: Press) -> None:
            super().__init__()
            self.press = press

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(Content(f"[ {label} ]"), id=id, markup=False)

    def action_press(self) -> None:
        """Say that it was pressed."""
        self.post_message(self.Pressed(self))

    def on_click(self) -> None:
        """Take a click as a press."""
        self.action_press()


class SecretInput(Input):
    """A text field that shows no letter and gives none to the clipboard."""

    def __init__(self, *, placeholder: str, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id, password=True, compact=True)
        self._is_ascii = is_ascii

    def render_line(self, y: int) -> Strip:
        """Paint a sign for each letter, one that the terminal has."""
        strip = super().render_line(y)
        if not self._is_ascii:
            return strip
        return Strip([Segment(text.replace("•", "*"), style) for text, style, _ in strip])

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
