"""Asks before the one request that changes an appliance is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from bptui.model.job import JobId, JobKey
from bptui.tui.keys import BY_ID, KeyMap
from bptui.tui.screens.close_question import CloseQuestion, CloseWatch, Reading, Sizes, body_lines
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.gate import PaintGate
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.pager import Pager
from bptui.units import size_text

REREAD_SECONDS = 5.0
"""How long after an answer the job is read again."""

LOOK_SECONDS = 0.02
"""How often the dialog looks whether it was written; only until it was."""

ROOMY_ROWS = 22
"""From this height on the dialog has empty lines."""


TIGHT_ROWS = 18
"""Below this height the reason gives way to what must be acknowledged."""


@dataclass(frozen=True, slots=True)
class CloseAnswer:
    """What the person answered."""

    is_confirmed: bool
    reason: str = ""
    """What the person wrote for the audit; may be empty."""


class Cancel(Static, can_focus=True):
    """The answer that has the focus."""

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Cancel on a click."""
        self.post_message(self.Pressed())


class ConfirmClose(Dialog[CloseAnswer]):
    """Close these aggregating jobs?

    `reread` is asked for each job while the dialog stands. `is_written` says whether everything painted so
    far has left for the terminal: no batch is open and the writer has no backlog. `monotonic` is the clock
    that key events carry.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "cancel", "cancel", show=False, priority=True)]
    keeps_ctrl_c: ClassVar[bool] = True
    harmless: ClassVar[object] = CloseAnswer(is_confirmed=False)
    AUTO_FOCUS: ClassVar[str | None] = "Cancel"

    def __init__(
        self,
        look: Look,
        question: CloseQuestion,
        reread: Callable[[JobKey], Awaitable[Reading]],
        *,
        now: Callable[[], datetime],
        is_written: Callable[[], bool],
        keymap: KeyMap = KeyMap({}),  # noqa: B008 - frozen and empty
        sizes: Sizes = size_text,
        monotonic: Callable[[], float] = time.monotonic,
        reread_seconds: float = REREAD_SECONDS,
    ) -> None:
        super().__init__(look)
        self._keymap = keymap
        self._question = question
        self._yes = keymap.label(BY_ID["confirm"])
        self._watch = CloseWatch(question, sizes, self._yes)
        self._reread = reread
        self._now = now
        self._is_written = is_written
        self._sizes = sizes
        self._monotonic = monotonic
        self._reread_seconds = reread_seconds
        self._typed = ""
        self._gate = PaintGate()
        self._news_gate = PaintGate()
        self._shown_news: dict[JobId, str] = {}
        self._was_blocked = False

    def compose(self) -> ComposeResult:
        """Lay out the facts, what changed, the reason and the answers."""
        with Vertical(id="box", classes="box") as box:
            box.border_title = self._title
            yield Pager(self._look, self._body, id="facts")
            yield Pager(self._look, self._state, id="state")
            with Horizontal(id="reason-row"):
                yield Static("Reason    ", markup=False, classes="dim")
                yield Input(placeholder="optional, for the audit file: Tab", id="reason", max_length=200, compact=True)
            with Horizontal(id="answers"):
                yield Cancel("[ Cancel ]", markup=False)
                yield Static("  Enter Esc q", markup=False, classes="dim")
                yield Static("", id="yes", markup=False)

    @property
    def _title(self) -> str:
        count = len(self._question.candidates)
        return "Close aggregating job?" if count == 1 else f"Close {count} aggregating jobs?"

    def on_mount(self) -> None:
        """Begin to read the jobs again, and to look whether the dialog was written."""
        self.query_one("#reason", Input).cursor_blink = False
        for pager in self.query(Pager):
            pager.can_focus = False
        if self._question.endpoint.is_prod:
            self.query_one("#box").add_class("prod")
        self._update()
        self._looking = self.set_interval(LOOK_SECONDS, self._look_at_writer, pause=True)
        self.call_after_refresh(self._looking.resume)
        if not self._question.is_refused:
            self.run_worker(self._read_again(), name="read the job again")

    def on_resize(self) -> None:
        """Let the facts scroll when the answers would leave the screen."""
        self._update()

    def on_key(self, event: events.Key) -> None:
        """Take every key but those that move the focus, and only when it answers what was painted."""
        is_writing = isinstance(self.focused, Input)
        if is_writing and event.key == "enter":
            event.stop()
            self.set_focus(self.query_one(Cancel))
            return
        if event.key in ("tab", "shift+tab") or (is_writing and event.key != "escape"):
            return
        event.stop()
        event.prevent_default()
        if not self._gate.lets(event.time):
            return
        if self._acknowledges(event):
            self._acknowledge(event.time)
        elif self._is_key(event, "confirm"):
            self._confirm()
        elif event.key == "enter" or self._is_key(event, "cancel"):
            self.cancel()
        elif not self._scroll(event.key):
            self._type(event)

    @on(Cancel.Pressed)
    def _cancel_clicked(self) -> None:
        self.cancel()

    def on_click(self, event: events.Click) -> None:
        """Take a click on `y` as the key."""
        if event.widget is not None and event.widget.id == "yes" and self._gate.lets(event.time):
            self._confirm()

    def _is_key(self, event: events.Key, action_id: str) -> bool:
        return event.key in self._keymap.keys(BY_ID[action_id])

    def _acknowledges(self, event: events.Key) -> bool:
        """Space always; the bound key only where no text is typed, of which it may be a part."""
        is_typing = bool(self._question.typed_text)
        return event.key == "space" or (not is_typing and self._is_key(event, "acknowledge"))

    def _confirm(self) -> None:
        if not self._watch.why_dead(self._typed):
            reason = self.query_one("#reason", Input).value.strip()
            self.dismiss(CloseAnswer(is_confirmed=True, reason=reason))

    def _acknowledge(self, pressed_at: float) -> None:
        if self._shown_news and self._news_gate.lets(pressed_at) and self._watch.news() == self._shown_news:
            self._watch.acknowledge()
            self._update()

    def _scroll(self, key: str) -> bool:
        """Scroll the facts on a movement key that cannot be part of a typed text."""
        facts = self.query_one("#facts", Pager)
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 5, "pageup": -5}
        if key in steps:
            facts.scroll_lines(steps[key])
        return key in steps

    def _type(self, event: events.Key) -> None:
        wanted = self._question.typed_text
        if event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.character and event.character.isalnum() and len(self._typed) < len(wanted):
            self._typed += event.character.lower()
        self._update()

    async def _read_again(self) -> None:
        """Read every job, again and again, until the dialog is left."""
        while True:
            for candidate in self._question.candidates:
                key = JobKey(self._question.endpoint.name, candidate.job.job_id)
                self._watch.read(key.job_id, await self._reread(key), self._now())
                self._update()
            await asyncio.sleep(self._reread_seconds)

    def _look_at_writer(self) -> None:
        """Open the gates once what they guard was written; after a backlog, once it was painted anew."""
        if not self._is_written():
            self._was_blocked = True
            return
        if self._was_blocked:
            self._was_blocked = False
            self._looking.pause()
            self.refresh()
            self.call_after_refresh(self._looking.resume)
            return
        for gate in (self._gate, self._news_gate):
            if gate.is_shut:
                gate.painted(self._monotonic())
        self._looking.pause()

    def _update(self) -> None:
        """Show what is true now; what reads the same is not painted again."""
        news = self._watch.news()
        if news != self._shown_news:
            self._shown_news = news
            self._news_gate.shut()
            self.call_after_refresh(self._looking.resume)
        is_tight = self.size.height < TIGHT_ROWS and bool(news)
        self.query_one("#reason-row").display = not is_tight
        self._make_room(rows_below=1 if is_tight else 2)
        self.query_one("#facts", Pager).show(self._body)
        self.query_one("#state", Pager).show(self._state)
        is_dead = bool(self._watch.why_dead(self._typed))
        yes = self.query_one("#yes", Static)
        yes.set_class(is_dead, "dead")
        text = (
            ""
            if self._watch.why_never()
            else f"{self._yes}  {self._title.removesuffix('?').removeprefix('Close ').join(('Close ', ''))}"
        )
        if text != str(yes.content):
            yes.update(text)

    def _make_room(self, rows_below: int) -> None:
        """Give the facts what state, reason and answers leave of the screen."""
        state = self.query_one("#state", Pager)
        rows_below += max(1, len(self._state(state.room or self.size.width - 4)))
        self.query_one("#facts").styles.max_height = max(3, self.size.height - 2 - rows_below)

    def _body(self, width: int) -> list[Line]:
        is_compact = self.size.height < ROOMY_ROWS
        return body_lines(self._question, self._watch, self._now(), width, is_compact=is_compact, sizes=self._sizes)

    def _state(self, width: int) -> list[Line]:
        """Write what must be acknowledged or typed, and why `y` is off."""
        lines: list[Line] = []
        for text in self._watch.news().values():
            lines += paragraph(text, width, Role.WARN, first="! ")
        wanted = self._question.typed_text
        if wanted and not self._watch.why_never():
            what = (
                "how many they are"
                if len(self._question.candidates) > 1
                else f"the last {len(wanted)} characters of the id"
            )
            role = Role.GOOD if self._typed == wanted else Role.KEY
            lines.append(line(f"Type {what}: ", (self._typed.ljust(len(wanted), "_"), role)))
        dead = self._watch.why_dead(self._typed)
        return lines + (paragraph(dead, width, Role.WARN) if dead else [])
