"""What the libraries remember of lines does not grow in the course of a day."""

from __future__ import annotations

import asyncio

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from bptui.tui import cells
from bptui.tui.forgetting import CACHES, KEPT_ITEMS, forget_lines
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.top_line import TopLine
from tests.tui.test_main_screen import screen
from tests.waiting import WAIT_SECONDS

DAY = 3 * KEPT_ITEMS


def _pass_a_day() -> None:
    """Measure, cut and place lines each of which is shown once."""
    for number in range(DAY):
        assert cell_len(f"{number} jobs") == len(f"{number} jobs")
        Segment(f"{number} 仕事").split_cells(3)
        place, other = Region(number, 0, 5, 1), Region(0, 0, 80, 24)
        place.intersection(other)
        place.overlaps(other)
        place.translate((0, 1))


def test_each_cache_is_one_that_a_changing_screen_fills() -> None:
    """All of them are used by what paints, under the names by which they are emptied."""
    forget_lines()
    before = [cache.cache_info().misses for cache in CACHES]
    _pass_a_day()
    after = [cache.cache_info().misses for cache in CACHES]
    assert [now - then >= DAY for now, then in zip(after, before, strict=True)] == [True] * len(CACHES)


def test_what_is_more_than_a_screen_needs_is_forgotten_and_nothing_else() -> None:
    """A cache is emptied when it holds much; one that holds little keeps it."""
    _pass_a_day()
    forget_lines()
    assert [cache.cache_info().currsize for cache in CACHES] == [0] * len(CACHES)
    assert cell_len("kept") == 4
    forget_lines()
    assert CACHES[0].cache_info().currsize == 1


def test_only_what_is_hard_to_tell_apart_is_remembered_cell_by_cell() -> None:
    """A plain text is its own cells; of others the last few hundred are remembered."""
    cells._characters.cache_clear()
    for number in range(DAY):
        assert len(cells.cells_of(Strip([Segment(f"{number:6}")]))) == 6
    assert cells._characters.cache_info().currsize == 0
    for number in range(DAY):
        assert len(cells.cells_of(Strip([Segment(f"{number:6}…")]))) == 7
    assert cells._characters.cache_info().currsize < KEPT_ITEMS


def test_a_text_of_narrow_characters_is_not_kept_once_more() -> None:
    """Only where a character takes two cells, or none, is there more to remember than the text."""
    narrow, wide, marked = "ab…", "仕ab", "e\N{COMBINING ACUTE ACCENT}…"
    assert cells._characters(narrow) is narrow
    assert cells._characters(wide) == ("仕", "", "a", "b")
    assert cells._characters(marked) == ("e\N{COMBINING ACUTE ACCENT}", "…")


@pytest.mark.asyncio
async def test_the_main_screen_forgets_as_time_passes() -> None:
    """Within seconds of its ticking nothing of the lines before is left."""
    async with screen() as shown:
        _pass_a_day()
        async with asyncio.timeout(WAIT_SECONDS):
            while max(cache.cache_info().currsize for cache in CACHES) > KEPT_ITEMS:
                await shown.pilot.pause(0.05)


@pytest.mark.asyncio
async def test_what_was_painted_in_parts_is_forgotten() -> None:
    """Textual notes each part of a widget that was to be painted, and keeps it where a widget paints its own lines."""
    async with screen() as shown:
        painted = [shown.pilot.app.screen.query_one(JobList), shown.pilot.app.screen.query_one(TopLine)]
        for number in range(DAY):
            for widget in painted:
                widget.refresh(Region(number % 40, 0, 1 + number % 30, 1))
        await shown.pilot.pause()
        assert min(len(widget._dirty_regions) for widget in painted) >= 30
        async with asyncio.timeout(WAIT_SECONDS):
            while any(widget._dirty_regions for widget in painted):
                await shown.pilot.pause(0.05)
