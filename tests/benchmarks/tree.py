"""Line 6: opening a chunk of 500,000 objects, going to its ends, and finding a name near the last."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import RUNS, Figure, at_most, fresh
from tests.terminal import Terminal

OBJECTS = 500_000
OPEN = "▾ chunk 1"
NEAR_THE_END = "shot-499321"


def opening(terminal: Terminal) -> float:
    """Milliseconds until the opened chunk is painted."""
    terminal.press("g")
    if OPEN in terminal.text:
        terminal.press("enter")
        terminal.wait_gone(OPEN)
    took = terminal.press("enter")[0].settled * 1000
    assert OPEN in terminal.text, terminal.text
    return took


def finding(terminal: Terminal) -> float:
    """Seconds from Enter until the name found is painted."""
    terminal.press("g", "/", "ctrl+u")
    terminal.send(NEAR_THE_END.encode())
    terminal.drain(0.3)
    start = time.perf_counter()
    terminal.send(b"\r")
    terminal.wait(lambda screen: f"{NEAR_THE_END}.segd" in screen, 30)
    return time.perf_counter() - start


def run(lines: AbstractSet[int]) -> list[Figure]:
    """In a real terminal; the baseline is Textual's own tree without one."""
    baseline = fresh("tests.benchmarks.baselines", "tree", OBJECTS)
    with (
        Appliance("--scenario", "huge-flat", "--speed", 0) as appliance,
        tempfile.TemporaryDirectory() as home,
        Terminal(BPTUI, home=Path(home), env=appliance.env) as terminal,
    ):
        terminal.wait("PUT", 60)
        terminal.drain(2)
        terminal.press("enter")
        terminal.wait("chunk 1", 60)
        terminal.drain(5)
        opened = [opening(terminal) for _ in range(RUNS)]
        ends = [latency.settled * 1000 for latency in terminal.press(*["end", "home"] * RUNS)]
        assert all(ends), ends
        found = [finding(terminal) for _ in range(RUNS)]
    expand = baseline["expand"] * 1000
    return [
        at_most(6, "open a chunk of 500,000: first paint", statistics.median(opened), expand, "ms", 50),
        at_most(6, "End and Home in it: painted", statistics.median(ends), baseline["end"] * 1000, "ms", 50),
        at_most(6, "find a name near its end", statistics.median(found), baseline["expand"], "s", 1.0),
    ]
