"""What the main screen shows on top of itself: menus, help, palette, viewers; and that only one thing is asked at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from bptui.model.endpoint import EndpointName
from bptui.monitor.actions import ShowEnded
from bptui.monitor.events import NOTES_KEPT, Noted, Pane
from bptui.text import visible
from bptui.tui.feed import Feed
from bptui.tui.keys import Scope
from bptui.tui.messages import OpenMenu, Said, Tone
from bptui.tui.screens.main_around import Around
from bptui.tui.screens.main_closing import Closing
from bptui.tui.screens.main_copying import Copying
from bptui.tui.screens.main_watch import Watching

if TYPE_CHECKING:
    from bptui.tui.widgets.media_entries import Room


class Dialogs:
    """Asks, shows, and hands the person's wishes to the feed; every coroutine runs in a worker of the screen.

    The dialogs are imported when they are first shown: the first frame does not wait for them.
    """

    def __init__(self, screen: Screen[Any], feed: Feed, watching: Watching, around: Around) -> None:
        self._screen = screen
        self._feed = feed
        self._watching = watching
        self._around = around
        self.closing = Closing(screen, feed, watching, around)
        self.copying = Copying(screen, watching, around)
        self._questions = 0
        self.notes: deque[Noted] = deque(maxlen=NOTES_KEPT)
        """What happened while watching."""

    def run(self, question: Coroutine[Any, Any, None]) -> None:
        """Ask or show something in a worker of the screen."""
        self._questions += 1
        self._screen.run_worker(self._asked(question), group="question")

    async def _asked(self, question: Coroutine[Any, Any, None]) -> None:
        try:
            await question
        finally:
            self._questions -= 1

    @property
    def is_asking(self) -> bool:
        """Whether a dialog is about to stand here: keys typed ahead are not for the panes."""
        return self._questions > 0

    def _say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        self._screen.post_message(Said(sentence, tone))

    async def show_ended(self, *, is_shown: bool) -> None:
        """Fetch jobs that ended earlier, or hide them."""
        problem = await self._feed.perform(ShowEnded(self._watching.endpoint, is_shown=is_shown))
        if problem is not None:
            self._say(visible(problem.sentence), Tone.BAD)

    # Choosing and reading.

    async def choose_watched(self, names: tuple[EndpointName, ...]) -> EndpointName | None:
        """Let the person choose among the appliances that are watched, where no config can name others."""
        told = "No config here: `bptui endpoint add` makes one, and `bptui` opens it."
        chosen = await self.choose("Endpoints", names, names.index(self._watching.endpoint), told)
        return None if chosen is None else names[chosen]

    async def choose(self, title: str, choices: Sequence[str], chosen: int, told: str = "") -> int | None:
        """Let the person choose one of a few; `told` stands below them."""
        from bptui.tui.screens.menu import Menu, MenuItem  # noqa: PLC0415

        items = [MenuItem(choice) for choice in choices]
        menu = Menu(self._watching.display.look, title, items, chosen=chosen, told=told)
        return await self._screen.app.push_screen_wait(menu)

    async def choose_for(self, wish: OpenMenu) -> None:
        """Let the person choose from a pane's menu, and tell the pane."""
        chosen = await self.choose(wish.title, wish.choices, wish.chosen)
        if chosen is not None:
            wish.tell(chosen)

    async def palette(self, scope: Scope) -> tuple[str, str] | None:
        """Let the person find a command; its id and its argument."""
        from bptui.tui.screens.palette import Palette  # noqa: PLC0415

        keymap = self._around.keymap
        actions = [action for action in keymap.chain(scope) if action.scope is not Scope.ROWS]
        answer = await self._screen.app.push_screen_wait(Palette(self._watching.display.look, actions, keymap))
        return (answer.action_id, answer.argument) if answer is not None else None

    def help(self, scope: Scope) -> None:
        """Explain a pane and its keys."""
        from bptui.tui.screens.help import HelpScreen  # noqa: PLC0415
        from bptui.tui.widgets.why import help_words  # noqa: PLC0415

        look = self._watching.display.look
        self._screen.app.push_screen(HelpScreen(look, self._around.keymap, scope, why=help_words()))

    def media(self) -> None:
        """Show the side of media, and what watching costs."""
        from bptui.tui.screens.media_room import MediaRoom  # noqa: PLC0415

        self._screen.app.push_screen(
            MediaRoom(
                self._watching.display, self._room, self._watching.poke, self.copying.copy_soon, self._around.keymap
            )
        )

    def _room(self) -> Room:
        from bptui.monitor.expense import by_source  # noqa: PLC0415
        from bptui.monitor.why.facts import Evidence  # noqa: PLC0415
        from bptui.tui.widgets.media_entries import Room  # noqa: PLC0415

        endpoint, watching = self._watching.endpoint, self._watching
        evidence = self._feed.evidence(endpoint) or Evidence()
        tapes = [looked.tape.known for looked in evidence.looked.values()]
        return Room(
            evidence=evidence,
            verdicts=self._feed.endpoint_verdicts(endpoint),
            sources=self._feed.sources(endpoint),
            expenses=by_source(self._feed.traffic(endpoint)),
            job_name=watching.named,
            display=watching.display,
            now=watching.now(),
            blind=watching.blind_lines(),
            tape_names={tape.tape_id: tape.bar_code for tape in tapes if tape and tape.bar_code},
        )

    def events(self) -> None:
        """Show what happened while watching."""
        from bptui.tui.screens.events import EventsScreen  # noqa: PLC0415

        notes = [note for note in self.notes if note.endpoint == self._watching.endpoint]
        self._screen.app.push_screen(EventsScreen(self._watching.display.look, notes, when=self._when))

    def raw(self, pane: Pane) -> None:
        """Show the appliance's last answer for a pane as it came."""
        from bptui.tui.screens.raw import RawAnswerScreen  # noqa: PLC0415

        answer = self._feed.raw(self._watching.endpoint, pane)
        self._screen.app.push_screen(RawAnswerScreen(self._watching.display.look, answer, when=self._when))

    def _when(self, at: datetime) -> str:
        return self._watching.display.clock(at, self._around.wall())
