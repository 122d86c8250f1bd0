"""How moments are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bptui.monitor.events import Noted, NoteKind
from bptui.tui.display import TimeDisplay
from bptui.tui.options import view_options
from tests.tui.scripted import DENVER
from tests.tui.test_main_screen import JOBS, screen

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MOUNTAIN = timezone(timedelta(hours=-7), "MST")


@pytest.mark.parametrize(
    ("times", "hours_ago", "told"),
    [
        (TimeDisplay.RELATIVE, 2, "03:00:00 MST"),
        (TimeDisplay.LOCAL, 30, "19 Nov 23:00:00 MST"),
        (TimeDisplay.UTC, 2, "10:00:00 UTC"),
    ],
)
def test_what_stays_on_the_screen_is_told_by_the_clock(times: TimeDisplay, hours_ago: int, told: str) -> None:
    """A line that is not painted again says when, never how long ago; its zone is there, and its day when it matters."""
    display = replace(view_options({}, MOUNTAIN).display, times=times)
    assert display.clock(NOW - timedelta(hours=hours_ago), NOW) == told


async def test_the_log_does_not_age() -> None:
    """An event is told with the time of the clock, which stays true however long the log is open."""
    async with screen(*JOBS) as shown:
        at = shown.app._main.watching.now().utc - timedelta(minutes=3)
        shown.feed.say(Noted(DENVER, at, NoteKind.GREW, JOBS[0].job_id, "nightly-backup grew"))
        await shown.until(lambda: len(shown.app._main.dialogs.notes) == 1)
        await shown.press("e")
        await shown.shows("nightly-backup grew")
        assert f"│ {at:%H:%M:%S} UTC  grew " in shown.line("nightly-backup grew")
