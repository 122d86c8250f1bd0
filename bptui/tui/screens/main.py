"""The main screen: one appliance's jobs, the chunks of the job looked at, and everything known about what is chosen."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from bptui.model.endpoint import EndpointName
from bptui.monitor.events import Noted, Pane
from bptui.monitor.why.history import Instant
from bptui.tui.display import Display, TimeDisplay
from bptui.tui.feed import Feed
from bptui.tui.forgetting import forget_lines, forget_regions
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import AskWords, CloseJobs, GoBack, OpenJob, OpenMenu, Said, ShowDetail, ShowEnded, Told, Tone
from bptui.tui.screens.main_around import Around
from bptui.tui.screens.main_dialogs import Dialogs
from bptui.tui.screens.main_sentences import said_of
from bptui.tui.screens.main_watch import Shown, Watching
from bptui.tui.terminal import LowerScreen
from bptui.tui.widgets.alert_line import AlertLine
from bptui.tui.widgets.bottom_line import CLOSING, BottomLine, Sentence
from bptui.tui.widgets.chunk_tree import ChunkTree
from bptui.tui.widgets.detail import Detail
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.job_rows import Lookup
from bptui.tui.widgets.kinds import Kinds
from bptui.tui.widgets.panes import Panes
from bptui.tui.widgets.prompt import Prompt
from bptui.tui.widgets.top_line import Headline, TopLine
from bptui.tui.widgets.virtual_list import VirtualList

SETTLE_SECONDS = 0.25
"""A job is read once the cursor has rested on it for so long."""
RERANK_SECONDS = 10.0
"""A list sorted by a value is ranked again after so long without a key."""


class MainScreen(LowerScreen, inherit_bindings=False):
    """Job list, chunk tree and detail of one endpoint."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.MAIN)
    AUTO_FOCUS = "#jobs"

    def __init__(
        self,
        feed: Feed,
        endpoint: EndpointName,
        display: Display,
        around: Around,
    ) -> None:
        super().__init__()
        kinds, lookup = Kinds(), Lookup(feed.progress, feed.verdict)
        self.jobs = JobList(display, lookup, kinds, self._as_of, name="jobs")
        self.chunks = ChunkTree(display, name="tree")
        self.detail = Detail(display, name="detail")
        self.panes = Panes(self.jobs, self.chunks, self.detail, name="panes")
        self._top = TopLine(display.look, Headline(endpoint), name="top")
        self._alert = AlertLine(display.look, around.keymap, name="alert")
        self._bottom = BottomLine(display.look, around.keymap, name="bottom")
        self.watching = Watching(
            feed,
            endpoint,
            Shown(self._top, self._alert, self.jobs, self.chunks, self.detail),
            kinds,
            display,
            around.wall,
        )
        self.dialogs = Dialogs(self, feed, self.watching, around)
        self._prompt = Prompt(name="prompt")
        for pane in (self.jobs, self.chunks, self.detail):
            pane.wish = self.grant
        self._key_at = 0.0

    def _as_of(self) -> tuple[Instant, bool]:
        return self.watching.as_of(), self.watching.is_stale

    def compose(self) -> ComposeResult:
        """Lay out the panes; the style sheet says where."""
        yield self._top
        yield self._alert
        yield self.panes
        yield self._bottom
        yield self._prompt

    def on_mount(self) -> None:
        """Show what is known already, and let ages tick."""
        self.watching.show_all()
        self.set_interval(1.0, self._tick)
        self._resting = self.set_interval(SETTLE_SECONDS, self._look_where_it_rests, pause=True)

    def _tick(self) -> None:
        self.watching.tick()
        self._offer()
        now = monotonic()
        self._bottom.pass_time(now)
        forget_lines()
        forget_regions(self)
        if not self.jobs.view.sort.column.is_steady and now - self._key_at > RERANK_SECONDS:
            self._key_at = now
            self.jobs.rerank()

    # Facts.

    async def on_told(self, message: Told) -> None:
        """Show a fact, and say in the status line what a person should not miss."""
        event = message.event
        if event.endpoint == self.watching.endpoint:
            await self.watching.take(event)
            self._offer()
        if isinstance(event, Noted):
            self.dialogs.notes.append(event)
        said = said_of(event, self.watching.named)
        if said is not None:
            self.say(*said)

    def say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        """Write a sentence of visible text into the status line."""
        self._bottom.say(Sentence(sentence, tone), monotonic())

    def on_said(self, message: Said) -> None:
        """Write what a pane says."""
        self.say(message.sentence, message.tone)

    def on_key(self, event: events.Key) -> None:
        """Note that a person is there."""
        self._key_at = event.time
        self._bottom.note_key(event.time)

    # The cursor, and what follows it.

    @on(VirtualList.Pointed)
    def _follow(self, message: VirtualList.Pointed) -> None:
        if isinstance(message, VirtualList.Lost) and message.pane is self.jobs:
            self.say(
                "The job under the cursor is gone; the cursor is on its neighbour."
                if message.key
                else "That was the last job."
            )
        if message.pane is self.jobs:
            self._resting.reset()
            self._resting.resume()
        if message.pane is self.watching.subject:
            # The cursor is painted first: a person who walks on waits for it, not for the detail.
            self.call_after_refresh(self._tell, message)

    def _offer(self) -> None:
        """Dim the key that closes a job while the one under the cursor cannot be closed."""
        is_possible = self.dialogs.closing.is_possible(self.jobs.job())
        self._bottom.set_impossible(frozenset() if is_possible else CLOSING)

    def _tell(self, message: VirtualList.Pointed) -> None:
        if message.pane is self.watching.subject and message.key == message.pane.cursor.key:
            self.watching.tell(message.pane)

    def _look_where_it_rests(self) -> None:
        self._resting.pause()
        self._offer()
        key = self.jobs.job_key
        if self.watching.kept is None and not self.watching.is_frozen:
            self.watching.look_at(key)

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused pane, and in the detail what it points at."""
        pane = self.focused
        if isinstance(pane, VirtualList):
            self._bottom.set_scope(self.scope)
            if pane is not self.detail:
                self.watching.tell(pane)

    # What asks first, or shows something on top.

    def grant(self, wish: Message) -> None:
        """Do what a key in a pane wishes for."""
        match wish:
            case OpenJob():
                if self.watching.kept is None:
                    self.watching.look_at(wish.key)
                self.panes.go(self.chunks)
            case GoBack():
                self.panes.step_out()
            case ShowDetail():
                self.panes.go(self.detail)
            case AskWords():
                self._prompt.ask(wish.title, wish.words, wish.tell, self.focused)
            case CloseJobs():
                self.dialogs.run(self.dialogs.closing.close(wish.keys))
            case ShowEnded():
                self.dialogs.run(self.dialogs.show_ended(is_shown=wish.is_shown))
            case OpenMenu():
                self.dialogs.run(self.dialogs.choose_for(wish))
            case _:
                self.post_message(wish)

    @property
    def scope(self) -> Scope:
        """Where the focus is."""
        pane = self.focused
        return {"jobs": Scope.JOBS, "tree": Scope.TREE}.get((pane and pane.id) or "", Scope.DETAIL)

    def action_toggle_lock(self) -> None:
        """Lock closing, or unlock it after asking."""
        self.dialogs.run(self.dialogs.closing.toggle_lock())

    def action_copy_id(self) -> None:
        """Copy the id of what is under the cursor."""
        self.dialogs.run(self.dialogs.copying.copy_id(self.focused))

    def action_copy_menu(self) -> None:
        """Choose what to copy."""
        self.dialogs.run(self.dialogs.copying.copy_menu(self.focused))

    def action_show_raw(self) -> None:
        """Show the appliance's last answer for this pane as it came."""
        self.dialogs.raw(Pane.LIST if self.focused is self.jobs else Pane.JOB)

    def action_show_media(self) -> None:
        """Show the side of media: partitions, drives, tapes, failures, nodes, and what watching costs."""
        self.dialogs.media()

    def action_show_events(self) -> None:
        """Show what happened while watching."""
        self.dialogs.events()

    # Keys.

    def action_step_out(self) -> None:
        """Clear a filter first, then leave panes; never quit."""
        pane = self.focused
        filtered = pane.clear_filter if isinstance(pane, JobList | ChunkTree) else None
        if filtered is None or not filtered():
            self.panes.step_out()

    def go_back(self) -> bool:
        """Leave the pane or full screen; False when there is nothing to leave."""
        return self.panes.step_out()

    def action_freeze(self) -> None:
        """Stop changing the view, or catch up; collecting goes on."""
        self.say("The view goes on." if self.watching.is_frozen else "The view is frozen; collecting goes on.")
        self.watching.freeze(is_frozen=not self.watching.is_frozen)
        self._offer()

    def action_keep_job(self) -> None:
        """Keep this job in tree and detail, or follow the cursor again."""
        name = self.watching.keep(self.jobs.job_key if self.watching.kept is None else None)
        self.say(f"{name} stays in the other panes." if name else "The other panes follow the cursor.")

    def action_refresh_now(self) -> None:
        """Ask the appliance now."""
        self.watching.poke()
        self.say("Asking now.")

    def action_faster(self, seconds: str = "") -> None:
        """Ask more often."""
        self.say(self.watching.change_interval(-1, seconds))

    def action_slower(self, seconds: str = "") -> None:
        """Ask less often."""
        self.say(self.watching.change_interval(1, seconds))

    def action_cycle_time(self) -> None:
        """Show times relative, local, or in UTC."""
        display = self.watching.display
        self.set_display(replace(display, times=display.times.following))
        times = self.watching.display.times
        self.say("Times are in UTC." if times is TimeDisplay.UTC else f"Times are {times.value}.")

    def action_cycle_units(self) -> None:
        """Show sizes in KiB … TiB or in kB … TB."""
        display = self.watching.display
        self.set_display(replace(display, is_decimal=not display.is_decimal))
        self.say("Sizes are in kB … TB." if self.watching.display.is_decimal else "Sizes are in KiB … TiB.")

    def set_display(self, display: Display) -> None:
        """Write everything in another way."""
        self._bottom.set_look(display.look)
        self.watching.set_display(display)
