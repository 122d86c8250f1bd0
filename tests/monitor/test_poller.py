"""One endpoint, polled: what is asked when, and what is told of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bptui.model.endpoint import Writes
from bptui.model.job import Ending, RecordKind
from bptui.model.problem import Problem, ProblemKind
from bptui.model.reading import Reading
from bptui.model.vocabulary import JobStatus
from bptui.monitor.actions import Lock, ShowEnded, Unlock
from bptui.monitor.ages import Freshness
from bptui.monitor.appliance import CannotConnect, Watched
from bptui.monitor.events import (
    EndpointRecovered,
    JobsChanged,
    Noted,
    NoteKind,
    Pane,
    Polled,
    PollFailed,
    PollStarted,
    TreeChanged,
    VerdictsChanged,
)
from bptui.monitor.monitor import Monitor
from tests.monitor.listening import running

if TYPE_CHECKING:
    from conftest import HandClock, Make, Room, Scripted

    from bptui.model.endpoint import Endpoint
    from bptui.monitor.audit import Audit


def kinds(room: Room) -> list[NoteKind]:
    return [event.kind for event in room.events if isinstance(event, Noted)]


def polled(room: Room, pane: Pane) -> list[Polled]:
    return [event for event in room.events if isinstance(event, Polled) and event.pane is pane]


def failed(room: Room) -> PollFailed:
    return [event for event in room.events if isinstance(event, PollFailed)][-1]


async def test_the_list_is_asked_once_each_interval(room: Room, appliance: Scripted, make: Make) -> None:
    """The list is read at start and then every five seconds; each answer makes one Polled."""
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(20)
    assert appliance.count("jobs") == 5
    assert len(polled(room, Pane.LIST)) == 5


async def test_equal_lists_make_no_change(room: Room, appliance: Scripted, make: Make) -> None:
    """An answer without news grows no revision and makes no JobsChanged, but makes the snapshot younger."""
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(1)
    before = room.monitor.latest(make.name)
    await room.advance(20)
    after = room.monitor.latest(make.name)
    assert before
    assert after
    assert after.revision == before.revision
    assert after.at > before.at
    assert len([event for event in room.of("JobsChanged") if event.since_revision is not None]) <= 1  # the records


async def test_a_changed_job_is_told_with_the_difference(room: Room, appliance: Scripted, make: Make) -> None:
    """What changed is named, with the revision it applies to."""
    appliance.add(make.job(1), make.job(2))
    await room.first_list()
    before = room.monitor.latest(make.name)
    assert before
    appliance.running[make.id(2)] = make.job(2, cached_size_bytes=200)
    await room.advance(5)
    event = room.of("JobsChanged")[-1]
    assert isinstance(event, JobsChanged)
    assert event.changes.changed == (make.id(2),)
    assert event.since_revision == before.revision
    assert event.snapshot == room.monitor.latest(make.name)


async def test_a_slow_answer_throttles_itself(room: Room, appliance: Scripted) -> None:
    """A list that takes ten seconds is asked for again only after forty more."""
    await room.first_list()
    appliance.cost_seconds["jobs"] = 10.0
    await room.advance(5 + 10 + 39)
    assert appliance.count("jobs") == 2
    await room.advance(2)
    assert appliance.count("jobs") == 3


async def test_there_are_never_two_requests_of_a_kind(room: Room, appliance: Scripted, make: Make) -> None:
    """Poking while an answer is under way asks once more after it, and not beside it."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.held["jobs"] = asyncio.Event()
    for _ in range(5):
        room.monitor.poke(make.name, Pane.LIST)
        await room.advance(1)
    assert appliance.count("jobs") == 2
    appliance.held.pop("jobs").set()
    await room.advance(0)
    assert appliance.count("jobs") == 3
    assert appliance.most_under_way["jobs"] == 1


