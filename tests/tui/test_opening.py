"""The first frame: what it shows, and what becomes of keys typed while the main screen is loaded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC

import pytest
from textual import events
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from bptui.model.diff import JobsChanges
from bptui.model.endpoint import Endpoint, Writes
from bptui.model.snapshot import JobsSnapshot
from bptui.tui.app import BptuiApp
from bptui.tui.feed import Feed
from bptui.tui.options import view_options
from bptui.tui.screens.help import HelpScreen
from bptui.tui.screens.main import MainScreen
from bptui.tui.screens.opening import Opening, opening_headline
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.top_line import Access
from tests.tui.scripted import ScriptedFeed, StillClock, job
from tests.waiting import WAIT_SECONDS

ENVIRON = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}


def program(
    open_feed: Callable[[], Feed], feed: ScriptedFeed, end_loading: Callable[[], None] = lambda: None
) -> BptuiApp:
    headline = opening_headline(feed.endpoint, is_read_only=False)
    options = view_options(ENVIRON, UTC)
    return BptuiApp(open_feed, headline, options, StillClock(), end_loading=end_loading)


def painted(app: BptuiApp) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def until(pilot: Pilot[int], is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not is_so():
            await pilot.pause()


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40)])
async def test_the_first_frame_is_the_main_screen_with_nothing_in_it(size: tuple[int, int]) -> None:
    """Top line, frames and keys stand where the main screen has them, before anything is known."""
    feed, may_load = ScriptedFeed(), threading.Event()

    def open_feed() -> Feed:
        may_load.wait()
        return feed

    app = program(open_feed, feed)
    async with app.run_test(size=size) as pilot:
        assert isinstance(app.screen, Opening)
        first = painted(app)
        may_load.set()
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.pause()
        then = painted(app)
    assert "prod-denver" in first[0]
    assert "unlocked" in first[0]
    assert [line for line in first if line.startswith(("╭", "╰"))] == [
        line for line in then if line.startswith(("╭", "╰"))
    ]
    assert first[-1] == then[-1]


async def test_the_style_sheet_is_read_once_for_the_colours_it_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading it costs a tenth of the way to the first frame; other colours have it read again."""
    read: list[dict[str, str]] = []
    reparse = Stylesheet.reparse

    def counted(sheet: Stylesheet) -> None:
        read.append(dict(sheet._variables))
        reparse(sheet)

    monkeypatch.setattr(Stylesheet, "reparse", counted)
    feed = ScriptedFeed()
    feed.tell_jobs(job(1, "nightly-backup"))
    app = program(lambda: feed, feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.pause()
        assert read == []
        assert app.screen.styles.background == Color.parse(app.get_css_variables()["background"])
        app.action_choose_theme("light")
        await pilot.pause()
        assert [colours["background"] for colours in read] == [app.get_css_variables()["background"]]
        assert app.screen.styles.background == Color.parse(app.get_css_variables()["background"])


async def test_a_list_known_by_then_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An appliance that answers while the main screen is loaded has its list in that screen's first painting."""
    feed = ScriptedFeed()
    feed.tell_jobs(job(1, "nightly-backup"))
    app = program(lambda: feed, feed)
    takes: list[JobsSnapshot] = []
    paintings: list[list[str]] = []
    take, resume = JobList.take, MainScreen._on_screen_resume

    def counted(jobs: JobList, snapshot: JobsSnapshot, changes: JobsChanges | None) -> None:
        takes.append(snapshot)
        take(jobs, snapshot, changes)

    def seen(screen: MainScreen, event: events.ScreenResume) -> None:
        resume(screen, event)
        paintings.append(painted(app))

    monkeypatch.setattr(JobList, "take", counted)
    monkeypatch.setattr(MainScreen, "_on_screen_resume", seen)
    shown: list[bool] = []
    feed.list_is_shown = lambda: shown.append(True)  # type: ignore[method-assign]  # told of the list by then
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(shown))
    assert any("nightly-backup" in line for line in paintings[0])
    assert takes == [feed.snapshot]


async def test_loading_ends_when_the_first_list_is_painted() -> None:
    """What is made until then stays, so that until then nobody need look for what does not."""
    feed = ScriptedFeed()
    ended: list[list[str]] = []
    app = program(lambda: feed, feed, lambda: ended.append(painted(app)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.pause()
        assert ended == []
        feed.tell_jobs(job(1, "nightly-backup"))
        await until(pilot, lambda: bool(ended))
    assert any("nightly-backup" in line for line in ended[0])


@pytest.mark.parametrize("is_help_open", [False, True])
async def test_the_feed_hears_when_the_first_list_stands_there(is_help_open: bool) -> None:
    """Not before it is painted, and also below a dialog; until then nothing else is loaded or asked."""
    feed = ScriptedFeed()
    app = program(lambda: feed, feed)
    shown: list[str] = []
    feed.list_is_shown = lambda: shown.extend(painted(app))  # type: ignore[method-assign]  # what is painted then
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        if is_help_open:
            await pilot.press("?")
        await pilot.pause()
        assert shown == []
        feed.tell_jobs(job(1, "nightly-backup"))
        await until(pilot, lambda: bool(shown))
        assert is_help_open or any("nightly-backup" in line for line in shown)


async def test_keys_typed_ahead_reach_the_main_screen() -> None:
    """A key typed while the main screen is loaded is carried out when it stands there."""
    feed, may_load = ScriptedFeed(), threading.Event()
    feed.tell_jobs(job(1, "nightly-backup"))

    def open_feed() -> Feed:
        may_load.wait()
        return feed

    app = program(open_feed, feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("?")
        assert isinstance(app.screen, Opening)
        may_load.set()
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_one_can_leave_while_the_main_screen_is_loaded() -> None:
    """Ctrl-C quits from the first frame on."""
    feed, may_load = ScriptedFeed(), threading.Event()

    def open_feed() -> Feed:
        may_load.wait()
        return feed

    app = program(open_feed, feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+c")
        may_load.set()
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value == 0


@pytest.mark.parametrize(
    ("writes", "is_read_only", "access"),
    [
        (Writes.YES, False, Access.UNLOCKED),
        (Writes.ASK, False, Access.LOCKED),
        (Writes.NO, False, Access.READ_ONLY),
        (Writes.YES, True, Access.READ_ONLY),
    ],
)
def test_the_first_line_says_whether_closing_is_possible(writes: Writes, is_read_only: bool, access: Access) -> None:
    """What one may do is said before the appliance is asked."""
    endpoint = Endpoint(ScriptedFeed().endpoint.name, "https://bp.example.test", "access", writes=writes)
    assert access is opening_headline(endpoint, is_read_only=is_read_only).access
