"""Lets go of what Rich and Textual remember of lines that are no longer shown.

Their caches hold up to 16,384 texts and places each, which a screen whose numbers change with every poll fills in the
course of a day; what it shows at one time is a few hundred.
"""

from __future__ import annotations

from rich.cells import cached_cell_len
from rich.segment import Segment
from textual.geometry import Region

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
