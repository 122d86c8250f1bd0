"""Line 8: how soon the first frame, and the first painted job list of a local appliance, stand there.

Each program runs in a pseudo-terminal of its own, in turn. A screen counts when the bytes that complete it arrive;
what the terminal of the benchmark takes to read them is left out on both sides.

The floor is the same bare application, which asks the appliance for its list with the libraries that bptui asks with.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import RUNS, Figure, share
from tests.terminal import Terminal

BARE = (BPTUI[0], "-m", "tests.benchmarks.bare")
FLOOR = (BPTUI[0], "-m", "tests.benchmarks.asking")


def has_table(text: str) -> bool:
    """Whether the bare application's table is painted down to its last row."""
    return "job number 0" in text and "job number 29" in text


def has_frame(text: str) -> bool:
    """Whether the main screen is painted from its first line to its last: top line, three panes, keys."""
    lines = text.splitlines()
    return (
        lines[0].startswith(" bptui ")
        and all(f"╭─ {number} " in text for number in (1, 2, 3))
        and lines[-2].startswith("╰─")
        and lines[-2].endswith("─╯")
        and lines[-1].endswith("? Help")
    )


def has_list(text: str) -> bool:
    """Whether the jobs are painted in that screen, down to the border that says how they are sorted."""
    return has_frame(text) and "PUT" in text and "sorted by start ─╯" in text


def has_jobs(text: str) -> bool:
    """Whether the bare application shows what the appliance told, down to its last line."""
    return "PUT" in text and "GET" in text


def first(argv: tuple[str, ...], is_there: Callable[[str], bool], env: Mapping[str, str]) -> float:
    """Seconds from the start of a program until its screen is as wanted."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        terminal.wait(is_there)
        return terminal.read_at - terminal.started


def run(lines: AbstractSet[int]) -> list[Figure]:
    """Alternate the four, so that the machine's moods fall on all."""
    frames, lists, bares, floors = [], [], [], []
    with Appliance("--scenario", "busy", "--speed", 0) as appliance:
        for _ in range(2 * RUNS):
            bares.append(first(BARE, has_table, {}))
            frames.append(first(BPTUI, has_frame, appliance.env))
            lists.append(first(BPTUI, has_list, appliance.env))
            floors.append(first(FLOOR, has_jobs, appliance.env))
    bare, floor = statistics.median(bares), statistics.median(floors)
    return [
        share(8, "start to first frame / bare Textual app", statistics.median(frames), bare, "s", 1.1),
        share(8, "start to first painted list / bare Textual app", statistics.median(lists), bare, "s", 1.3),
        share(8, "floor: that list by httpx and lxml in the bare app", floor, bare, "s", 1.3),
    ]
