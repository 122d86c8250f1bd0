"""Lines as cells, and which of them differ from what is painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

GAP_CELLS = 12
"""Fewer equal cells than this between two changes are painted along: moving the cursor costs as much."""

Cell = tuple[str, Style | None]
"""A character, or the empty text for the second cell of a wide one, and its style."""


def cells_of(strip: Strip) -> list[Cell]:
    """The cells of a line."""
    cells: list[Cell] = []
    for text, style, control in strip:
        if not control:
            cells.extend(zip(text if text.isascii() else _characters(text), repeat(style)))
    return cells


@lru_cache(256)
def _characters(text: str) -> Sequence[str]:
    """What stands in each cell of a text; a mark that takes none stands with the character before it."""
    found: list[str] = []
    base = 0
    for character in text:
        width = cell_len(character)
        if width:
            base = len(found)
            found += [character, *[""] * (width - 1)]
        elif found:
            found[base] += character
    # A text of narrow characters is its own cells; a day's texts as single characters would take half a megabyte.
    return tuple(found) if found != list(text) else text


def changed_spans(before: Strip, after: Strip) -> list[tuple[int, int]]:
    """The cells in which two lines differ, as (first, end) with small gaps closed; whole wide characters."""
    if before == after:
        return []
    old, new = cells_of(before), cells_of(after)
    length = max(len(old), len(new))
    old += [("", None)] * (length - len(old))
    new += [("", None)] * (length - len(new))
    return differing_spans(old, new)


def differing_spans(old: Sequence[Cell | None], new: Sequence[Cell]) -> list[tuple[int, int]]:
    """The same of as many old cells as new ones; an old one that is None differs from every other."""
    spans: list[tuple[int, int]] = []
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        if spans and index - spans[-1][1] < GAP_CELLS:
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return [(_start(old, new, first), _end(old, new, end)) for first, end in spans]


def _start(old: Sequence[Cell | None], new: Sequence[Cell], first: int) -> int:
    while first > 0 and (_is_second(old[first]) or _is_second(new[first])):
        first -= 1
    return first


def _end(old: Sequence[Cell | None], new: Sequence[Cell], end: int) -> int:
    while end < len(old) and (_is_second(old[end]) or _is_second(new[end])):
        end += 1
    return end


def _is_second(cell: Cell | None) -> bool:
    """Whether a wide character began in the cell before this one."""
    return cell is not None and not cell[0]
