"""Commands that ask, in a real pseudo-terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bptui.config.reading import load
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI
from tests.terminal import Terminal

pytestmark = pytest.mark.pty


@pytest.fixture(scope="module")
def encrypted() -> Iterator[RunningSimulator]:
    with RunningSimulator(Options(speed=0.0, tls=True)) as simulator:
        yield simulator


def environ_of(simulator: RunningSimulator) -> dict[str, str]:
    return {
        "DS3_ENDPOINT": simulator.endpoint,
        "DS3_ACCESS_KEY": simulator.access_key,
        "DS3_SECRET_KEY": simulator.secret_key,
    }


def aggregating(simulator: RunningSimulator) -> list[str]:
    return [job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running and job.is_aggregating]


def changes(simulator: RunningSimulator) -> list[str]:
    return [one.path for one in simulator.requests if one.method != "GET"]


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (b"y\r", 0, "no longer aggregating"),
        (b"n\r", 1, "Nothing was sent."),
        (b"\r", 1, "Nothing was sent."),
        (b"\x03", 130, "Interrupted."),
    ],
    ids=["yes", "no", "enter", "ctrl-c"],
)
def test_closing_asks_first(fresh: RunningSimulator, tmp_path: Path, answer: bytes, status: int, words: str) -> None:
    """The job and the effect are shown; only a yes sends anything."""
    job_id = aggregating(fresh)[0]
    with Terminal([*BPTUI, "close", job_id], home=tmp_path, env=environ_of(fresh)) as terminal:
        terminal.wait("Close it? [y/N]:")
        assert job_id in terminal.text
        assert "it cannot be undone" in terminal.text
        terminal.send(answer)
        terminal.wait(words)
        assert terminal.wait_exit() == status
    assert changes(fresh) == ([f"/_rest_/job/{job_id}"] if status == 0 else [])


def test_several_want_their_number_typed(fresh: RunningSimulator, tmp_path: Path) -> None:
    """A y is not enough for two jobs."""
    ids = aggregating(fresh)[:2]
    with Terminal([*BPTUI, "close", *ids], home=tmp_path, env=environ_of(fresh)) as terminal:
        terminal.wait("Type 2, how many there are, to close them:")
        terminal.send(b"y\r")
        assert terminal.wait_exit() == 1
    assert changes(fresh) == []
    with Terminal([*BPTUI, "close", *ids], home=tmp_path, env=environ_of(fresh)) as terminal:
        terminal.wait("Type 2, how many there are, to close them:")
        terminal.send(b"2\r")
        assert terminal.wait_exit() == 0
    assert changes(fresh) == [f"/_rest_/job/{job_id}" for job_id in ids]


def test_adding_asks_for_everything(encrypted: RunningSimulator, tmp_path: Path) -> None:
    """Name, address, key without echo, the certificate's fingerprint; then it is saved with the pin."""
    config = tmp_path / "c.toml"
    argv = [*BPTUI, "endpoint", "add", "--config", str(config)]
    with Terminal(argv, home=tmp_path, columns=140) as terminal:
        for question, answer in (
            ("Name of the appliance:", "lab"),
            ("Address of its data path:", encrypted.endpoint),
            ("Access id:", encrypted.access_key),
            ("May jobs be closed there", "no"),
            ("Secret key:", encrypted.secret_key),
        ):
            terminal.wait(question)
            terminal.send(answer.encode() + b"\r")
        terminal.wait("only this one be accepted? [y/N]:")
        fingerprint = str(encrypted.certificate_sha256)
        assert fingerprint[:8] in terminal.text.lower().replace(":", "")
        terminal.send(b"y\r")
        terminal.wait("Saved lab")
        assert terminal.wait_exit() == 0
        assert encrypted.secret_key.encode() not in terminal.written
    (one,) = load(config).endpoints.values()
    assert (one.endpoint.pin_sha256, one.endpoint.writes.value) == (fingerprint, "no")


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_table_fits_the_terminal(fresh: RunningSimulator, tmp_path: Path, columns: int) -> None:
    """On a terminal columns fold away and names are cut, with a mark, rather than wrapped."""
    with Terminal([*BPTUI, "jobs"], home=tmp_path, columns=columns, env=environ_of(fresh)) as terminal:
        assert terminal.wait_exit(20) == 0
        lines = terminal.written.decode().splitlines()
    assert max(map(len, lines)) <= columns
    assert [line for line in lines if line.endswith("quarterly verify")] != [], "a column left rather than a name"
    assert len([line for line in lines if "-" in line[:36]]) == len(
        [job for job in fresh.appliance.jobs.values() if job.is_running]
    )


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_where_the_screen_cannot_be_drawn(tmp_path: Path, term: str) -> None:
    """A dumb terminal gets 2 and is told what works there; so does a pipe."""
    argv = [*BPTUI] if term == "dumb" else ["sh", "-c", f"exec {' '.join(BPTUI)} < /dev/null"]
    with Terminal(argv, home=tmp_path, env={"TERM": term}) as terminal:
        assert terminal.wait_exit(20) == 2
        assert "bptui jobs" in terminal.text
        assert (b"TERM=dumb" in terminal.written, b"bptui watch" in terminal.written) == (term == "dumb",) * 2
        assert b"\x1b" not in terminal.written
