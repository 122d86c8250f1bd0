"""Options of the screen, in a real pseudo-terminal: each does what it says."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

SWITCH_MOUSE_ON = b"\x1b[?1000h"


def environ_of(simulator: RunningSimulator, **more: str) -> dict[str, str]:
    return {
        "DS3_ENDPOINT": simulator.endpoint,
        "DS3_ACCESS_KEY": simulator.access_key,
        "DS3_SECRET_KEY": simulator.secret_key,
        **more,
    }


def test_interval_ascii_and_read_only(standing: RunningSimulator, tmp_path: Path) -> None:
    """The interval and the lock are in the top line; nothing but ASCII is drawn."""
    argv = [*BPTUI, "--interval", "7", "--ascii", "--read-only", "--theme", "ansi"]
    with Terminal(argv, home=tmp_path, env=environ_of(standing)) as terminal:
        terminal.wait("every 7 s")
        terminal.wait("quarterly verify")
        assert "read-only" in terminal.text
        assert terminal.text.isascii()
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0


COLOURS = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.mark.parametrize(
    ("more", "is_ascii", "has_colours"),
    [
        ({"TERM": "linux"}, True, True),
        ({"TERM": "vt100"}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"LANG": "C"}, True, True),
        ({"TERM": "xterm"}, False, True),
    ],
    ids=["a console", "a serial console", "no colours wanted", "no UTF-8", "a plain terminal"],
)
def test_terminals_that_show_less(
    standing: RunningSimulator, tmp_path: Path, more: dict[str, str], is_ascii: bool, has_colours: bool
) -> None:
    """Nothing is sent that a terminal, or the person at it, said it does not show."""
    environ = environ_of(standing, **{"COLORTERM": "", **more})
    with Terminal(BPTUI, home=tmp_path, env=environ) as terminal:
        terminal.wait("quarterly verify")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert bytes(terminal.written).isascii() is is_ascii
        assert (COLOURS.search(bytes(terminal.written)) is not None) is has_colours


def test_the_code_tells_what_ended_it(standing: RunningSimulator, tmp_path: Path) -> None:
    """Told to end by the system, the screen ends with 128 and the signal's number, as other programs do."""
    with Terminal(BPTUI, home=tmp_path, env=environ_of(standing)) as terminal:
        terminal.wait("quarterly verify")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("flags", "more", "is_on"),
    [
        ([], {}, True),
        (["--no-mouse"], {}, False),
        ([], {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, False),
        (["--mouse"], {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, True),
    ],
    ids=["alone", "told not to", "ssh", "ssh and told to"],
)
def test_the_mouse(
    standing: RunningSimulator, tmp_path: Path, flags: list[str], more: dict[str, str], is_on: bool
) -> None:
    """On, but not under SSH, where it hinders copying; the flag decides."""
    with Terminal([*BPTUI, *flags], home=tmp_path, env=environ_of(standing, **more)) as terminal:
        terminal.wait("quarterly verify")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    assert (SWITCH_MOUSE_ON in terminal.written) is is_on


def test_a_broken_config_does_not_stop_the_environment(standing: RunningSimulator, tmp_path: Path) -> None:
    """Where DS3_* name the appliance, the mistake is told and the list stands there."""
    config = tmp_path / "config.toml"
    config.write_text('theme = "pink"\n')
    with Terminal(BPTUI, home=tmp_path, env=environ_of(standing, BPTUI_CONFIG=str(config))) as terminal:
        terminal.wait("quarterly verify")
        terminal.wait("config.toml, line 1: theme")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    assert config.read_text() == 'theme = "pink"\n'
