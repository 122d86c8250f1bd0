"""What the first frame waits for."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
import bptui.cli.program, bptui.cli.defects, bptui.cli.watch
import bptui.tui.app, bptui.tui.options, bptui.tui.screens.opening, bptui.tui.terminal
print(json.dumps(sorted(sys.modules)))
"""
"""Everything that stands between the shell and the first frame."""

OURS = {
    "bptui",
    "bptui.clock",
    "bptui.paths",
    "bptui.credentials",
    "bptui.text",
    "bptui.units",
    "bptui.model",
    "bptui.model.endpoint",
    "bptui.model.problem",
    "bptui.monitor",
    "bptui.monitor.ages",
}
"""What of our own it may need besides the command line, the config and the screen."""

OF_THE_SCREEN = {
    "app",
    "ascii",
    "canvas",
    "cells",
    "display",
    "frames",
    "glyphs",
    "key_names",
    "keys",
    "messages",
    "options",
    "screens",
    "screens.dialog",
    "screens.opening",
    "terminal",
    "terminal_writer",
    "theme",
    "widgets",
    "widgets.bottom_line",
    "widgets.cursor",
    "widgets.frame",
    "widgets.painted",
    "widgets.painted_line",
    "widgets.panes",
    "widgets.strips",
    "widgets.top_line",
    "widgets.virtual_list",
}

LATE = {"httpx", "httpcore", "h11", "anyio", "lxml", "sqlite3", "starlette", "uvicorn", "keyring", "tomlkit", "tomllib"}
"""Neither the wire nor the writing of anything is needed to paint the first frame."""


def test_the_first_frame_loads_only_what_it_paints() -> None:
    """A fresh interpreter that is about to paint has loaded no job, no wire and no dialog: only what is named here."""
    command = [sys.executable, "-c", SCRIPT]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    loaded = set(json.loads(ran.stdout))
    assert loaded & LATE == set()
    ours = {name for name in loaded if name.partition(".")[0] == "bptui"}
    rooms = {name for name in ours if name.split(".")[1:2] in (["cli"], ["config"])}
    screen = {f"bptui.tui.{name}" for name in OF_THE_SCREEN} | {"bptui.tui"}
    assert ours - rooms - screen - OURS == set()
    assert {"bptui.cli.watching", "bptui.cli.demo", "bptui.config.writing"} & rooms == set()
