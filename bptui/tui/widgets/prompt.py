"""Where words are typed: over the bottom line, and only while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import AwaitMount, Widget

if TYPE_CHECKING:
    # Loaded when somebody types for the first time: the first list waits for no field.
    from textual.widgets import Input, Label


class Prompt(Horizontal):
    """One line of text with a title; hidden, and without its field, until it is asked for.

    Whoever gets keys first hands them to `take`, one after the other: a key behind Enter is not for the field.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Cancel", show=False)]

    def __init__(self, *, name: str) -> None:
        super().__init__(id=name)
        self._at_first = ""
        self._tell: Callable[[str, bool], None] | None = None
        self._back_to: Widget | None = None
        self._told = ""
        self._parts: tuple[Label, Input] | None = None
        self._mounting: AwaitMount | None = None
        self.display = False

    @property
    def is_open(self) -> bool:
        """Whether somebody types here."""
        return self._parts is not None and self.app.focused is self._parts[1]

    def _made(self) -> tuple[Label, Input]:
        """Title and field, in place at once: what is typed next is for them."""
        from textual.widgets import Input, Label  # noqa: PLC0415

        title = Label("", id="prompt-title", markup=False)
        field = Input(id="prompt-words", compact=True, select_on_focus=False)
        field.cursor_blink = False
        self._mounting = self.mount(title, field)
        return title, field

    def ask(self, title: str, words: str, tell: Callable[[str, bool], None], back_to: Widget | None) -> None:
        """Let the person type, beginning with these words; `tell` gets them, and whether they are complete."""
        self._at_first = self._told = words
        self._tell, self._back_to = tell, back_to
        self._parts = self._parts or self._made()
        label, field = self._parts
        label.update(f" {title}: ")
        with field.prevent(field.Changed):
            field.value = words
        field.cursor_position = len(words)
        self.display = True
        self.screen.set_focus(field)

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Do at once what a key means to the field; False when it means nothing here, but may elsewhere."""
        if self._parts is None:
            return False
        field = self._parts[1]
        if self._mounting is not None:
            await self._mounting
            self._mounting = None
        text = event.text if isinstance(event, events.Paste) else event.is_printable and event.character
        if text:
            field.replace(text.splitlines()[0], *field.selection)
            self._tell_so_far(field.value)
        elif isinstance(event, events.Key) and event.key == "enter":
            self._leave(field.value, is_complete=True)
        else:
            return False
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Hand on what is typed so far, by pasting or deleting, too."""
        event.stop()
        if self.display:
            self._tell_so_far(event.input.value)

    def _tell_so_far(self, words: str) -> None:
        if words != self._told and self._tell is not None:
            self._told = words
            self._tell(words, False)

    def action_give_up(self) -> None:
        """Leave as if nobody had typed."""
        self._leave(self._at_first, is_complete=False)

    def _leave(self, words: str, *, is_complete: bool) -> None:
        self.display = False
        if self._tell is not None:
            self._tell(words, is_complete)
        if self._back_to is not None:
            self.screen.set_focus(self._back_to)
