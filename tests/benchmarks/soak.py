"""Line 11: whether memory stays flat over a day of polling, sped up, with jobs coming and going."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI
from tests.benchmarks.figures import Figure, at_least, share
from tests.benchmarks.noting import noting
from tests.benchmarks.rest import resident_mb
from tests.terminal import Terminal

DAY_SECONDS = 24 * 3600
SPEED = 192
"""A simulated day in seven and a half minutes."""
ASK_SECONDS = 0.05
"""The shortest interval is 1 s, in the settings as on the command line, so that nobody floods an appliance; a person's
`r` asks at once whatever the interval is, so that one poll follows the other."""
SAMPLE_SECONDS = 2.0
POLLS_LEAST = 2000
JOBS_LEAST = 100


def run(lines: AbstractSet[int]) -> list[Figure]:
    """Poll without a pause while a day passes on the appliance; walk through the list meanwhile."""
    sizes: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        appliance, notes = noting(Path(folder), "busy", SPEED)
        with appliance, Terminal((*BPTUI, "--interval", "1"), home=Path(folder), env=appliance.env) as terminal:
            terminal.wait("PUT")
            end = time.perf_counter() + DAY_SECONDS / SPEED
            while time.perf_counter() < end:
                terminal.send(b"j" if len(sizes) % 20 < 10 else b"k")
                ask(terminal)
                sizes.append(resident_mb(terminal.pid))
            polls, (came, went) = notes.lists(), notes.jobs()
    tenth = len(sizes) // 10
    last, second = statistics.median(sizes[-tenth:]), statistics.median(sizes[tenth : 2 * tenth])
    return [
        share(11, "memory in the last tenth of a day / in the second tenth", last, second, "MB", 1.05),
        at_least(11, "polls of the list in that day", polls, "polls", POLLS_LEAST),
        at_least(11, "jobs that came in that day", came, "jobs", JOBS_LEAST),
        at_least(11, "jobs that went in that day", went, "jobs", JOBS_LEAST),
    ]


def ask(terminal: Terminal) -> None:
    """Have the appliance polled for SAMPLE_SECONDS, again as soon as it has answered."""
    end = time.perf_counter() + SAMPLE_SECONDS
    while time.perf_counter() < end:
        terminal.send(b"r")
        terminal.drain(ASK_SECONDS)
