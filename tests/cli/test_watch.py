"""`bptui watch`: what scripts, cron and systemd can rely on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bptui.cli.durations import DURATION
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.recorder.state import State
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.cli.calling import Bptui, frames_so_far
from tests.waiting import WAIT_SECONDS, wait_for

Use = Callable[[RunningSimulator], None]


def a_job(simulator: RunningSimulator, *, is_aggregating: bool) -> str:
    jobs = simulator.appliance.jobs.items()
    return next(one for one, job in jobs if job.is_running and job.is_aggregating is is_aggregating)


def rings(place: Path) -> list[Path]:
    return list((place / "state" / "recordings").glob("*.ring"))


def state_of(place: Path) -> State:
    (ring,) = rings(place)
    state = State()
    for frame in read_frames(ring):
        state.apply(frame)
    return state


@contextmanager
def watching(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`bptui watch` in a process of its own."""
    command = [sys.executable, "-m", "bptui", "watch", "--interval", "1", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.kill()


def test_a_goal_that_is_reached_already(bptui: Bptui, standing: RunningSimulator, use: Use) -> None:
    """A job that does not aggregate is closed; the command says so by its code at once."""
    use(standing)
    ran = bptui("watch", a_job(standing, is_aggregating=False), "--until", "closed")
    assert (ran.code, ran.err) == (0, "")


def test_the_time_runs_out(bptui: Bptui, standing: RunningSimulator, use: Use) -> None:
    """Where nothing moves nothing gets done: exit code 7."""
    use(standing)
    ran = bptui("watch", a_job(standing, is_aggregating=False), "--until", "done", "--timeout", "2s")
    assert (ran.code, ran.err) == (7, "bptui: The time ran out before the jobs were done.\n")


def test_without_a_goal_the_time_is_the_end(bptui: Bptui, standing: RunningSimulator, use: Use) -> None:
    """Watching for a while is no failure."""
    use(standing)
    assert bptui("watch", "--timeout", "1s").code == 0


def test_a_job_nobody_knows(bptui: Bptui, standing: RunningSimulator, use: Use) -> None:
    """Exit code 3, naming it."""
    use(standing)
    nobody = "00000000-0000-4000-8000-000000000000"
    ran = bptui("watch", nobody, "--until", "done")
    assert ran.code == 3
    assert nobody in ran.err


def test_a_wrong_key_waits_for_nobody(
    bptui: Bptui, standing: RunningSimulator, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only a person can mend ends the command, because there is none: exit code 4."""
    use(standing)
    monkeypatch.setenv("DS3_SECRET_KEY", "wrong")
    ran = bptui("watch")
    assert ran.code == 4
    assert "unreachable" in ran.out


def test_a_wrong_address_waits_for_nobody(bptui: Bptui, fresh: RunningSimulator, use: Use) -> None:
    """What never was the data path of an appliance ends the command at once, and says which address is wanted."""
    use(fresh)
    fresh.set_faults(["management"])
    ran = bptui("watch")
    assert ran.code == 1
    assert "data path" in ran.err


def test_a_page_in_front_of_the_appliance_is_waited_out(fresh: RunningSimulator, use: Use) -> None:
    """Where it answered before, a proxy's page is told, and that it has passed."""
    use(fresh)
    job_id = a_job(fresh, is_aggregating=False)
    with watching(job_id) as process:
        assert process.stdout is not None
        told = process.stdout
        assert job_id in told.readline()
        fresh.set_faults(["garbage:html"])
        wait_for(lambda: "unreachable" in told.readline())
        fresh.set_faults([])
        wait_for(lambda: "Answers again" in told.readline())


def test_jobs_that_end_are_told(use: Use) -> None:
    """Each change of a verdict, an ending too, is one JSON object on a line."""
    verdicts = []
    with RunningSimulator(Options(speed=600.0)) as simulator:
        use(simulator)
        with watching("--json", "--timeout", "60s") as process:
            assert process.stdout is not None
            for line in process.stdout:
                verdicts += [told for told in [json.loads(line)] if told["event"] == "verdict"]
                if verdicts and verdicts[-1]["class"] == "ended":
                    break
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT_SECONDS) == 0
    assert verdicts[-1]["class"] == "ended"
    assert {"endpoint", "at", "job_id", "kind", "before", "rule", "message"} <= verdicts[0].keys()


def test_a_close_by_somebody_else_is_seen(bptui: Bptui, fresh: RunningSimulator, use: Use) -> None:
    """`--until closed` ends when the appliance says that the job no longer aggregates."""
    use(fresh)
    job_id = a_job(fresh, is_aggregating=True)
    with watching(job_id, "--until", "closed", "--timeout", "60s", "--json") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["job_id"] == job_id
        assert bptui("close", job_id, "--yes").code == 0
        assert process.wait(WAIT_SECONDS) == 0


def test_sigterm_ends_it_in_order(fresh: RunningSimulator, use: Use, place: Path) -> None:
    """When systemd stops it, it ends with 0, and what it has seen is in the ring, with nothing left beside."""
    use(fresh)
    job_id = a_job(fresh, is_aggregating=False)
    with watching(job_id) as process:
        assert process.stdout is not None
        assert job_id in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0
    assert sorted(path.suffix for path in (place / "state" / "recordings").iterdir()) == [".lock", ".ring"]
    state = state_of(place)
    assert set(state.jobs) == {one for one, job in fresh.appliance.jobs.items() if job.is_running}
    assert state.verdicts[job_id].rule  # type: ignore[index]  # a plain text will do


def test_one_records_and_the_next_goes_on(bptui: Bptui, fresh: RunningSimulator, use: Use, place: Path) -> None:
    """The second of two processes says who records; when the first is killed, the next takes its ring over."""
    use(fresh)
    job_id = a_job(fresh, is_aggregating=False)
    with watching(job_id) as process:
        assert process.stdout is not None
        assert job_id in process.stdout.readline()
        wait_for(lambda: any(frames_so_far(ring) for ring in rings(place)))
        second = bptui("watch", "--timeout", "3s", "--interval", "1")
        assert f"another session of bptui (process {process.pid}) records this endpoint." in second.err
        process.kill()
        process.wait()
    before = state_of(place)
    assert set(before.jobs) == {one for one, job in fresh.appliance.jobs.items() if job.is_running}
    third = bptui("watch", "--timeout", "3s", "--interval", "1")
    assert (third.code, third.err) == (0, "")
    after = state_of(place)
    assert after.histories.first == before.histories.first
    assert after.session["by"] == ["watch"]
    (ring,) = rings(place)
    assert [frame.is_key for frame in read_frames(ring)].count(True) == 2


def test_no_secret_in_any_file(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """The secret key is in no file that a session leaves."""
    use(standing)
    assert bptui("watch", "--timeout", "2s").code == 0
    files = [path for path in place.rglob("*") if path.is_file()]
    assert any(path.suffix == ".ring" for path in files)
    held = b"".join(path.read_bytes() for path in files)
    bodies = "".join(str(frame.body) for ring in rings(place) for frame in read_frames(ring))
    for secret in (standing.secret_key, standing.access_key):
        assert secret.encode() not in held
        assert secret not in bodies


def test_a_state_folder_that_cannot_be_written_is_said(
    bptui: Bptui, standing: RunningSimulator, use: Use, place: Path
) -> None:
    """Watching goes on without a recorder, and standard error says why there is none."""
    use(standing)
    (place / "state").write_text("in the way")
    ran = bptui("watch", "--timeout", "3s", "--interval", "1")
    assert ran.code == 0
    assert ran.err.startswith("bptui: env: What is seen is not recorded: ")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90.0), ("90s", 90.0), ("1.5m", 90.0), ("2h", 7200.0), ("3D", 259200.0)]
)
def test_durations(text: str, seconds: float) -> None:
    """A number, and perhaps a unit."""
    assert DURATION.convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5", "5 weeks", "1e9", "400d"])
def test_what_is_no_duration(bptui: Bptui, text: str) -> None:
    """Usage, and nothing is asked."""
    ran = bptui("watch", "--timeout", text)
    assert ran.code == 2
    assert "length of time" in ran.err


def test_pipes_that_close(standing: RunningSimulator, use: Use) -> None:
    """Whoever reads the output may leave, as `head` does."""
    use(standing)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bptui", "watch", a_job(standing, is_aggregating=False)]
    command += ["--timeout", "20s", "--interval", "1"]
    ran = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=WAIT_SECONDS, check=False)  # noqa: S603 - our own program
    os.close(write)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 1


@pytest.mark.parametrize("arguments", [["watch", "--interval", "nan"], ["replay", "file", "--speed", "nan"]])
def test_what_is_no_number_is_within_no_bounds(bptui: Bptui, arguments: list[str]) -> None:
    """`nan` is a mistake on the command line, not a defect later."""
    ran = bptui(*arguments)
    assert ran.code == 2
    assert "'nan' is no number" in ran.err
