"""`bptui demo` in a real pseudo-terminal: its options, its privacy, and the death of its appliance."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.appliance import BPTUI
from tests.cli.calling import Bptui
from tests.terminal import Terminal

on_a_terminal = pytest.mark.pty


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True)  # noqa: S607  # a fixed command
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


@on_a_terminal
def test_a_dead_appliance_is_told(tmp_path: Path) -> None:
    """The last list stays, and the reason is the end of the child, not a refused connection."""
    with Terminal([*BPTUI, "demo"], home=tmp_path) as terminal:
        terminal.wait("quarterly verify")
        (child,) = children_of(terminal.pid)
        os.kill(child, signal.SIGKILL)
        terminal.press("r")
        terminal.wait("The pretend appliance has ended with status -9.")
        assert "quarterly verify" in terminal.text
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0


@on_a_terminal
def test_nothing_of_the_person_is_used_or_left(tmp_path: Path) -> None:
    """A broken config, a proxy, keys and a full set of variables change nothing; no file is left."""
    config = tmp_path / "config.toml"
    config.write_text("broken = ")
    environ = {
        "BPTUI_CONFIG": str(config),
        "BPTUI_STATE_DIR": str(tmp_path / "state"),
        "BPTUI_LOG_DIR": str(tmp_path / "log"),
        "DS3_ENDPOINT": "http://127.0.0.1:9",
        "DS3_ACCESS_KEY": "x",
        "DS3_SECRET_KEY": "y",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "TMPDIR": str(tmp_path),
    }
    with Terminal([*BPTUI, "demo", "--scenario", "quiet", "--seed", "7"], home=tmp_path, env=environ) as terminal:
        terminal.wait("demo ● live")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    assert list(tmp_path.iterdir()) == [config]
    assert config.read_text() == "broken = "


@on_a_terminal
def test_an_appliance_that_does_not_start_is_told(tmp_path: Path) -> None:
    """What the child says is what the person reads, before any screen."""
    with Terminal([*BPTUI, "demo", "--fault", "nonsense"], home=tmp_path) as terminal:
        assert terminal.wait_exit(20) == 1
        assert "The pretend appliance did not start." in terminal.text
        assert "nonsense" in terminal.text


def test_what_the_demo_has_not(bptui: Bptui) -> None:
    """It has one appliance and no config, and says so."""
    for arguments in (["-e", "a", "demo"], ["--config", "x", "demo"]):
        ran = bptui(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "have no meaning here" in ran.err
    assert bptui("demo").code == 2
