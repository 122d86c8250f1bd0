"""A recording on the screen, as it was seen then."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.appliance import BPTUI, Appliance
from tests.e2e.conftest import Open

pytestmark = pytest.mark.pty


def test_a_recording_is_shown_as_it_was(
    appliance: Callable[..., Appliance], open_terminal: Open, tmp_path: Path
) -> None:
    """The jobs stand there without any appliance, the top line says that it is a replay, and nothing can be closed."""
    path = tmp_path / "night.rec"
    running = appliance("--seed", 1)
    places = {"BPTUI_STATE_DIR": str(tmp_path / "state"), "BPTUI_CONFIG": str(tmp_path / "none.toml")}
    subprocess.run(  # noqa: S603 - our own program
        [*BPTUI, "record", str(path), "--for", "6s", "--interval", "1"],
        env=os.environ | running.env | places,
        check=True,
        capture_output=True,
        timeout=120,
    )
    running.stop()
    terminal = open_terminal("replay", path)
    terminal.wait("feature conform")
    top = terminal.text.splitlines()[0]
    assert "replay of env" in top
    assert "read-only" in top
    terminal.wait("The recording ends at")
    assert "feature conform" in terminal.text
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert not list(tmp_path.rglob("*.ring"))
