"""The main screen over a scripted feed: what it shows, what its keys wish for, and what they act on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta

from textual import events
from textual.pilot import Pilot

from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.model.job import Ending, Job, JobKey
from bptui.model.problem import Problem, ProblemKind
from bptui.model.verdict import Kind
from bptui.monitor.actions import CloseJobs, ShowEnded, Unlock
from bptui.monitor.ages import Freshness
from bptui.monitor.events import CloseFinished, CloseOutcome, Pane, PollFailed
from bptui.monitor.state import PaneState
from bptui.tui.app import BptuiApp
from bptui.tui.options import ViewOptions, view_options
from bptui.tui.screens.confirm import ConfirmClose
from bptui.tui.screens.main import MainScreen
from bptui.tui.screens.menu import Menu
from bptui.tui.screens.opening import opening_headline
from bptui.tui.terminal import PAINT_SECONDS
from bptui.tui.widgets.message_rows import MessageRows
from tests.tui.scripted import DENVER, NOW, ScriptedFeed, StillClock, ended, job, job_id, progress, tree_of, verdict
from tests.waiting import WAIT_SECONDS

ENVIRON = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
LAB = EndpointName("lab")
JOBS = (
    job(1, "nightly-backup"),
    job(2, "scanner feed", is_aggregating=True),
    job(3, "restore for edit bay 3"),
)


class Screen:
    """The program under test, with what a person reads off it."""

    def __init__(self, app: BptuiApp, feed: ScriptedFeed, pilot: Pilot[int]) -> None:
        self.app = app
        self.feed = feed
        self.pilot = pilot

    @property
    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    def line(self, word: str) -> str:
        """The first line with a word."""
        return next((line for line in self.text.splitlines() if word in line), "")

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; fail after a minute."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not is_so():
                await self.pilot.pause()

    async def shows(self, word: str) -> None:
        """Wait until a word is on the screen."""
        try:
            await self.until(lambda: word in self.text)
        except TimeoutError:
            raise AssertionError(f"{word!r} does not come:\n{self.text}") from None

    async def leaves(self) -> None:
        """Press Esc until the dialog is gone: it counts only once the dialog has stood for a moment."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.app.screen is not self.app._main:
                await self.pilot.press("escape")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)


@asynccontextmanager
async def screen(
    *jobs: Job,
    size: tuple[int, int] = (120, 40),
    endpoint: Endpoint | None = None,
    options: ViewOptions | None = None,
    others: tuple[EndpointName, ...] = (),
) -> AsyncIterator[Screen]:
    """The program showing these jobs, over a feed that may watch other endpoints, too."""
    feed = ScriptedFeed(endpoint)
    feed.others = others
    headline = opening_headline(feed.endpoint, is_read_only=False)
    app = BptuiApp(lambda: feed, headline, options or view_options(ENVIRON, UTC), StillClock())
    async with app.run_test(size=size) as pilot:
        shown = Screen(app, feed, pilot)
        await shown.until(lambda: isinstance(app.screen, MainScreen))
        await pilot.pause()
        if jobs:
            feed.tell_jobs(*jobs)
            await shown.shows(jobs[0].name or "")
        yield shown


async def test_the_job_under_the_cursor_is_read() -> None:
    """Once the cursor rests on a job, its chunks are asked for and shown."""
    async with screen(*JOBS) as shown:
        await shown.until(lambda: job_id(1) in shown.feed.watched)
        shown.feed.tell_tree(tree_of(JOBS[0]))
        await shown.shows("6 of 12 arrived")
        assert "2 nightly-backup" in shown.text


async def test_the_cursor_stays_on_its_job() -> None:
    """A poll that adds, removes and reorders jobs leaves the cursor on its job."""
    async with screen(*JOBS) as shown:
        await shown.press("j")
        shown.feed.tell_jobs(job(9, "early", start_date=NOW - timedelta(days=2)), JOBS[2], JOBS[1])
        await shown.shows("early")
        assert shown.app._main.jobs.job_key == JobKey(DENVER, job_id(2))


