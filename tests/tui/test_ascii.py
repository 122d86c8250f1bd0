"""What is drawn where nothing but ASCII can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from bptui.text import cell_width, visible
from bptui.tui.ascii import AsciiOnly

BOLD = Style(bold=True)


@given(st.text(st.characters(codec=None)).map(visible))
def test_every_column_stays(text: str) -> None:
    """Any visible text becomes ASCII of the same width, in the same style."""
    (segment,) = AsciiOnly().apply([Segment(text, BOLD)], Color(0, 0, 0))
    assert segment.text.isascii()
    assert len(segment.text) == cell_width(text)
    assert segment.style == BOLD


def test_our_own_signs_have_a_form() -> None:
    """A dash is a dash; names in other scripts keep their cells."""
    (segment,) = AsciiOnly().apply([Segment("ETA \N{EN DASH} now… żółw 日本")], Color(0, 0, 0))
    assert segment.text == "ETA - now~ ???w ????"
