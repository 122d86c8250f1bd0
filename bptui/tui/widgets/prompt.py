"""Where words are typed: over the bottom line, and only while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

if TYPE_CHECKING:
    # Loaded when somebody types for the first time: the first list waits for no field.
    from textual.widgets import Input, Label


class Prompt(Horizontal):
    """One line of text with a title; hidden, and without its field, until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Cancel", show=False)]

    def __init__(self, *, name: str) -> None:
        super().__init__(id=name)
        self._at_first = ""
        self._tell: Callable[[str, bool], None] | None = None
        self._back_to: Widget | None = None
        self._parts: tuple[Label, Input] | None = None
        self.display = False

    def _made(self) -> tuple[Label, Input]:
        """Title and field, in place at once: what is typed next is for them."""
        from textual.widgets import Input, Label  # noqa: PLC0415

        title = Label("", id="prompt-title", markup=False)
        field = Input(id="prompt-words", compact=True, select_on_focus=False)
        field.cursor_blink = False
        self.mount(title, field)
        # What was typed before the field is in place changes it without a word.
        self.call_after_refresh(self._tell_so_far)
        return title, field

    def ask(self, title: str, words: str, tell: Callable[[str, bool], None], back_to: Widget | None) -> None:
        """Let the person type, beginning with these words; `tell` gets them, and whether they are complete."""
        self._at_first, self._tell, self._back_to = words, tell, back_to
        self._parts = self._parts or self._made()
        label, field = self._parts
        label.update(f" {title}: ")
        with field.prevent(field.Changed):
            field.value = words
        field.cursor_position = len(words)
        self.display = True
        self.screen.set_focus(field)

    def on_key(self, event: events.Key) -> None:
        """Hand on what was typed, at once: the key behind Enter is for whoever asked."""
        if event.key == "enter" and self._parts is not None:
            event.stop()
            self._leave(self._parts[1].value, is_complete=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Hand on what is typed so far."""
        event.stop()
        self._tell_so_far()

    def _tell_so_far(self) -> None:
        if self.display and self._tell is not None and self._parts is not None:
            self._tell(self._parts[1].value, False)

    def action_give_up(self) -> None:
        """Leave as if nobody had typed."""
        self._leave(self._at_first, is_complete=False)

    def _leave(self, words: str, *, is_complete: bool) -> None:
        self.display = False
        if self._tell is not None:
            self._tell(words, is_complete)
        if self._back_to is not None:
            self.screen.set_focus(self._back_to)