async def test_a_slow_job_never_delays_the_list(room: Room, appliance: Scripted, make: Make) -> None:
    """While a whole job is under way the list goes on."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.held["job"] = asyncio.Event()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(20)
    assert appliance.count("job") == 1
    assert appliance.count("jobs") == 5
    assert room.monitor.state(make.name).job.asking_seconds == pytest.approx(20, abs=0.5)


async def test_the_interval_can_be_changed_while_waiting(room: Room, appliance: Scripted, make: Make) -> None:
    """A new interval counts from the last answer on, and is never below a second, nor above a day."""
    room.monitor.set_interval(make.name, 60)
    await room.first_list()
    await room.advance(10)
    assert appliance.count("jobs") == 1
    room.monitor.set_interval(make.name, 0.1)
    await room.advance(0)
    assert room.monitor.interval(make.name) == 1.0
    assert appliance.count("jobs") == 2
    room.monitor.set_interval(make.name, 1e13)
    assert room.monitor.interval(make.name) == 86400.0
    assert room.monitor.state(make.name).list.next_at == room.clock.now() + timedelta(days=1)


async def test_a_longer_interval_is_not_lateness(room: Room, make: Make) -> None:
    """Data are late against their own plan: one that was just stretched, or that a poke cut short."""
    await room.first_list()
    room.monitor.poke(make.name)
    room.monitor.set_interval(make.name, 60)
    await room.advance(55)
    state = room.monitor.state(make.name).list
    assert (state.age_seconds, state.planned_seconds, state.freshness) == (55.0, 60.0, Freshness.FRESH)
    assert state.next_at
    assert (state.next_at - room.clock.now()).total_seconds() == 5.0


async def test_an_answer_that_does_not_come_makes_data_late_then_stale(
    room: Room, appliance: Scripted, make: Make
) -> None:
    """A request that hangs is seen by the age of what is shown, and says for how long it has waited."""
    await room.first_list()
    appliance.held["jobs"] = asyncio.Event()
    seen = []
    for seconds in (5, 4, 1, 14, 1):
        await room.advance(seconds)
        seen.append(room.monitor.state(make.name).list.freshness)
    assert seen == [Freshness.FRESH, Freshness.FRESH, Freshness.LATE, Freshness.LATE, Freshness.STALE]
    assert room.monitor.state(make.name).list.asking_seconds == 20.0
    assert len([event for event in room.events if isinstance(event, PollStarted) and event.pane is Pane.LIST]) == 2


async def test_nobody_looking_slows_down(room: Room, appliance: Scripted, make: Make) -> None:
    """An endpoint that nobody looks at is asked a third as often, and at once when somebody does."""
    await room.first_list()
    room.monitor.set_seen(make.name, is_seen=False)
    await room.advance(14)
    assert appliance.count("jobs") == 1
    room.monitor.set_seen(make.name, is_seen=True)
    await room.advance(0)
    assert appliance.count("jobs") == 2


# Failures


async def test_a_failed_poll_leaves_the_last_answer(room: Room, appliance: Scripted, make: Make) -> None:
    """Stale is a state: the snapshot stays, its age grows, and it is said why and when it is tried again."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.errors["jobs"] = make.failure(ProblemKind.TIMEOUT)
    await room.advance(5)
    state = room.monitor.state(make.name)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert list(snapshot.jobs) == [make.id(1)]
    assert state.is_down
    assert state.list.age_seconds == 5.0
    assert (failed(room).next_at - failed(room).at).total_seconds() == 10.0  # type: ignore[operator]  # it is planned
    await room.advance(25)
    assert room.monitor.state(make.name).list.freshness is Freshness.STALE


async def test_failures_back_off_and_recovery_is_told(room: Room, appliance: Scripted, make: Make) -> None:
    """Each failure in a row doubles the delay; the first good answer says for how long it was down."""
    await room.first_list()
    appliance.errors["jobs"] = make.failure(ProblemKind.BROKEN)
    await room.advance(5 + 10 + 20)
    assert (appliance.count("jobs"), failed(room).attempt) == (4, 3)
    appliance.errors.clear()
    await room.advance(40)
    (recovered,) = room.of("EndpointRecovered")
    assert isinstance(recovered, EndpointRecovered)
    assert recovered.down_seconds == 70.0
    assert kinds(room) == [NoteKind.ENDPOINT, NoteKind.ENDPOINT]
    assert not room.monitor.state(make.name).is_down


