"""Hostile text: nothing reaches a terminal that it would obey, and every column stays where it belongs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bptui.text import Align, cell_width, clip, fit, pad, visible

anything = st.text(st.characters(codec=None))
shown = anything.map(visible)

EVERY_CHARACTER = [chr(code) for code in range(0x110000)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain/name-01.dat", "plain/name-01.dat"),
        ("", ""),
        ("Ångström żółw Ελλάδα Дом", "Ångström żółw Ελλάδα Дом"),
        ("日本語.txt", "日本語.txt"),
        ("\x1b]52;c;AAAA\x07", "\\x1b]52;c;AAAA\\x07"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x7f\x9b31m", "\\x7f\\x9b31m"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u200bb\u2028c\u2029d\ufeffe", "a\\u200bb\\u2028c\\u2029d\\ufeffe"),
        ("a\u00adb", "a\\xadb"),
        ("👩\u200d🚀", "👩\\u200d🚀"),
        ("❤\ufe0f", "❤\\ufe0f"),
        ("👍\U0001f3fd", "👍\\U0001f3fd"),
        ("\U0001f1e9\U0001f1ea", "\\U0001f1e9\\U0001f1ea"),
        ("\U000e0067", "\\U000e0067"),
        ("\ue000\U000f0000", "\\ue000\\U000f0000"),
        ("\ud800x", "\\ud800x"),
        ("\u0378", "\\u0378"),
        ("e\u0301", "e\u0301"),
        ("e\u0301\u0302", "e\u0301\u0302"),
        ("e\u0301\u0302\u0303\u0304", "e\u0301\u0302\\u0303\\u0304"),
        ("\u0301e", "\\u0301e"),
        ("\x00\u0301", "\\x00\u0301"),
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab"),
        ("\u3164\u115f\uffa0", "\\u3164\\u115f\\uffa0"),
        ("☰䷀", "\\u2630\\u4dc0"),
        ("[red]not markup[/]", "[red]not markup[/]"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    """What a terminal would obey, hide or mis-measure is an escape; everything else is as it was."""
    assert visible(text) == expected


def test_every_character_has_the_width_that_the_screen_gives_it() -> None:
    """Over all of Unicode: what `visible` lets through is as wide as the painting library thinks."""
    wrong = [text for text in map(visible, EVERY_CHARACTER) if cell_width(text) != cell_len(text)]
    assert wrong == []


def test_nothing_a_terminal_obeys_gets_through() -> None:
    """Over all of Unicode: no control, format, surrogate, private or unassigned character is let through."""
    categories = {unicodedata.category(character) for text in map(visible, EVERY_CHARACTER) for character in text}
    assert categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


@given(anything)
def test_visible_twice_is_visible_once(text: str) -> None:
    """What was made visible stays as it is, so that nobody need know whether it already was."""
    assert visible(visible(text)) == visible(text)


@given(anything)
def test_visible_text_has_one_width(text: str) -> None:
    """Strings of any characters are as wide as the painting library thinks, and can be encoded."""
    assert cell_width(visible(text)) == cell_len(visible(text))
    assert visible(text).encode().decode() == visible(text)


@given(shown, st.integers(0, 30), st.booleans(), st.sampled_from(["…", "...", ""]))
def test_clip_fits_and_says_when_it_cut(text: str, width: int, keep_tail: bool, mark: str) -> None:
    """A cut text fits, misses at most one cell, and has the mark where something is missing."""
    cut = clip(text, width, keep_tail=keep_tail, mark=mark)
    if cell_width(text) <= width:
        assert cut == text
        return
    assert width - 1 <= cell_width(cut) <= width
    if width >= cell_width(mark):
        assert (cut.startswith if keep_tail else cut.endswith)(mark)
        kept = cut.removeprefix(mark) if keep_tail else cut.removesuffix(mark)
        assert (text.endswith if keep_tail else text.startswith)(kept)


@given(shown, st.integers(0, 30), st.sampled_from(Align), st.booleans())
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int, align: Align, keep_tail: bool) -> None:
    """A cell of a table is always filled to the cell, whatever is in it."""
    assert cell_width(fit(text, width, align, keep_tail=keep_tail)) == width


def test_clip_never_starts_with_a_mark_that_lost_its_base() -> None:
    """Cutting between a letter and its accent takes both away."""
    assert clip("aae\u0301bc", 3, keep_tail=True) == "…bc"
    assert clip("abe\u0301\u0302cd", 4) == "abe\u0301\u0302…"


def test_pad_sides() -> None:
    """Text stands where it is told to, and is never cut by padding."""
    assert pad("日", 4) == "日  "
    assert pad("日", 4, Align.RIGHT) == "  日"
    assert pad("abc", 2) == "abc"
