"""Shows what happened while watching, newest first, narrowed by words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from bptui.monitor.events import Noted, NoteKind
from bptui.text import cell_width, clip, fit, visible
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.detail_rows import wrapped
from bptui.tui.widgets.lines import Line, Role, line
from bptui.tui.widgets.pager import Pager

_KIND_CELLS = max(len(kind.value) for kind in NoteKind)
_LEAST_CELLS = 30
"""A sentence is not broken into shorter lines: where there is less room beside what it is about, it stands below."""
_INDENT = "  "

_ROLES = {
    NoteKind.CANCELED: Role.WARN,
    NoteKind.GONE: Role.WARN,
    NoteKind.COUNTERS_WENT_BACK: Role.WARN,
    NoteKind.COMPLETED: Role.GOOD,
    NoteKind.CLOSE: Role.KEY,
    NoteKind.ENDPOINT: Role.WARN,
    NoteKind.VERDICT: Role.WARN,
    NoteKind.ALARM: Role.BAD,
}


class EventsScreen(Dialog[None]):
    """A log of notes; `when` writes a moment in the way the person chose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", show=False),
        # Before the text field sees them, so that the key typed next already goes to the log.
        Binding("enter", "done", "done", show=False, priority=True),
        Binding("escape", "cancel", "clear or leave", show=False, priority=True),
    ]

    def __init__(self, look: Look, notes: Sequence[Noted], *, when: Callable[[datetime], str]) -> None:
        super().__init__(look)
        self._notes = list(notes)
        self._when = when
        self._words: tuple[str, ...] = ()
        self._when_cells = 0

    def compose(self) -> ComposeResult:
        """Lay out the log, and a line for the filter."""
        with Vertical(classes="box full") as box:
            box.border_title = "Events"
            box.border_subtitle = "/ filter, Esc back"
            yield Input(placeholder="words, all of which must occur", id="words", compact=True)
            yield Pager(self._look, self._flow)

    def on_mount(self) -> None:
        """Begin at the newest."""
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).display = False
        self.set_focus(self.query_one(Pager))

    def add(self, note: Noted) -> None:
        """Put one more note on top; what is read stays where it is."""
        self._notes.append(note)
        pager = self.query_one(Pager)
        is_reading = round(pager.scroll_y) > 0
        pager.show(self._flow)
        if is_reading and self._is_wanted(note):
            pager.scroll_lines(1)

    def action_filter(self) -> None:
        """Let the person type words."""
        self.query_one(Input).display = True
        self.set_focus(self.query_one(Input))

    def action_cancel(self) -> None:
        """Clear the filter first, then leave."""
        if not (self._words or self.query_one(Input).has_focus):
            self.cancel()
            return
        self.query_one(Input).value = ""
        self.query_one(Input).display = False
        self.set_focus(self.query_one(Pager))

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self._words = tuple(message.value.casefold().split())
        pager = self.query_one(Pager)
        pager.action_first_row()
        pager.show(self._flow)

    def action_done(self) -> None:
        """Keep the words and go back to the log."""
        self.query_one(Input).display = bool(self._words)
        self.set_focus(self.query_one(Pager))

    def _is_wanted(self, note: Noted) -> bool:
        text = f"{note.kind.value} {note.endpoint} {note.job_id or ''} {note.sentence}".casefold()
        return all(word in text for word in self._words)

    def _flow(self, width: int) -> list[Line]:
        has_names = len({note.endpoint for note in self._notes}) > 1
        wanted = [note for note in reversed(self._notes) if self._is_wanted(note)]
        self._when_cells = max((cell_width(self._when(note.at)) for note in wanted), default=0)
        lines = [each for note in wanted for each in self._lines(note, width, has_name=has_names)]
        if lines:
            return lines
        text = "No event has all these words. Esc clears them." if self._words else "Nothing has happened yet."
        return [line((text, Role.DIM))]

    def _lines(self, note: Noted, width: int, *, has_name: bool) -> Iterator[Line]:
        at = fit(self._when(note.at), self._when_cells) + "  "
        kind = fit(note.kind.value, _KIND_CELLS) + "  "
        name = clip(visible(note.endpoint), 16) + "  " if has_name else ""
        before = cell_width(at + kind + name)
        is_below = width - before < _LEAST_CELLS
        indent = _INDENT if is_below else " " * before
        texts = wrapped(visible(note.sentence), width - len(indent))
        head = "" if is_below else texts.pop(0)
        yield line((at, Role.DIM), (kind, _ROLES.get(note.kind, Role.PLAIN)), (name, Role.DIM), head)
        for text in texts:
            yield line(indent, text)
