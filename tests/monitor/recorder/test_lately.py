"""Rates begin in the recording, and a time in which nobody looked never becomes one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.model.job import Job
from bptui.monitor.progress import History, Progress, counters, progress
from bptui.monitor.recorder.place import ring_path
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.why.history import Instant
from tests.monitor.recorder.seen import ENDPOINT, START, Session, job

GB = 10**9
MINUTE = 60.0


def resumed(folder: Path, at: float, one: Job) -> Progress:
    """What a session knows of a job at its first look, so many seconds after the recording began."""
    session = Session(folder, by="screen")
    # The session's own clock began with it.
    now = Instant(0.0, START + timedelta(seconds=at))
    assert session.watched.recorded is not None
    recorded = session.watched.recorded(now)
    session.close()
    assert recorded is not None
    assert recorded.past is not None
    history = recorded.past.resumed(one, 0.0)
    assert history is not None
    return progress(one, history, 0.0, 5.0)


def receive(session: Session, begin: float, first: int, *, minutes: int) -> None:
    """A job that receives 1 GB each minute, polled twice as often."""
    for half in range(2 * minutes):
        session.poll(begin + half * MINUTE / 2, job(1, "PUT", 1000, first + half // 2, 0))


def test_a_rate_begins_in_the_recording(tmp_path: Path) -> None:
    """At the first look of a new session there are rate, arrival time and the last minutes, as if it had seen them."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=11)
    session.close()
    known = resumed(tmp_path, 11 * MINUTE, job(1, "PUT", 1000, 11, 0))
    assert known.cached_rate == pytest.approx(GB / MINUTE)
    assert known.completed_rate is None
    assert known.watched_seconds == 11 * MINUTE
    assert (known.pause_seconds, known.is_moving, known.pause_is_lower_bound) == (0.0, True, False)
    assert known.cached_amounts == (0, 0, GB, 2 * GB, 2 * GB, 2 * GB, 2 * GB, GB)


def test_what_moved_in_a_gap_makes_no_rate(tmp_path: Path) -> None:
    """Other counters after ten minutes in which nobody looked: it moved, but when and how fast is not known."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=11)
    session.close()
    known = resumed(tmp_path, 21 * MINUTE, job(1, "PUT", 1000, 500, 0))
    assert (known.cached_rate, known.eta_seconds) == (None, None)
    assert known.cached_amounts == (0,) * 8
    assert (known.watched_seconds, known.pause_seconds, known.pause_is_lower_bound) == (0.0, 0.0, True)


def test_a_restart_is_no_gap(tmp_path: Path) -> None:
    """Within a minute, the time in which a job still counts as moving, one session goes on where another has ended."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=11)
    session.close()
    known = resumed(tmp_path, 11 * MINUTE + 20, job(1, "PUT", 1000, 11, 0))
    assert known.cached_rate == pytest.approx(10 * GB / (10 * MINUTE + 20))
    assert known.watched_seconds == 11 * MINUTE + 20


def test_what_stood_in_a_gap_is_known(tmp_path: Path) -> None:
    """Equal counters on both sides prove that nothing moved: what was seen before still counts while it is recent."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=11)
    session.close()
    known = resumed(tmp_path, 21 * MINUTE, job(1, "PUT", 1000, 10, 0))
    assert known.cached_rate == pytest.approx(GB / MINUTE)
    assert (known.pause_seconds, known.is_moving) == (11 * MINUTE, False)
    late = resumed(tmp_path, 45 * MINUTE, job(1, "PUT", 1000, 10, 0))
    assert (late.cached_rate, late.pause_seconds) == (None, 35 * MINUTE)


def test_a_gap_inside_a_recording_makes_no_rate_either(tmp_path: Path) -> None:
    """Between two sessions, and in an outage, nobody looked; what is said begins after it."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=5)
    session.close()
    session = Session(tmp_path, by="watch")
    receive(session, 10 * MINUTE, 400, minutes=5)
    for seconds in range(15 * 60, 18 * 60, 30):
        session.fail(seconds)
    receive(session, 18 * MINUTE, 800, minutes=5)
    session.close()
    known = resumed(tmp_path, 23 * MINUTE, job(1, "PUT", 1000, 804, 0))
    assert known.cached_rate == pytest.approx(GB / MINUTE)
    assert known.watched_seconds == 5 * MINUTE
    assert sum(known.cached_amounts) == 3 * GB


