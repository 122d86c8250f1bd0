"""Line 11: whether memory stays flat over a day of polling, sped up, with jobs coming and going."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import Figure, share
from tests.benchmarks.rest import resident_mb
from tests.terminal import Terminal

DAY_SECONDS = 24 * 3600
SPEED = 180
"""A simulated day in eight minutes."""
SAMPLE_SECONDS = 2.0


def run(lines: AbstractSet[int]) -> list[Figure]:
    """Poll each second while a day passes on the appliance; walk through the list meanwhile."""
    sizes: list[float] = []
    with (
        Appliance("--scenario", "busy", "--speed", SPEED) as appliance,
        tempfile.TemporaryDirectory() as home,
        Terminal((*BPTUI, "--interval", "1"), home=Path(home), env=appliance.env) as terminal,
    ):
        terminal.wait("PUT")
        end = time.perf_counter() + DAY_SECONDS / SPEED
        while time.perf_counter() < end:
            terminal.send(b"j" if len(sizes) % 20 < 10 else b"k")
            terminal.drain(SAMPLE_SECONDS)
            sizes.append(resident_mb(terminal.pid))
    tenth = len(sizes) // 10
    last, second = statistics.median(sizes[-tenth:]), statistics.median(sizes[tenth : 2 * tenth])
    return [share(11, "memory in the last tenth of a day / in the second tenth", last, second, "MB", 1.05)]
