"""One progress bar in two tones: completed over cached over nothing."""

from __future__ import annotations

from bptui.tui.theme import Look
from bptui.tui.widgets.strips import Piece


def bar(look: Look, width: int, *, whole: int, cached: int, done: int) -> list[Piece]:
    """The bar in `width` cells; it is full only when nothing is missing, and not empty when something is there."""
    done_cells = _cells(done, whole, width)
    cached_cells = max(_cells(cached, whole, width), done_cells)
    glyphs = look.glyphs
    return [
        (glyphs.bar_done * done_cells, look.bar_done),
        (glyphs.bar_cached * (cached_cells - done_cells), look.bar_cached),
        (glyphs.bar_nothing * (width - cached_cells), look.bar_nothing),
    ]


def _cells(part: int, whole: int, width: int) -> int:
    if part <= 0 or whole <= 0:
        return 0
    return max(1, min(width, part * width // whole))
