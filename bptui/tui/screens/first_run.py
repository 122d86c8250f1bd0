"""Greets who has no endpoint yet."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from bptui.tui.keys import KeyMap
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.notice import first_run_lines
from bptui.tui.widgets.pager import Pager


class FirstRun(Dialog[bool]):
    """Add an appliance now? True for yes; it can be skipped."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("a,E,enter", "add", "add", show=False)]
    harmless: ClassVar[object] = False

    def __init__(self, look: Look, keymap: KeyMap) -> None:
        super().__init__(look)
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Lay out the greeting."""
        pager = Pager(self._look, lambda width: first_run_lines(self._keymap, width), classes="box")
        pager.border_title = "Welcome to bptui"
        yield pager

    def action_add(self) -> None:
        """Answer yes."""
        self.dismiss(True)