async def test_a_lost_job_is_said() -> None:
    """When the job under the cursor goes, the status line says so."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_jobs(*JOBS[1:])
        await shown.shows("is gone; the cursor is on its neighbour")


async def test_enter_goes_in_and_h_goes_back() -> None:
    """Enter leads from a job to its chunks, to an object, to its detail; `h` leads back."""
    async with screen(*JOBS, size=(80, 24)) as shown:
        await shown.press("enter")
        shown.feed.tell_tree(tree_of(JOBS[0]))
        await shown.shows("chunk 3")
        await shown.press("enter", "j", "enter")
        await shown.shows("3 Object")
        assert re.search(r"Name +reel-00/scene 00/master.mxf", shown.text)
        await shown.press("h")
        assert "chunk 3" in shown.text
        await shown.press("h", "h")
        assert shown.app.focused is shown.app._main.jobs


async def test_keys_typed_ahead_go_where_they_lead() -> None:
    """What is typed right after `/` is the filter, not commands."""
    async with screen(*JOBS) as shown:
        await shown.press("/", "s", "c", "a", "n", "enter")
        await shown.shows("filter: scan")
        assert "nightly-backup" not in shown.line("PUT")
        await shown.press("escape")
        await shown.shows("restore for edit bay 3")


async def test_a_key_behind_enter_is_for_the_list() -> None:
    """The rest of the words, Enter and `X` in one go: the words are whole, and `X` asks about the row in view."""
    async with screen(*JOBS) as shown:
        await shown.press("/", "s", "c", "a")
        await shown.until(lambda: "nightly-backup" not in shown.text)
        for key in ("n", "enter", "X"):
            shown.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await shown.until(lambda: isinstance(shown.app.screen, ConfirmClose))
        await shown.leaves()
        await shown.shows("filter: scan ")


async def test_frames_follow_each_other_soon() -> None:
    """What a key changes waits a few milliseconds for the frame before it, not the sixtieth part of a second."""
    async with screen(*JOBS) as shown:
        assert shown.app._main._update_timer._interval == PAINT_SECONDS


async def test_a_key_behind_a_dialogs_last_is_for_the_list() -> None:
    """`q` out of the help and `j` in one go: the cursor goes down."""
    async with screen(*JOBS) as shown:
        await shown.press("question_mark")
        await shown.shows("Esc back")
        for key in ("q", "j"):
            shown.app.post_message(events.Key(key, key))
        await shown.until(lambda: shown.app._main.jobs.job_key == JobKey(DENVER, job_id(2)))


async def test_words_are_pasted_before_enter() -> None:
    """Pasted words and the Enter behind them, in one go with the key that asks for words."""
    async with screen(*JOBS) as shown:
        for event in (events.Key("slash", "/"), events.Paste("scan\nner"), events.Key("enter", None)):
            shown.app.post_message(event)
        await shown.shows("filter: scan ")
        assert shown.app.focused is shown.app._main.jobs


async def test_escape_never_quits() -> None:
    """Esc at the top does nothing."""
    async with screen(*JOBS) as shown:
        await shown.press("escape", "escape", "escape")
        assert shown.app.is_running


async def test_q_quits_at_the_top_only() -> None:
    """`q` leaves the tree first, and then the program."""
    async with screen(*JOBS) as shown:
        await shown.press("2", "q")
        assert shown.app.is_running
        assert shown.app.focused is shown.app._main.jobs
        await shown.press("q")
        assert shown.app._exit


async def test_closing_asks_and_then_wishes_once() -> None:
    """`X` on an aggregating job asks; only a yes hands the wish over, and its end is said."""
    async with screen(*JOBS) as shown:
        await shown.press("j", "X")
        await shown.until(lambda: isinstance(shown.app.screen, ConfirmClose))
        assert "scanner feed" in shown.text
        assert shown.feed.wishes == []
        await shown.leaves()
        await shown.shows("Nothing was closed.")
        assert shown.feed.wishes == []


async def test_a_close_that_ended_is_said_with_its_name() -> None:
    """How a close ended stands in the status line."""
    async with screen(*JOBS) as shown:
        shown.feed.say(CloseFinished(DENVER, job_id(2), CloseOutcome.CLOSED, "No longer aggregating.", NOW))
        await shown.shows("scanner feed: No longer aggregating.")


async def test_what_does_not_aggregate_cannot_be_closed() -> None:
    """`X` on another job says why not, and asks nothing."""
    async with screen(*JOBS) as shown:
        await shown.press("X")
        await shown.shows("nightly-backup does not aggregate: there is nothing to close.")
        assert shown.feed.wishes == []


async def test_late_data_close_nothing() -> None:
    """`X` is refused while the list is late."""
    async with screen(*JOBS) as shown:
        shown.feed.list_state = replace(shown.feed.list_state, freshness=Freshness.LATE)
        await shown.press("j", "X")
        await shown.shows("The list is late")


async def test_read_only_closes_nothing() -> None:
    """Where writing is off, `X` and `L` say so and ask nothing."""
    endpoint = Endpoint(DENVER, "https://bp.example.test", "access", writes=Writes.NO)
    async with screen(*JOBS, endpoint=endpoint) as shown:
        await shown.press("j", "X")
        await shown.shows("Closing is off")
        await shown.press("L")
        await shown.shows("cannot be unlocked")
        assert "read-only" in shown.text.splitlines()[0]
        assert shown.feed.wishes == []


async def test_a_locked_session_offers_to_unlock_first() -> None:
    """`X` at a locked endpoint asks to unlock; walking away changes nothing."""
    async with screen(*JOBS) as shown:
        shown.feed.is_locked = True
        await shown.press("j", "X")
        await shown.shows("Unlock this session?")
        await shown.leaves()
        assert [wish for wish in shown.feed.wishes if isinstance(wish, Unlock | CloseJobs)] == []


async def test_a_frozen_view_stands_still() -> None:
    """While frozen nothing in the panes changes, the top line says FROZEN; afterwards the view is up to date."""
    async with screen(*JOBS) as shown:
        await shown.press("p")
        await shown.shows("FROZEN")
        shown.feed.tell_jobs(*JOBS, job(4, "newcomer"))
        shown.feed.tell_polled()
        await shown.shows("4 jobs")
        assert "newcomer" not in shown.text
        await shown.press("p")
        await shown.shows("newcomer")


async def test_a_kept_job_stays_in_the_other_panes() -> None:
    """After `F` the tree stays with its job while the cursor moves."""
    async with screen(*JOBS) as shown:
        await shown.until(lambda: shown.feed.watched[-1:] == [job_id(1)])
        await shown.press("F", "j", "j")
        await asyncio.sleep(0.4)
        assert shown.feed.watched[-1] == job_id(1)
        assert "2 nightly-backup" in shown.text


async def test_stale_data_stay_and_are_called_so() -> None:
    """A failed poll empties nothing; the top line says STALE and down, the pane why and when it tries again."""
    async with screen(*JOBS) as shown:
        problem = Problem(ProblemKind.TIMEOUT, "The appliance did not answer within 30 s.", "Check the network.")
        shown.feed.list_state = PaneState(
            700.0, Freshness.STALE, NOW, 0.1, 5.0, NOW + timedelta(seconds=40), problem=problem, attempt=1
        )
        shown.feed.say(PollFailed(DENVER, Pane.LIST, problem, NOW, NOW + timedelta(seconds=40), 1))
        await shown.shows("did not answer within 30 s. Check the network.")
        assert "down, STALE" in shown.text.splitlines()[0]
        assert "STALE, 11 m old · timeout, next try 21:40:40 UTC" in shown.line("1 Jobs")
        assert "nightly-backup" in shown.text


async def test_before_the_first_answer_the_wait_is_counted() -> None:
    """A list that was not read yet says for how long it is waited for, without animation."""
    async with screen() as shown:
        shown.feed.list_state = PaneState(asking_seconds=3.2)
        shown.feed.tell_polled()
        await shown.shows("Reading the job list … 3 s")


async def test_an_unauthorised_endpoint_says_what_to_do() -> None:
    """A wrong key stands in place of the list with the advice, and nothing is tried until `r`."""
    async with screen() as shown:
        problem = Problem(ProblemKind.AUTHENTICATION, "The key was refused.", "Check id and secret.")
        shown.feed.list_state = PaneState(problem=problem, attempt=1)
        shown.feed.say(PollFailed(DENVER, Pane.LIST, problem, NOW, None, 1))
        await shown.shows("r tries again.")
        assert "Check id and secret." in shown.text
        await shown.press("r")
        assert shown.feed.poked == [None]


async def test_an_empty_list_says_what_to_press() -> None:
    """No jobs is not an error, and the screen says what can be done."""
    async with screen() as shown:
        shown.feed.tell_jobs()
        await shown.shows("No jobs are running on this appliance.")


async def test_ended_jobs_stand_apart() -> None:
    """Ended jobs come below a line, with their sign and how they ended."""
    async with screen(*JOBS) as shown:
        shown.feed.tell_jobs(*JOBS[1:], ended_jobs=(ended(JOBS[0], Ending.CANCELED),))
        await shown.shows("1 canceled in the last 12 h")
        lines = shown.text.splitlines()
        rule = next(number for number, line in enumerate(lines) if "canceled in the last 12 h" in line)
        assert re.search("\N{MULTIPLICATION SIGN} PUT .*nightly-backup.*canceled 4m", lines[rule + 1])


async def test_older_ended_jobs_are_asked_for() -> None:
    """`H` wishes for the jobs that ended before, and again for leaving them out."""
    async with screen(*JOBS) as shown:
        await shown.press("H", "H")
        await shown.until(lambda: len(shown.feed.wishes) == 2)
        assert shown.feed.wishes == [ShowEnded(DENVER, is_shown=True), ShowEnded(DENVER, is_shown=False)]


async def test_only_aggregating_and_only_problems() -> None:
    """`A` and `!` narrow the list, and Esc shows all again."""
    async with screen(*JOBS) as shown:
        await shown.press("A")
        await shown.shows("1 of 3")
        await shown.press("escape", "!")
        await shown.shows("No job matches.")
        await shown.press("escape")
        await shown.shows("restore for edit bay 3")


async def test_sorting_by_name_and_back() -> None:
    """The sort menu and its neighbours change the order and say so."""
    async with screen(*JOBS) as shown:
        await shown.press("I")
        await shown.shows("start, inverted")
        assert (
            shown.text.index("restore for edit")
            < shown.text.index("scanner feed")
            < shown.text.index("PUT  NORM     nig")
        )
        await shown.press("s")
        await shown.until(lambda: isinstance(shown.app.screen, Menu))
        await shown.press("j", "j", "j", "j", "enter")
        await shown.shows("sorted by name")


async def test_value_sorts_hold_still() -> None:
    """Sorted by size, a job that grows keeps its place until the list is ranked again."""
    async with screen(*JOBS) as shown:
        main = shown.app._main
        await shown.press("<", "<", "<", "<")
        await shown.shows("sorted by size")
        order = list(main.jobs._order.running_ids)
        grown = replace(JOBS[2], original_size_bytes=JOBS[2].original_size_bytes * 9)
        shown.feed.tell_jobs(JOBS[0], JOBS[1], grown)
        await shown.shows("576 GiB")
        assert main.jobs._order.running_ids == order
        main.jobs.rerank()
        assert main.jobs._order.running_ids == [job_id(3), *(each for each in order if each != job_id(3))]


async def test_finding_an_object() -> None:
    """`/` in the tree goes to the next object with the words, opening its chunk, and counts them all."""
    async with screen(*JOBS) as shown:
        await shown.press("enter")
        shown.feed.tell_tree(tree_of(JOBS[0], chunks=9, objects=9))
        await shown.shows("chunk 9")
        await shown.press("/", *"reel-07", "space", *"08", "enter")
        await shown.shows("1 found with reel-07 08")
        assert re.search(r"Name +reel-07/scene 08/master.mxf", shown.text)


async def test_filtering_the_tree() -> None:
    """`!` shows what has not arrived, then what is superseded, then all."""
    async with screen(*JOBS) as shown:
        await shown.press("enter")
        shown.feed.tell_tree(tree_of(JOBS[0], chunks=9, objects=9))
        await shown.shows("chunk 9")
        await shown.press("!")
        await shown.shows("40 of 81 not arrived")
        await shown.press("!")
        await shown.shows("16 of 81 superseded")
        await shown.press("!")
        await shown.shows("41 of 81 arrived")


async def test_the_clock_and_units() -> None:
    """`t` and `B` change how times and sizes read; the zone is printed."""
    async with screen(*JOBS, size=(160, 40)) as shown:
        await shown.press("t", "t")
        await shown.shows("Start UTC")
        assert "21 Nov 12:41" in shown.line("nightly-backup  ")
        await shown.press("B")
        await shown.shows("68.7 GB")


async def test_intervals() -> None:
    """`+` and `-` change how often is asked, and the top line says so."""
    async with screen(*JOBS) as shown:
        await shown.press("+")
        await shown.shows("every 2 s")
        await shown.press("minus", "minus")
        await shown.shows("every 10 s")


async def test_commands_by_name() -> None:
    """The palette runs any command, with its argument."""
    async with screen(*JOBS) as shown:
        await shown.press("colon")
        await shown.shows("Commands")
        await shown.press(*"slower", "space", "3", "0", "enter")
        await shown.shows("Asking every 30 s.")


async def test_full_screen_and_detail() -> None:
    """`f` gives a pane the screen, `d` opens the detail over the tree at 80 columns; Esc undoes each."""
    async with screen(*JOBS, size=(80, 24)) as shown:
        await shown.press("f")
        await shown.until(lambda: "2 nightly" not in shown.text)
        await shown.press("escape")
        await shown.until(lambda: "2 nightly" in shown.text)
        await shown.press("d")
        await shown.shows("3 Job")
        await shown.press("escape")
        await shown.until(lambda: "3 Job" not in shown.text)


async def test_hostile_names_stay_text() -> None:
    """Markup, escape codes and direction overrides in names are shown as text, in one line."""
    async with screen(size=(200, 40)) as shown:
        shown.feed.tell_jobs(job(1, "[red]x[/] \x1b[31m\u202egnp.exe\n"))
        await shown.shows(r"[red]x[/]")
        assert r"\x1b[31m\u202egnp.exe\n" in shown.text


async def test_moving_jobs_show_rate_and_eta() -> None:
    """A job whose counters grow says so, with its speed and when it will be done."""
    async with screen() as shown:
        shown.feed.progresses[job_id(1)] = progress()
        shown.feed.verdicts[job_id(1)] = verdict(Kind.WRITING)
        shown.feed.tell_jobs(JOBS[0])
        await shown.shows("writing")
        assert re.search(r"113 MiB/s +7m", shown.line("writing"))


async def test_rebound_keys() -> None:
    """A key from the config takes the place of the usual one, in the footer too."""
    options = view_options(ENVIRON, UTC, keys={"only_aggregating": ("Z",)})
    async with screen(*JOBS, options=options) as shown:
        assert "Z Only aggregating" in shown.text
        await shown.press("Z")
        await shown.shows("1 of 3")


async def test_sentences_name_the_keys_that_the_person_chose() -> None:
    """What a sentence says to press is what the config says; without a key it is the palette's word."""
    keys = {"refresh_now": ("R",), "show_ended": (), "close_jobs": ("K",), "freeze": ("z",), "only_aggregating": ("Z",)}
    options = view_options(ENVIRON, UTC, keys=keys)
    async with screen(options=options) as shown:
        shown.feed.tell_jobs()
        await shown.shows("`show ended` fetches")
        assert "R asks now" in shown.text
    async with screen(*JOBS, options=options) as shown:
        await shown.press("z", "K")
        await shown.shows("press z first.")


