"""The program of who has no appliance yet: greets, asks for one, and ends with what is to be saved."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from bptui.tui.keys import Scope, bindings
from bptui.tui.options import ViewOptions
from bptui.tui.screens.endpoint_draft import EndpointDraft, Enquiries
from bptui.tui.screens.endpoint_form import EndpointForm
from bptui.tui.screens.first_run import FirstRun
from bptui.tui.terminal import TerminalApp

STYLES = Path(__file__).parent / "styles"


class SetupApp(TerminalApp, inherit_bindings=False):
    """Shows the greeting, then the form, until one is filled in or skipped; `draft` is the answer."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.ANYWHERE)
    TITLE = "bptui"

    def __init__(self, options: ViewOptions, enquiries: Enquiries) -> None:
        super().__init__(options.display.look, [STYLES / "main.tcss"], has_mouse=options.has_mouse)
        self.draft: EndpointDraft | None = None
        """What to save; None when it was skipped."""
        self._options = options
        self._enquiries = enquiries

    def on_mount(self) -> None:
        """Greet."""
        self.set_keymap(self._options.keymap.textual_keymap())
        self.run_worker(self._ask())

    async def _ask(self) -> None:
        look, keymap = self._options.display.look, self._options.keymap
        while self.draft is None and await self.push_screen_wait(FirstRun(look, keymap)):
            self.draft = await self.push_screen_wait(EndpointForm(look, self._enquiries))
        self.exit(0)

    def action_leave(self) -> None:
        """Quit."""
        self.exit(0)

    def action_quit_now(self) -> None:
        """Quit."""
        self.exit(0)
