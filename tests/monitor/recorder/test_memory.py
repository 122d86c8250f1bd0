"""A session begins with what was recorded before it."""

from __future__ import annotations

from pathlib import Path

from bptui.model.verdict import Kind
from bptui.model.vocabulary import Priority
from bptui.monitor.recorder.place import ring_path
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import HOUR, MINUTE, Limits, Side
from bptui.monitor.why.sentence import Style, sentence
from bptui.monitor.why.verdicts import Verdicts
from tests.monitor.recorder.seen import ENDPOINT, START, Hands, Session, job, job_id
from tests.monitor.why.polls import Polls

ONE = job_id(1)


def recorded(folder: Path, *, now: Instant) -> Polls:
    """A new session's verdicts, made with what a recorder left."""
    session = Session(folder, by="screen")
    assert session.watched.recorded is not None
    polls = Polls(Verdicts(Limits(), session.watched.recorded(now)))
    session.close()
    return polls


def test_a_pause_begins_where_the_recording_began(tmp_path: Path) -> None:
    """A job that stood for 40 minutes of recording is late at the first look of a new session, which says who saw it."""
    session = Session(tmp_path)
    for seconds in range(0, 40 * 60, 60):
        session.poll(seconds, job(1, "PUT", 10, 10, 0))
    session.close()
    # The session's own clock began with it, and the computer's says 18:41.
    polls = recorded(tmp_path, now=Instant(0.0, START.replace(minute=41)))
    polls.poll(1, job(1, "PUT", 10, 10, 0))
    assert polls.kind() is Kind.MEDIA
    verdict = polls.verdicts.explain(ONE, Instant(1, START.replace(minute=41, second=1)))
    assert verdict is not None
    assert verdict.since_seconds == -41 * 60
    assert verdict.is_since_lower_bound
    assert "by watch" in sentence(verdict, Style(1))


def test_counters_that_moved_in_a_gap_end_the_pause(tmp_path: Path) -> None:
    """Between two sessions nobody looked: other counters mean that the job moved, as late as now."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    session.poll(5, job(1, "PUT", 10, 10, 0))
    session.close()
    polls = recorded(tmp_path, now=Instant(0.0, START.replace(hour=23)))
    polls.poll(1, job(1, "PUT", 10, 10, 1))
    assert polls.kind() is Kind.WRITING


def test_equal_counters_on_both_sides_of_a_gap_prove_the_pause(tmp_path: Path) -> None:
    """Nothing was completed while nobody looked."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 9, 0))
    session.poll(60, job(1, "PUT", 10, 10, 0))
    session.close()
    polls = recorded(tmp_path, now=Instant(0.0, START.replace(hour=23)))
    polls.poll(0, job(1, "PUT", 10, 10, 0))
    assert polls.kind() is Kind.MEDIA
    verdict = polls.verdicts.verdict(ONE)
    assert verdict is not None
    assert verdict.since_seconds == -5 * HOUR


def test_limits_are_learned_from_recorded_pauses(tmp_path: Path) -> None:
    """The longest pause that ended by itself is what a new session takes as normal."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    session.poll(5, job(1, "PUT", 10, 10, 1))
    session.poll(52 * 60, job(1, "PUT", 10, 10, 2))
    session.close()
    polls = recorded(tmp_path, now=Instant(0.0, START.replace(hour=19)))
    assert polls.verdicts.limits.learned == {(Side.DRAIN, Priority.NORMAL): 52 * MINUTE - 5}


def test_a_history_survives_several_sessions(tmp_path: Path) -> None:
    """What the second session writes includes what the first one knew, and both are named."""
    clock = Hands()
    for by, begin in (("watch", 0), ("screen", 1000)):
        session = Session(tmp_path, by=by, clock=clock)
        session.poll(begin, job(1, "PUT", 10, 10, 0), *([job(2, "GET", 1, 0, 0)] if begin else []))
        session.poll(begin + 5, job(1, "PUT", 10, 10, 0), job(2, "GET", 1, 0, 0))
        session.close()
    memory = Session(tmp_path).shelf.memory(ENDPOINT)
    found = memory.recorded(clock.instant)
    assert found is not None
    assert found.histories[ONE].first_at == 0
    assert found.histories[job_id(2)].first_at == 5
    assert found.by == "watch and screen"


def test_jobs_that_ended_are_not_remembered_as_running(tmp_path: Path) -> None:
    """A job that left the list has no history any more; how it ended is told."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0), job(2, "PUT", 1, 0, 0))
    session.poll(5, job(2, "PUT", 1, 0, 0))
    session.close()
    state = session.shelf.memory(ENDPOINT).state
    assert set(state.jobs) == {job_id(2)}
    assert set(state.ended) == {ONE}
    assert set(state.histories.first) == {job_id(2)}


def test_polls_without_news_are_one_frame_and_gaps_are_known(tmp_path: Path) -> None:
    """A quiet hour costs one row; the time in which nobody looked is no part of it."""
    session = Session(tmp_path)
    for seconds in range(0, 3600, 5):
        session.poll(seconds, job(1, "PUT", 10, 10, 0))
    for seconds in range(7200, 7300, 5):
        session.poll(seconds, job(1, "PUT", 10, 10, 0))
    session.close()
    frames = list(read_frames(ring_path(tmp_path, ENDPOINT)))
    assert [frame.polls for frame in frames] == [720, 20]
    began = START.timestamp()
    assert [(frame.at, frame.until) for frame in frames] == [(began, began + 3595), (began + 7200, began + 7295)]


def test_failed_polls_are_recorded_as_such(tmp_path: Path) -> None:
    """An outage is neither a quiet time nor a gap without a reason."""
    session = Session(tmp_path)
    session.poll(0, job(1, "PUT", 10, 10, 0))
    for seconds in range(5, 50, 9):
        session.fail(seconds)
    session.poll(55, job(1, "PUT", 10, 10, 0))
    session.close()
    frames = list(read_frames(ring_path(tmp_path, ENDPOINT)))
    assert [bool(frame.body.get("problem")) for frame in frames] == [False, *[True] * 5, False]


def test_nothing_recorded_is_nothing_remembered(tmp_path: Path) -> None:
    """The first session of all begins without a recording."""
    assert Session(tmp_path / "never").watched.recorded(Instant(0, START)) is None  # type: ignore[misc]


def test_jobs_that_come_and_go_leave_nothing_behind(tmp_path: Path) -> None:
    """After days of jobs that ended, a key frame holds those that run and those that ended lately."""
    session = Session(tmp_path, keep_seconds=30 * HOUR)
    for number in range(2000):
        session.poll(number * 120, job(number, "PUT", 10, 10, 0), job(number + 1, "PUT", 10, 5, 0))
    session.close()
    keys = [frame for frame in read_frames(ring_path(tmp_path, ENDPOINT)) if frame.is_key]
    assert [len(frame.body["jobs"]) for frame in keys] == [2] * len(keys)
    assert max(len(frame.body["ended"]) for frame in keys) <= 12 * 30 + 1
    assert [len(frame.body["first"]) for frame in keys] == [2] * len(keys)
