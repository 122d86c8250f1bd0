"""What the first frame waits for."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
import bptui.tui.app, bptui.tui.options
print(json.dumps(sorted(sys.modules)))
"""

LATE = (
    "httpx",
    "httpcore",
    "lxml",
    "starlette",
    "uvicorn",
    "keyring",
    "tomlkit",
    "click",
    "bptui.ds3",
    "bptui.simulator",
    "bptui.cli",
    "bptui.config",
    "bptui.tui.screens.confirm",
    "bptui.tui.screens.palette",
    "bptui.tui.screens.help",
    "bptui.tui.screens.events",
    "bptui.tui.screens.endpoints",
)
"""Neither the wire nor a dialog is needed to paint the first frame."""


def test_the_first_frame_waits_for_neither_wire_nor_dialogs() -> None:
    """A fresh interpreter that has the app has loaded none of what is needed only later."""
    command = [sys.executable, "-c", SCRIPT]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    loaded = json.loads(ran.stdout)
    assert [name for name in LATE if name in loaded] == []