async def test_retry_after_is_kept_unless_poked(room: Room, appliance: Scripted, make: Make) -> None:
    """Nothing is asked before Retry-After, but a person is not held up by it."""
    await room.first_list()
    appliance.errors["jobs"] = make.failure(ProblemKind.UNAVAILABLE, retry_after_seconds=120.0)
    await room.advance(5 + 119)
    assert appliance.count("jobs") == 2
    room.monitor.poke(make.name)
    await room.advance(0)
    assert appliance.count("jobs") == 3


async def test_a_page_in_front_of_the_appliance_is_waited_out(room: Room, appliance: Scripted, make: Make) -> None:
    """Something else that answers for a while, such as a proxy's page, is tried again, less and less often."""
    appliance.add(make.job(1))
    appliance.errors["jobs"] = make.failure(ProblemKind.WRONG_INTERFACE)
    await room.first_list()
    await room.advance(3600)
    assert failed(room).next_at is not None
    assert 12 <= appliance.count("jobs") <= 20
    appliance.errors.clear()
    await room.advance(300)
    assert room.monitor.latest(make.name)


async def test_a_wrong_key_is_tried_once(room: Room, appliance: Scripted, make: Make) -> None:
    """After an authentication failure nothing at all is asked until a person wants it."""
    appliance.errors["jobs"] = make.failure(ProblemKind.AUTHENTICATION)
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(3600)
    assert appliance.asked == [("jobs", None)]
    assert failed(room).next_at is None
    assert room.monitor.state(make.name).list.waits_for_person
    appliance.errors.clear()
    appliance.add(make.job(1))
    room.monitor.poke(make.name, Pane.JOB)
    await room.advance(1)
    assert not room.monitor.state(make.name).list.waits_for_person
    assert appliance.count("job") == 1


