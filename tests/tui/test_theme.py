"""Themes by meaning."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.tui.frames import Frames
from bptui.tui.glyphs import ASCII, Glyphs
from bptui.tui.theme import Depth, Look, ThemeName, depth_of, hex_of, look, textual_theme

ALL = [(name, depth) for name in ThemeName for depth in Depth]


def styles(of: Look) -> dict[str, Style]:
    return {name: value for name, value in of._asdict().items() if isinstance(value, Style)}


@pytest.mark.parametrize("name", list(ThemeName))
def test_no_colour_has_none(name: ThemeName) -> None:
    """Under NO_COLOR no style has a colour, and cursor and bar still differ from the rest."""
    plain = look(name, Depth.NONE)
    assert [key for key, style in styles(plain).items() if style.color or style.bgcolor] == []
    assert plain.cursor.reverse
    assert len({plain.glyphs.bar_done, plain.glyphs.bar_cached, plain.glyphs.bar_nothing}) == 3


@pytest.mark.parametrize("name", [ThemeName.DARK, ThemeName.LIGHT])
def test_256_colours_survive_the_way_to_the_terminal(name: ThemeName) -> None:
    """At 256 colours each colour is one of the palette, so that nothing is rounded to something else."""
    frames = Frames(Depth.ANSI256)
    for style in styles(look(name, Depth.ANSI256)).values():
        written = frames.written([(0, 0, Strip([Segment("x", style)]))])
        codes = re.findall(r"[34]8;5;(\d+)", written)
        colours = [color for color in (style.color, style.bgcolor) if color is not None]
        assert [hex_of(int(code)) for code in codes] == [color.name for color in colours]


def test_16_colours_are_the_terminals_own() -> None:
    """At 16 colours only named colours are used, whatever the theme."""
    for name in ThemeName:
        for style in styles(look(name, Depth.ANSI16)).values():
            assert all(color is None or color.is_system_defined for color in (style.color, style.bgcolor))


@pytest.mark.parametrize(("name", "depth"), ALL)
def test_themes_can_be_given_to_textual(name: ThemeName, depth: Depth) -> None:
    """Each theme at each depth makes a colour system."""
    assert textual_theme(look(name, depth)).to_color_system().generate()


def test_every_glyph_takes_one_cell() -> None:
    """Columns stay in line, in both forms; the second form is ASCII."""
    for glyphs in (Glyphs(), ASCII):
        assert [name for name, glyph in glyphs._asdict().items() if cell_len(glyph) != 1] == []
    assert all(glyph.isascii() for glyph in ASCII)


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, Depth.NONE),
        ({"NO_COLOR": "", "TERM": "xterm-256color"}, Depth.ANSI256),
        ({"TERM": "xterm-256color"}, Depth.ANSI256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUECOLOR),
        ({"TERM": "xterm"}, Depth.ANSI16),
        ({"TERM": "linux"}, Depth.ANSI16),
        ({"TERM": "vt100"}, Depth.NONE),
        ({"TERM": "vt220", "COLORTERM": "truecolor"}, Depth.NONE),
    ],
)
def test_depth_follows_the_environment(environ: dict[str, str], depth: Depth) -> None:
    """OpenSSH hands on TERM but not COLORTERM: 256 colours then, and none under NO_COLOR or on a VT220."""
    assert depth_of(environ) is depth
