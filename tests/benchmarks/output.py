"""Line 9: bytes that go to the terminal, which a thin line must carry."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.appliance import BPTUI, Appliance
from tests.benchmarks.figures import Figure, at_most
from tests.terminal import Terminal

REST_SECONDS = 20.0
POLLS = 6
INTERVAL_SECONDS = 2.0
STEP_SECONDS = 5.0
"""How often objects arrive in the largest job."""
TICKING = (BPTUI[0], "-m", "tests.benchmarks.ticking")


def bytes_of(
    argv: tuple[str, ...], env: dict[str, str], text: str, seconds: float, keys: tuple[str, ...] = ()
) -> float:
    """Bytes a second that a program writes at 80x24, once it shows a text and has come to rest."""
    with tempfile.TemporaryDirectory() as home, Terminal(argv, home=Path(home), columns=80, rows=24, env=env) as t:
        t.wait(text, 60)
        t.press(*keys)
        t.drain(4)
        return t.drain(seconds) / seconds


def bytes_a_large_poll(env: dict[str, str]) -> float:
    """Bytes from asking for a job of 500,000 objects, of which 500 arrive every 5 s, to asking again."""
    with tempfile.TemporaryDirectory() as home, Terminal(BPTUI, home=Path(home), columns=80, rows=24, env=env) as t:
        t.wait("PUT", 60)
        t.press("enter")
        t.wait("chunk 9", 60)
        t.drain(5)
        counts = []
        for _ in range(POLLS):
            t.send(b"r")
            counts.append(t.drain(STEP_SECONDS))
        return statistics.median(counts)


def bare(changed: int, seconds: float) -> float:
    """Bytes a second of `DataTable.update_cell` for the same number of rows."""
    argv = (BPTUI[0], "-m", "tests.benchmarks.bare", "30", str(changed), str(INTERVAL_SECONDS))
    return bytes_of(argv, {}, "job number 3", seconds)


def run(lines: AbstractSet[int]) -> list[Figure]:
    """At rest, with five rows changing, and with 500 of 500,000 objects changing."""
    ours = (*BPTUI, "--interval", str(INTERVAL_SECONDS))
    window = POLLS * INTERVAL_SECONDS
    with Appliance("--scenario", "busy", "--speed", 0) as appliance:
        rest = bytes_of(ours, appliance.env, "PUT", REST_SECONDS)
    with Appliance(30, 5, INTERVAL_SECONDS, program=TICKING) as appliance:
        changing = bytes_of(ours, appliance.env, "PUT", window, ("f",)) * INTERVAL_SECONDS
    with Appliance("--scenario", "huge") as appliance:
        huge = bytes_a_large_poll(appliance.env)
    table = bare(5, window) * INTERVAL_SECONDS
    return [
        at_most(9, "bytes a second to the terminal at rest, 80x24", rest, bare(0, REST_SECONDS), "B/s", 120),
        at_most(9, "bytes a poll with 5 of 30 rows changing, 80x24", changing, table, "B", 2500),
        at_most(9, "bytes a poll of 500,000 objects with 500 changes", huge, table, "B", 3000),
    ]
