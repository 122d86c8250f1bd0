"""What a command loads: nothing that it does not use."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bptui.simulator.server import RunningSimulator
from tests.waiting import WAIT_SECONDS, wait_for

PROBE = """
import json, sys
from bptui.cli.program import run
try:
    code = run(sys.argv[1:])
except SystemExit as end:
    code = end.code
tops = sorted({name.partition(".")[0] for name, module in sys.modules.items() if module})
sys.stderr.write("\\nLOADED" + json.dumps([code, tops]))
"""

SCREEN = {"textual", "rich"}
WIRE = {"httpx", "httpcore", "lxml", "anyio"}
SERVER = {"starlette", "uvicorn", "trustme"}
SLOW = {"tomlkit", "keyring"}


def loaded_by(
    arguments: list[str], environ: dict[str, str], is_enough: Callable[[], object] | None = None
) -> tuple[int, set[str]]:
    """Run a command in a fresh interpreter, if wished until Ctrl-C; return its code and the top-level modules it loaded."""
    command = [sys.executable, "-c", PROBE, *arguments]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own program
        if is_enough is not None:
            wait_for(lambda: process.poll() is not None or is_enough())
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=WAIT_SECONDS)
    code, tops = json.loads(err.rpartition("LOADED")[2])
    return code, set(tops)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    places = {"BPTUI_CONFIG": str(tmp_path / "config.toml"), "BPTUI_STATE_DIR": str(tmp_path / "state")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DS3_", "BPTUI_"))}
    return kept | places


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["jobs", "--help"],
        ["simulate", "--help"],
        ["endpoint", "path"],
        ["endpoint", "list"],
        ["endpoint", "default", "nix"],
        ["jobs"],
    ],
    ids=" ".join,
)
def test_what_asks_no_appliance_loads_no_wire(arguments: list[str], environ: dict[str, str]) -> None:
    """Help and config commands load neither the screen nor the wire nor the server."""
    _, tops = loaded_by(arguments, environ)
    assert tops & (SCREEN | WIRE | SERVER | {"keyring"}) == set()


@pytest.mark.parametrize("command", ["jobs", "jobs --json", "job", "job --json", "close", "endpoint test", "watch"])
def test_headless_commands_never_load_the_screen(
    command: str, environ: dict[str, str], standing: RunningSimulator
) -> None:
    """What talks to an appliance loads the wire, and nothing of the screen, the server or the writing of config."""
    environ |= {"DS3_ENDPOINT": standing.endpoint, "DS3_ACCESS_KEY": standing.access_key}
    environ |= {"DS3_SECRET_KEY": standing.secret_key}
    arguments = command.split()
    if arguments[0] in ("job", "close", "watch"):
        arguments.append(
            next(job_id for job_id, job in standing.appliance.jobs.items() if job.is_running and not job.is_aggregating)
        )
    if arguments[0] == "close":
        arguments.append("--yes")
    if arguments[0] == "watch":
        arguments += ["--until", "closed"]
    code, tops = loaded_by(arguments, environ)
    assert code == (6 if arguments[0] == "close" else 0)
    assert "httpx" in tops
    assert tops & (SCREEN | SERVER | SLOW) == set()


ON_SCREEN = """
import json, sys
import bptui.cli.program, bptui.cli.defects, bptui.cli.watch
from bptui.cli import screen
from bptui.cli.choosing import chosen
from bptui.cli.invocation import Invocation
from bptui.config.settings import Settings
from bptui.tui import terminal

def headless(app):
    def shown():
        print(json.dumps(sorted(name for name, module in sys.modules.items() if module)))
        app.exit(0)

    def open_feed(opened=app._open_feed):
        feed = opened()
        feed.list_is_shown = shown
        return feed

    app._open_feed = open_feed
    return app.run(headless=True, size=(120, 40))

terminal.run_app = headless
screen.open_screen(chosen(Invocation()), Settings(), Invocation())
"""
"""The screen without a terminal, until it says that it shows the first list."""

OF_THE_LIST = {
    "model": "answer diff endpoint filter job problem reading snapshot verdict vocabulary",
    "ds3": "body calls client errors failures giving_up guard incoming inflate journey paging parse parsers "
    "permission proxies session signing tally timing tls transport urls",
    "ds3.parse": "attributes encoding head jobs limits piecewise place stream values",
    "monitor": "about actions ages appliance audit close departures endings events hub insight link looking monitor notes "
    "older outage pace poller progress recorder rounds sources state store why writing",
    "monitor.recorder": "batch place recorder shelf tape",
    "monitor.why": "history limits sentence words",
    "tui.screens": "dialog main main_around main_closing main_copying main_dialogs main_interval main_known "
    "main_sentences main_watch opening",
    "tui.widgets": "alert_line bar bottom_line chunk_tree columns cursor detail detail_rows facts frame grouping headline "
    "job_list job_order job_rows job_view kinds message_rows painted painted_line panes prompt slices sorting spark strips "
    "top_line tree_rows tree_shape virtual_list why words",
}
"""What of these rooms may be loaded when the first list is painted: no rule, no evidence, nothing that records, no
chunk, no object, no dialog, no group."""


def test_the_first_list_loads_only_what_it_shows(environ: dict[str, str], standing: RunningSimulator) -> None:
    """A fresh screen that has painted its first list has loaded nothing by which it is explained or recorded."""
    environ |= {"DS3_ENDPOINT": standing.endpoint, "DS3_ACCESS_KEY": standing.access_key}
    environ |= {"DS3_SECRET_KEY": standing.secret_key}
    ran = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", ON_SCREEN], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(json.loads(ran.stdout.partition("\n")[0]))
    assert {"httpx", "lxml.etree", "bptui.tui.widgets.job_list"} <= loaded
    assert loaded & {"sqlite3", *SERVER, *SLOW} == set()
    for room, names in OF_THE_LIST.items():
        within = {name.removeprefix(f"bptui.{room}.") for name in loaded if name.startswith(f"bptui.{room}.")}
        assert {name for name in within if "." not in name} - set(names.split()) == set(), room
