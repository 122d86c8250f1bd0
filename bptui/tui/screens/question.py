"""A question with one dangerous answer: `y` gives it, everything else is no."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from bptui.text import visible
from bptui.tui.keys import BY_ID, KeyMap
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.gate import PaintGate
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.pager import Pager


class Question(Dialog[bool]):
    """Sentences, and a yes that counts only when the question was on the screen for a moment."""

    harmless: ClassVar[object] = False

    def __init__(
        self,
        look: Look,
        title: str,
        sentences: Sequence[str],
        *,
        yes: str,
        keymap: KeyMap = KeyMap({}),  # noqa: B008 - frozen and empty
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(look)
        self._question = title
        self._sentences = sentences
        self._yes = yes
        self._keymap = keymap
        self._monotonic = monotonic
        self._gate = PaintGate()

    def compose(self) -> ComposeResult:
        """Lay out the sentences and the answers."""
        with Vertical(classes="box") as box:
            box.border_title = Content(visible(self._question))
            yield Pager(self._look, self._body)

    def on_mount(self) -> None:
        """Count keys from when the question was painted."""
        self.call_after_refresh(lambda: self._gate.painted(self._monotonic()))

    def on_key(self, event: events.Key) -> None:
        """Take `y` for yes, and Enter, Esc and q for no."""
        if not self._gate.lets(event.time):
            event.stop()
            event.prevent_default()
        elif event.key in self._keymap.keys(BY_ID["confirm"]):
            event.stop()
            self.dismiss(True)
        elif event.key == "enter":
            event.stop()
            self.cancel()

    def _body(self, width: int) -> list[Line]:
        lines = [part for sentence in self._sentences for part in paragraph(sentence, width)]
        keymap = self._keymap
        answers = line(
            (keymap.label(BY_ID["confirm"]), Role.KEY),
            (f"  {self._yes}", Role.WARN),
            "      ",
            ("Enter Esc q", Role.KEY),
            "  Cancel",
        )
        return [*lines, line(""), answers]
