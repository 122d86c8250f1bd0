"""A bad night: the appliance goes away, names are hostile, the terminal hangs up or stops reading."""

from __future__ import annotations

import math
import os
import re
import signal
import time
from collections.abc import Callable

import pytest

from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.appliance import Appliance
from tests.e2e.conftest import Open
from tests.waiting import wait_for

pytestmark = pytest.mark.pty

Start = Callable[..., Appliance]


def test_an_appliance_that_goes_away_leaves_its_last_data_on_screen(open_terminal: Open, appliance: Start) -> None:
    """The list stays, marked; the reason and the next try are said; leaving still works."""
    running = appliance("--speed", 0)
    terminal = open_terminal("--interval", 1, env=running.env)
    terminal.wait("quarterly verify")
    running.stop()
    terminal.wait("STALE")
    terminal.wait("refused")
    assert "quarterly verify" in terminal.text
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_wrong_keys_are_said_and_wait_for_a_person(open_terminal: Open, appliance: Start) -> None:
    """A bad secret shows a helpful screen, not an empty list."""
    running = appliance("--speed", 0)
    terminal = open_terminal(env={**running.env, "DS3_SECRET_KEY": "wrong"}, columns=80, rows=24)
    terminal.wait(lambda screen: "InvalidSecurity" in screen or "not valid" in screen)
    assert re.search("access id|secret|key", terminal.text)


def test_an_empty_appliance_says_so(open_terminal: Open, appliance: Start) -> None:
    """No jobs is an answer, with its age, and not an error."""
    running = appliance("--scenario", "empty")
    terminal = open_terminal(env=running.env, columns=80, rows=24)
    terminal.wait(lambda screen: "no jobs" in screen.lower() or "0 jobs" in screen.lower())


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (60, 15)])
def test_hostile_names_write_nothing_to_the_terminal(
    open_terminal: Open, appliance: Start, columns: int, rows: int
) -> None:
    """Whatever objects, jobs and buckets are called, only sequences that the program means reach the terminal."""
    running = appliance("--scenario", "hostile", "--speed", 0)
    terminal = open_terminal(env=running.env, columns=columns, rows=rows)
    terminal.wait("PUT")
    for _ in range(5):
        terminal.press("enter")
        terminal.press("G", "g", "d", "d", "h", "1", "j")
    assert unmeant_sequences(bytes(terminal.written)) == []


MEANT = re.compile(
    rb"\x1b\[[0-9;]*[mHJKABCDGXPLM@dfr]"  # colours, cursor, erase
    rb"|\x1b\[\?(?:1049|25|2004|1004|2026|1000|1002|1003|1006|1015|2048|1007|7)[hl]"  # modes
    rb"|\x1b\[[<>=]?[0-9;]*u|\x1b\[>[0-9;]*[m]"  # keyboard protocol
    rb"|\x1b\[2[23];0t|\x1b\]2;bptui[^\x00-\x1f\x7f]*\x07"  # the title, kept and restored
    rb"|\x1b\(B|\x1b\]22;[a-z]*(?:\x1b\\|\x07)"  # character set; shape of the mouse pointer
)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
C1 = re.compile("[\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]")


def unmeant_sequences(written: bytes) -> list[str]:
    """Control characters and sequences in the output beyond those the program uses."""
    rest = MEANT.sub(b"", written)
    found = [repr(rest[max(0, m.start() - 10) : m.end() + 10]) for m in CONTROL.finditer(rest)]
    text = rest.decode("utf-8", "replace")
    return found + [repr(m.group()) for m in C1.finditer(text)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_within_two_seconds(open_terminal: Open, number: signal.Signals) -> None:
    """The terminal is restored, and the process is gone in time."""
    terminal = open_terminal("demo")
    terminal.wait("quarterly verify")
    os.kill(terminal.pid, number)
    start = time.perf_counter()
    terminal.wait_exit(timeout=5)
    assert time.perf_counter() - start < 2.5
    assert b"\x1b[?1049l" in terminal.written


def test_a_terminal_that_vanishes_ends_it(open_terminal: Open) -> None:
    """Closing the window leaves no process behind."""
    terminal = open_terminal("demo")
    terminal.wait("quarterly verify")
    terminal.vanish()
    start = time.perf_counter()
    pid, _ = _reap(terminal.pid, 5)
    terminal.status = 0
    assert pid == terminal.pid
    assert time.perf_counter() - start < 4


def _reap(pid: int, seconds: float) -> tuple[int, int]:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        found = os.waitpid(pid, os.WNOHANG)
        if found[0]:
            return found
        time.sleep(0.05)  # another process, which nothing but looking tells about
    return 0, 0


STEPS = 12
"""How often a name changes while nobody reads."""


@pytest.mark.parametrize("stalled_seconds", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_a_terminal_that_stops_reading(open_terminal: Open, stalled_seconds: float) -> None:
    """The appliance goes on being polled while nobody reads; on recovery the newest state is painted, once."""
    with RunningSimulator(Options(scenario="many", jobs=12, speed=0)) as running:
        last = max(running.appliance.running(), key=lambda job: job.created_at)
        terminal = open_terminal("--interval", 1, env=environ_of(running))
        terminal.wait(last.name)
        terminal.block(b"jk" * 2)
        asked = lists_asked_for(running)
        for step in range(STEPS):
            last.name = name_of(step)
            last.touch()
            time.sleep(stalled_seconds / STEPS)  # a terminal that nobody looks at: time itself is the thing tested
        newest = lists_asked_for(running) + 2  # the one under way may have been answered before the last name
        wanted = max(newest, asked + math.ceil(stalled_seconds * 0.7))  # polls go on, however slow the machine is
        wait_for(lambda: lists_asked_for(running) >= wanted)
        stalled = len(terminal.written)
        terminal.wait(name_of(STEPS - 1))
        terminal.drain(3)
        came = bytes(terminal.written[stalled:])
        names = [came.count(name_of(step).encode()) for step in range(STEPS)]
        assert names == [0] * (STEPS - 1) + [1]
        assert len(came) < PIPE_BYTES + SCREEN_BYTES
        terminal.wait(lambda screen: bool(re.search(r"\b[0-3] s ago", screen)))
        terminal.press("q")
        assert terminal.wait_exit() == 0


PIPE_BYTES = 100_000
"""More than what the system and the program's writer hold of what was painted before the terminal stopped reading."""
SCREEN_BYTES = 30_000
"""More than a whole screen of 120 x 40 takes."""


def environ_of(running: RunningSimulator) -> dict[str, str]:
    """What points a client at a pretend appliance."""
    return {
        "DS3_ENDPOINT": running.endpoint,
        "DS3_ACCESS_KEY": running.access_key,
        "DS3_SECRET_KEY": running.secret_key,
    }


def name_of(step: int) -> str:
    """A name that differs from all others in every cell, so that it is sent whole."""
    return chr(ord("a") + step) * 14


def lists_asked_for(running: RunningSimulator) -> int:
    """How often the appliance was asked for its jobs, by its own log."""
    return sum(1 for request in running.requests if request.path == "/_rest_/job")
