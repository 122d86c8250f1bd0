"""`bptui record` and `bptui replay`: a file that tells later what was seen."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.recorder.state import State
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.cli.calling import Bptui, frames_so_far
from tests.cli.test_loading import SCREEN, SERVER, SLOW, loaded_by
from tests.waiting import WAIT_SECONDS, wait_for

Use = Callable[[RunningSimulator], None]


def unpacked(path: Path) -> str:
    return "".join(json.dumps(frame.body) for frame in read_frames(path))


def test_a_recording_holds_what_was_seen(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """All running jobs, and nothing else beside the one file, which only its owner reads; no secret."""
    use(standing)
    folder = place / "out"
    folder.mkdir()
    ran = bptui("record", str(folder / "night.rec"), "--for", "2s", "--interval", "1")
    assert ran.code == 0, ran.err
    assert [path.name for path in folder.iterdir()] == ["night.rec"]
    assert (folder / "night.rec").stat().st_mode & 0o777 == 0o600
    state = State()
    for frame in read_frames(folder / "night.rec"):
        state.apply(frame)
    assert set(state.jobs) == {one for one, job in standing.appliance.jobs.items() if job.is_running}
    assert standing.secret_key not in unpacked(folder / "night.rec")
    assert standing.secret_key.encode() not in (folder / "night.rec").read_bytes()


def test_a_recording_of_nothing_says_so(bptui: Bptui, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An appliance that takes the connection and says nothing: the file holds no poll, and the last line says it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("DS3_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("DS3_ACCESS_KEY", "id")
        monkeypatch.setenv("DS3_SECRET_KEY", "key")
        ran = bptui("record", str(place / "night.rec"), "--for", "1s")
    assert ran.code == 0
    assert "no poll: nothing was answered in that time." in ran.err.splitlines()[-1]
    assert bptui("replay", str(place / "night.rec")).code != 0


def neutral_buckets(path: Path) -> set[str]:
    return {name for name in re.findall(r'"bucket_name": "([^"]*)"', unpacked(path)) if name.startswith("bucket-")}


def test_redaction_leaves_no_name(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """Names of jobs, buckets, users and hosts are replaced, in a live recording and in one from the ring."""
    use(standing)
    live, old = place / "live.rec", place / "old.rec"
    assert bptui("watch", "--timeout", "2s").code == 0
    assert bptui("record", str(live), "--for", "2s", "--redact").code == 0
    assert bptui("record", str(old), "--since", "1h", "--redact").code == 0
    jobs = [job for job in standing.appliance.jobs.values() if job.is_running]
    names = {job.name for job in jobs} | {job.bucket.name for job in jobs} | {job.user.name for job in jobs}
    for path in (live, old):
        text, raw = unpacked(path), path.read_bytes()
        assert [name for name in names if json.dumps(name)[1:-1] in text or name.encode() in raw] == []
    # The same name is the same in both files, wherever it stands.
    assert neutral_buckets(live) == neutral_buckets(old)
    assert len(neutral_buckets(live)) == len({job.bucket.name for job in jobs})
    assert (place / "state" / "recordings" / "redaction.key").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """A file that is there stays as it is."""
    use(standing)
    (place / "mine").write_text("precious")
    assert bptui("record", str(place / "mine"), "--for", "1s").code == 2
    assert (place / "mine").read_text() == "precious"


def test_a_file_that_cannot_be_made(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """The command says so before it asks anything."""
    use(standing)
    ran = bptui("record", str(place / "no" / "such" / "file"), "--for", "1s")
    assert ran.code == 1
    assert "cannot be written" in ran.err


def test_no_recording_of_that_time(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """Without a ring there is nothing to copy, and no file is left."""
    use(standing)
    ran = bptui("record", str(place / "file"), "--since", "1h")
    assert ran.code == 1
    assert not (place / "file").exists()


def record_until(path: Path, is_enough: Callable[[list[Frame]], object]) -> None:
    """Record in a process of its own, and end it with Ctrl-C."""
    command = [sys.executable, "-m", "bptui", "record", str(path), "--interval", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr is not None
        assert "Recording env" in process.stderr.readline()
        wait_for(lambda: process.poll() is not None or is_enough(frames_so_far(path)))
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_SECONDS) == 0


def test_ctrl_c_ends_a_recording_in_order(standing: RunningSimulator, use: Use, place: Path) -> None:
    """Ctrl-C is how a recording ends: 0, and the file is whole."""
    use(standing)
    path = place / "file"
    record_until(path, lambda frames: frames and path.with_name("file-wal").exists())
    assert [one.name for one in place.iterdir() if one.name.startswith("file")] == ["file"]
    assert unpacked(path)


def test_a_replay_tells_what_happened(bptui: Bptui, use: Use, place: Path) -> None:
    """Jobs that ended while it was recorded end again in the replay, with no appliance there."""
    with RunningSimulator(Options(speed=600.0)) as simulator:
        use(simulator)
        record_until(place / "file", lambda frames: any("gone" in frame.body for frame in frames))
    ran = bptui("replay", str(place / "file"), "--json", "--speed", "5")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0, ran.err
    assert "ended" in {line["class"] for line in told if line["event"] == "verdict"}
    assert told[-1]["message"].startswith("The recording ends at")
    assert {line["endpoint"] for line in told} == {"replay of env"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["replay", "missing"], "no recording"),
        (["replay", "missing", "-e", "lab"], "No such option"),
        (["replay", "missing", "--interval", "5"], "--speed"),
        (["record", "file", "--since", "1h", "--for", "1h"], "--since"),
    ],
)
def test_what_cannot_be_meant(bptui: Bptui, place: Path, arguments: list[str], says: str) -> None:
    """Usage errors name what is wrong."""
    ran = bptui(*arguments, *(["--json"] if arguments[0] == "replay" else []))
    assert ran.code == 2
    assert says in ran.err


def test_a_replay_writes_nothing(bptui: Bptui, standing: RunningSimulator, use: Use, place: Path) -> None:
    """A recording is not changed by looking at it, and looking leaves no traces."""
    use(standing)
    folder = place / "out"
    folder.mkdir()
    assert bptui("record", str(folder / "file"), "--for", "2s", "--interval", "1").code == 0
    before = (folder / "file").read_bytes()
    assert bptui("replay", str(folder / "file"), "--json", "--speed", "10").code == 0
    assert (folder / "file").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert not (place / "state").exists()


def test_recording_and_telling_load_no_screen(standing: RunningSimulator, use: Use, place: Path) -> None:
    """Neither recording nor a replay without a screen loads Textual or the pretend appliance's server."""
    use(standing)
    path = place / "file"
    recording = loaded_by(["record", str(path)], dict(os.environ), lambda: frames_so_far(path))
    replaying = loaded_by(["replay", str(path), "--json", "--speed", "20"], dict(os.environ))
    for code, tops in (recording, replaying):
        assert code == 0
        assert tops & (SCREEN | SERVER | SLOW) == set()
