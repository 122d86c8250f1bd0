"""Explains the pane that has the focus: its keys, the signs, the words of the Why column."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content

from bptui.text import cell_width, visible
from bptui.tui.key_names import shown
from bptui.tui.keys import BY_ID, Action, KeyMap, Scope
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.pager import Pager

_MOST_KEY_CELLS = 20
_WORD_CELLS = 12


class HelpScreen(Dialog[None]):
    """Everything that can be done here and what the signs mean; `why` is a word and its sentence each."""

    def __init__(self, look: Look, keymap: KeyMap, scope: Scope, *, why: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(look)
        self._keymap = keymap
        self._scope = scope
        self._why = why

    def compose(self) -> ComposeResult:
        """Fill the screen with the explanation."""
        back = f"{self._keymap.label(BY_ID['cancel'])} back"
        pager = Pager(self._look, self._explanation, hint=back, classes="box full")
        pager.border_title = Content(f"Help: {visible(self._scope.value)}")
        yield pager

    def _explanation(self, width: int) -> list[Line]:
        return [*self._keys(width), *self._signs(), *_columns(width), *self._words(width)][:-1]

    def _keys(self, width: int) -> list[Line]:
        lines: list[Line] = []
        heading, cells = "", self._key_cells()
        for action in self._keymap.chain(self._scope):
            if action.scope.value != heading:
                lines += [line("")] if lines else []
                heading = action.scope.value
                lines.append(line((heading, Role.HEAD)))
            keys = self._keys_of(action)
            command = f" As a command: {action.command} {action.argument}." if action.argument else ""
            lines += _entry(keys, action.tooltip + command, width, cells, Role.KEY)
        return [*lines, line("")]

    def _key_cells(self) -> int:
        """How wide the column of keys is: two cells wider than the longest, unless that takes too much."""
        longest = max(cell_width(self._keys_of(action)) for action in self._keymap.chain(self._scope))
        return min(longest + 2, _MOST_KEY_CELLS)

    def _keys_of(self, action: Action) -> str:
        return " ".join(map(shown, self._keymap.keys(action)))

    def _signs(self) -> list[Line]:
        glyphs = self._look.glyphs
        signs = (
            (glyphs.yes, Role.GOOD, "In cache: arrived (PUT), staged (GET, VERIFY)."),
            (glyphs.no, Role.WARN, "Not in cache: not arrived (PUT), on media (GET, VERIFY)."),
            (glyphs.untold, Role.DIM, "The appliance does not tell whether it is in cache."),
            (glyphs.latest, Role.PLAIN, "Latest: the newest version of the object."),
            (glyphs.superseded, Role.SUPERSEDED, "Superseded: a newer version exists."),
            ("AGG", Role.WARN, "Aggregating: later uploads join this job until it is closed."),
            (glyphs.problem, Role.BAD, "Something is wrong with this job."),
            (glyphs.completed, Role.GOOD, "Completed."),
            (glyphs.canceled, Role.DIM, "Canceled."),
            (glyphs.kept, Role.KEY, "Kept in the other panes while the cursor moves."),
        )
        lines = [line((f"  {sign:5}", role), told) for sign, role, told in signs]
        bar = line(
            "  ",
            (glyphs.bar_done * 4, Role.DONE),
            (glyphs.bar_cached * 4, Role.CACHED),
            (glyphs.bar_nothing * 4, Role.NOTHING),
            "  Completed, then only in cache, then not yet.",
        )
        return [line(("Signs", Role.HEAD)), *lines, bar, line("")]

    def _words(self, width: int) -> list[Line]:
        if not self._why:
            return []
        lines = [part for word, told in self._why for part in _entry(word, told, width, _WORD_CELLS, Role.WARN)]
        return [line(("Words of the Why column", Role.HEAD)), *lines, line("")]


_COLUMNS = (
    ("Done", "How much is written (PUT), sent (GET) or verified (VERIFY)."),
    ("Rate", "How fast that goes, else how fast bytes come into the cache: within half an hour, after three changes."),
    ("ETA", "For how long the slower side still needs at its rate; not told of a job that stands."),
)
"""Columns of the job list whose heading does not say enough."""


def _columns(width: int) -> list[Line]:
    lines = [part for word, told in _COLUMNS for part in _entry(word, told, width, _WORD_CELLS, Role.HEAD)]
    return [line(("Columns of the job list", Role.HEAD)), *lines, line("")]


def _entry(word: str, told: str, width: int, cells: int, role: Role) -> list[Line]:
    """Write a word and what it means beside it; under it when the word is too long."""
    first = f"  {visible(word)}"
    indent = " " * (cells + 2)
    text = paragraph(told, width, first=indent)
    if cell_width(first) >= len(indent):
        return [line((first, role)), *text]
    (_, *rest), *others = text
    return [line((first + " " * (len(indent) - cell_width(first)), role), *rest), *others]
