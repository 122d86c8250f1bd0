"""Line 5: the next poll of 40,000 jobs of which one in a hundred changed, until the list is on screen again."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import bodies
from tests.benchmarks.figures import RUNS, Figure, fresh, medians, times_better

LINE = 5
GOAL = 20


def run(_lines: AbstractSet[int]) -> list[Figure]:
    """Both sides take turns in fresh processes, and are told in processor time, so that both meet the same weather."""
    ours: list[dict[str, float]] = []
    baseline: list[dict[str, float]] = []
    with TemporaryDirectory() as name:
        body, later = Path(name) / "jobs.xml", Path(name) / "jobs-later.xml"
        body.write_bytes(bodies.jobs())
        later.write_bytes(bodies.jobs(is_later=True))
        for _ in range(RUNS):
            baseline.append(fresh("tests.benchmarks.baselines", "table", later))
            ours.append(fresh("tests.benchmarks.listing", body, later))
    found, beside = medians(ours), medians(baseline)
    if found["changed"] != bodies.CHANGED_JOBS:
        raise RuntimeError(f"{found['changed']:.0f} jobs changed, not {bodies.CHANGED_JOBS}")
    title = f"{bodies.JOBS:,} jobs, 1 % changed, on screen again"
    return [times_better(LINE, title, found["seconds"], beside["seconds"], "s", GOAL)]
