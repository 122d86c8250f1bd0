"""Lines 1 to 4: reading a job of 500,000 objects first, again, and again with changes, in many chunks and in one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import RUNS, Figure, fresh, medians, share, times_better

READING = "tests.benchmarks.reading"
SHAPES = {"chunks": "500 chunks", "flat": "one chunk", "ones": "one object a chunk"}
FIRST, AGAIN, CHANGED, FLAT = 1, 2, 3, 4
TITLES = {
    "first": "first load",
    "again": "again, nothing changed",
    "changed": "again, 500 objects changed, with the difference",
}
LINES = {
    "chunks": {"first": FIRST, "again": AGAIN, "changed": CHANGED},
    "flat": {"first": FLAT, "again": FLAT, "changed": FLAT},
    "ones": {"first": FIRST, "again": AGAIN},
}
GOALS = {
    "chunks": {"first": 3.0, "again": 20.0, "changed": 12.0},
    "flat": {"first": 3.0, "again": 15.0, "changed": 10.0},
    # The shape of 6.0 has no goals of its own.
    "ones": {"first": 1.0, "again": 1.0},
}
MEMORY_GOAL = 0.25


def run(lines: set[int]) -> list[Figure]:
    """The figures of the lines that are wanted."""
    figures: list[Figure] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        # A process of its own, because a large parent slows its children down.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.bodies", name], check=True)  # noqa: S603  # our module
        for shape, works in LINES.items():
            wanted = {work: line for work, line in works.items() if line in lines}
            if wanted:
                figures += _of_shape(folder, shape, wanted)
    return figures


def _of_shape(folder: Path, shape: str, wanted: dict[str, int]) -> list[Figure]:
    """The figures of one shape; ours and the baseline take turns, so that both meet the same weather.

    Both are told in processor time, of which other processes take none away.
    """
    body, later = folder / f"{shape}.xml", folder / f"{shape}-later.xml"
    works: dict[str, tuple[object, ...]] = {"document": ("document", body), "first": ("first", body)}
    works |= {"again": ("again", body, body), "changed": ("again", body, later)}
    samples: dict[str, list[dict[str, float]]] = {work: [] for work in ("document", *wanted)}
    for _ in range(RUNS):
        for work, found in samples.items():
            found.append(fresh(READING, *works[work]))
    took = {work: medians(found) for work, found in samples.items()}
    baseline, goals, title = took["document"], GOALS[shape], SHAPES[shape]
    figures: list[Figure] = []
    for work, line in wanted.items():
        ours = took[work]["seconds"] + took[work].get("diff", 0.0)
        figures.append(times_better(line, f"{TITLES[work]}, {title}", ours, baseline["seconds"], "s", goals[work]))
    if "first" in wanted:
        name, ours = f"added memory, {title}", took["first"]["bytes"]
        figures.append(share(wanted["first"], name, ours, baseline["bytes"], "B", MEMORY_GOAL))
    return figures
