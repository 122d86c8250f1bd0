"""Line 8: how soon the first frame, and the first painted job list of a local appliance, stand there."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import RUNS, Figure, share
from tests.terminal import Terminal

BARE = (BPTUI[0], "-m", "tests.benchmarks.bare")


def first(argv: tuple[str, ...], text: str, env: dict[str, str]) -> float:
    """Seconds until a program shows a text."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        return terminal.wait(text)


def run(lines: AbstractSet[int]) -> list[Figure]:
    """Alternate the three, so that the machine's moods fall on all."""
    frames, lists, bares = [], [], []
    with Appliance("--scenario", "busy", "--speed", 0) as appliance:
        for _ in range(2 * RUNS):
            bares.append(first(BARE, "job number 3", {}))
            frames.append(first(BPTUI, "bptui", appliance.env))
            lists.append(first(BPTUI, "PUT", appliance.env))
    bare = statistics.median(bares)
    return [
        share(8, "start to first frame / bare Textual app", statistics.median(frames), bare, "s", 1.1),
        share(8, "start to first painted list / bare Textual app", statistics.median(lists), bare, "s", 1.3),
    ]
