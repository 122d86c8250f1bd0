"""The footer: keys that would be refused are dim, and stay where they stand."""

from __future__ import annotations

from dataclasses import replace

from bptui.monitor.ages import Freshness
from tests.tui.scripted import job
from tests.tui.test_main_screen import Screen, screen

OPEN = job(1, "night ingest", is_aggregating=True)
SHUT = job(2, "nightly-backup")


def footer(shown: Screen) -> str:
    return shown.text.splitlines()[-1]


def is_dim(shown: Screen) -> bool:
    """Whether the key that closes is drawn as its label is."""
    strip = list(shown.app.screen._compositor.render_strips())[-1]
    styles = [segment.style for segment in strip for _ in segment.text]
    place = footer(shown).index("X Close job")
    return styles[place] == styles[place + 2]


async def test_closing_is_dim_on_what_does_not_aggregate() -> None:
    """`X` is a key like others on an aggregating job and dim on another; no label moves when the cursor does."""
    async with screen(OPEN, SHUT) as shown:
        await shown.until(lambda: not is_dim(shown))
        before = footer(shown)
        await shown.press("j")
        await shown.until(lambda: is_dim(shown))
        assert footer(shown) == before
        await shown.press("k")
        await shown.until(lambda: not is_dim(shown))


async def test_closing_is_dim_where_it_would_be_refused() -> None:
    """A frozen view, a late list and a job that was closed meanwhile dim `X`, too."""
    async with screen(OPEN, SHUT) as shown:
        await shown.until(lambda: not is_dim(shown))
        await shown.press("p")
        await shown.until(lambda: is_dim(shown))
        await shown.press("p")
        await shown.until(lambda: not is_dim(shown))
        fresh = shown.feed.list_state
        shown.feed.list_state = replace(fresh, freshness=Freshness.LATE)
        await shown.until(lambda: is_dim(shown))
        shown.feed.list_state = fresh
        await shown.until(lambda: not is_dim(shown))
        shown.feed.tell_jobs(replace(OPEN, is_aggregating=False), SHUT)
        await shown.until(lambda: is_dim(shown))
