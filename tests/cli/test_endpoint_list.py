"""The endpoint list of the screen, in a real pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptui.config.reading import load
from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

CONFIG = """
default = "one"
[endpoints.one]
url = "{url}"
access_id = "{access_key}"
secret_key = "{secret_key}"
[endpoints.two]
url = "{url}"
access_id = "{access_key}"
secret_env = "TWO"
[endpoints.three]
url = "http://127.0.0.1:9"
access_id = "x"
secret_env = "TWO"
"""


def test_another_appliance(fresh: RunningSimulator, tmp_path: Path) -> None:
    """E lists all that are configured; t tries one, m makes it the default, x forgets it, Enter opens it."""
    config = tmp_path / "config.toml"
    config.write_text(
        CONFIG.format(url=fresh.endpoint, access_key=fresh.access_key, secret_key=fresh.secret_key), "utf-8"
    )
    config.chmod(0o600)
    with Terminal(BPTUI, home=tmp_path, env={"BPTUI_CONFIG": str(config), "TWO": fresh.secret_key}) as terminal:
        terminal.wait("live")
        terminal.press("E")
        terminal.wait("not watched")
        terminal.press("j", "t")
        terminal.wait("Logged in as demo")
        terminal.press("m")
        terminal.wait("bptui begins with two from now on.")
        terminal.press("j", "j", "x")
        terminal.wait("Remove endpoint?")
        terminal.press_until("y", "three was removed from the config.")
        terminal.press("j", "enter")
        terminal.wait("bptui  two")
        terminal.wait("live")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    settings = load(config)
    assert (settings.default, list(settings.endpoints)) == ("two", ["one", "two"])
