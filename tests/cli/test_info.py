"""`bptui info` and `bptui endpoint test` say what a bug report needs, and nothing that is secret."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import product

import pytest

from bptui.cli.info import colour_mode, copy_mode
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from bptui.tui.theme import Depth, depth_of
from tests.cli.calling import Bptui

DEPTHS = {Depth.NONE: "none", Depth.ANSI16: "16", Depth.ANSI256: "256", Depth.TRUECOLOR: "truecolor"}


def test_info_of_this_machine_asks_nobody(bptui: Bptui) -> None:
    """Versions, paths, terminal, colours and copying, without an appliance."""
    ran = bptui("info", "--local")
    assert ran.code == 0
    for word in (
        "bptui ",
        "Python ",
        "textual ",
        "Config: ",
        "Audit: ",
        "Logs: ",
        "Terminal: ",
        "colours: ",
        "copying: ",
    ):
        assert word in ran.out


def test_info_of_an_appliance(
    bptui: Bptui, standing: RunningSimulator, use: Callable[[RunningSimulator], None]
) -> None:
    """Each source has its line with what watching costs a minute, and no secret is printed."""
    use(standing)
    before = len(standing.requests)
    ran = bptui("info")
    assert ran.code == 0, ran.err
    lines = {line.split()[0]: line.split() for line in ran.out.splitlines() if line.startswith("    ")}
    assert lines["jobs"][1:4] == ["readable", "12.0", "requests"]
    assert lines["cache_state"][1:4] == ["readable", "1.0", "requests"]
    assert lines["tape_drive"][-1] == "*"
    assert lines["completed_job"][2:] == ["only", "when", "a", "person", "asks", "for", "it"]
    # Logging in is not in the table; nothing else is asked for twice.
    assert f"took {len(standing.requests) - before - 1} requests and" in ran.out.splitlines()[-1]
    assert standing.secret_key not in ran.out + ran.err


def test_what_the_key_may_not_read_is_not_counted(bptui: Bptui, use: Callable[[RunningSimulator], None]) -> None:
    """Watching asks once for what is refused, and then no more until a person asks."""
    with RunningSimulator(Options(speed=0.0, faults=("forbidden:path=/_rest_/cache_state",))) as simulator:
        use(simulator)
        ran = bptui("info")
    (line,) = (line for line in ran.out.splitlines() if line.strip().startswith("cache_state"))
    assert "not allowed" in line
    assert " 0.0 requests" in line


def test_a_key_that_may_not_know_the_release_is_told_the_rest(
    bptui: Bptui, use: Callable[[RunningSimulator], None]
) -> None:
    """The release is a source like the others: refused, it is unknown, and the table goes on."""
    with RunningSimulator(Options(speed=0.0, faults=("forbidden:path=/_rest_/system_information",))) as simulator:
        use(simulator)
        ran = bptui("info")
    assert ran.code == 0, ran.err
    assert "Release unknown; what this key may read" in ran.out
    lines = {line.split()[0]: line.split() for line in ran.out.splitlines() if line.startswith("    ")}
    assert lines["system_information"][1:3] == ["not", "allowed"]
    assert lines["jobs"][1] == "readable"


def test_each_source_is_told_apart(bptui: Bptui, use: Callable[[RunningSimulator], None]) -> None:
    """Readable, not allowed, unknown to the release and failed are four different answers."""
    faults = ("forbidden:path=/_rest_/tape_drive", "500:path=/_rest_/pool")
    with RunningSimulator(Options(speed=0.0, release="4.1", faults=faults)) as simulator:
        use(simulator)
        ran = bptui("endpoint", "test", "-e", "env")
    assert ran.code == 0, ran.err
    lines = {line.split()[0]: line.strip() for line in ran.out.splitlines() if line.startswith("    ")}
    assert lines["tape_partition"].endswith(" readable")
    assert lines["tape_drive"].endswith(" not allowed")
    assert lines["job_creation_failed"].endswith(" not in this release")
    assert "failed (" in lines["pool"]


def test_info_without_an_appliance_says_how_to_start(bptui: Bptui) -> None:
    """The local part is there all the same."""
    ran = bptui("info")
    assert ran.code == 2
    assert "Python " in ran.out
    assert "endpoint add" in ran.err


@pytest.mark.parametrize(
    ("colorterm", "term", "no_color"),
    list(
        product(
            ("", "truecolor", "24bit", " TrueColor ", "yes"),
            ("", "xterm", "xterm-256color", "xterm-kitty", "linux-16color", "vt220"),
            ("", "1"),
        )
    ),
)
def test_colours_are_told_as_they_are_drawn(colorterm: str, term: str, no_color: str) -> None:
    """What `info` says without loading the screen is what the screen does."""
    environ = {"COLORTERM": colorterm, "TERM": term, "NO_COLOR": no_color}
    assert colour_mode(environ) == DEPTHS[depth_of(environ)]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, "OSC 52"), ({"TMUX": "x"}, "into tmux's buffer"), ({"STY": "x"}, "OSC 52 through screen")],
)
def test_the_way_of_copying(environ: Mapping[str, str], expected: str) -> None:
    """It is the way that the screen takes."""
    assert copy_mode(environ) == expected


def test_info_loads_no_screen() -> None:
    """A headless command never pays for Textual."""
    probe = "import json, sys; from bptui.cli.program import run; run(['info', '--local']); sys.stderr.write(json.dumps('textual' in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  # our own program
    assert json.loads(ran.stderr) is False


def test_a_test_of_an_endpoint_reads_the_job_list_once(
    bptui: Bptui, standing: RunningSimulator, use: Callable[[RunningSimulator], None]
) -> None:
    """The list may hold 40,000 jobs: what was asked to count them is not asked again for the table."""
    use(standing)
    before = len(standing.requests)
    assert bptui("endpoint", "test", "-e", "env").code == 0
    paths = [request.path for request in standing.requests[before:]]
    assert paths.count("/_rest_/job") == paths.count("/_rest_/system_information") == 1
