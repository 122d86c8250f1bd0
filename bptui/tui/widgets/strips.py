"""Lines as pieces of styled text, and which of their cells differ from what is painted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.text import clip

Piece = tuple[str, Style]
"""Text that is already visible (see `bptui.text`), and how it looks."""

GAP_CELLS = 12
"""Fewer equal cells than this between two changes are painted along: moving the cursor costs as much."""


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


def changed_spans(before: Strip, after: Strip) -> list[tuple[int, int]]:
    """The cells in which two lines differ, as (first, end) with small gaps closed; whole wide characters."""
    if before == after:
        return []
    old, new = list(_cells(before)), list(_cells(after))
    length = max(len(old), len(new))
    old += [("", None)] * (length - len(old))
    new += [("", None)] * (length - len(new))
    differing = [index for index in range(length) if old[index] != new[index]]
    spans: list[tuple[int, int]] = []
    for index in differing:
        if spans and index - spans[-1][1] < GAP_CELLS:
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return [(_start(old, new, first), _end(old, new, end)) for first, end in spans]


_Cell = tuple[str, Style | None]
"""A character, or the empty text for the second cell of a wide one, and its style."""


def _cells(strip: Strip) -> Iterator[_Cell]:
    for text, style, _ in strip:
        for character in text:
            width = cell_len(character)
            if width:
                yield character, style
            for _ in range(width - 1):
                yield "", style


def _start(old: Sequence[_Cell], new: Sequence[_Cell], first: int) -> int:
    while first > 0 and "" in (old[first][0], new[first][0]):
        first -= 1
    return first


def _end(old: Sequence[_Cell], new: Sequence[_Cell], end: int) -> int:
    while end < len(old) and "" in (old[end][0], new[end][0]):
        end += 1
    return end
