"""The main screen reads as it was accepted, at each width, in ASCII, and without colour."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path

import pytest

from bptui.model.endpoint import Endpoint, Writes
from bptui.model.job import Ending, JobKey
from bptui.model.verdict import Grade, Kind
from bptui.model.vocabulary import Priority, RequestType
from bptui.tui.options import view_options
from tests.tui.scripted import DENVER, GIB, ended, job, job_id, progress, tree_of, verdict
from tests.tui.test_main_screen import ENVIRON, Screen, screen

ACCEPTED = Path(__file__).parent / "pictures"
SIZES = [(60, 15), (80, 24), (120, 40), (200, 50)]
JOBS = (
    job(1, "nightly-backup", priority=Priority.HIGH, original_size_bytes=1200 * GIB, cached_size_bytes=900 * GIB),
    job(2, "scanner feed", is_aggregating=True, completed_size_bytes=0),
    job(3, "restore for edit bay 3", request_type=RequestType.GET, priority=Priority.URGENT),
    job(4, "Untitled", is_aggregating=True, original_size_bytes=0, cached_size_bytes=0, completed_size_bytes=0),
    job(5, "a name so long that only its tail can tell it from the next one 20261121-0041"),
    job(6, "日本語 \u202egnp.exe \x1b[31m", bucket_name="日本"),
)
ENDED = (
    ended(job(20, "offsite week 46", completed_size_bytes=64 * GIB), Ending.COMPLETED),
    ended(job(21, "recall 9"), Ending.CANCELED, 30),
)


async def fill(shown: Screen) -> None:
    """A list with everything in it, and an object under the cursor of the tree."""
    feed = shown.feed
    for number in (1, 3):
        feed.progresses[job_id(number)] = progress()
    for number in (2, 4, 5, 6):
        feed.progresses[job_id(number)] = progress(is_moving=False, pause_seconds=1020.0 * number, eta_seconds=None)
    kinds = (Kind.RECEIVING_AND_WRITING, Kind.OPEN, Kind.BLOCKED, Kind.WATCHING, Kind.QUIET, Kind.CLIENT)
    feed.tell_jobs(*JOBS, ended_jobs=ENDED)
    feed.tell_verdicts(
        {
            job_id(number): verdict(kind, 11 * number, grade=Grade.LIKELY if kind is Kind.CLIENT else Grade.TOLD)
            for number, kind in enumerate(kinds, 1)
        }
    )
    await shown.until(lambda: shown.app._main.watching.known(JobKey(DENVER, job_id(1))) is not None)
    await shown.until(lambda: bool(shown.app._main.jobs._order._kinds.waiting))
    await shown.press("enter")
    feed.tell_tree(tree_of(JOBS[0], chunks=5, objects=9))
    await shown.shows("chunk 2")
    await shown.press("j", "enter", "j", "j")


@pytest.mark.parametrize("size", SIZES)
async def test_accepted(size: tuple[int, int]) -> None:
    """The screen is painted as in the accepted picture; `ACCEPT_PICTURES=1` accepts what is painted now."""
    endpoint = Endpoint(DENVER, "https://bp.example.test", "access", writes=Writes.ASK, is_prod=True)
    async with screen(size=size, endpoint=endpoint) as shown:
        shown.feed.is_locked = True
        await fill(shown)
        await shown.pilot.pause()
        text = shown.text
    file = ACCEPTED / f"main-{size[0]}x{size[1]}.txt"
    if os.environ.get("ACCEPT_PICTURES"):
        file.write_text(text + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text + "\n"


async def test_ascii() -> None:
    """With `--ascii` nothing but ASCII is painted, except in names."""
    async with screen(size=(120, 40), options=view_options(ENVIRON, UTC, is_ascii=True)) as shown:
        await fill(shown)
        foreign = set("日本語")
        assert {character for character in shown.text if not character.isascii()} <= foreign


async def test_no_colour() -> None:
    """Under NO_COLOR no cell has a colour; the cursor is reversed."""
    async with screen(size=(80, 24), options=view_options({**ENVIRON, "NO_COLOR": "1"}, UTC)) as shown:
        await fill(shown)
        styles = {style for strip in shown.app.screen._compositor.render_strips() for _, style, _ in strip if style}
        filtered = {
            filter_.apply([(" ", style, None)], None)[0][1]
            for filter_ in shown.app.get_line_filters()
            for style in styles
        }  # type: ignore[arg-type, list-item]  # plain tuples do
        assert [style for style in filtered if style and (style.color or style.bgcolor)] == []
        assert any(style.reverse for style in filtered if style)


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_leaves_the_window(size: tuple[int, int]) -> None:
    """Every line of every pane ends in its border."""
    async with screen(size=size) as shown:
        await fill(shown)
        inner = shown.text.splitlines()[1:-1]
        assert [line for line in inner if not line or line[-1] not in "╮│╯"] == []
