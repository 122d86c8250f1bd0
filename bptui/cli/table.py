"""Prints tables and lists of facts for people: cut to the terminal's width there, whole and plain elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from bptui.text import Align, cell_width, clip, pad, visible

_GAP = "  "
_NARROWEST = 8
"""A column is not cut below this many cells."""

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


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output; the cells may hold anything.

    The widths follow from the title and the first rows, so that half a million rows stream.
    """
    shown = ([visible(cell) for cell in row] for row in rows)
    first = list(islice(shown, _MEASURED_ROWS))
    widths = _widths(columns, first)
    is_terminal = sys.stdout.isatty()
    if is_terminal:
        widths = _squeezed(columns, widths, shutil.get_terminal_size().columns)
    for row in chain([[column.title for column in columns]], first, shown):
        sys.stdout.write(_line(columns, widths, row, is_cut=is_terminal) + "\n")


def print_facts(facts: Mapping[str, str]) -> None:
    """Print names and values, one a line; the values may hold anything."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        sys.stdout.write(f"{name:<{width}}  {visible(value)}\n")


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [cell_width(column.title) for column in columns]
    for row in rows:
        widths = [max(width, cell_width(cell)) for width, cell in zip(widths, row, strict=True)]
    return widths


def _squeezed(columns: Sequence[Column], widths: list[int], terminal_width: int) -> list[int]:
    """Take what is too much from the widest flexible columns."""
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - terminal_width
    squeezed = list(widths)
    while excess > 0:
        flexible = [
            index for index, column in enumerate(columns) if column.is_flexible and squeezed[index] > _NARROWEST
        ]
        if not flexible:
            break
        squeezed[max(flexible, key=squeezed.__getitem__)] -= 1
        excess -= 1
    return squeezed


def _line(columns: Sequence[Column], widths: Sequence[int], row: Sequence[str], *, is_cut: bool) -> str:
    cells = []
    for column, width, cell in zip(columns, widths, row, strict=True):
        text = clip(cell, width, keep_tail=column.keeps_tail) if is_cut and column.is_flexible else cell
        cells.append(pad(text, width, column.align))
    return _GAP.join(cells).rstrip()
