"""The program on the screen: paints the first frame, loads what fills it, and hands facts to the main screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual._callback import invoke
from textual.binding import BindingType
from textual.screen import Screen

from bptui.clock import SYSTEM_CLOCK, Clock
from bptui.model.endpoint import EndpointName
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import Told
from bptui.tui.options import ViewOptions
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.opening import Opening
from bptui.tui.terminal import TerminalApp
from bptui.tui.theme import ThemeName, other_look
from bptui.tui.widgets.top_line import Headline

if TYPE_CHECKING:
    # The first frame waits for none of these: `_load` imports what they name once it is painted.
    from bptui.monitor.events import Event
    from bptui.tui.book import Book
    from bptui.tui.feed import Feed
    from bptui.tui.screens.main import MainScreen

STYLES = Path(__file__).parent / "styles"


class BptuiApp(TerminalApp, inherit_bindings=False):
    """Watches appliances on the screen; returns the exit code.

    `open_feed` is called on a thread once the first frame is painted, so it may import and wait; `end_loading` when
    the first list is painted, or why there is none, and each time that a list is.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.ANYWHERE)
    TITLE = "bptui"

    _feed: Feed
    _main: MainScreen

    def __init__(
        self,
        open_feed: Callable[[], Feed],
        headline: Headline,
        options: ViewOptions,
        clock: Clock = SYSTEM_CLOCK,
        open_book: Callable[[], Book] | None = None,
        end_loading: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(options.display.look, [STYLES / "main.tcss"], has_mouse=options.has_mouse)
        self._open_feed = open_feed
        self._headline = headline
        self._options = options
        self._clock = clock
        self._open_book = open_book
        self._end_loading = end_loading
        self.next_endpoint: EndpointName | None = None
        """Another appliance to open, for which the person left; None when they quit."""
        self._typed_ahead: list[events.Key] | None = []
        """Keys typed while the main screen is being loaded; None once it stands there."""

    async def on_event(self, event: events.Event) -> None:
        """Take keys of the panes one after the other: a key typed ahead goes where the key before it leads."""
        if self._typed_ahead is not None:
            if isinstance(event, events.Key) and event.key != "ctrl+c":
                self._typed_ahead.append(event)
            else:
                await super().on_event(event)
            return
        if isinstance(event, events.Key) and self.message_queue_size:
            # Textual takes key after key without a pause while many wait: polls and frames would wait for all of them.
            await asyncio.sleep(0)
        if not (isinstance(event, events.Key) and self._is_about_to_ask and event.key != "ctrl+c"):
            await super().on_event(event)

    @property
    def _is_about_to_ask(self) -> bool:
        """Whether a dialog will stand here in a moment: keys typed ahead are not for the panes."""
        return self.screen is self._main and self._main.dialogs.is_asking

    def get_default_screen(self) -> Screen[None]:
        """The first frame; it stays below the main screen, which covers it."""
        return Opening(self._options.display.look, self._options.keymap, self._headline)

    def on_mount(self) -> None:
        """Take the person's keys."""
        self.set_keymap(self._options.keymap.textual_keymap())

    def on_ready(self) -> None:
        """The first frame is painted: load what fills it."""
        self.run_worker(self._load(), name="load")

    async def _load(self) -> None:
        """Begin to watch, and show the main screen."""
        self._feed = await asyncio.to_thread(self._open_feed)
        self.run_worker(self._feed.run(), name="watch")
        await asyncio.to_thread(import_module, "bptui.tui.screens.main")
        from bptui.tui.screens.main import MainScreen  # noqa: PLC0415 - loaded by now
        from bptui.tui.screens.main_around import Around  # noqa: PLC0415

        options = self._options
        around = Around(options.keymap, self._clock.now, options.environ, self.is_written, self.write_code)
        self._main = MainScreen(self._feed, self._feed.endpoints[0], options.display, around)
        await self.push_screen(self._main)
        self._begin()

    def _begin(self) -> None:
        for warning in self._options.warnings[:1]:
            self._main.say(warning)
        self.run_worker(self._hand_over(self._feed.events()), name="events")
        typed, self._typed_ahead = self._typed_ahead or (), None
        for key in typed:
            self.post_message(key)

    async def _hand_over(self, facts: AsyncIterator[Event]) -> None:
        """Post each fact to the main screen; once it paints the first list, the feed may turn to all else."""
        from bptui.monitor.events import JobsChanged, PollFailed  # noqa: PLC0415 - loaded by now

        async for event in facts:
            self._main.post_message(Told(event))
            if isinstance(event, JobsChanged | PollFailed):
                self._main.call_after_refresh(self._list_is_shown)

    def _list_is_shown(self) -> None:
        self._end_loading()
        self._feed.list_is_shown()

    def action_leave(self) -> None:
        """Go back; at the top, quit."""
        if not self._main.go_back():
            self.exit(0)

    def action_quit_now(self) -> None:
        """Quit from anywhere; a dialog about closing is cancelled first."""
        if isinstance(self.screen, Dialog) and self.screen.keeps_ctrl_c:
            self.screen.cancel()
        else:
            self.exit(0)

    def action_help(self) -> None:
        """Explain the focused pane."""
        self._main.dialogs.help(self._main.scope)

    def action_palette(self) -> None:
        """Let the person find and run any command."""
        self.run_worker(self._run_command(), group="question")

    async def _run_command(self) -> None:
        chosen = await self._main.dialogs.palette(self._main.scope)
        if chosen is None:
            return
        action_id, argument = chosen
        for place in (self._main.focused, self._main, self):
            method = getattr(place, f"action_{action_id}", None)
            if method is not None:
                await invoke(method, *([argument] if argument else []))
                return

    def action_choose_theme(self, name: str = "") -> None:
        """Change the colours: to those named, else to the next."""
        display = self._main.watching.display
        chosen = other_look(display.look, name)
        if chosen is None:
            self._main.say(f"The themes are {', '.join(each.value for each in ThemeName)}.")
            return
        self.wear(chosen)
        self._main.set_display(replace(display, look=chosen))
        self._main.say(f"The theme is {chosen.name.value}.")

    def action_show_endpoints(self) -> None:
        """Choose, add, test or forget an appliance."""
        self.run_worker(self._choose_endpoint(), group="question")

    async def _choose_endpoint(self) -> None:
        dialogs = self._main.dialogs
        chosen = await (
            self._chosen_of(self._open_book()) if self._open_book else dialogs.choose_watched(self._feed.endpoints)
        )
        if chosen is None:
            return
        if chosen in self._feed.endpoints:
            self._main.watching.show_endpoint(chosen)
        else:
            self.next_endpoint = chosen
            self.exit(0)

    async def _chosen_of(self, book: Book) -> EndpointName | None:
        from bptui.tui.appliances import Appliances  # noqa: PLC0415 - the form is large, and seldom wanted

        look = self._main.watching.display.look
        appliances = Appliances(self, look, self._options.keymap, book, self._feed)
        return await appliances.choose(self._main.watching.endpoint, self._main.say)
