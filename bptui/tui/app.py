"""The program on the screen: starts watching once the first frame is painted, and hands facts to the main screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from bptui.clock import SYSTEM_CLOCK, Clock
from bptui.monitor.events import Event
from bptui.tui.feed import Feed
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import Told
from bptui.tui.options import ViewOptions
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.main import MainScreen
from bptui.tui.terminal import TerminalApp
from bptui.tui.theme import textual_theme, theme_id

STYLES = Path(__file__).parent / "styles"


class BptuiApp(TerminalApp, inherit_bindings=False):
    """Watches appliances on the screen; returns the exit code."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.ANYWHERE)
    TITLE = "bptui"

    def __init__(self, feed: Feed, options: ViewOptions, clock: Clock = SYSTEM_CLOCK) -> None:
        css_path = [STYLES / "main.tcss", STYLES / "dialogs.tcss"]
        super().__init__(options.display.look.depth, css_path, has_mouse=options.has_mouse)
        self._feed = feed
        self._options = options
        self._main = MainScreen(feed, feed.endpoints[0], options.display, options.keymap, clock.now)
        self.register_theme(textual_theme(options.display.look))
        self.theme = theme_id(options.display.look)

    def on_mount(self) -> None:
        """Show the main screen, and begin to watch once it is painted."""
        self.set_keymap(self._options.keymap.textual_keymap())
        self.push_screen(self._main)
        self._main.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._hand_over(self._feed.events()), name="events")
        self.run_worker(self._feed.run(), name="watch")
        for warning in self._options.warnings[:1]:
            self._main.say(warning)

    async def _hand_over(self, facts: AsyncIterator[Event]) -> None:
        """Post each fact to the main screen."""
        async for event in facts:
            self._main.post_message(Told(event))

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

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        self.screen.refresh()

    def action_suspend(self) -> None:
        """Suspend to the shell."""
        self.action_suspend_process()
