"""Lines 1 to 4: reading a job of 500,000 objects first, again, and again with changes, in many chunks and in one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import bodies
from tests.benchmarks.figures import Figure, fresh, median_fresh, share, times_better

READING = "tests.benchmarks.reading"
SHAPES = {"chunks": "500 chunks", "flat": "one chunk", "ones": "one object a chunk"}
FIRST, AGAIN, CHANGED, FLAT = 1, 2, 3, 4
LINES = {
    "chunks": {"first": FIRST, "again": AGAIN, "changed": CHANGED},
    "flat": dict.fromkeys(("first", "again", "changed"), FLAT),
}
GOALS = {
    "chunks": {"first": 3.0, "again": 20.0, "changed": 12.0},
    "flat": {"first": 3.0, "again": 15.0, "changed": 10.0},
}
MEMORY_GOAL = 0.25


def run(lines: set[int]) -> list[Figure]:
    """The figures of the lines that are wanted."""
    figures: list[Figure] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        bodies.write(folder)
        for shape in ("chunks", "flat"):
            wanted = {work: line for work, line in LINES[shape].items() if line in lines}
            if wanted:
                figures += _of_shape(folder, shape, wanted)
        if FIRST in lines:
            figures += _ones(folder)
    return figures


def _of_shape(folder: Path, shape: str, wanted: dict[str, int]) -> list[Figure]:
    body, later = folder / f"{shape}.xml", folder / f"{shape}-later.xml"
    baseline = median_fresh(READING, "document", body)
    goals, title = GOALS[shape], SHAPES[shape]
    figures: list[Figure] = []
    if "first" in wanted:
        ours, line = median_fresh(READING, "first", body), wanted["first"]
        name = f"first load, 500,000 objects in {title}"
        figures.append(times_better(line, name, ours["seconds"], baseline["seconds"], "s", goals["first"]))
        figures.append(share(line, f"added memory, {title}", ours["bytes"], baseline["bytes"], "B", MEMORY_GOAL))
    if "again" in wanted:
        ours = median_fresh(READING, "again", body, body)
        name = f"again, nothing changed, {title}"
        figures.append(times_better(wanted["again"], name, ours["seconds"], baseline["seconds"], "s", goals["again"]))
    if "changed" in wanted:
        ours = median_fresh(READING, "again", body, later)
        name = f"again with its difference, 500 objects changed, {title}"
        seconds = ours["seconds"] + ours["diff"]
        figures.append(times_better(wanted["changed"], name, seconds, baseline["seconds"], "s", goals["changed"]))
    return figures


def _ones(folder: Path) -> list[Figure]:
    """The shape of 6.0, for information: it has no goal of its own, and is held to no slowdown at all."""
    body = folder / "ones.xml"
    baseline, ours = fresh(READING, "document", body), fresh(READING, "first", body)
    again = fresh(READING, "again", body, body)
    title = SHAPES["ones"]
    return [
        times_better(FIRST, f"first load, {title}", ours["seconds"], baseline["seconds"], "s", 1.0),
        times_better(AGAIN, f"again, nothing changed, {title}", again["seconds"], baseline["seconds"], "s", 1.0),
    ]
