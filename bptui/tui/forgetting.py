"""Lets go of what Rich and Textual remember of lines and places that are no longer shown.

Their caches hold up to 16,384 texts and places each, which a screen whose numbers change with every poll fills in the
course of a day; what it shows at one time is a few hundred.
"""

from __future__ import annotations

from rich.cells import cached_cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

KEPT_ITEMS = 512
"""A cache with more is emptied: working its values out again takes a millisecond."""

CACHES = (
    cached_cell_len,
    Segment._split_cells,  # noqa: SLF001 - guarded by a test
    Region.intersection,
    Region.overlaps,
    Region.translate,
)


def forget_lines() -> None:
    """Empty the caches that hold more than a screen needs."""
    for cache in CACHES:
        if cache.cache_info().currsize > KEPT_ITEMS:
            cache.cache_clear()


def forget_regions(screen: Screen[None]) -> None:
    """Empty what Textual notes of painted parts of widgets that paint line by line: it does so where it paints a whole."""
    for widget in screen.walk_children(Widget):
        if type(widget).render_line is not Widget.render_line:
            widget._dirty_regions.clear()  # noqa: SLF001 - guarded by a test
