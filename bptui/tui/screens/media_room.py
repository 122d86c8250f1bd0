"""The media room: partitions, drives, pools, wanted tapes, failures and nodes, each with state, reason and age."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult

from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.keys import BY_ID, KeyMap, Scope, bindings
from bptui.tui.screens.dialog import Dialog
from bptui.tui.widgets.cursor import NoRows
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.media_entries import Room, entries
from bptui.tui.widgets.media_rows import MediaRows
from bptui.tui.widgets.virtual_list import VirtualList

REFRESH_SECONDS = 5.0
"""Ages there are of minutes, and costs need not tick."""
ANSWER_SECONDS = (0.5, 1.5, 3.0)
"""When to look for answers after asking again."""


class MediaList(VirtualList):
    """The things of the media room; told anew every few seconds, painted where they read differently."""

    def __init__(self, display: Display, room: Callable[[], Room], *, name: str) -> None:
        frame = Frame("M", "Media room", aside="> at least, since we look")
        super().__init__(NoRows(), display.look, frame, name=name)
        self._room = room

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self.tell()

    def tell(self) -> None:
        """Show how everything is at this moment."""
        if self.size.width > 2:
            room = self._room()
            self.show(MediaRows(entries(room), room.display, self.size.width - 2))

    def value(self) -> str:
        """What the line under the cursor is about, in one line of visible text."""
        rows = self.rows
        entry = rows.entry_at(self.cursor.row) if isinstance(rows, MediaRows) else None
        if entry is None:
            return ""
        return visible(" ".join(part for part in (entry.name, entry.state, entry.reason, entry.age) if part))


class MediaRoom(Dialog[None]):
    """Why nothing moves on the side of media, for the whole appliance."""

    BINDINGS = bindings(Scope.MEDIA)

    def __init__(
        self,
        display: Display,
        room: Callable[[], Room],
        ask_again: Callable[[], None],
        copy: Callable[[str], None],
        keymap: KeyMap,
    ) -> None:
        super().__init__(display.look)
        self._list = MediaList(display, room, name="media")
        self._ask_again = ask_again
        self._copy = copy
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Give everything to the list."""
        yield self._list

    def on_mount(self) -> None:
        """Show how it is, and go on doing so."""
        actions = (BY_ID["ask_again"], BY_ID["copy_line"], BY_ID["cancel"])
        hint = "  ".join(f"{self._keymap.label(action)} {action.footer_label.lower()}" for action in actions)
        self._list.frame = replace(self._list.frame, summary=hint)
        self._list.focus()
        self.set_interval(REFRESH_SECONDS, self._list.tell)

    def action_ask_again(self) -> None:
        """Ask everything again, also what was forbidden."""
        self._ask_again()
        for seconds in ANSWER_SECONDS:
            self.set_timer(seconds, self._list.tell)

    def action_copy_line(self) -> None:
        """Copy the line under the cursor."""
        if text := self._list.value():
            self._copy(text)