async def test_endpoints_without_a_config() -> None:
    """`E` where no config is open lists what is watched, and says how others are added."""
    async with screen(*JOBS) as shown:
        await shown.press("E")
        await shown.shows("1  prod-denver")
        assert "`bptui endpoint add` makes one" in shown.text


async def test_what_is_not_on_the_screen_is_asked_less_often() -> None:
    """Of several endpoints the one that is shown is seen, and another one as soon as it is shown instead."""
    async with screen(*JOBS, others=(LAB,)) as shown:
        assert shown.feed.seen == {DENVER: True, LAB: False}
        shown.app._main.watching.show_endpoint(LAB)
        assert shown.feed.seen == {DENVER: False, LAB: True}


async def test_a_clock_that_is_off_is_told() -> None:
    """Where the dates of an appliance mislead, the line below the top line says by how much; where they do not, none."""
    async with screen(*JOBS) as shown:
        for seconds, words in ((-432.0, "The appliance's clock is 7m behind ours"), (3700.0, "is 1h 1m ahead of ours")):
            shown.feed.skew_seconds = seconds
            shown.feed.tell_polled()
            await shown.shows(words)
        shown.feed.skew_seconds = 299.0
        shown.feed.tell_polled()
        await shown.until(lambda: "clock" not in shown.text)


