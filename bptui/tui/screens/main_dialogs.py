"""What the main screen asks and shows on top of itself: closing, unlocking, menus, help, palette, viewers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobKey
from bptui.monitor.actions import CloseJobs, Lock, ShowEnded, Unlock
from bptui.monitor.events import Noted, Pane
from bptui.monitor.state import EndpointState
from bptui.text import visible
from bptui.tui.clipboard import copy
from bptui.tui.feed import Feed
from bptui.tui.keys import KeyMap, Scope
from bptui.tui.messages import OpenMenu, Said, Tone
from bptui.tui.screens.main_watch import Watching

if TYPE_CHECKING:
    from bptui.tui.widgets.media_entries import Room

NOTES_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the screen."""

    keymap: KeyMap
    wall: Callable[[], datetime]
    environ: Mapping[str, str]
    is_written: Callable[[], bool]
    """Whether everything painted has left for the terminal."""
    write: Callable[[str], None]
    """Sends a code to the terminal."""


class Dialogs:
    """Asks, shows, and hands the person's wishes to the feed; every coroutine runs in a worker of the screen.

    The dialogs are imported when they are first shown: the first frame does not wait for them.
    """

    def __init__(self, screen: Screen[Any], feed: Feed, watching: Watching, around: Around) -> None:
        self._screen = screen
        self._feed = feed
        self._watching = watching
        self._around = around
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

    @property
    def _state(self) -> EndpointState:
        return self._feed.state(self._watching.endpoint)

    # The one write.

    async def close(self, keys: tuple[JobKey, ...]) -> None:
        """Close aggregating jobs: offered only when it makes sense, asked, and then done once."""
        known = [self._watching.known(key) for key in keys]
        jobs = [each.job for each in known if each is not None]
        why_not = self._why_not_close(jobs)
        if why_not:
            self._say(why_not, Tone.BAD)
            return
        if self._state.is_locked and not await self._unlock():
            return
        answer = await self._confirm(jobs)
        if answer is None:
            self._say("Nothing was closed.")
            return
        self._say(f"Closing {_named(jobs)} {self._watching.display.look.glyphs.ellipsis}")
        ids = tuple(job.job_id for job in jobs)
        await self._feed.perform(CloseJobs(self._watching.endpoint, ids, answer))

    def _why_not_close(self, jobs: list[Job]) -> str:
        """One line for why closing is not offered; empty when it is."""
        if not jobs:
            return "That job is not listed any more."
        if self._state.is_read_only:
            return "Closing is off: this session or this endpoint is read-only."
        if self._watching.is_frozen:
            return "The view is frozen, so it may be old: press p first."
        not_aggregating = [job for job in jobs if not job.is_aggregating or not job.is_running]
        if not_aggregating:
            return f"{_named(not_aggregating)} does not aggregate: there is nothing to close."
        if self._watching.is_late:
            return "The list is late, so it may be wrong: closing waits for a fresh answer (r asks now)."
        return ""

    async def _confirm(self, jobs: list[Job]) -> str | None:
        """Ask; the reason for the audit, or None when the person does not want it."""
        from bptui.tui.screens.close_question import CloseCandidate, CloseQuestion  # noqa: PLC0415 - see the class
        from bptui.tui.screens.confirm import ConfirmClose  # noqa: PLC0415

        state, system = self._state, self._state.system
        candidates = tuple(CloseCandidate(job, *self._moments(job)) for job in jobs)
        question = CloseQuestion(
            state.endpoint, candidates, system.version if system else None, system.release if system else None
        )
        dialog = ConfirmClose(
            self._watching.display.look,
            question,
            self._feed.reread,
            now=self._around.wall,
            is_written=self._around.is_written,
            keymap=self._around.keymap,
            sizes=self._watching.display.size,
        )
        answer = await self._screen.app.push_screen_wait(dialog)
        return answer.reason if answer.is_confirmed else None

    def _moments(self, job: Job) -> tuple[datetime | None, datetime | None]:
        """When the job's last byte was counted, and since when it is watched."""
        progress = self._feed.progress(JobKey(self._watching.endpoint, job.job_id))
        if progress is None:
            return None, None
        now = self._around.wall()
        last = None if progress.pause_is_lower_bound else now - timedelta(seconds=progress.pause_seconds)
        return last, now - timedelta(seconds=progress.watched_seconds)

    async def _unlock(self) -> bool:
        """Ask to unlock this session; whether it is unlocked now."""
        from bptui.tui.screens.unlock import UnlockSession  # noqa: PLC0415

        look, keymap = self._watching.display.look, self._around.keymap
        if not await self._screen.app.push_screen_wait(UnlockSession(look, self._state.endpoint, keymap=keymap)):
            return False
        problem = await self._feed.perform(Unlock(self._watching.endpoint))
        self._watching.tick()
        if problem is not None:
            self._say(visible(problem.sentence), Tone.BAD)
        return problem is None

    async def toggle_lock(self) -> None:
        """Lock at once, or unlock after asking."""
        if self._state.is_read_only:
            self._say("This session or this endpoint is read-only: it cannot be unlocked.", Tone.BAD)
        elif self._state.is_locked:
            if await self._unlock():
                self._say("Closing is unlocked for this session; L locks it again.")
        else:
            await self._feed.perform(Lock(self._watching.endpoint))
            self._watching.tick()
            self._say("Closing is locked.")

    async def show_ended(self, *, is_shown: bool) -> None:
        """Fetch jobs that ended earlier, or hide them."""
        problem = await self._feed.perform(ShowEnded(self._watching.endpoint, is_shown=is_shown))
        if problem is not None:
            self._say(visible(problem.sentence), Tone.BAD)

    # Copying.

    async def copy(self, text: str | None) -> None:
        """Copy a text, escaped, and say which way."""
        if not text:
            self._say("There is nothing to copy here.")
            return
        said = await copy(visible(text), self._around.environ, self._around.write)
        self._say(said if visible(text) in said else f"{visible(text)}: {said}")

    async def copy_evidence(self, text: str) -> None:
        """Copy lines that are harmless already, and say which way."""
        if not text:
            self._say("There is no verdict on this job yet.")
            return
        said = await copy(text, self._around.environ, self._around.write)
        self._say(f"The evidence, {text.count(chr(10)) + 1} lines: {said.partition(text)[0].strip()}")

    def copy_soon(self, text: str) -> None:
        """Copy a text for a screen on top of this one."""
        self._screen.run_worker(self.copy(text), group="copy")

    async def copy_menu(self, texts: Mapping[str, str], evidence: str) -> None:
        """Ask what to copy; `texts` are by the names of `menu.Copied`, `evidence` is harmless already."""
        from bptui.tui.screens.menu import Copied, copy_menu  # noqa: PLC0415

        choices = [(what, visible(texts[what.name])) for what in Copied if texts.get(what.name)]
        if evidence:
            choices.append((Copied.EVIDENCE, evidence))
        if not choices:
            self._say("There is nothing to copy here.")
            return
        chosen = await self._screen.app.push_screen_wait(copy_menu(self._watching.display.look, choices))
        if chosen is None:
            return
        what, text = choices[chosen]
        await (self.copy_evidence(text) if what is Copied.EVIDENCE else self.copy(text))

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
            MediaRoom(self._watching.display, self._room, self._watching.poke, self.copy_soon, self._around.keymap)
        )

    def _room(self) -> Room:
        from bptui.monitor.why.facts import Evidence  # noqa: PLC0415
        from bptui.tui.widgets.media_entries import Room  # noqa: PLC0415

        endpoint, watching = self._watching.endpoint, self._watching
        evidence = self._feed.evidence(endpoint) or Evidence()
        tapes = [looked.tape.known for looked in evidence.looked.values()]
        return Room(
            evidence=evidence,
            verdicts=self._feed.endpoint_verdicts(endpoint),
            sources=self._feed.sources(endpoint),
            expenses={call.value: expense for call, expense in self._feed.traffic(endpoint).items()},
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
        return self._watching.display.moment(at, self._around.wall())


def _named(jobs: list[Job]) -> str:
    if len(jobs) > 1:
        return f"{len(jobs)} jobs"
    return visible(jobs[0].name or jobs[0].job_id)
