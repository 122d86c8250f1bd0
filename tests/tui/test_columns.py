"""The job list's columns at every width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bptui.tui.widgets.columns import FOLD_ORDER, ColumnId, placed


@given(st.integers(40, 300), st.booleans(), st.sampled_from([4, 12]))
def test_columns_fit(width: int, is_wide: bool, age_width: int) -> None:
    """The columns with their gaps never take more than there is, and a name and a reason are always there."""
    columns = placed(width, age_width=age_width, is_wide=is_wide)
    assert sum(column.width for column in columns) + len(columns) - 1 <= width
    shown = {column.id for column in columns}
    assert {ColumnId.TYPE, ColumnId.AGGREGATING, ColumnId.NAME, ColumnId.PERCENT, ColumnId.WHY} <= shown


@given(st.integers(40, 299))
def test_folding_has_an_order(width: int) -> None:
    """A column never goes before one that is worth less."""
    shown = {column.id for column in placed(width)}
    is_there = [column in shown for column in FOLD_ORDER]
    assert is_there == sorted(is_there)


def test_80_columns() -> None:
    """At 80 columns what the mock shows is there, and the aggregating badge besides."""
    names = [column.id.value for column in placed(78)]
    assert names == ["", "Type", "Pri", "Agg", "Name", "Size", "Progress", "Done", "Why"]
