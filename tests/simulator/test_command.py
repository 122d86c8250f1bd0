"""`bptui simulate` prints where it answers, serves, and ends when told."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bptui.cli.simulate import simulate as command
from bptui.simulator.options import EVERYDAY, NIGHTS, RELEASES, RULES, Options, OptionsError
from bptui.simulator.server import RunningSimulator, serve
from tests.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

RUN = (sys.executable, "-c", "from bptui.cli.simulate import simulate; simulate()")


def run(code: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with this code."""
    command_line = [sys.executable, "-c", code]
    return subprocess.run(command_line, capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)  # noqa: S603 - ours


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_three_lines_then_service_then_a_clean_end(number: signal.Signals) -> None:
    """Endpoint and keys on stdout and nothing else; a signal ends it with 0."""
    command_line = [*RUN, "--scenario", "empty"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command_line, stdout=pipe, stderr=pipe) as process:  # noqa: S603 - our own command
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline().decode().strip().partition("=") for _ in range(3)]
        assert [name for name, _, _ in lines] == ["DS3_ENDPOINT", "DS3_ACCESS_KEY", "DS3_SECRET_KEY"]
        assert lines[0][2].startswith("http://127.0.0.1:")
        process.send_signal(number)
        assert process.wait(WAIT_SECONDS) == 0
        assert process.stdout.read() + process.stderr.read() == b""


@pytest.mark.parametrize("fault", ["reset", "cut"])
def test_faults_leave_stderr_quiet(fault: str) -> None:
    """A connection broken on purpose is not reported as a mistake."""
    command_line = [*RUN, "--scenario", "empty", "--fault", fault]
    pipe = subprocess.PIPE
    with subprocess.Popen(command_line, stdout=pipe, stderr=pipe) as process:  # noqa: S603 - our own command
        assert process.stdout is not None
        assert process.stderr is not None
        host, _, port = process.stdout.readline().decode().strip().removeprefix("DS3_ENDPOINT=http://").partition(":")
        with contextlib.suppress(ConnectionError), socket.create_connection((host, int(port)), timeout=10) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            while plain.recv(1000):
                pass
        process.terminate()
        assert process.wait(WAIT_SECONDS) == 0
        assert process.stderr.read() == b""


TOLD_ASIDE = """
import os, signal, sys, threading, urllib.error, urllib.request
from bptui.simulator.options import Options
from bptui.simulator.server import serve

reading, writing = os.pipe()

def end():
    url = os.fdopen(reading).readline().strip().partition("=")[2]
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError:
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=end).start()
sys.exit(serve(Options(scenario="empty"), out=os.fdopen(writing, "w")))
"""


def test_a_signal_that_another_thread_gets_ends_it() -> None:
    """The system chooses who is interrupted by a signal: the loop that waits for it wakes in any case."""
    assert run(TOLD_ASIDE).returncode == 0


def test_it_ends_with_the_stream_it_was_given() -> None:
    """Whoever holds the other end of a pipe can end the service by letting go, or by dying."""
    reading, writing = os.pipe()
    out = io.StringIO()
    caught: list[int] = []
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    threading.Timer(0.3, os.close, (writing,)).start()
    with os.fdopen(reading, "rb") as stream:
        caught.append(serve(Options(scenario="empty"), out=out, until_eof=stream))
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])
    assert caught == [0]
    assert len(out.getvalue().splitlines()) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fault", "nope"],
        ["--fault", "503:retry=x"],
        ["--speed", "-1"],
        ["--objects", "0"],
        ["--port", "70000"],
        ["--jobs", "0"],
    ],
)
def test_bad_arguments_are_explained_in_a_sentence(arguments: list[str]) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.rstrip().endswith(".")


def test_the_help_names_every_scenario() -> None:
    """Nobody has to make a mistake to learn what can be played; nights are given by the first and the last."""
    words = set(re.findall(r"[\w-]+", CliRunner().invoke(command, ["--help"]).output))
    assert {name.removeprefix("rule-") for name in (*EVERYDAY, NIGHTS[0], NIGHTS[-1], *RULES)} <= words


def test_a_port_in_use_is_explained() -> None:
    with RunningSimulator(Options(scenario="empty")) as running:
        port = int(running.endpoint.rpartition(":")[2])
        with pytest.raises(OptionsError, match=f"Cannot listen on 127.0.0.1:{port}"):
            RunningSimulator(Options(scenario="empty", port=port))


def test_a_missing_extra_names_the_line_that_adds_it() -> None:
    """Without the server's libraries the command says what to install."""
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "import importlib.abc\n"
        "class No(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'uvicorn': raise ModuleNotFoundError('No module', name=name)\n"
        "del sys.modules['uvicorn']; sys.meta_path.insert(0, No())\n"
        "from bptui.cli.simulate import simulate; simulate()"
    )
    result = run(code)
    assert result.returncode == 1
    assert "pip install 'bptui[demo]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_importing_the_package_loads_no_server() -> None:
    """Options can be looked at without starlette or uvicorn."""
    code = "import sys, bptui.simulator.options; print({'starlette', 'uvicorn', 'trustme'} & sys.modules.keys())"
    result = run(code)
    assert result.stdout.strip() == "set()"


def _answers(client: Client) -> None:
    jobs = client.get("/_rest_/job").xml
    for job in list(jobs)[:3]:
        assert client.get(f"/_rest_/job/{job.attrib['JobId']}").xml.get("JobId") == job.attrib["JobId"]


@pytest.mark.parametrize("scenario", EVERYDAY)
def test_every_scenario_answers(simulate: Callable[..., Client], scenario: str) -> None:
    _answers(simulate(scenario=scenario, objects=1500, jobs=100))


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_answers(simulate: Callable[..., Client], release: str) -> None:
    _answers(simulate(release=release))


def test_tls_serves_a_self_signed_certificate(simulate: Callable[..., Client]) -> None:
    """Nobody trusts it by default; with its authority, or by its fingerprint, it can be."""
    client = simulate(scenario="empty", tls=True)
    assert client.simulator.endpoint.startswith("https://")
    assert client.get("/_rest_/job").status == 200
    connection = client.connect()
    connection.connect()
    leaf = connection.sock.getpeercert(binary_form=True)
    connection.close()
    assert client.simulator.certificate_sha256 == hashlib.sha256(leaf).hexdigest()
    host, _, port = client.simulator.endpoint.removeprefix("https://").partition(":")
    with socket.create_connection((host, int(port))) as plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def test_every_request_is_logged(simulate: Callable[..., Client]) -> None:
    """Method, decoded path, literal query, headers and status, for tests to look at."""
    client = simulate(scenario="empty")
    client.get("/_rest_/job?full_details")
    client.get("/_rest_/job/none")
    logged = client.simulator.requests
    assert [(each.method, each.path, each.query, each.status) for each in logged] == [
        ("GET", "/_rest_/job", "full_details", 200),
        ("GET", "/_rest_/job/none", "", 404),
    ]
    assert "authorization" in logged[0].headers
