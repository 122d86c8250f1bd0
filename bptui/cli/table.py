"""Prints tables and lists of facts for people: cut to the terminal's width there, whole and plain elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from bptui.text import Align, cell_width, clip, pad, visible

_GAP = "  "
_NARROWEST = 8
"""A column is not cut below this many cells."""
_READABLE = 16
"""Columns leave before others are cut below this many cells."""

_MEASURED_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    align: Align = Align.LEFT
    is_flexible: bool = False
    """Whether it is cut when the terminal is too narrow."""
    keeps_tail: bool = False
    """Whether the end is what differs, as in long names."""
    fold: int = 0
    """When the terminal is too narrow, the lowest of these leaves first; 0 stays."""


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output; the cells may hold anything.

    The widths follow from the title and the first rows, so that half a million rows stream.
    """
    shown = ([visible(cell) for cell in row] for row in rows)
    first = list(islice(shown, _MEASURED_ROWS))
    places = _natural(columns, first)
    if sys.stdout.isatty():
        places = _squeezed(_folded(places, width := shutil.get_terminal_size().columns), width)
    for row in chain([[column.title for column in columns]], first, shown):
        sys.stdout.write(_line(places, row) + "\n")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column stands in the rows, and in how many cells."""

    index: int
    column: Column
    width: int
    is_cut: bool = False


def print_facts(facts: Mapping[str, str]) -> None:
    """Print names and values, one a line; the values may hold anything."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        sys.stdout.write(f"{name:<{width}}  {visible(value)}\n")


def print_line(sentence: str) -> None:
    """Print a line as soon as it is known; it may hold anything."""
    sys.stdout.write(f"{visible(sentence)}\n")
    sys.stdout.flush()


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[_Place]:
    return [
        _Place(index, column, max([cell_width(column.title), *(cell_width(row[index]) for row in rows)]))
        for index, column in enumerate(columns)
    ]


def _total(widths: Iterable[int]) -> int:
    return sum(width + len(_GAP) for width in widths) - len(_GAP)


def _folded(places: list[_Place], terminal_width: int) -> list[_Place]:
    """Leave out columns, until the rest can be squeezed into the terminal."""
    kept = places
    for place in sorted((place for place in places if place.column.fold), key=lambda place: place.column.fold):
        readable = (min(one.width, _READABLE) if one.column.is_flexible else one.width for one in kept)
        if _total(readable) <= terminal_width:
            break
        kept = [one for one in kept if one is not place]
    return kept


def _squeezed(places: list[_Place], terminal_width: int) -> list[_Place]:
    """Take what is too much from the widest flexible columns."""
    widths = {place.index: place.width for place in places}
    flexible = [place.index for place in places if place.column.is_flexible]
    excess = _total(widths.values()) - terminal_width
    while excess > 0 and any(widths[index] > _NARROWEST for index in flexible):
        widths[max(flexible, key=widths.__getitem__)] -= 1
        excess -= 1
    return [replace(place, width=widths[place.index], is_cut=place.column.is_flexible) for place in places]


def _line(places: Sequence[_Place], row: Sequence[str]) -> str:
    cells = []
    for place in places:
        cell = row[place.index]
        text = clip(cell, place.width, keep_tail=place.column.keeps_tail) if place.is_cut else cell
        cells.append(pad(text, place.width, place.column.align))
    return _GAP.join(cells).rstrip()
