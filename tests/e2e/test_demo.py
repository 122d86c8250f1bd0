"""What a newcomer does first: `make demo`, look around, close an aggregating job."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.terminal import Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parents[2]
IN_CACHE = re.compile(r"In cache +[●○·] (arrived|not arrived|not told)")


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24), (60, 15)])
def test_the_demo_shows_jobs_at_every_size(open_terminal: Open, columns: int, rows: int) -> None:
    """The list stands there, every line fits, and `q` leaves with the terminal restored."""
    terminal = open_terminal("demo", columns=columns, rows=rows)
    terminal.wait("quarterly verify")
    assert all(len(line) <= columns for line in terminal.text.splitlines())
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.written.rindex(b"\x1b[?1049l") > terminal.written.rindex(b"\x1b[?1049h")
    assert b"\x1b[?25h" in terminal.written[terminal.written.rindex(b"\x1b[?1049h") :]


def test_make_demo(tmp_path: Path) -> None:
    """What the README tells a newcomer to type shows the jobs."""
    argv = ["make", "--no-print-directory", "-C", str(ROOT), "demo"]
    with Terminal(argv, home=tmp_path, columns=80, rows=24) as terminal:
        terminal.wait("quarterly verify", timeout=60)
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_walking_from_jobs_to_chunks_to_objects(open_terminal: Open) -> None:
    """Enter opens a job, then a chunk, whose objects say whether they are in cache."""
    terminal = open_terminal("demo")
    terminal.wait("feature conform")
    terminal.press("/")
    terminal.send(b"feature\r")
    terminal.wait("2 feature conform")
    terminal.press("enter")
    terminal.wait("chunk 2")
    terminal.press("j", "enter")
    terminal.wait(lambda screen: bool(re.search(r"▾ chunk 2.*\n.*[●○·] \S", screen)))
    terminal.press("j", "enter")
    terminal.wait(lambda screen: "3 Object" in screen and IN_CACHE.search(screen) is not None)


def filter_night(terminal: Terminal) -> None:
    """Leave one job in the list, which aggregates."""
    terminal.wait("night ingest")
    terminal.press("/")
    terminal.send(b"night\r")
    terminal.wait_gone("feature conform")


def test_closing_an_aggregating_job(open_terminal: Open) -> None:
    """`X`, then `y`, and the job is seen closed, because the appliance says so."""
    terminal = open_terminal("demo")
    filter_night(terminal)
    assert re.search(r"AGG night ingest", terminal.text)
    terminal.press("X")
    terminal.wait("cannot be undone")
    terminal.press_until("y", "No longer aggregating")
    terminal.wait(lambda screen: not re.search(r"AGG night ingest", screen))


def test_a_key_behind_the_filters_enter_is_for_the_list(open_terminal: Open) -> None:
    """The end of the filter, Enter and `X` in one breath: nothing is lost on the way."""
    terminal = open_terminal("demo")
    terminal.wait("night ingest")
    terminal.press("/")
    terminal.send(b"nigh")
    terminal.wait_gone("feature conform")
    terminal.send(b"t\rX")
    terminal.wait("cannot be undone")
    terminal.press_until("esc", "filter: night")


def test_typing_ahead_confirms_nothing(open_terminal: Open) -> None:
    """`X` and `y` in one breath open the dialog, and it still waits for a yes."""
    terminal = open_terminal("demo")
    filter_night(terminal)
    terminal.send(b"Xyyy")
    terminal.wait("cannot be undone")
    terminal.drain(1)
    assert "cannot be undone" in terminal.text
    terminal.press_until("esc", lambda screen: "cannot be undone" not in screen)
    assert re.search(r"AGG night ingest", terminal.text)


def test_the_child_ends_with_the_demo(open_terminal: Open) -> None:
    """Killing the demo leaves no pretend appliance behind."""
    terminal = open_terminal("demo")
    terminal.wait("quarterly verify")
    (child,) = _children(terminal.pid)
    terminal.close()
    wait_for(lambda: not _is_running(child))


def _is_running(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "pid=", "-p", str(pid)], check=False, capture_output=True)  # noqa: S603, S607 - a fixed command
    return bool(found.stdout.strip())


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True)  # noqa: S607 - a fixed command
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def test_without_a_terminal_it_says_what_to_do_instead() -> None:
    """Piped, the screen refuses with exit code 2 and names `bptui jobs`."""
    done = subprocess.run(
        [sys.executable, "-m", "bptui", "demo"], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, "bptui jobs" in done.stderr, done.stdout) == (2, True, "")


def test_every_close_leaves_two_audit_lines(open_terminal: Open, appliance: object, tmp_path: object) -> None:
    """The line before and the line after are in the audit file, and name the job and the endpoint."""
    running = appliance("--speed", 0)
    terminal = open_terminal(env={**running.env})
    filter_night(terminal)
    terminal.press("X")
    terminal.wait("Unlock this session?")
    terminal.press_until("y", "cannot be undone")
    terminal.press_until("y", "No longer aggregating")
    (audit,) = list(tmp_path.rglob("audit*.jsonl"))
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert len(lines) == 2
    assert {line["endpoint"] for line in lines} == {"env"}
    assert len({line["job_id"] for line in lines}) == 1
