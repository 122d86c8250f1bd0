"""A measured figure beside its baseline and goal, and how figures are taken: fresh processes, medians."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

RUNS = 5
"""Counted runs of each side; the median is what is reported."""


@dataclass(frozen=True)
class Figure:
    """One line of `bench.json`; `ratio` and `goal` are compared in the direction that `wants` says."""

    id: int
    name: str
    ours: float
    baseline: float
    unit: str
    ratio: float
    goal: float
    met: bool
    wants: str

    def as_json(self) -> dict[str, Any]:
        """The figure as `bench.json` holds it."""
        return asdict(self)


def times_better(line: int, name: str, ours: float, baseline: float, unit: str, goal: float) -> Figure:
    """Baseline over ours, which is to be at least the goal."""
    ratio = baseline / ours if ours else float("inf")
    return Figure(line, name, ours, baseline, unit, ratio, goal, ratio >= goal, "ratio at least goal")


def share(line: int, name: str, ours: float, baseline: float, unit: str, goal: float) -> Figure:
    """Ours over baseline, which is to be at most the goal."""
    ratio = ours / baseline if baseline else float("inf")
    return Figure(line, name, ours, baseline, unit, ratio, goal, ratio <= goal, "ratio at most goal")


def at_most(line: int, name: str, ours: float, baseline: float, unit: str, goal: float) -> Figure:
    """Ours itself, which is to be at most the goal; the ratio to the baseline is for information."""
    ratio = ours / baseline if baseline else 0.0
    return Figure(line, name, ours, baseline, unit, ratio, goal, ours <= goal, "ours at most goal")


def at_least(line: int, name: str, ours: float, unit: str, goal: float) -> Figure:
    """A number without which the figures beside it would say nothing: ours, which is to be at least the goal."""
    return Figure(line, name, ours, 0.0, unit, 0.0, goal, ours >= goal, "ours at least goal")


def fresh(module: str, *arguments: object) -> dict[str, float]:
    """Run `python -m MODULE ARGUMENT…` in a process of its own and read the JSON object it prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    found: dict[str, float] = json.loads(done.stdout)
    return found


def medians(samples: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over several runs."""
    return {key: statistics.median(sample[key] for sample in samples) for key in samples[0]}


def median_fresh(module: str, *arguments: object, runs: int = RUNS) -> dict[str, float]:
    """The medians of `runs` fresh processes."""
    return medians([fresh(module, *arguments) for _ in range(runs)])
