"""Line 7: how long a key takes to show while half a million objects are received and parsed."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import Figure, at_most, share
from tests.terminal import KEYS, Terminal

PRESSES = 150
HOLD_SECONDS = 10.0
REPEAT_SECONDS = 1 / 30


def latencies(terminal: Terminal) -> list[float]:
    """Milliseconds from a key to the first byte of its paint."""
    keys = ["down", "up"] * (PRESSES // 2)
    return [latency.first * 1000 for latency in terminal.press(*keys) if latency.first]


def worst_gap(terminal: Terminal) -> float:
    """The longest time without a paint while a key is held (milliseconds)."""
    last = due = start = time.perf_counter()
    worst, keys = 0.0, (KEYS["down"], KEYS["up"])
    pressed = 0
    while (now := time.perf_counter()) - start < HOLD_SECONDS:
        if now >= due:
            terminal.send(keys[pressed // 8 % 2])
            pressed += 1
            due += REPEAT_SECONDS
        if terminal.read(0.003) > 0:
            now = time.perf_counter()
            worst, last = max(worst, now - last), now
    return max(worst, time.perf_counter() - last) * 1000


def measured(argv: tuple[str, ...], env: dict[str, str], text: str, keys: tuple[str, ...]) -> tuple[list[float], float]:
    """The latencies and the worst gap of one program."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        terminal.wait(text, 60)
        terminal.press(*keys)
        terminal.drain(1)
        return latencies(terminal), worst_gap(terminal)


def run(lines: AbstractSet[int]) -> list[Figure]:
    """The bare application idle, ours while it polls a 500,000-object job without a pause."""
    bare, bare_gap = measured((BPTUI[0], "-m", "tests.benchmarks.bare"), {}, "job number 3", ())
    with Appliance("--scenario", "huge") as appliance:
        ours, gap = measured((*BPTUI, "--interval", "1"), appliance.env, "PUT", ("enter", "1"))
    p99 = statistics.quantiles(ours, n=100)[98]
    return [
        share(7, "key to paint, median, during a poll", statistics.median(ours), statistics.median(bare), "ms", 2),
        at_most(7, "key to paint, p99, during a poll", p99, statistics.quantiles(bare, n=100)[98], "ms", 60),
        at_most(7, "longest gap between paints while a key is held", gap, bare_gap, "ms", 120),
    ]
