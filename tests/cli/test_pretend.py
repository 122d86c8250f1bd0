"""The demo's child process: there as long as we are, and not a moment longer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bptui.cli.exits import Failure
from bptui.cli.pretend import PretendAppliance
from bptui.model.endpoint import Writes
from tests.waiting import wait_for

ENVIRON = {"PATH": os.environ["PATH"], "DS3_SECRET_KEY": "not-for-the-child", "http_proxy": "http://127.0.0.1:9"}


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=5):
            return True
    except OSError:
        return False


def test_it_answers_and_ends_with_us() -> None:
    """It says where it answers, may be written to, goes through no proxy, and is gone after the block."""
    with PretendAppliance(["--scenario=quiet"], ENVIRON) as pretend:
        configured = pretend.endpoint()
        one = configured.endpoint
        assert (one.name, one.writes, one.proxy) == ("demo", Writes.YES, "")
        assert one.url.startswith("http://127.0.0.1:")
        environment = Path(f"/proc/{pretend.pid}/environ")
        assert not environment.exists() or b"not-for-the-child" not in environment.read_bytes()
        assert pretend.obituary() == ""
        assert answers(one.url)
    assert not answers(one.url)


def test_a_start_that_fails_is_told() -> None:
    """The child's own words are the message."""
    with PretendAppliance(["--fault=nonsense"], ENVIRON) as pretend, pytest.raises(Failure, match="nonsense"):
        pretend.endpoint()


def test_a_death_has_last_words() -> None:
    """What it said last, and how it ended."""
    with PretendAppliance([], ENVIRON) as pretend:
        pretend.endpoint()
        os.kill(pretend.pid, 9)
        pretend.wait()
        assert pretend.obituary() == "The pretend appliance has ended with status -9. It said nothing."


PARENT = """
import os, sys
from bptui.cli.pretend import PretendAppliance
with PretendAppliance([], os.environ) as pretend:
    print(pretend.endpoint().endpoint.url, flush=True)
    sys.stdin.read()
"""


def test_it_does_not_outlive_a_parent_that_was_killed() -> None:
    """Kill -9 of the parent closes the pipe, and with it ends the child."""
    parent = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert answers(url)
    parent.kill()
    parent.wait()
    wait_for(lambda: not answers(url))
    for stream in (parent.stdin, parent.stdout):
        assert stream is not None
        stream.close()
