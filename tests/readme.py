"""Writes into README.md what the code itself says, the keys and the rules of verdicts: `python -m tests.readme`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bptui.monitor.why.table import markdown
from bptui.tui.keys import ACTIONS, Action, KeyMap, Scope, shown

README = Path(__file__).parent.parent / "README.md"


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


SECTIONS = {"keys": keys_text, "why": markdown}
"""What is written, by the name in its marks: `<!-- keys:begin … -->` and `<!-- keys:end -->`."""


def written(readme: str) -> str:
    """The README with every section as the code says now.

    Raises:
        NoPlace: it lacks the marks of a section.
    """
    for name, text in SECTIONS.items():
        marks = re.compile(rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)", re.DOTALL)
        places = list(marks.finditer(readme))
        if len(places) != 1:
            raise NoPlace(f"README.md needs the marks <!-- {name}:begin --> and <!-- {name}:end --> once each")
        begin, end = places[0].groups()
        readme = f"{readme[: places[0].start()]}{begin}\n{text()}\n{end}{readme[places[0].end() :]}"
    return readme


def stale(readme: str) -> Iterator[str]:
    """The names of the sections that do not say what the code says."""
    for name, text in SECTIONS.items():
        if f"\n{text()}\n<!-- {name}:end -->" not in readme:
            yield name


def main() -> int:
    """Write the README anew, if it says something else."""
    before = README.read_text(encoding="utf-8")
    try:
        after = written(before)
    except NoPlace as error:
        sys.stderr.write(f"{error}.\n")
        return 1
    if after != before:
        README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
