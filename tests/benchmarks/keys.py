"""Line 7: how long a key takes to show while half a million objects are received and parsed."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import Figure, at_most, share
from tests.terminal import Terminal, key_bytes

PRESSES = 300
HOLD_SECONDS = 10.0
REPEAT_SECONDS = 1 / 30
STROKE = 8
"""A held key goes so many lines in one direction."""
ASK_SECONDS = 0.5
"""How often the appliance is asked anew, so that one poll follows the other."""


@dataclass
class Asking:
    """Presses a key that asks the appliance now, whenever it is time to; without a key never."""

    terminal: Terminal
    key: str
    due: float = field(default_factory=time.perf_counter)

    def again(self) -> None:
        """Ask, if it is time to."""
        if self.key and time.perf_counter() >= self.due:
            self.due = time.perf_counter() + ASK_SECONDS
            self.terminal.send(key_bytes(self.key))


def latencies(terminal: Terminal, asking: Asking) -> list[float]:
    """Milliseconds from a key to the paint of the cursor on its new line."""
    took = []
    for number in range(PRESSES):
        asking.again()
        terminal.drain(0.02 + number % 7 * 0.003)
        took.append(terminal.move("up" if number // STROKE % 2 else "down") * 1000)
    return took


def worst_gap(terminal: Terminal, asking: Asking) -> float:
    """The longest time for which the cursor stands still while a key is held (milliseconds)."""
    last = due = start = time.perf_counter()
    worst, pressed, marked = 0.0, 0, terminal.marked
    while (now := time.perf_counter()) - start < HOLD_SECONDS:
        asking.again()
        if now >= due:
            terminal.send(key_bytes("up" if pressed // STROKE % 2 else "down"))
            pressed += 1
            due += REPEAT_SECONDS
        if terminal.read(0.003) > 0 and terminal.marked != marked:
            worst, last, marked = max(worst, terminal.read_at - last), terminal.read_at, terminal.marked
    return max(worst, time.perf_counter() - last) * 1000


def measured(
    argv: tuple[str, ...], env: dict[str, str], texts: tuple[str, ...], ask: str = ""
) -> tuple[list[float], float]:
    """The latencies and the worst gap of one program; Enter leads from each text to the next."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        for text in texts:
            terminal.wait(text, 60)
            terminal.drain(2)
            terminal.press("enter")
        terminal.drain(3)
        asking = Asking(terminal, ask)
        return latencies(terminal, asking), worst_gap(terminal, asking)


def run(lines: AbstractSet[int]) -> list[Figure]:
    """The bare application idle, ours while it polls a 500,000-object job without a pause."""
    bare, bare_gap = measured((BPTUI[0], "-m", "tests.benchmarks.bare"), {}, ("job number 3",))
    with Appliance("--scenario", "huge") as appliance:
        ours, gap = measured((*BPTUI, "--interval", "1"), appliance.env, ("PUT", "chunk 1"), "r")
    p99 = statistics.quantiles(ours, n=100)[98]
    return [
        share(7, "key to paint, median, during a poll", statistics.median(ours), statistics.median(bare), "ms", 2),
        at_most(7, "key to paint, p99, during a poll", p99, statistics.quantiles(bare, n=100)[98], "ms", 60),
        at_most(7, "longest gap between paints while a key is held", gap, bare_gap, "ms", 120),
    ]
