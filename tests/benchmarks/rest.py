"""Line 10: processor time at rest, and memory with the largest job open."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import Figure, at_least, at_most
from tests.benchmarks.noting import noting
from tests.terminal import Terminal

WINDOW_SECONDS = 60.0
POLLS = 8
"""So many times the largest job is read, the first time whole, then what changed."""
MEMORY_SECONDS = 120.0
"""When memory is read no longer, however few the polls were."""


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Resident memory of a process (Linux), in MB of 10^6 bytes."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def share_of_core(argv: tuple[str, ...], env: dict[str, str], text: str) -> float:
    """Per cent of a core that a program uses at rest."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), env=env) as terminal:
        terminal.wait(text)
        terminal.drain(5)
        before, start = cpu_seconds(terminal.pid), time.perf_counter()
        terminal.drain(WINDOW_SECONDS)
        return (cpu_seconds(terminal.pid) - before) / (time.perf_counter() - start) * 100


def memory() -> tuple[float, int]:
    """The most resident memory with the 500,000-object job open, over POLLS polls of it; and how many it was."""
    sizes: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        appliance, notes = noting(Path(folder), "huge", 1)
        with appliance, Terminal(BPTUI, home=Path(folder), env=appliance.env) as terminal:
            terminal.wait("PUT", 60)
            terminal.press("enter")
            end = time.perf_counter() + MEMORY_SECONDS
            while len(notes.whole_jobs()) < POLLS and time.perf_counter() < end:
                terminal.send(b"r")
                for _ in range(4):
                    terminal.drain(0.5)
                    sizes.append(resident_mb(terminal.pid))
            return max(sizes), len(notes.whole_jobs())


def run(lines: AbstractSet[int]) -> list[Figure]:
    """`busy` at its natural speed and interval; then `huge`."""
    bare = share_of_core((BPTUI[0], "-m", "tests.benchmarks.bare"), {}, "job number 3")
    with Appliance("--scenario", "busy") as appliance:
        rest = share_of_core(BPTUI, appliance.env, "PUT")
    size, polls = memory()
    return [
        at_most(10, "processor at rest, busy, 5 s interval", rest, bare, "%", 1.5),
        at_least(10, "polls of the 500,000-object job while memory was watched", polls, "polls", POLLS),
        at_most(10, "most memory with the 500,000-object job open", size, 0.0, "MB", 220),
    ]
