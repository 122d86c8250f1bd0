"""Where words are typed: over the bottom line, and only while somebody types."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class Prompt(Horizontal):
    """One line of text with a title; hidden until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Cancel", show=False)]

    class Typed(Message):
        """The words changed."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Entered(Typed):
        """The words are complete."""

    class GivenUp(Message):
        """Nobody wants to type any more."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words
            """What stood there at first."""

    def __init__(self, *, name: str) -> None:
        super().__init__(id=name)
        self._at_first = ""
        self.display = False

    def compose(self) -> ComposeResult:
        """Lay out title and field."""
        yield Label("", id="prompt-title", markup=False)
        field = Input(id="prompt-words", compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field

    def ask(self, title: str, words: str) -> None:
        """Let the person type, beginning with these words."""
        self._at_first = words
        self.query_one(Label).update(f" {title}: ")
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = words
        field.cursor_position = len(words)
        self.display = True
        field.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.display = False
        self.post_message(self.Entered(event.value))

    def action_give_up(self) -> None:
        """Leave without a word."""
        self.display = False
        self.post_message(self.GivenUp(self._at_first))

    def on_key(self, event: events.Key) -> None:
        """Keep keys from doing on the screen what they do when nobody types."""
        if event.key not in ("escape", "ctrl+c"):
            event.stop()
