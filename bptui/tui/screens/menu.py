"""Short menus: what to copy, which column to sort by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from bptui.text import fit, visible
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.choices import Choice, Choices
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.pager import Pager

_LABEL_CELLS = 16


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of a menu."""

    label: str
    hint: str = ""
    """What choosing it gives, dim beside the label."""


class Menu(Dialog[int | None]):
    """Choose one of a few; the answer is its position, or None. Digits choose at once; `told` stands below."""

    def __init__(self, look: Look, title: str, items: Sequence[MenuItem], *, chosen: int = 0, told: str = "") -> None:
        super().__init__(look)
        self._menu_title = title
        self._items = items
        self._chosen = chosen
        self._told = told

    def compose(self) -> ComposeResult:
        """Lay out the items, numbered."""
        with Vertical(classes="box menu") as box:
            box.border_title = Content(visible(self._menu_title))
            box.border_subtitle = "Enter choose, Esc back"
            choices = Choices(self._look)
            choices.offer([self._choice(index) for index in range(len(self._items))], value=self._chosen)
            yield choices
            if self._told:
                told = Pager(self._look, self._sentences, id="told")
                told.can_focus = False
                yield told

    def _sentences(self, width: int) -> list[Line]:
        return paragraph(self._told, width, Role.DIM)

    def on_key(self, event: events.Key) -> None:
        """Choose by number."""
        if event.character and event.character.isdecimal() and 1 <= int(event.character) <= len(self._items):
            event.stop()
            self.dismiss(int(event.character) - 1)

    @on(Choices.Chosen)
    def _take(self, message: Choices.Chosen) -> None:
        message.stop()
        value = message.value
        self.dismiss(value if isinstance(value, int) else None)

    def _choice(self, index: int) -> Choice:
        item = self._items[index]
        number = f"{index + 1}  " if index < 9 else "   "
        return Choice(
            index, line((number, Role.DIM), fit(visible(item.label), _LABEL_CELLS) + "  ", (item.hint, Role.DIM))
        )


class Copied(Enum):
    """What can be copied of the line under the cursor; the value is its name in the menu."""

    ID = "id"
    NAME = "name"
    JSON = "JSON"
    LINE = "line"
    EVIDENCE = "evidence"
    """Why the job moves or stands, for a ticket: many lines."""


def copy_menu(look: Look, texts: Sequence[tuple[Copied, str]]) -> Menu:
    """Ask what to copy, with the beginning of each text beside it; the answer is a position in `texts`."""
    return Menu(look, "Copy", [MenuItem(what.value, text[:200]) for what, text in texts])


def sort_menu(look: Look, columns: Sequence[str], *, chosen: int, is_descending: bool = False) -> Menu:
    """Ask for the column that orders the list; the answer is a position in `columns`."""
    direction = "now, descending" if is_descending else "now, ascending"
    items = [MenuItem(column, direction if index == chosen else "") for index, column in enumerate(columns)]
    return Menu(look, "Sort by", items, chosen=chosen)
