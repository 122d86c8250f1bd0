"""Every sign on the screen that is not a letter, and its form for terminals without Unicode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Glyphs(NamedTuple):
    """Every sign on the screen that is not a letter; each is one cell wide."""

    yes: str = "●"
    no: str = "○"
    untold: str = "·"
    latest: str = "✓"
    superseded: str = "◌"
    shut: str = "▸"
    open: str = "▾"
    bar_done: str = "━"
    bar_cached: str = "╍"
    bar_nothing: str = "─"
    problem: str = "!"
    completed: str = "✓"
    canceled: str = "\N{MULTIPLICATION SIGN}"
    gone: str = "?"
    unknown: str = "\N{EN DASH}"
    ellipsis: str = "…"
    live: str = "●"
    late: str = "◐"
    down: str = "○"
    between: str = "·"
    rule: str = "─"
    up: str = "▲"
    """The order of a sorted column, rising."""
    falling: str = "▼"
    kept: str = "◆"
    """The job that is kept in the other panes."""
    cursor: str = "▌"
    """The edge of the cursor's line, so that it is found without colour."""


ASCII = Glyphs(
    yes="@", no="o", untold=".", latest="v", superseded="x", shut="+", open="-", bar_done="#", bar_cached="=",
    bar_nothing="-", completed="v", canceled="x", unknown="-", ellipsis="~", live="*", late="~",
    down="o", between="-", rule="-", up="^", falling="v", kept="*", cursor=">",
)  # fmt: skip
"""The forms for terminals without UTF-8, and for those that draw ambiguous signs two cells wide."""

VIDEO_TERMINALS = ("vt1", "vt2", "vt3", "vt4")
"""How TERM begins for those that know neither colours nor Unicode; a serial console is one until told otherwise."""


def is_colourless(environ: Mapping[str, str]) -> bool:
    """Whether the person wants no colours, or the terminal has none."""
    return bool(environ.get("NO_COLOR")) or environ.get("TERM", "").startswith(VIDEO_TERMINALS)