def test_a_change_too_old_for_a_rate_still_ends_the_pause(tmp_path: Path) -> None:
    """After hours of standing it is known when the last byte was counted, also when only the last frames are read."""
    session = Session(tmp_path)
    receive(session, 0, 0, minutes=5)
    for minute in range(5, 14 * 60, 2):
        session.poll(minute * MINUTE, job(1, "PUT", 1000, 4, 0))
    session.close()
    assert sum(frame.is_key for frame in read_frames(ring_path(tmp_path, ENDPOINT))) == 3
    known = resumed(tmp_path, 14 * 60 * MINUTE, job(1, "PUT", 1000, 4, 0))
    assert (known.cached_rate, known.pause_is_lower_bound) == (None, False)
    assert known.pause_seconds == (14 * 60 - 4) * MINUTE
    assert known.watched_seconds == 14 * 60 * MINUTE


def test_a_job_without_any_change_was_watched_all_the_time(tmp_path: Path) -> None:
    """That nothing was counted since the recording began is a lower bound."""
    session = Session(tmp_path)
    for seconds in range(0, 600, 30):
        session.poll(seconds, job(1, "PUT", 10, 5, 0))
    session.close()
    known = resumed(tmp_path, 600, job(1, "PUT", 10, 5, 0))
    assert (known.watched_seconds, known.pause_seconds, known.pause_is_lower_bound) == (600, 600, True)


steps = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)
INTERVAL = 25.0


@settings(max_examples=40)
@given(steps, st.data())
def test_two_sessions_without_a_gap_know_what_one_knows(moves: list[tuple[int, int]], data: st.DataObject) -> None:
    """Wherever a session ends and the next begins, it says what one that saw everything would say."""
    jobs, cached, completed = list[Job](), 0, 0
    for more_cached, more_completed in moves:
        cached += more_cached
        completed = min(completed + more_completed, cached)
        jobs.append(job(1, "PUT", 100, cached, completed))
    split = data.draw(st.integers(1, len(jobs) - 1))
    whole = History(counters(jobs[0]), 0.0)
    for number, one in enumerate(jobs[1 : split + 1], 1):
        whole.add(counters(one), number * INTERVAL)
    with TemporaryDirectory() as name:
        session = Session(Path(name))
        for number, one in enumerate(jobs[:split]):
            session.poll(number * INTERVAL, one)
        session.close()
        known = resumed(Path(name), split * INTERVAL, jobs[split])
    expected = progress(jobs[split], whole, split * INTERVAL, 5.0)
    for of in (
        "watched_seconds",
        "pause_seconds",
        "pause_is_lower_bound",
        "cached_rate",
        "completed_rate",
        "eta_seconds",
    ):
        assert getattr(known, of) == pytest.approx(getattr(expected, of)), of


def test_reading_at_a_start_is_bounded(tmp_path: Path) -> None:
    """What is needed is read from a key frame on; where that is too much, from a later one on."""
    for begin in (0, 1000, 2000):
        session = Session(tmp_path)
        receive(session, begin, begin, minutes=5)
        session.close()
    path = ring_path(tmp_path, ENDPOINT)

    def begins(since: float, most_bytes: int | None) -> float:
        return next(read_frames(path, since=START.timestamp() + since, most_bytes=most_bytes)).at - START.timestamp()

    assert [begins(since, None) for since in (-5, 5, 1005, 2005)] == [0, 0, 1000, 2000]
    assert [begins(since, 1) for since in (-5, 5, 1005, 2005)] == [2000] * 4
    assert [begins(since, 10**6) for since in (-5, 5, 1005, 2005)] == [0, 0, 1000, 2000]
