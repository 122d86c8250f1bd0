"""Verdicts follow the polls: each poll is judged once, in slices, and what is news is said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bptui.model.diff import JobsChanges
from bptui.model.job import JobId
from bptui.model.media import TapePartition, TapePartitionState
from bptui.model.problem import ProblemKind
from bptui.model.verdict import Kind
from bptui.monitor.appliance import Watched
from bptui.monitor.events import Noted, NoteKind, VerdictsChanged
from bptui.monitor.hub import Subscription
from bptui.monitor.judging import TAKEN_JOBS, parts
from bptui.monitor.monitor import Monitor
from bptui.monitor.why.history import History, Instant, Sample
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.recorded import Recorded
from bptui.monitor.why.verdicts import Verdicts
from tests.monitor.listening import running

if TYPE_CHECKING:
    from conftest import HandClock, Make, Room, Scripted

    from bptui.model.endpoint import Endpoint
    from bptui.monitor.audit import Audit

OFFLINE = TapePartition("p", "LTO8-A", TapePartitionState.OFFLINE)


def notes(room: Room, kind: NoteKind) -> list[Noted]:
    return [event for event in room.events if isinstance(event, Noted) and event.kind is kind]


async def test_verdicts_come_with_the_polls(room: Room, appliance: Scripted, make: Make) -> None:
    """The first list is `watching`; the second shows that nothing moved; movement shows at once."""
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(0)
    first = room.monitor.verdict(make.key(1))
    assert first
    assert first.kind is Kind.WATCHING
    await room.advance(5)
    second = room.monitor.verdict(make.key(1))
    assert second
    assert second.kind is Kind.QUIET
    appliance.add(make.job(1, cached_size_bytes=200))
    await room.advance(5)
    third = room.monitor.verdict(make.key(1))
    assert third
    assert third.kind is Kind.RECEIVING
    told = [event for event in room.events if isinstance(event, VerdictsChanged)]
    assert [event.changed for event in told] == [(make.id(1),)] * 3
    assert [event.revision for event in told] == [1, 2, 3]


async def test_a_defect_in_judging_costs_verdicts_and_never_the_watching(
    room: Room, appliance: Scripted, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list goes on, the events say once that something of ours failed."""

    def defective(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Verdicts, "endpoint_verdicts", defective)
    appliance.add(make.job(1))
    await room.first_list()
    appliance.add(make.job(2))
    await room.advance(5)
    await room.advance(5)
    snapshot = room.monitor.latest(make.key(1).endpoint)
    assert snapshot
    assert len(snapshot.jobs) == 2
    told = [note for note in notes(room, NoteKind.ENDPOINT) if "defect" in note.sentence]
    assert len(told) == 1


async def test_evidence_between_two_polls_is_no_second_look(room: Room, appliance: Scripted, make: Make) -> None:
    """Records that arrive after the first list do not make the job one that was seen twice."""
    appliance.add(make.job(1))
    appliance.records[make.id(1)] = make.record(make.job(1), error_message="worn")
    await room.first_list()
    await room.advance(3)
    verdict = room.monitor.verdict(make.key(1))
    assert verdict
    assert verdict.kind is Kind.WATCHING
    await room.advance(2)
    verdict = room.monitor.verdict(make.key(1))
    assert verdict
    assert verdict.kind is Kind.ERROR


async def test_many_pieces_are_one_poll(room: Room, appliance: Scripted, make: Make) -> None:
    """A list too large for one slice is judged whole, and told as one event."""
    appliance.add(*(make.job(number) for number in range(TAKEN_JOBS + 20)))
    await room.first_list()
    await room.until(lambda: room.of("VerdictsChanged"))
    (event,) = room.of("VerdictsChanged")
    assert isinstance(event, VerdictsChanged)
    assert len(event.changed) == TAKEN_JOBS + 20
    kinds = {room.monitor.verdict(make.key(number)).kind for number in range(TAKEN_JOBS + 20)}  # type: ignore[union-attr]
    assert kinds == {Kind.WATCHING}


def test_a_difference_in_pieces_is_the_same_difference(make: Make) -> None:
    """Nothing is lost or named twice, and no difference is one piece."""
    ids = tuple(JobId(str(number)) for number in range(2 * TAKEN_JOBS + 5))
    whole = JobsChanges(added=ids[:7], removed=(make.id(1),), changed=ids[7:])
    pieces = list(parts(whole))
    assert [len(piece.added) for piece in pieces] == [TAKEN_JOBS, TAKEN_JOBS, 5]
    assert tuple(one for piece in pieces for one in piece.added) == ids
    assert [piece.removed for piece in pieces] == [(make.id(1),), (), ()]
    assert list(parts(JobsChanges())) == [JobsChanges()]


async def test_a_job_past_its_limit_is_a_line_once(room: Room, appliance: Scripted, make: Make) -> None:
    """It says so when it stands, rings when it is time, and says when it moves again."""
    job = make.job(1, cached_size_bytes=1000)
    appliance.add(job)
    await room.first_list()
    await room.advance(1810)
    (stands,) = notes(room, NoteKind.VERDICT)
    assert stands.sentence == "PUT “job 1” stands: media >30m (normal up to 30m)"
    await room.advance(1800)
    assert [note.sentence for note in notes(room, NoteKind.ALARM)][-1].startswith("PUT “job 1” needs somebody: media")
    appliance.add(replace(job, completed_size_bytes=20))
    await room.advance(5)
    assert notes(room, NoteKind.VERDICT)[-1].sentence == "PUT “job 1” moves again: writing"
    assert len(notes(room, NoteKind.VERDICT)) == 2


