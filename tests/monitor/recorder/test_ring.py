"""The ring survives what ends programs and fills disks, and stays within its bounds."""

from __future__ import annotations

import math
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bptui.monitor.recorder.batch import Keeping
from bptui.monitor.recorder.frames import FORMAT
from bptui.monitor.recorder.place import DAMAGED, ring_path
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.ring import NotARecording, read_frames
from bptui.monitor.recorder.shelf import RingFolder
from bptui.monitor.recorder.state import State
from tests.monitor.recorder.seen import ENDPOINT, START, Hands, Session, job, job_id

ROOT = Path(__file__).parents[3]


def keeping(session: Session) -> Keeping:
    session.settle()
    return session.recorder.states[ENDPOINT.name].keeping


def sentence_of(session: Session) -> str:
    return session.recorder.states[ENDPOINT.name].sentence


def sizes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def last_state(folder: Path) -> tuple[State, float]:
    state, until = State(), 0.0
    for frame in read_frames(ring_path(folder, ENDPOINT)):
        state.apply(frame)
        until = frame.until
    return state, until


def test_kill_9_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """A session killed in the middle of writing leaves every poll that was committed, and the next one goes on."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.monitor.recorder.writer", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        seen = -1
        for line in writer.stdout:
            seen = int(line)
            if seen == 40:
                writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL
    state, until = last_state(tmp_path)
    assert until - START.timestamp() in (seen * 5, seen * 5 + 5)
    assert len(state.jobs) == 200
    clock = Hands()
    session = Session(tmp_path, clock=clock)
    session.poll((seen + 10) * 5, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.RECORDING
    session.close()
    assert set(last_state(tmp_path)[0].jobs) == {job_id(1)}


def test_a_second_session_only_reads_and_says_so(tmp_path: Path) -> None:
    """One writes; the other says who does, uses what is there, and takes over when the first has ended."""
    clock = Hands()
    first, second = Session(tmp_path, clock=clock), Session(tmp_path, by="screen", clock=clock)
    first.poll(0, job(1, "PUT", 10, 10, 0))
    # Whoever writes first has the ring: its thread opens it with the first poll.
    assert keeping(first) is Keeping.RECORDING
    for seconds in (5, 10):
        first.poll(seconds, job(1, "PUT", 10, 10, 0))
        second.poll(seconds, job(1, "PUT", 10, 10, 0))
    assert keeping(first) is Keeping.RECORDING
    assert keeping(second) is Keeping.READING
    assert sentence_of(second) == (
        f"Not recorded here: another session of bptui (process {os.getpid()}) records this endpoint."
    )
    first.close()
    assert second.shelf.memory(ENDPOINT).state.jobs.keys() == {job_id(1)}
    second.poll(100, job(1, "PUT", 10, 10, 5))
    assert keeping(second) is Keeping.RECORDING
    second.close()
    assert last_state(tmp_path)[0].jobs[job_id(1)].completed_size_bytes == 5 * 10**9


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """A disk that is full: no file grows beyond a size."""
    before, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def test_a_defect_costs_the_recording_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be written down for a reason of our own ends the recording, with a sentence; nothing else ends."""
    session = Session(tmp_path)
    session.poll(0, replace(job(1, "PUT", 10, 10, 0), original_size_bytes=math.nan))
    session.poll(5, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    assert "defect in bptui" in sentence_of(session)
    assert "recording lab failed inside bptui" in caplog.text
    session.close()


def test_a_full_disk_is_a_state_and_passes(tmp_path: Path) -> None:
    """Recording stops with a sentence, watching goes on, and when there is room again so does recording."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    session.settle()
    with files_of_at_most(sizes(tmp_path) // 3):
        for seconds in range(5, 50, 5):
            session.poll(seconds, *(job(one, "PUT", 10, 10, seconds / 10) for one in range(3000)))
        assert keeping(session) is Keeping.FAILED
        assert sentence_of(session).startswith("What is seen is not recorded: ")
    session.poll(200, job(1, "PUT", 10, 10, 9))
    assert keeping(session) is Keeping.RECORDING
    session.close()
    state, _ = last_state(tmp_path)
    assert set(state.jobs) == {job_id(1)}
    assert state.histories.first == {job_id(1): START.timestamp()}


def test_a_home_that_cannot_be_written_is_a_state(tmp_path: Path) -> None:
    """Where no folder can be made nothing is recorded, and that is said; what is there is still read."""
    (tmp_path / "state").write_text("a file, where the folder would be")
    session = Session(tmp_path / "state" / "recordings")
    session.poll(0, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    assert "File exists" in sentence_of(session)
    session.close()


@contextmanager
def an_ordinary_home() -> Iterator[Path]:
    """A home of a user who is not root, as whom everything in between is done."""
    with TemporaryDirectory() as name:
        home = Path(name)
        if os.geteuid():
            yield home
            return
        os.chown(home, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield home
        finally:
            os.seteuid(0)


NOBODY = 65534


def test_a_read_only_home_is_a_state_and_passes() -> None:
    """Where nothing may be written nothing is recorded, which is said with the place, until it may be written again."""
    with an_ordinary_home() as home:
        home.chmod(0o500)
        session = Session(home / "state" / "recordings")
        session.poll(0, job(1, "PUT", 10, 10, 0))
        assert keeping(session) is Keeping.FAILED
        assert sentence_of(session).startswith("What is seen is not recorded: Permission denied (")
        home.chmod(0o700)
        session.poll(100, job(1, "PUT", 10, 10, 0))
        assert keeping(session) is Keeping.RECORDING
        session.close()


def test_a_ring_in_a_read_only_folder_is_read_and_not_written() -> None:
    """A session that may not write begins with what another one recorded."""
    with an_ordinary_home() as home:
        path = a_ring(home)
        before = path.read_bytes()
        path.chmod(0o400)
        home.chmod(0o500)
        session = Session(home)
        assert len(session.shelf.memory(ENDPOINT).state.jobs) == 200
        session.poll(1000, job(1, "PUT", 10, 10, 0))
        assert keeping(session) is Keeping.FAILED
        session.close()
        home.chmod(0o700)
        assert path.read_bytes() == before


def test_a_read_only_folder_is_read(tmp_path: Path) -> None:
    """A recording in a folder that may not be written, such as on a mounted image, is read all the same."""
    session = Session(tmp_path / "rings")
    session.poll(0, job(1, "PUT", 10, 10, 0))
    session.close()
    (tmp_path / "rings").chmod(0o500)
    try:
        assert set(last_state(tmp_path / "rings")[0].jobs) == {job_id(1)}
    finally:
        (tmp_path / "rings").chmod(0o700)


@pytest.mark.parametrize("beside", ["", "-wal", ".lock"])
def test_symlinks_are_not_followed(tmp_path: Path, beside: str) -> None:
    """Whoever plants a link where a file of ours belongs gets nothing written behind it."""
    folder = tmp_path / "rings"
    folder.mkdir(mode=0o700)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    path = ring_path(folder, ENDPOINT)
    path.with_name(path.name + beside).symlink_to(victim)
    session = Session(folder)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    session.close()
    assert victim.read_bytes() == b"precious"


def test_a_folder_behind_a_symlink_is_not_used(tmp_path: Path) -> None:
    """The folder itself may not be a link either."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "rings").symlink_to(tmp_path / "elsewhere")
    session = Session(tmp_path / "rings")
    session.poll(0, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    session.close()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_only_the_owner_reads(tmp_path: Path) -> None:
    """Files are 0600 in a folder of 0700, whatever the umask; ones that were open are closed."""
    folder = tmp_path / "rings"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    before = os.umask(0)
    try:
        session = Session(folder)
        session.poll(0, job(1, "PUT", 10, 10, 0))
        session.settle()
        modes = {path.name.rpartition(".")[2]: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    finally:
        os.umask(before)
    session.close()
    assert modes == dict.fromkeys(("ring", "ring-wal", "ring-shm", "lock"), 0o600)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_strange_file_is_left_alone(tmp_path: Path) -> None:
    """What is no ring is neither written nor read, and each says why."""
    path = ring_path(tmp_path, ENDPOINT)
    path.write_bytes(b"somebody's notes" * 1000)
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    session.close()
    assert path.read_bytes() == b"somebody's notes" * 1000
    with pytest.raises(NotARecording, match="cannot be read"):
        list(read_frames(path))


def a_ring(folder: Path) -> Path:
    """What a session leaves that saw 200 jobs move."""
    session = Session(folder)
    for number in range(60):
        session.poll(number * 5, *(job(one, "PUT", 100, 10 + number / 100, number / 100) for one in range(200)))
    session.close()
    return ring_path(folder, ENDPOINT)


def page_filled(path: Path, page: int) -> None:
    """Let a disk lose a page of 4 KiB."""
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


@pytest.mark.parametrize("page", [2, 3, 4, 5])
def test_a_damaged_ring_is_set_aside(tmp_path: Path, page: int) -> None:
    """Wherever a disk has lost a page: nothing crashes, recording goes on, and what was lost is at most what was there."""
    path = a_ring(tmp_path)
    page_filled(path, page)
    session = Session(tmp_path)
    for number in range(100, 103):
        session.poll(number * 5, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.RECORDING
    session.close()
    assert last_state(tmp_path)[1] == START.timestamp() + 102 * 5
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in tmp_path.iterdir())


def test_a_ring_damaged_while_it_is_written_is_set_aside(tmp_path: Path) -> None:
    """What sqlite notices only when the oldest is forgotten costs a poll, and the file stays for who wants to see it."""
    path = a_ring(tmp_path)
    for page in range(6, path.stat().st_size // 4096, 2):
        page_filled(path, page)
    session = Session(tmp_path, keep_seconds=3600)
    for number in range(3000, 3100):
        session.poll(number * 5, job(1, "PUT", 10, 10, number / 1000))
    assert keeping(session) is Keeping.RECORDING
    session.close()
    assert path.with_name(path.name + DAMAGED).stat().st_mode & 0o777 == 0o600
    assert last_state(tmp_path)[1] == START.timestamp() + 3099 * 5


def test_a_ring_cut_short_is_a_beginning(tmp_path: Path) -> None:
    """Half a file, as after a power cut, is no reason not to record."""
    path = a_ring(tmp_path)
    os.truncate(path, path.stat().st_size // 2)
    session = Session(tmp_path)
    for number in range(100, 103):
        session.poll(number * 5, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.RECORDING
    session.close()
    assert set(last_state(tmp_path)[0].jobs) == {job_id(1)}


def test_a_ring_of_a_newer_bptui_is_left_alone(tmp_path: Path) -> None:
    """What we might misread is neither read nor written, which is said."""
    path = a_ring(tmp_path)
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = path.read_bytes()
    session = Session(tmp_path)
    session.poll(1000, job(1, "PUT", 10, 10, 0))
    assert keeping(session) is Keeping.FAILED
    assert "written by a newer bptui" in sentence_of(session)
    assert str(path) in sentence_of(session)
    session.close()
    assert path.read_bytes() == before
    with pytest.raises(NotARecording, match="written by a newer bptui"):
        list(read_frames(path))


def test_the_size_is_bounded_and_the_newest_stays(tmp_path: Path) -> None:
    """A busy week writes far more than the bound; the folder never holds more, and its end can be read."""
    limit = 4 * 1024 * 1024
    session = Session(tmp_path, limit_bytes=limit)
    largest = 0
    for number in range(17280):
        at = number * 35
        busy = (job(one, "PUT", 900, (number + one) % 901 * 1.01, 0, user_name=f"u{number * one}") for one in range(12))
        session.poll(at, *busy)
        if number % 500 == 0:
            session.settle()
            largest = max(largest, sizes(tmp_path))
    session.close()
    assert 0.3 * limit < largest <= limit
    frames = list(read_frames(ring_path(tmp_path, ENDPOINT)))
    assert frames[0].is_key
    assert frames[-1].until == START.timestamp() + 17279 * 35
    assert frames[0].at < frames[-1].until - 3600


def test_what_is_old_is_forgotten(tmp_path: Path) -> None:
    """Frames go when all of them are older than what is kept."""
    session = Session(tmp_path, keep_seconds=24 * 3600)
    for number in range(5000):
        session.poll(number * 60, job(1, "PUT", 10000, number + 1, number))
    session.close()
    frames = list(read_frames(ring_path(tmp_path, ENDPOINT)))
    kept = frames[-1].until - frames[0].at
    assert 24 * 3600 <= kept <= 31 * 3600


def test_a_ring_too_small_for_one_look_is_a_state(tmp_path: Path) -> None:
    """When not even one key frame fits, nothing is recorded, and watching does not suffer."""
    session = Session(tmp_path, limit_bytes=1)
    jobs = [job(one, "PUT", 10, 10, 0, user_name=os.urandom(3000).hex()) for one in range(1500)]
    session.poll(0, *jobs)
    assert keeping(session) is Keeping.FAILED
    session.close()
    assert sizes(tmp_path) <= 4 * 1024 * 1024


def test_forty_thousand_jobs_hold_nothing_up(tmp_path: Path) -> None:
    """While the first look at 40,000 jobs is written, the thread of the events gets its turns."""
    session = Session(tmp_path)
    jobs = [job(one, "PUT", 10, 10, 0) for one in range(40_000)]
    session.poll(0, *jobs)
    turns = 0
    while not session.recorder.is_idle:
        threading.Event().wait(0.001)
        turns += 1
    session.close()
    assert turns > 50
    assert len(last_state(tmp_path)[0].jobs) == 40_000


def test_taking_a_fact_never_raises(tmp_path: Path) -> None:
    """Before an endpoint is connected there is no ring, and facts about it are let go."""
    recorder = Recorder(RingFolder(tmp_path), "watch", Hands())
    session = Session(tmp_path / "other")
    session.recorder = recorder
    session.poll(0, job(1, "PUT", 10, 10, 0))
    recorder.close()
    assert list(tmp_path.glob("*.ring")) == []
