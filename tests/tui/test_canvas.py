"""Only cells that differ are sent, and the terminal shows the whole frame all the same."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from bptui.tui.frames import Frames
from bptui.tui.theme import Depth

WIDTH, HEIGHT = 24, 4
LOOKS = (Style(color="#ff5f5f"), Style(color="#5fafd7", bold=True), Style(bgcolor="#303030"))


def line(chance: random.Random) -> Strip:
    """A line of words in several styles, some in wide characters."""
    segments: list[Segment] = []
    room = WIDTH
    while room:
        text = chance.choice(["ab", "─", "テ", "é", "   "])[:room]
        segment = Segment(text, chance.choice(LOOKS))
        if segment.cell_length > room:
            segment = Segment(" ", LOOKS[0])
        segments.append(segment)
        room -= segment.cell_length
    return Strip(segments, WIDTH)


def sent(frames: Frames, lines: list[Strip]) -> str:
    """What is written to show these lines."""
    update = frames.of(LayoutUpdate([[each] for each in lines], Region(0, 0, WIDTH, HEIGHT)))
    return "" if update is None else update.render_segments(None)  # type: ignore[union-attr]  # what `of` makes of an update is one


def shown(terminal: pyte.Screen) -> list[list[object]]:
    """Each cell of a terminal with its style."""
    return [[terminal.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@pytest.mark.parametrize("seed", range(20))
def test_the_terminal_shows_each_frame_whole(seed: int) -> None:
    """After any frames, cells sent one frame on the other look as the last frame sent to a fresh terminal."""
    chance = random.Random(seed)
    frames, terminal = Frames(Depth.ANSI256), pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(terminal)
    lines = [line(chance) for _ in range(HEIGHT)]
    for _ in range(12):
        lines = [line(chance) if chance.random() < 0.4 else each for each in lines]
        stream.feed(sent(frames, lines))
        fresh = pyte.Screen(WIDTH, HEIGHT)
        pyte.Stream(fresh).feed(sent(Frames(Depth.ANSI256), lines))
        assert shown(fresh) == shown(terminal)


def test_the_same_frame_is_not_sent_again() -> None:
    """A frame that stands there costs nothing, until the terminal may have lost it."""
    frames = Frames(Depth.ANSI256)
    lines = [line(random.Random(1)) for _ in range(HEIGHT)]
    whole = sent(frames, lines)
    assert sent(frames, lines) == ""
    frames.forget()
    assert sent(frames, lines) == whole
