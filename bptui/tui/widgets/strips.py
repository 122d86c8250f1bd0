"""Lines as pieces of styled text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.text import clip

Piece = tuple[str, Style]
"""Text that is already visible (see `bptui.text`), and how it looks."""


def strip_of(pieces: Iterable[Piece], width: int, base: Style) -> Strip:
    """The pieces as a line of exactly `width` cells over a style of the pane: cut, or filled with spaces."""
    segments: list[Segment] = []
    room = width
    for style, run in groupby(pieces, key=lambda piece: piece[1]):
        text = "".join(piece[0] for piece in run)
        if (length := cell_len(text)) > room:
            text = clip(text, room, mark="")
            length = cell_len(text)
        if text:
            segments.append(Segment(text, base + style))
            room -= length
    if room > 0:
        segments.append(Segment(" " * room, base))
    return Strip(segments, width)


def laid_over(pieces: Sequence[Piece], overlay: Style) -> list[Piece]:
    """The pieces with another style on top."""
    return [(text, style + overlay) for text, style in pieces]
