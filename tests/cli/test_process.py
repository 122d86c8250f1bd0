"""The program as a process: signals, pipes, and where secrets may be seen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI
from tests.waiting import WAIT_SECONDS, wait_for

SECRET = "canary-5up3r-s3cret"


def environ_of(simulator: RunningSimulator, place: Path) -> dict[str, str]:
    return os.environ | {
        "DS3_ENDPOINT": simulator.endpoint,
        "DS3_ACCESS_KEY": simulator.access_key,
        "DS3_SECRET_KEY": simulator.secret_key,
        "BPTUI_CONFIG": str(place / "config.toml"),
        "BPTUI_STATE_DIR": str(place / "state"),
    }


def started(arguments: list[str], environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own program
        [*BPTUI, *arguments], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_interrupted_is_130(place: Path) -> None:
    """Ctrl-C while an appliance does not answer ends at once, with a word and no traceback."""
    with RunningSimulator(Options(speed=0.0, faults=("hang",))) as simulator:
        process = started(["jobs"], environ_of(simulator, place))
        wait_for(lambda: simulator.requests or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=WAIT_SECONDS)
    assert (process.returncode, out, err) == (130, "", "\nbptui: Interrupted.\n")


def test_interrupted_while_closing(place: Path) -> None:
    """What was under way is named, what was not begun is, too, and the audit file knows."""
    with RunningSimulator(Options(speed=0.0, faults=("hang:method=PUT",))) as simulator:
        ids = [job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running and job.is_aggregating][:2]
        process = started(["close", *ids, "--yes"], environ_of(simulator, place))
        wait_for(lambda: process.poll() is not None or [one for one in simulator.requests if one.method == "PUT"])
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=WAIT_SECONDS)
        sent = [one.path for one in simulator.requests if one.method == "PUT"]
    assert (process.returncode, out) == (130, "")
    assert f"Interrupted while closing {ids[0]}" in err
    assert f"Nothing was sent for {ids[1]}." in err
    assert sent == [f"/_rest_/job/{ids[0]}"]
    lines = (place / "state" / "audit.jsonl").read_text().splitlines()
    assert [json.loads(line)["what"] for line in lines] == ["close requested", "close interrupted"]


def test_what_was_closed_before_an_interruption_is_whole_json(place: Path) -> None:
    """A script that is interrupted between two closes can read how the first one ended."""
    with RunningSimulator(Options(speed=0.0)) as simulator:
        ids = [job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running and job.is_aggregating][:2]
        simulator.set_faults([f"hang:method=PUT,path=/_rest_/job/{ids[1]}"])
        process = started(["close", *ids, "--yes", "--json"], environ_of(simulator, place))
        while len([one for one in simulator.requests if one.method == "PUT"]) < 2:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 130
    assert [(told["job_id"], told["outcome"]) for told in json.loads(out)] == [(ids[0], "closed")]


def test_a_reader_that_leaves(place: Path) -> None:
    """`| head` gets its lines, and no complaint follows."""
    with RunningSimulator(Options(scenario="many", jobs=3000, speed=0.0)) as simulator:
        process = started(["jobs", "--json"], environ_of(simulator, place))
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "[\n"
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        process.wait(WAIT_SECONDS)
    assert err == ""


def test_many_jobs(place: Path) -> None:
    """Thousands of jobs come as one array."""
    with RunningSimulator(Options(scenario="many", jobs=3000, speed=0.0)) as simulator:
        out, err = started(["jobs", "--json"], environ_of(simulator, place)).communicate(timeout=WAIT_SECONDS)
        running = [job_id for job_id, job in simulator.appliance.jobs.items() if job.is_running]
    assert err == ""
    assert {job["job_id"] for job in json.loads(out)} == set(running)


@pytest.mark.parametrize(
    "arguments",
    [
        ["jobs"],
        ["jobs", "--json"],
        ["endpoint", "list"],
        ["endpoint", "test"],
        ["endpoint", "add", "more", "https://127.0.0.1:9", "--access-id", "i", "--secret-env", "DS3_SECRET_KEY"],
        ["close", "00000000-0000-4000-8000-000000000000", "--yes"],
    ],
    ids=" ".join,
)
def test_a_secret_is_written_nowhere(standing: RunningSimulator, place: Path, arguments: list[str]) -> None:
    """A planted key is in no output, in no file but the config that holds it, and not on the wire."""
    config = f'default = "bp"\n[endpoints.bp]\nurl = "{standing.endpoint}"\naccess_id = "x"\nsecret_key = "{SECRET}"\n'
    (place / "config.toml").write_text(config)
    (place / "config.toml").chmod(0o600)
    environ = environ_of(standing, place) | {"DS3_SECRET_KEY": SECRET}
    del environ["DS3_ENDPOINT"]
    before = len(standing.requests)
    out, err = started(arguments, environ).communicate(timeout=WAIT_SECONDS)
    files = [path for path in place.rglob("*") if path.is_file() and SECRET in path.read_text()]
    assert SECRET not in out + err
    assert files in ([], [place / "config.toml"])
    sent = [f"{one.path}?{one.query} {one.headers}" for one in standing.requests[before:]]
    assert [text for text in sent if SECRET in text] == []