async def test_empty_panes_say_so() -> None:
    """Without jobs every pane has a sentence, in the width of the pane."""
    async with screen(size=(120, 40)) as shown:
        shown.feed.tell_jobs()
        for words in ("No jobs are running on this appliance.", "No job is chosen.", "Nothing is chosen."):
            await shown.shows(words)


async def test_sentences_are_laid_out_for_the_pane() -> None:
    """What stands in place of rows is wrapped for the pane it is in, from the first moment and in every size."""
    async with screen(size=(80, 24)) as shown:
        lines = MessageRows(("The appliance did not answer within ten seconds.",), shown.app._main.watching.display, 0)
        assert lines.line(1, 78)[0][0] == "  The appliance did not answer within ten seconds."
        await shown.shows("  Reading the job list … ")
        shown.feed.list_state = PaneState(
            problem=Problem(ProblemKind.TIMEOUT, "The appliance did not answer within ten seconds.", "Look.")
        )
        await shown.shows("  The appliance did not answer within ten seconds.")
        await shown.pilot.resize_terminal(46, 24)
        await shown.shows("  The appliance did not answer within ten")


async def test_a_plain_sentence_leaves_with_the_next_key() -> None:
    """A sentence about one key does not stand beside what another key has changed since."""
    async with screen(*JOBS) as shown:
        await shown.press("t", "t")
        await shown.shows("Times are in UTC.")
        shown.app._main._bottom._said_at -= 2
        await shown.press("w")
        assert "Times are" not in shown.text


async def test_low_screens_share_their_lines() -> None:
    """On a small terminal jobs and chunks get the same height; on a large one the chunks get more."""
    for size, is_even in (((60, 15), True), ((80, 24), True), ((120, 40), False)):
        async with screen(*JOBS, size=size) as shown:
            jobs, chunks = shown.app._main.jobs.size.height, shown.app._main.chunks.size.height
            assert (abs(jobs - chunks) <= 1) == is_even
