"""The border of a pane says what it is about, and how old its data are."""

from __future__ import annotations

import pytest
from rich.style import Style

from bptui.text import cell_width
from bptui.tui.theme import Depth, ThemeName, look
from bptui.tui.widgets.frame import Frame

DARK = look(ThemeName.DARK, Depth.TRUECOLOR)
NOTE = (("late, 11 m old", Style()), (" · ", Style()), ("connection broken, next try 03:24:59 UTC", Style()))


def top(frame: Frame, width: int) -> str:
    """The upper border as it is read."""
    return "".join(text for text, _ in frame.top(DARK, width, is_focused=False))


def test_the_subject_keeps_its_room() -> None:
    """However much is said of the data, a border tells what the pane is about, and marks where either was cut."""
    frame = Frame(2, "offsite full week 47", note=NOTE)
    assert top(frame, 100) == (
        "╭─ 2 offsite full week 47 ───────────── late, 11 m old · connection broken, next try 03:24:59 UTC ─╮"
    )
    assert top(frame, 80) == "╭─ 2 offsite ful… ─ late, 11 m old · connection broken, next try 03:24:59 UTC ─╮"
    assert top(frame, 60) == "╭─ 2 offsite… ─ late, 11 m old · connection broken, next… ─╮"


@pytest.mark.parametrize("width", [*range(24, 130)])
def test_a_border_is_as_wide_as_its_pane(width: int) -> None:
    """At any width of a pane its border has no cell too many or too few."""
    for frame in (
        Frame(1, "Jobs", note=NOTE),
        Frame(2, "offsite full week 47", "node 10.24.8.20", NOTE),
        Frame(3, "Job"),
    ):
        assert cell_width(top(frame, width)) == width
