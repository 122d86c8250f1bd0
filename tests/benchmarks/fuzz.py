"""Line 12: incremental reading equals plain reading, over 10,000 made-up jobs and lists with three states each."""

from __future__ import annotations

import sys
from random import Random

from tests.benchmarks.figures import Figure, at_most
from tests.ds3.parse.lists import check_list_case
from tests.ds3.parse.readings import check_case

LINE = 12
JOBS = 8_000
LISTS = 2_000


def differences(jobs: int = JOBS, lists: int = LISTS, seed: int = 0) -> list[str]:
    """The cases in which the two ways of reading do not agree, by kind and seed."""
    found: list[str] = []
    for kind, check, count in (("job", check_case, jobs), ("list", check_list_case, lists)):
        for number in range(seed, seed + count):
            try:
                check(Random(number))
            except AssertionError:
                found.append(f"{kind} {number}")
    return found


def run(_lines: set[int]) -> list[Figure]:
    """The number of cases that differ, which is to be none."""
    found = differences()
    return [at_most(LINE, f"incremental reading unlike plain, of {JOBS + LISTS:,} cases", len(found), 0, "cases", 0)]


if __name__ == "__main__":
    wrong = differences(seed=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    print("\n".join(wrong) or f"{JOBS + LISTS} cases agree")
    sys.exit(bool(wrong))
