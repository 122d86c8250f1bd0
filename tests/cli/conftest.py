"""The program as a script calls it, over a real pretend appliance."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bptui.cli.program import run
from bptui.clock import SystemClock
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.cli.calling import Bptui, Ran

APART = ("DS3_ENDPOINT", "DS3_ACCESS_KEY", "DS3_SECRET_KEY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")


class _Hurried(SystemClock):
    async def sleep(self, seconds: float) -> None:
        await super().sleep(0)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which bptui was never used; all its files are below this folder."""
    for name in list(os.environ):
        if name in APART or name.lower() in APART or name.startswith("BPTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BPTUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("BPTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def bptui(place: Path, monkeypatch: pytest.MonkeyPatch) -> Bptui:
    """Calls the program in this process; standard input is no terminal, and a wait before another try takes no time."""
    monkeypatch.setattr("bptui.cli.connecting.SYSTEM_CLOCK", _Hurried())

    def call(*arguments: str, typed: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
        return Ran(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture(scope="session")
def standing() -> Iterator[RunningSimulator]:
    """A pretend appliance on which no job moves, for tests that only look."""
    with RunningSimulator(Options(speed=0.0)) as simulator:
        yield simulator


@pytest.fixture
def fresh() -> Iterator[RunningSimulator]:
    """A pretend appliance for one test."""
    with RunningSimulator(Options(speed=0.0)) as simulator:
        yield simulator


@pytest.fixture
def use(place: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[RunningSimulator], None]:
    """Points DS3_* at a pretend appliance."""

    def point(simulator: RunningSimulator) -> None:
        monkeypatch.setenv("DS3_ENDPOINT", simulator.endpoint)
        monkeypatch.setenv("DS3_ACCESS_KEY", simulator.access_key)
        monkeypatch.setenv("DS3_SECRET_KEY", simulator.secret_key)

    return point
