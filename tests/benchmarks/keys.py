"""Line 7: how long a key takes to show while half a million objects are received and parsed.

Only keys count that were pressed while the appliance was sending such an answer, by the appliance's own notes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from tests.appliance import BPTUI
from tests.benchmarks.figures import Figure, at_least, at_most, share
from tests.benchmarks.noting import Span, noting
from tests.keyboard import key_bytes
from tests.terminal import Terminal

PRESSES = 500
COUNTED_LEAST = 250
"""So many of them have to fall into a poll."""
HOLD_SECONDS = 10.0
REPEAT_SECONDS = 1 / 30
STROKE = 8
"""A held key goes so many lines in one direction."""
ASK_SECONDS = 0.25
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


@dataclass(frozen=True)
class Pause:
    """From when to when a person waited for a paint."""

    begin: float
    end: float

    @property
    def milliseconds(self) -> float:
        """How long it lasted."""
        return (self.end - self.begin) * 1000

    def is_within(self, spans: Sequence[Span]) -> bool:
        """Whether it began while one of the answers was being sent."""
        return any(span.holds(self.begin) for span in spans)

    def touches(self, spans: Sequence[Span]) -> bool:
        """Whether one of the answers was being sent at any time of it."""
        return any(span.begin <= self.end and self.begin <= span.end for span in spans)


def latencies(terminal: Terminal, asking: Asking) -> list[Pause]:
    """From each key to the paint of the cursor on its new line."""
    took = []
    for number in range(PRESSES):
        asking.again()
        terminal.drain(0.02 + number % 7 * 0.003)
        pressed = time.perf_counter()
        seconds = terminal.move("up" if number // STROKE % 2 else "down")
        took.append(Pause(pressed, pressed + seconds))
    return took


def gaps(terminal: Terminal, asking: Asking) -> list[Pause]:
    """For how long the cursor stands still, each time, while a key is held."""
    last = due = start = time.perf_counter()
    found, pressed, marked = [], 0, terminal.marked
    while (now := time.perf_counter()) - start < HOLD_SECONDS:
        asking.again()
        if now >= due:
            terminal.send(key_bytes("up" if pressed // STROKE % 2 else "down"))
            pressed += 1
            due += REPEAT_SECONDS
        if terminal.read(0.003) > 0 and terminal.marked != marked:
            found.append(Pause(last, terminal.read_at))
            last, marked = terminal.read_at, terminal.marked
    return [*found, Pause(last, time.perf_counter())]


def measured(
    argv: tuple[str, ...], env: dict[str, str], texts: tuple[str, ...], ask: str = ""
) -> tuple[list[Pause], list[Pause]]:
    """The latencies and the gaps of one program; Enter leads from each text to the next."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        for text in texts:
            terminal.wait(text, 60)
            terminal.drain(2)
            terminal.press("enter")
        terminal.drain(3)
        asking = Asking(terminal, ask)
        return latencies(terminal, asking), gaps(terminal, asking)


def run(lines: AbstractSet[int]) -> list[Figure]:
    """The bare application idle, ours while it polls a 500,000-object job without a pause."""
    bare_keys, bare_gaps = measured((BPTUI[0], "-m", "tests.benchmarks.bare"), {}, ("job number 3",))
    with tempfile.TemporaryDirectory() as folder:
        appliance, notes = noting(Path(folder), "huge", 1)
        with appliance:
            keys, held = measured((*BPTUI, "--interval", "1"), appliance.env, ("PUT", "chunk 1"), "r")
        polls = notes.whole_jobs()
    bare = [pause.milliseconds for pause in bare_keys]
    ours = [pause.milliseconds for pause in keys if pause.is_within(polls)]
    p99, bare_p99 = (statistics.quantiles(found, n=100)[98] for found in (ours, bare))
    gap = max(pause.milliseconds for pause in held if pause.touches(polls))
    bare_gap = max(pause.milliseconds for pause in bare_gaps)
    return [
        at_least(7, f"keys of {PRESSES} that fell into a poll: only these count", len(ours), "keys", COUNTED_LEAST),
        share(7, "key to paint, median, during a poll", statistics.median(ours), statistics.median(bare), "ms", 2),
        at_most(7, "key to paint, p99, during a poll", p99, bare_p99, "ms", 60),
        at_most(7, "longest gap between paints while a key is held", gap, bare_gap, "ms", 120),
    ]
