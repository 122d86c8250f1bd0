"""Runs the benchmarks, prints a table, and writes `bench.json`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks.figures import Figure

MODULES = {
    "parse": (1, 2, 3, 4),
    "jobs": (5,),
    "tree": (6,),
    "keys": (7,),
    "start": (8,),
    "output": (9,),
    "rest": (10,),
    "soak": (11,),
    "fuzz": (12,),
    "judging": (13,),
}
"""Which module takes which lines; each has `run(lines) -> list[Figure]`."""


def chosen(text: str | None) -> set[int]:
    """The lines to run: all, or those that `--only 1,2` names."""
    known = {line for lines in MODULES.values() for line in lines}
    if not text:
        return known
    wanted = {int(part) for part in text.split(",")}
    if unknown := wanted - known:
        raise SystemExit(f"no benchmark has the number {min(unknown)}; there are {min(known)} to {max(known)}")
    return wanted


def show(figure: Figure) -> str:
    """One row of the table."""
    verdict = "met" if figure.met else "NOT MET"
    return (
        f"{figure.id:>2}  {figure.name:<62} {figure.ours:>12.4g} {figure.baseline:>12.4g} {figure.unit:<5}"
        f" {figure.ratio:>9.3g} {figure.goal:>8g}  {verdict}"
    )


def main() -> None:
    """Run what was asked for; the exit status says only whether everything ran."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="1,2", help="run only these lines")
    parser.add_argument("--output", default="bench.json", type=Path)
    arguments = parser.parse_args()
    wanted = chosen(arguments.only)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':>2}  {'figure':<62} {'ours':>12} {'baseline':>12} {'unit':<5} {'ratio':>9} {'goal':>8}")
    figures: list[Figure] = []
    for name, lines in MODULES.items():
        mine = wanted.intersection(lines)
        if not mine:
            continue
        for figure in importlib.import_module(f"tests.benchmarks.{name}").run(mine):
            print(show(figure))
            sys.stdout.flush()
            figures.append(figure)
    arguments.output.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n")


if __name__ == "__main__":
    main()
