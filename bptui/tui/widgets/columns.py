"""Which columns a job's line has at a width: low-value ones fold away in a fixed order, and some take what is left."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import NamedTuple

from bptui.text import Align


class ColumnId(Enum):
    """The columns of the job list; the value is the heading."""

    GLYPH = ""
    TYPE = "Type"
    PRIORITY = "Pri"
    AGGREGATING = "Agg"
    NAME = "Name"
    BUCKET = "Bucket"
    USER = "User"
    SIZE = "Size"
    BAR = "Progress"
    PERCENT = "Done"
    RATE = "Rate"
    ETA = "ETA"
    AGE = "Age"
    WHY = "Why"


class Column(NamedTuple):
    """A column's width in cells, and its share of what is left over."""

    id: ColumnId
    width: int
    align: Align = Align.LEFT
    share: int = 0
    most: int = 0
    """Up to how many cells it grows."""


COLUMNS: tuple[Column, ...] = (
    Column(ColumnId.GLYPH, 1),
    Column(ColumnId.TYPE, 4),
    Column(ColumnId.PRIORITY, 4),
    Column(ColumnId.AGGREGATING, 3),
    Column(ColumnId.NAME, 20, share=4, most=64),
    Column(ColumnId.BUCKET, 14, share=2, most=24),
    Column(ColumnId.USER, 9, share=1, most=16),
    Column(ColumnId.SIZE, 8, Align.RIGHT),
    Column(ColumnId.BAR, 10, share=1, most=20),
    Column(ColumnId.PERCENT, 4, Align.RIGHT),
    Column(ColumnId.RATE, 10, Align.RIGHT),
    Column(ColumnId.ETA, 4, Align.RIGHT),
    Column(ColumnId.AGE, 4, Align.RIGHT),
    Column(ColumnId.WHY, 12, share=2, most=36),
)

FOLD_ORDER = (
    ColumnId.AGE,
    ColumnId.USER,
    ColumnId.ETA,
    ColumnId.BUCKET,
    ColumnId.RATE,
    ColumnId.PRIORITY,
    ColumnId.BAR,
    ColumnId.SIZE,
)
"""What folds away first when the screen gets narrower."""

NUMBERS = (
    ColumnId.AGE,
    ColumnId.ETA,
    ColumnId.RATE,
    ColumnId.BAR,
    ColumnId.PRIORITY,
    ColumnId.SIZE,
)
"""What makes room, in this order, when names and reasons are to be read in full."""

WIDE_TEXTS = {ColumnId.NAME: 32, ColumnId.BUCKET: 16, ColumnId.USER: 10, ColumnId.WHY: 24}
"""The widths that texts ask for when they are to be read in full."""


class Placed(NamedTuple):
    """A column with the width it has on this screen."""

    id: ColumnId
    width: int
    align: Align


def placed(width: int, *, age_width: int = 4, is_wide: bool = False) -> tuple[Placed, ...]:
    """The columns that fit into `width` cells with one cell between them; `is_wide` prefers texts to numbers."""
    columns = {column.id: column.width for column in COLUMNS}
    columns[ColumnId.AGE] = age_width
    if is_wide:
        columns |= WIDE_TEXTS
    for folded in (*NUMBERS, ColumnId.USER, ColumnId.BUCKET) if is_wide else FOLD_ORDER:
        if _total(columns.values()) <= width:
            break
        del columns[folded]
    for squeezed, least in ((ColumnId.WHY, 12), (ColumnId.NAME, 4), (ColumnId.WHY, 4)):
        too_much = max(0, _total(columns.values()) - width)
        columns[squeezed] = max(least, columns[squeezed] - too_much)
    _share_out(columns, width - _total(columns.values()))
    return tuple(Placed(column.id, columns[column.id], column.align) for column in COLUMNS if column.id in columns)


def _total(widths: Collection[int]) -> int:
    return sum(widths) + len(widths) - 1


def _share_out(columns: dict[ColumnId, int], left: int) -> None:
    """Give what is left to the columns that can use it, by their shares, until nothing is left or all are full."""
    growing = [column for column in COLUMNS if column.id in columns and column.share]
    while left > 0 and (growing := [column for column in growing if columns[column.id] < column.most]):
        for column in growing:
            step = min(column.share, left, column.most - columns[column.id])
            columns[column.id] += step
            left -= step
