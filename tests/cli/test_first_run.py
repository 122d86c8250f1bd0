"""A fresh machine, a person, and no config: from nothing to a live list, in a real pseudo-terminal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bptui.config.reading import load
from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI
from tests.terminal import Terminal

pytestmark = pytest.mark.pty


def test_from_nothing_to_a_live_list(fresh: RunningSimulator, tmp_path: Path) -> None:
    """The form tries the login, saves, and the list stands there; the key was never on the screen."""
    config = tmp_path / "made" / "config.toml"
    with Terminal(BPTUI, home=tmp_path, env={"BPTUI_CONFIG": str(config)}) as terminal:
        terminal.wait("There is no appliance to watch yet.")
        terminal.press("a")
        terminal.wait("Add an endpoint")
        for text in ("lab", fresh.endpoint, fresh.access_key):
            terminal.send(text.encode())
            terminal.press("tab")
        terminal.press("tab")
        terminal.send(fresh.secret_key.encode())
        terminal.press("tab", "tab", "tab", "tab")
        terminal.press("enter")
        terminal.wait("live")
        assert "lab" in terminal.text
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
        assert fresh.secret_key.encode() not in terminal.written
    assert load(config).default == "lab"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_it_can_be_skipped(tmp_path: Path) -> None:
    """Esc leaves, with a word on how to begin later."""
    with Terminal(BPTUI, home=tmp_path) as terminal:
        terminal.wait("There is no appliance to watch yet.")
        terminal.press("esc")
        terminal.wait("bptui endpoint add")
        assert terminal.wait_exit() == 0
    assert not list(tmp_path.rglob("config.toml"))