async def test_a_defect_of_ours_does_not_end_the_watching(
    room: Room, appliance: Scripted, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected exception becomes an internal problem with the traceback in the log, and polling goes on."""
    await room.first_list()
    appliance.errors["jobs"] = ZeroDivisionError("oops")  # type: ignore[assignment]  # not one of the family
    with caplog.at_level(logging.ERROR):
        await room.advance(5)
    assert failed(room).problem.kind is ProblemKind.INTERNAL
    assert "ZeroDivisionError" in caplog.text
    appliance.errors.clear()
    await room.advance(10)
    assert not room.monitor.state(make.name).is_down


async def test_waiting_leaves_no_task_behind(room: Room, make: Make) -> None:
    """However often a wait is cut short, nothing of it goes on."""
    await room.first_list()
    before = len(asyncio.all_tasks())
    for _ in range(20):
        room.monitor.poke(make.name)
        await room.advance(0)
    await room.advance(0)
    assert len(asyncio.all_tasks()) == before


# The job looked at


async def test_a_job_is_read_whole_once_while_it_stands(room: Room, appliance: Scripted, make: Make) -> None:
    """Each tick asks for the small record; the whole is asked for again only after thirty seconds."""
    appliance.add(make.job(1))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    assert appliance.count("job") == 1
    await room.advance(28)
    assert appliance.count("job") == 1
    assert appliance.count("active_job") == 5
    await room.advance(6)
    assert appliance.count("job") == 2
    assert len(room.of("TreeChanged")) == 1
    assert len(polled(room, Pane.JOB)) == 2


async def test_a_job_that_moved_is_read_whole_at_the_next_tick(room: Room, appliance: Scripted, make: Make) -> None:
    """The cheap answer decides that the expensive one is worth asking for."""
    appliance.add(make.job(1))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    appliance.add(make.job(1, cached_size_bytes=500))
    await room.advance(5)
    assert appliance.count("job") == 2
    await room.advance(10)
    assert appliance.count("job") == 2


async def test_a_poke_reads_the_whole_job(room: Room, appliance: Scripted, make: Make) -> None:
    """Whoever asks for an answer gets one, moved or not."""
    appliance.add(make.job(1))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    room.monitor.poke(make.name, Pane.JOB)
    await room.advance(0)
    assert appliance.count("job") == 2


async def test_looking_away_cancels_the_request(room: Room, appliance: Scripted, make: Make) -> None:
    """The answer about a job that nobody looks at any more is cut off before the next one is asked for."""
    appliance.add(make.job(1), make.job(2))
    await room.first_list()
    appliance.held["job"] = asyncio.Event()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    room.monitor.watch(make.name, make.id(2))
    await room.advance(1)
    assert appliance.cancelled == ["job"]
    assert [about for name, about in appliance.asked if name == "job"] == [make.id(1), make.id(2)]
    assert appliance.most_under_way["job"] == 1
    room.monitor.watch(make.name, None)
    await room.advance(60)
    assert appliance.under_way["job"] == 0


async def test_running_down_the_list_asks_for_nothing(room: Room, appliance: Scripted, make: Make) -> None:
    """A job is read only once the cursor rests on it."""
    appliance.add(*(make.job(number) for number in range(20)))
    await room.first_list()
    for number in range(20):
        room.monitor.watch(make.name, make.id(number))
        await room.advance(0.05)
    await room.advance(1)
    assert [about for name, about in appliance.asked if name == "job"] == [make.id(19)]


async def test_the_tree_of_another_job_is_let_go(room: Room, appliance: Scripted, make: Make) -> None:
    """What is shown as the job looked at is never another one."""
    appliance.add(make.job(1), make.job(2))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    assert room.monitor.latest_tree(make.name)
    room.monitor.watch(make.name, make.id(2))
    assert room.monitor.latest_tree(make.name) is None
    await room.advance(1)
    tree = room.monitor.latest_tree(make.name)
    assert tree
    assert (tree.job.job_id, tree.revision) == (make.id(2), 2)
    assert [event.since_revision for event in room.events if isinstance(event, TreeChanged)] == [None, None]


async def test_an_answer_about_another_job_is_shown_with_a_warning(room: Room, appliance: Scripted, make: Make) -> None:
    """The appliance's own documentation answers with another id than asked for: it is told, not hidden."""
    appliance.add(make.job(1), make.job(2))
    appliance.trees[make.id(1)] = appliance.trees[make.id(2)]
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    assert make.id(2) in polled(room, Pane.JOB)[-1].warning


async def test_a_key_without_right_to_records_goes_by_the_list(room: Room, appliance: Scripted, make: Make) -> None:
    """When the small record is forbidden, the list tells whether the job moved."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.errors["active_job"] = make.forbidden()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(11)
    assert appliance.count("active_job") == 1
    appliance.running[make.id(1)] = make.job(1, cached_size_bytes=500)
    await room.advance(10)
    assert appliance.count("job") == 2


async def test_a_failed_job_pane_says_so_and_leaves_the_list_alone(room: Room, appliance: Scripted, make: Make) -> None:
    """Each pane has a failure, an age and a next try of its own."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.errors["job"] = make.failure(ProblemKind.BAD_ANSWER)
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    state = room.monitor.state(make.name)
    assert state.job.problem
    assert state.job.problem.kind is ProblemKind.BAD_ANSWER
    assert not state.is_down


async def test_an_error_message_of_the_job_looked_at_comes_with_the_next_tick(
    room: Room, appliance: Scripted, make: Make
) -> None:
    """Its record is told as soon as it differs, and those of other jobs stay."""
    jobs = [make.job(1), make.job(2)]
    appliance.add(*jobs)
    appliance.records[make.id(2)] = make.record(jobs[1], error_message="Old trouble.")
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    appliance.records[make.id(1)] = make.record(jobs[0], error_message="No media.")
    await room.advance(5)
    event = room.of("JobsChanged")[-1]
    assert isinstance(event, JobsChanged)
    assert event.changes.changed == (make.id(1),)
    messages = {job_id: record.error_message for job_id, record in event.snapshot.records.items()}
    assert messages == {make.id(1): "No media.", make.id(2): "Old trouble."}


async def test_a_slow_whole_job_throttles_itself(room: Room, appliance: Scripted, make: Make) -> None:
    """What took ten seconds is not read again for forty, although it moves; the small record goes on."""
    appliance.add(make.job(1))
    appliance.cost_seconds["job"] = 10.0
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(11)
    assert room.monitor.state(make.name).job.planned_seconds == 50.0
    for step in range(6):
        appliance.add(make.job(1, cached_size_bytes=200 + step))
        await room.advance(6)
    assert appliance.count("job") == 1
    assert appliance.count("active_job") == 7
    await room.advance(6)
    assert appliance.count("job") == 2


async def test_a_slow_record_is_asked_for_less_often(room: Room, appliance: Scripted, make: Make) -> None:
    """The small call has a price, too."""
    appliance.add(make.job(1))
    appliance.cost_seconds["active_job"] = 3.0
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(0.15 + 5 + 3 + 11)
    assert appliance.count("active_job") == 1
    await room.advance(2)
    assert appliance.count("active_job") == 2


@pytest.mark.parametrize(("is_listed", "is_tried_again"), [(True, True), (False, False)])
async def test_a_job_that_is_gone_is_tried_again_only_while_it_is_listed(
    room: Room, appliance: Scripted, make: Make, is_listed: bool, is_tried_again: bool
) -> None:
    """404 for a listed job may pass; for one that left the list only a person can want it again."""
    appliance.add(make.job(1))
    await room.first_list()
    del appliance.trees[make.id(1)]
    if not is_listed:
        appliance.remove(make.id(1))
        appliance.completed[make.id(1)] = make.record(make.job(1), RecordKind.COMPLETED)
        await room.advance(5)
    room.monitor.watch(make.name, make.id(1))
    await room.advance(60)
    assert (appliance.count("job") > 1) is is_tried_again
    assert room.monitor.state(make.name).job.waits_for_person is not is_tried_again


# How jobs end


async def test_a_job_that_completed_stays_as_completed(room: Room, appliance: Scripted, make: Make) -> None:
    """A job that left the list is asked for once by id, stays for the session, and is noted."""
    job = make.job(1)
    appliance.add(job, make.job(2))
    await room.first_list()
    appliance.remove(job.job_id)
    done = replace(job, cached_size_bytes=1000, completed_size_bytes=1000)
    appliance.completed[job.job_id] = make.record(done, RecordKind.COMPLETED)
    await room.advance(60)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    ended = snapshot.ended[job.job_id]
    assert (ended.ending, ended.job.status, ended.job.completed_size_bytes, ended.job.bucket_name) == (
        Ending.COMPLETED,
        JobStatus.COMPLETED,
        1000,
        "archive",
    )
    assert list(snapshot.jobs) == [make.id(2)]
    assert appliance.count("completed_job") == 1
    assert appliance.count("job") == 0
    assert kinds(room) == [NoteKind.COMPLETED]


async def test_a_job_never_vanishes_in_between(room: Room, appliance: Scripted, make: Make) -> None:
    """While it is asked how a job ended, it stays where it was; then it moves in one step."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.held["completed_job"] = asyncio.Event()
    appliance.completed[make.id(1)] = make.record(make.job(1), RecordKind.COMPLETED)
    appliance.remove(make.id(1))
    await room.advance(20)
    before = room.monitor.latest(make.name)
    assert before
    assert list(before.jobs) == [make.id(1)]
    appliance.held.pop("completed_job").set()
    await room.advance(0)
    event = room.of("JobsChanged")[-1]
    assert isinstance(event, JobsChanged)
    assert (event.changes.added, event.changes.removed, event.changes.changed) == ((), (), (make.id(1),))


async def test_a_canceled_job_may_need_a_moment_to_show_up(room: Room, appliance: Scripted, make: Make) -> None:
    """A job that nobody knows yet is looked for once more before it is called gone."""
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    appliance.remove(job.job_id)
    await room.advance(5)
    assert appliance.count("canceled_job") == 1
    appliance.canceled[job.job_id] = make.record(job, RecordKind.CANCELED, is_canceled_due_to_timeout=True)
    await room.advance(4)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert snapshot.ended[job.job_id].ending is Ending.CANCELED
    assert kinds(room) == [NoteKind.CANCELED, NoteKind.ALARM]
    assert "idle timer" in room.of("Noted")[-1].sentence  # type: ignore[union-attr]  # a note


async def test_a_job_that_nobody_knows_is_gone(room: Room, appliance: Scripted, make: Make) -> None:
    """After a second look a job that is in no list and answers 404 is gone."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.remove(make.id(1))
    await room.advance(30)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert snapshot.ended[make.id(1)].ending is Ending.GONE
    assert appliance.count("job", make.id(1)) == 2


async def test_a_job_that_comes_back_is_running(room: Room, appliance: Scripted, make: Make) -> None:
    """A list that left a job out for once is no ending."""
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    del appliance.running[job.job_id]
    await room.advance(8)
    appliance.running[job.job_id] = job
    await room.advance(10)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert (list(snapshot.jobs), dict(snapshot.ended)) == ([job.job_id], {})


async def test_a_job_that_left_the_list_and_runs_is_asked_for_less_and_less(
    room: Room, appliance: Scripted, make: Make
) -> None:
    """A list that hides a running job costs a few small requests, each after twice the time."""
    appliance.add(make.job(1))
    await room.first_list()
    del appliance.running[make.id(1)]
    times: list[float] = []
    for second in range(200):
        await room.advance(1)
        times += [second] * (appliance.count("completed_job") - len(times))
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert all(expected <= pause <= expected + 2 for expected, pause in zip((2, 4, 8, 16, 32, 64), pauses, strict=True))
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert list(snapshot.jobs) == [make.id(1)]


async def test_an_ending_that_may_not_be_read_is_unknown(room: Room, appliance: Scripted, make: Make) -> None:
    """A job whose end is forbidden to this key is neither called gone nor left running."""
    appliance.add(make.job(1))
    await room.first_list()
    appliance.remove(make.id(1))
    for name in ("completed_job", "canceled_job", "job"):
        appliance.errors[name] = make.forbidden()
    await room.advance(30)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert snapshot.ended[make.id(1)].ending is Ending.UNKNOWN


async def test_an_outage_does_not_decide_how_a_job_ended(room: Room, appliance: Scripted, make: Make) -> None:
    """While the answers fail the job waits, and is settled when they come again."""
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    appliance.remove(job.job_id)
    appliance.completed[job.job_id] = make.record(job, RecordKind.COMPLETED)
    appliance.errors["completed_job"] = make.failure(ProblemKind.TIMEOUT)
    await room.advance(30)
    del appliance.errors["completed_job"]
    await room.advance(60)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert snapshot.ended[job.job_id].ending is Ending.COMPLETED


async def test_many_departures_cost_one_request(room: Room, appliance: Scripted, make: Make) -> None:
    """When hundreds of jobs leave at once, one full list tells how all of them ended."""
    jobs = [make.job(number) for number in range(300)]
    appliance.add(*jobs)
    await room.first_list()
    appliance.running.clear()
    appliance.ended = {job.job_id: replace(job, status=JobStatus.CANCELED) for job in jobs}
    await room.advance(10)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert {ended.ending for ended in snapshot.ended.values()} == {Ending.CANCELED}
    assert (len(snapshot.ended), appliance.count("full"), appliance.count("completed_job")) == (300, 1, 0)


async def test_a_long_list_is_not_read_for_a_few_departures(room: Room, appliance: Scripted, make: Make) -> None:
    """Of thousands of jobs some dozens leave with each poll: reading all of them again would cost a hundred times more."""
    jobs = [make.job(number) for number in range(4000)]
    appliance.add(*jobs)
    await room.first_list()
    for job in jobs[:30]:
        appliance.remove(job.job_id)
        appliance.completed[job.job_id] = make.record(job, RecordKind.COMPLETED)
    await room.advance(10)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert (len(snapshot.ended), appliance.count("full"), appliance.count("completed_job")) == (30, 0, 30)


# Notes and the rest


async def test_what_happens_to_a_job_is_noted(room: Room, appliance: Scripted, make: Make) -> None:
    """Started, enlarged, no longer aggregating, counting less than before: each makes one line."""
    appliance.add(make.job(1, is_aggregating=True))
    await room.first_list()
    assert kinds(room) == []
    appliance.add(make.job(2))
    await room.advance(5)
    for changes in (
        {"original_size_bytes": 2000, "is_aggregating": True},
        {"original_size_bytes": 3000, "is_aggregating": True},
        {"original_size_bytes": 3000},
        {"original_size_bytes": 3000, "cached_size_bytes": 50},
    ):
        appliance.add(make.job(1, **changes))
        await room.advance(5)
    assert kinds(room) == [
        NoteKind.STARTED,
        NoteKind.GREW,
        NoteKind.AGGREGATION_ENDED,
        NoteKind.COUNTERS_WENT_BACK,
    ]


async def test_records_bring_error_messages(room: Room, appliance: Scripted, make: Make) -> None:
    """What only `active_jobs` tells reaches the snapshot within a minute, and is told as a change."""
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    await room.advance(1)
    appliance.records[job.job_id] = make.record(job, error_message="No media.")
    await room.advance(60)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert snapshot.records[job.job_id].error_message == "No media."
    assert appliance.count("active_jobs") == 2


async def test_a_record_that_only_counts_is_no_news(room: Room, appliance: Scripted, make: Make) -> None:
    """The counters of a record lag behind those of the list, so they alone change nothing."""
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    room.monitor.watch(make.name, job.job_id)
    await room.advance(6)
    before = room.monitor.latest(make.name)
    appliance.records[job.job_id] = make.record(job, cached_size_bytes=700)
    await room.advance(70)
    after = room.monitor.latest(make.name)
    assert before
    assert after
    assert after.revision == before.revision


async def test_a_forbidden_source_is_asked_again_only_on_request(room: Room, appliance: Scripted, make: Make) -> None:
    """One 403 disables a source until a person asks; the endpoint is not down for it."""
    appliance.errors["active_jobs"] = make.forbidden()
    await room.first_list()
    await room.advance(600)
    state = room.monitor.state(make.name)
    assert appliance.count("active_jobs") == 1
    assert state.sources["active_job"].reading is Reading.FORBIDDEN
    assert not state.is_down
    appliance.errors.clear()
    room.monitor.poke(make.name)
    await room.advance(1)
    assert room.monitor.state(make.name).sources["active_job"].is_ok


async def test_the_clock_of_the_appliance_is_compared(room: Room, appliance: Scripted, make: Make) -> None:
    """Version, activation and clock are asked for at start and every minute."""
    await room.first_list()
    await room.advance(1)
    state = room.monitor.state(make.name)
    assert state.system == appliance.system
    assert state.clock_skew_seconds == pytest.approx(0.0, abs=0.1)
    await room.advance(61)
    assert appliance.count("system_information") == 2
    skew = room.monitor.state(make.name).clock_skew_seconds
    assert skew == pytest.approx(-60.0, abs=1.0)


async def test_a_refusal_because_of_the_clocks_tells_the_difference(
    room: Room, appliance: Scripted, make: Make
) -> None:
    """The two clocks of a refusal are what the top line shows."""
    await room.first_list()
    refusal = make.failure(ProblemKind.CLOCK_SKEW)
    clocks = {"appliance_clock": room.clock.now() + timedelta(hours=1), "our_clock": room.clock.now()}
    refusal.problem = replace(refusal.problem, **clocks)
    appliance.errors["jobs"] = refusal
    await room.advance(5)
    assert room.monitor.state(make.name).clock_skew_seconds == 3600.0


async def test_older_jobs_are_shown_on_demand(room: Room, appliance: Scripted, make: Make) -> None:
    """The list of 30 days is asked for on request, at most once a minute, and can be hidden again."""
    old = make.job(9, status=JobStatus.COMPLETED)
    appliance.add(make.job(1))
    appliance.ended = {old.job_id: old}
    appliance.completed[old.job_id] = make.record(old, RecordKind.COMPLETED, date_completed=room.clock.now())
    appliance.errors["canceled_jobs"] = make.forbidden()
    await room.first_list()
    for _ in range(3):
        assert await room.monitor.perform(ShowEnded(make.name)) is None
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert list(snapshot.ended) == [old.job_id]
    record = snapshot.ended[old.job_id].record
    assert record
    assert record.date_completed == room.clock.now()
    assert appliance.count("full") == 1
    await room.monitor.perform(ShowEnded(make.name, is_shown=False))
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert list(snapshot.ended) == []


async def test_a_subscriber_is_told_what_is_known_first(room: Room, appliance: Scripted, make: Make) -> None:
    """Who comes late begins with the whole list, the whole job, the verdicts and the newest polls."""
    appliance.add(make.job(1))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(1)
    late = room.subscribe()
    events = [await anext(late) for _ in range(len(late))]
    assert [type(event) for event in events] == [JobsChanged, TreeChanged, VerdictsChanged, Polled, Polled]
    assert isinstance(events[0], JobsChanged)
    assert events[0].since_revision is None


async def test_an_endpoint_is_locked_as_its_config_says(room: Room, appliance: Scripted, make: Make) -> None:
    """The lock of the session is the client's lock, too."""
    await room.first_list()
    assert appliance.is_locked is False
    assert await room.monitor.perform(Lock(make.name)) is None
    assert (appliance.is_locked, room.monitor.state(make.name).is_locked) == (True, True)
    assert await room.monitor.perform(Unlock(make.name)) is None
    assert (appliance.is_locked, room.monitor.state(make.name).is_locked) == (False, False)


@pytest.mark.parametrize(("writes", "is_read_only"), [(Writes.NO, False), (Writes.YES, True), (Writes.ASK, True)])
async def test_what_never_writes_cannot_be_unlocked(
    clock: HandClock,
    appliance: Scripted,
    endpoint: Endpoint,
    audit: Audit,
    make: Make,
    writes: Writes,
    is_read_only: bool,
) -> None:
    """Neither `writes = "no"` nor a read-only session gives way to a wish."""
    watched = Watched(replace(endpoint, writes=writes), lambda: appliance, is_read_only=is_read_only)
    monitor = Monitor([watched], clock=clock, audit=audit)
    refusal = await monitor.perform(Unlock(make.name))
    assert refusal
    assert refusal.kind is ProblemKind.NOT_ALLOWED
    assert (monitor.state(make.name).is_locked, monitor.state(make.name).is_read_only) == (True, True)


async def test_an_endpoint_that_asks_begins_locked(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> None:
    """With `writes = "ask"` a session begins locked, and one wish unlocks it."""
    asking = Watched(replace(endpoint, writes=Writes.ASK), lambda: appliance)
    monitor = Monitor([asking], clock=clock, audit=audit)
    assert monitor.state(make.name).is_locked
    async with running(monitor.run()):
        await monitor.reread(make.key(1))
        assert appliance.is_locked is True
        assert await monitor.perform(Unlock(make.name)) is None
        assert (monitor.state(make.name).is_locked, appliance.is_locked) == (False, False)


async def test_progress_follows_the_list(room: Room, appliance: Scripted, make: Make) -> None:
    """Rates come from what the list told while it was watched."""
    appliance.add(make.job(1, original_size_bytes=10_000))
    await room.first_list()
    for step in range(1, 5):
        appliance.add(make.job(1, original_size_bytes=10_000, cached_size_bytes=100 + 50 * step))
        await room.advance(5)
    seen = room.monitor.progress(make.key(1))
    assert seen
    assert seen.cached_rate == pytest.approx(10.0)
    assert seen.completed_rate is None
    assert room.monitor.progress(make.key(7)) is None


async def test_ending_the_run_closes_the_client(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> None:
    """Whoever stops watching leaves no connection behind."""
    monitor = Monitor([Watched(endpoint, lambda: appliance)], clock=clock, audit=audit)
    room = make.room(clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.first_list()
    assert appliance.is_closed


async def test_a_secret_that_cannot_be_had_waits_for_a_person(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> None:
    """When no client can be made the endpoint is down with that reason, and a poke tries again."""
    problem = Problem(ProblemKind.CONFIGURATION, "The command that prints the secret failed.")
    outcomes: list[CannotConnect | None] = [CannotConnect(problem), None]

    def connect() -> Scripted:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return appliance

    monitor = Monitor([Watched(endpoint, connect)], clock=clock, audit=audit)
    room = make.room(clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.first_list()
        assert failed(room).problem == problem
        assert monitor.state(make.name).list.waits_for_person
        monitor.poke(make.name)
        await room.until(lambda: monitor.latest(make.name))
