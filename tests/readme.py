"""Writes into README.md what the code itself says, keys and rules, and the last bench: `python -m tests.readme`."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bptui.monitor.why.table import markdown
from bptui.tui.key_names import shown
from bptui.tui.keys import ACTIONS, Action, KeyMap, Scope

README = Path(__file__).parent.parent / "README.md"
BENCH = README.parent / "bench.json"
MEGA = 1e6


class NoPlace(Exception):  # noqa: N818  # what is the matter, not an error of ours
    """The README has no marks between which a section could be written."""


def keys_text() -> str:
    """Every action with its keys and the id by which the config names it, a table for each place."""
    return "\n".join(_table(scope) for scope in Scope if any(action.scope is scope for action in ACTIONS))


def _table(scope: Scope) -> str:
    rows = (_row(action) for action in ACTIONS if action.scope is scope)
    return f"**{scope.value}**\n\n| key | does | id |\n| --- | --- | --- |\n{''.join(rows)}"


def _row(action: Action) -> str:
    keys = " ".join(f"`{shown(key)}`" for key in KeyMap({}).keys(action))
    return f"| {_cell(keys)} | {_cell(action.tooltip)} | `{action.id}` |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def bench_text(bench: Path = BENCH) -> str:
    """Each figure of the last `make bench` with its baseline and goal, the day, and the machine's size."""
    day = datetime.fromtimestamp(bench.stat().st_mtime, UTC)
    said = f"Measured on {day:%Y-%m-%d} on {os.cpu_count()} cores, Python {platform.python_version()}."
    rows = "".join(_figure(figure) for figure in json.loads(bench.read_text(encoding="utf-8")))
    return f"{said}\n\n| # | figure | ours | baseline | ratio | goal | |\n| --- | --- | --- | --- | --- | --- | --- |\n{rows}"


def _figure(figure: dict[str, Any]) -> str:
    unit, verdict = figure["unit"], "met" if figure["met"] else "**not met**"
    has_baseline = bool(figure["baseline"])
    cells = (
        str(figure["id"]),
        _cell(figure["name"]),
        _amount(figure["ours"], unit),
        _amount(figure["baseline"], unit) if has_baseline else "",
        f"{figure['ratio']:.2g}" if has_baseline else "",
        _AIMS[figure["wants"]].format(f"{figure['goal']:g}", unit),
        verdict,
    )
    return f"| {' | '.join(cells)} |\n"


_AIMS = {
    "ratio at least goal": "{0} times better",
    "ratio at most goal": "{0} of it at most",
    "ours at most goal": "{0} {1} at most",
    "ours at least goal": "{0} {1} at least",
}


def _amount(value: float, unit: str) -> str:
    """Three digits, and no power of ten."""
    if unit == "B" and value >= MEGA:
        value, unit = value / MEGA, "MB"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


SECTIONS = {"keys": keys_text, "why": markdown}
"""What is written, by the name in its marks: `<!-- keys:begin … -->` and `<!-- keys:end -->`."""


def written(readme: str) -> str:
    """The README with every section as the code says now.

    Raises:
        NoPlace: it lacks the marks of a section.
    """
    for name, text in SECTIONS.items():
        readme = section_written(readme, name, text())
    return readme


def section_written(readme: str, name: str, text: str) -> str:
    """The README with another text between the marks of one section; raises NoPlace."""
    marks = re.compile(rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    places = list(marks.finditer(readme))
    if len(places) != 1:
        raise NoPlace(f"README.md needs the marks <!-- {name}:begin --> and <!-- {name}:end --> once each")
    begin, end = places[0].groups()
    return f"{readme[: places[0].start()]}{begin}\n{text}\n{end}{readme[places[0].end() :]}"


def stale(readme: str) -> Iterator[str]:
    """The names of the sections that do not say what the code says; what a bench says is not in the code."""
    for name, text in SECTIONS.items():
        if f"\n{text()}\n<!-- {name}:end -->" not in readme:
            yield name


def main() -> int:
    """Write the README anew, if it says something else."""
    before = README.read_text(encoding="utf-8")
    try:
        after = written(before)
        if BENCH.exists():
            after = section_written(after, "bench", bench_text())
    except NoPlace as error:
        sys.stderr.write(f"{error}.\n")
        return 1
    if after != before:
        README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