async def test_many_jobs_at_once_are_one_line(room: Room, appliance: Scripted, make: Make) -> None:
    """Thirty jobs that stand are one line, and one alarm about the appliance instead of thirty."""
    appliance.add(*(make.job(number, cached_size_bytes=1000) for number in range(30)))
    appliance.evidence |= {"tape_partition": (OFFLINE,), "pool": ()}
    await room.first_list()
    await room.advance(1000)
    assert [note.sentence for note in notes(room, NoteKind.VERDICT)] == ["30 jobs stand now: 30 blocked."]
    alarms = [note for note in notes(room, NoteKind.ALARM) if note.job_id is None]
    assert [note.sentence for note in alarms if "LTO8-A" in note.sentence] == ["Tape partition LTO8-A: offline."]
    explaining = room.monitor.explained_by(make.key(1))
    assert explaining
    assert explaining.rule == "E6"


async def test_one_failed_poll_is_no_blindness(room: Room, appliance: Scripted, make: Make) -> None:
    """The second in a row is, and the first good one ends it."""
    await room.first_list()
    appliance.errors["jobs"] = make.failure(ProblemKind.TIMEOUT)
    await room.advance(5)
    assert room.monitor.endpoint_verdicts(make.name) == ()
    await room.advance(30)
    assert [verdict.rule for verdict in room.monitor.endpoint_verdicts(make.name)] == ["E10"]
    appliance.errors.clear()
    await room.advance(60)
    assert room.monitor.endpoint_verdicts(make.name) == ()
    assert not [note for note in notes(room, NoteKind.ALARM) if "blind" in note.sentence]


async def test_a_refused_key_is_blindness_at_once(room: Room, appliance: Scripted, make: Make) -> None:
    """What only a person can help is said without waiting for a second failure, also before any list was read."""
    appliance.errors["jobs"] = make.failure(ProblemKind.AUTHENTICATION)
    await room.first_list()
    await room.advance(0)
    assert [verdict.rule for verdict in room.monitor.endpoint_verdicts(make.name)] == ["E10"]


async def test_a_recording_begins_the_pauses(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> None:
    """What a recorder saw before this session counts: a job that stood for an hour stands for an hour."""
    job = make.job(1, cached_size_bytes=1000)
    appliance.add(job)
    asked: list[Instant] = []

    def recorded(now: Instant) -> Recorded:
        asked.append(now)
        known = History(job.request_type, Sample(now.seconds - 3600, 1000, 1000, 10))
        return Recorded({job.job_id: known}, "watch", now.seconds)

    monitor = Monitor([Watched(endpoint, lambda: appliance, recorded=recorded)], clock=clock, audit=audit)
    room = make.room(clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.until(lambda: room.of("VerdictsChanged"))
        await room.advance(5)
        verdict = monitor.verdict(make.key(1))
        assert verdict
        assert (verdict.kind, len(asked)) == (Kind.MEDIA, 1)


async def test_limits_are_learned_from_pauses_that_ended(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> None:
    """After a pause of 25 minutes that ended by itself, half as much again is normal here."""
    limits = Limits(media_least_seconds=1200.0, media_start_seconds=0.0)
    job = make.job(1, cached_size_bytes=1000)
    appliance.add(job)
    monitor = Monitor([Watched(endpoint, lambda: appliance, limits=limits)], clock=clock, audit=audit)
    room = make.room(clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.first_list()
        await room.advance(1500)
        appliance.add(replace(job, completed_size_bytes=20))
        await room.advance(1205)
        verdict = monitor.verdict(make.key(1))
        assert verdict
        assert verdict.kind is Kind.QUIET
        assert any(event.pauses for event in room.events if isinstance(event, VerdictsChanged))


async def test_a_late_subscriber_gets_one_event_with_all_that_changed(make: Make) -> None:
    """Two that wait are one: what was removed and came again has changed."""
    late = Subscription()
    late.put(VerdictsChanged(make.name, 1, (make.id(1), make.id(2)), (make.id(3),)))
    late.put(VerdictsChanged(make.name, 2, (make.id(3),), (make.id(1),)))
    event = await anext(late)
    assert event == VerdictsChanged(make.name, 2, (make.id(2), make.id(3)), (make.id(1),))
    assert len(late) == 0


async def test_what_is_remembered_of_pauses_does_not_grow(room: Room, appliance: Scripted, make: Make) -> None:
    """While one job stands for a day, another that pauses and goes on leaves nothing behind."""
    moving = make.job(2, original_size_bytes=10**9, cached_size_bytes=10)
    appliance.add(make.job(1, cached_size_bytes=1000), moving)
    await room.first_list()
    reasons = room.monitor._pollers[make.name].insight.reasons
    assert reasons
    tally = reasons.judging._verdicts._tally
    sizes = []
    for number in range(1, 41):
        await room.advance(600)
        appliance.add(replace(moving, cached_size_bytes=10 + number, completed_size_bytes=10 + number))
        sizes.append(len(tally._half_late))
    assert max(sizes) <= 4
