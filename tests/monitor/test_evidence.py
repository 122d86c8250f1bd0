"""Slower sources are read in turn, when they are worth it, by a clock of their own; what they told last is kept with its age."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.ds3.calls import CallName
from bptui.ds3.tally import Traffic
from bptui.model.evidence import CacheFilesystem, CacheState, ChunkRecord, Failure, FailureType
from bptui.model.job import RecordKind
from bptui.model.media import Quiesced, Tape, TapePartition, TapePartitionState, TapeState
from bptui.model.problem import ProblemKind
from bptui.model.reading import FailureList, Reading
from bptui.model.verdict import Kind
from bptui.model.vocabulary import RequestType
from bptui.monitor.evidence_rows import ROWS, When, newest
from bptui.monitor.expense import Expense, Expenses, by_source
from bptui.monitor.why.facts import Evidence

if TYPE_CHECKING:
    from conftest import Make, Room, Scripted

MEDIA = {row.call for row in ROWS if row.when is When.MEDIA}
ALWAYS = {row.call for row in ROWS if row.when is When.ALWAYS}
PARTITION = TapePartition("p", "LTO8-A", TapePartitionState.ONLINE, Quiesced.NO)


def evidence(room: Room) -> Evidence:
    """What is known, once anything is."""
    (name,) = room.monitor.endpoints
    found = room.monitor.evidence(name)
    assert found is not None
    return found


def asked(appliance: Scripted) -> set[str]:
    return {name for name, _ in appliance.asked}


async def test_the_media_side_is_asked_only_when_some_job_is_late(room: Room, appliance: Scripted, make: Make) -> None:
    """A session in which all is well costs the appliance no look at drives and tapes; half a limit later it does."""
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(120)
    assert asked(appliance) >= ALWAYS
    assert not asked(appliance) & MEDIA
    await room.advance(800)
    assert asked(appliance) >= MEDIA


async def test_looking_at_a_job_is_reason_enough(room: Room, appliance: Scripted, make: Make) -> None:
    """The media room of a job on the screen has something to show at once."""
    appliance.add(make.job(1))
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(2)
    assert asked(appliance) >= MEDIA


async def test_one_request_at_a_time_and_the_list_goes_on(room: Room, appliance: Scripted, make: Make) -> None:
    """A source that hangs holds up the other sources, and nothing else."""
    appliance.held["cache_state"] = asyncio.Event()
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(60)
    assert appliance.count("cache_state") == 1
    assert appliance.count("system_health") == 0
    assert appliance.count("jobs") == 13
    appliance.held.pop("cache_state").set()
    await room.advance(5)
    assert appliance.count("system_health") == 1


async def test_how_a_job_ended_waits_for_no_evidence(room: Room, appliance: Scripted, make: Make) -> None:
    """A job that left is settled although a source hangs."""
    appliance.held["cache_state"] = asyncio.Event()
    job = make.job(1)
    appliance.add(job)
    await room.first_list()
    appliance.remove(job.job_id)
    appliance.completed[job.job_id] = make.record(job, RecordKind.COMPLETED)
    await room.advance(6)
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert job.job_id in snapshot.ended


async def test_each_source_has_its_pace(room: Room, appliance: Scripted, make: Make) -> None:
    """Once a minute, whatever else is asked."""
    appliance.evidence["cache_state"] = CacheState(())
    await room.first_list()
    await room.advance(301)
    assert appliance.count("cache_state") == 6


async def test_what_is_forbidden_or_unknown_is_asked_once(room: Room, appliance: Scripted, make: Make) -> None:
    """A refusal is final until a person asks again; the state says which it was."""
    appliance.errors["node"] = make.forbidden()
    await room.first_list()
    await room.advance(300)
    sources = room.monitor.sources(make.name)
    assert sources["node"].reading is Reading.FORBIDDEN
    assert sources["job_creation_failed"].reading is Reading.NOT_IN_RELEASE
    assert (appliance.count("node"), appliance.count("job_creation_failed")) == (1, 1)
    room.monitor.poke(make.name)
    await room.advance(1)
    assert (appliance.count("node"), appliance.count("job_creation_failed")) == (2, 2)


async def test_one_time_out_turns_no_verdict(room: Room, appliance: Scripted, make: Make) -> None:
    """The last answer stands in for a failed one for three minutes, and no longer."""
    appliance.evidence["cache_state"] = CacheState((CacheFilesystem(None, None, None, 100, 50, job_locked_bytes=10),))
    await room.first_list()
    await room.advance(1)
    assert evidence(room).endpoint.cache.known
    appliance.errors["cache_state"] = make.failure(ProblemKind.TIMEOUT)
    await room.advance(90)
    assert room.monitor.sources(make.name)["cache_state"].reading is Reading.FAILED
    assert evidence(room).endpoint.cache.known
    await room.advance(120)
    assert evidence(room).endpoint.cache.known is None


async def test_an_appliance_that_is_not_well_is_told_at_once(room: Room, appliance: Scripted, make: Make) -> None:
    """A 503 of the health check is an answer, not a time-out."""
    error = make.failure(ProblemKind.UNAVAILABLE)
    error.problem = replace(error.problem, status=503)
    appliance.errors["system_health"] = error
    await room.first_list()
    await room.advance(6)
    assert [verdict.rule for verdict in room.monitor.endpoint_verdicts(make.name)] == ["E8"]


async def test_since_when_a_thing_reads_as_it_does(room: Room, appliance: Scripted, make: Make) -> None:
    """A partition's state has no date, so the first look at it is remembered; a change begins anew."""
    appliance.add(make.job(1))
    appliance.evidence["tape_partition"] = (PARTITION,)
    await room.first_list()
    room.monitor.watch(make.name, make.id(1))
    await room.advance(2)
    first = evidence(room).endpoint.first_seen["p"]
    await room.advance(200)
    assert evidence(room).endpoint.first_seen["p"] == first
    appliance.evidence["tape_partition"] = (replace(PARTITION, quiesced=Quiesced.YES),)
    await room.advance(61)
    since = evidence(room).endpoint.first_seen["p"]
    assert room.clock.now() - since < timedelta(seconds=61)


async def test_how_fast_the_cache_fills(room: Room, appliance: Scripted, make: Make) -> None:
    """The reserved share is compared over at least five minutes."""

    def filled(locked_bytes: int) -> CacheState:
        return CacheState((CacheFilesystem(None, None, None, 10**12, 0, job_locked_bytes=locked_bytes),))

    appliance.evidence["cache_state"] = filled(0)
    await room.first_list()
    for minute in range(1, 11):
        await room.advance(30)
        appliance.evidence["cache_state"] = filled(minute * 60_000)
        await room.advance(30)
        growth = evidence(room).endpoint.cache_growth_bytes_per_second
        assert growth == (None if minute < 5 else 1000.0)


async def test_how_fast_the_cache_fills_is_remembered_in_steps(room: Room, appliance: Scripted, make: Make) -> None:
    """However often a person has all read again, no more fillings are kept than tell of half an hour."""
    appliance.evidence["cache_state"] = CacheState((CacheFilesystem(None, None, None, 10**12, 0, job_locked_bytes=1),))
    await room.first_list()
    for _ in range(400):
        room.monitor.poke(make.name)
        await room.advance(1)
    assert appliance.count("cache_state") > 100
    reasons = room.monitor._pollers[make.name].insight.reasons
    assert reasons
    assert len(reasons._evidence._fillings) <= 400 / 5


async def test_the_tape_that_a_job_needs(room: Room, appliance: Scripted, make: Make) -> None:
    """Of a GET that is looked at, the lowest chunk that is not in cache leads to its tape, once a minute."""
    job, tree = make.get_with_chunks(1)
    appliance.add(job)
    appliance.trees[job.job_id] = tree
    chunk = make.chunk_id(2)
    tape_id = make.id(77)
    appliance.evidence[f"job_chunk_dao/{chunk}"] = ChunkRecord(chunk, job.job_id, 2, read_from_tape_id=tape_id)
    appliance.evidence[f"tape/{tape_id}"] = Tape(tape_id, TapeState.EJECTED, "004512L8", eject_label="offsite")
    await room.first_list()
    room.monitor.watch(make.name, job.job_id)
    await room.advance(12)
    verdict = room.monitor.verdict(make.key(1))
    assert verdict
    assert (verdict.rule, verdict.kind) == ("M1", Kind.BLOCKED)
    await room.advance(168)
    assert appliance.count(f"job_chunk_dao/{chunk}") <= 4
    assert appliance.count(f"tape/{tape_id}") <= 5
    looked = evidence(room).looked
    assert looked[job.job_id].tape.known == appliance.evidence[f"tape/{tape_id}"]


async def test_a_chunk_that_is_gone_is_no_missing_call(room: Room, appliance: Scripted, make: Make) -> None:
    """The chunk of a moment ago may have ended: the next one is asked for all the same."""
    job, tree = make.get_with_chunks(1)
    appliance.add(job)
    appliance.trees[job.job_id] = tree
    await room.first_list()
    room.monitor.watch(make.name, job.job_id)
    await room.advance(130)
    assert appliance.count(f"job_chunk_dao/{make.chunk_id(2)}") >= 2
    state = evidence(room).looked[job.job_id].chunk.state
    assert state.reading is Reading.FAILED


async def test_entries_stand_in_for_chunks(room: Room, appliance: Scripted, make: Make) -> None:
    """From 6.0 on the entry with the chunk's id, or else with its number, tells the tape."""
    job, tree = make.get_with_chunks(1)
    appliance.add(job)
    appliance.trees[job.job_id] = tree
    appliance.system = replace(appliance.system, version="6.0.1")
    tape_id = make.id(77)
    appliance.evidence["job_chunk_dao"] = (
        ChunkRecord(None, job.job_id, 1, read_from_tape_id=make.id(76), blob_id="a"),
        ChunkRecord(None, job.job_id, 2, read_from_tape_id=tape_id, blob_id="b"),
    )
    appliance.evidence[f"tape/{tape_id}"] = Tape(tape_id, TapeState.NORMAL)
    await room.first_list()
    room.monitor.watch(make.name, job.job_id)
    await room.advance(3)
    assert evidence(room).looked[job.job_id].tape.known


async def test_verify_and_get_only(room: Room, appliance: Scripted, make: Make) -> None:
    """A PUT comes from no tape."""
    job, tree = make.get_with_chunks(1, request_type=RequestType.PUT)
    appliance.add(job)
    appliance.trees[job.job_id] = tree
    await room.first_list()
    room.monitor.watch(make.name, job.job_id)
    await room.advance(70)
    assert not [name for name in asked(appliance) if name.startswith("job_chunk_dao")]


async def test_buckets_of_waiting_jobs_once_an_hour(room: Room, appliance: Scripted, make: Make) -> None:
    """The bucket of a job that stands is looked up; one that is gone does not close the way for others."""
    appliance.add(make.job(1, cached_size_bytes=1000), make.job(2, cached_size_bytes=1000, bucket_name="other"))
    await room.first_list()
    await room.advance(2000)
    assert (appliance.count("bucket/archive"), appliance.count("bucket/other")) == (1, 1)
    assert evidence(room).policies["archive"].state.reading is Reading.FAILED
    await room.advance(3600)
    assert (appliance.count("bucket/archive"), appliance.count("bucket/other")) == (2, 2)


def test_failures_come_newest_first(make: Make) -> None:
    """Their order in the answer means nothing; what has no date cannot be placed and is left out."""
    entries = [
        Failure(FailureList.TAPE, FailureType.NOT_ONLINE, make.start + timedelta(hours=hours)) for hours in (3, 9, 1)
    ]
    undated = Failure(FailureList.TAPE, FailureType.NOT_ONLINE, None)
    assert newest((*entries, undated)) == (entries[1], entries[0], entries[2])


def test_expenses_are_by_the_minute() -> None:
    """In the first minute what there was so far; later the last five minutes count."""
    traffic = {CallName.JOBS: Traffic(requests=6, received_bytes=600)}
    expenses = Expenses(0.0)
    assert expenses.expenses(30.0, traffic)[CallName.JOBS].requests_a_minute == 6
    for minute in range(1, 21):
        traffic[CallName.JOBS] = Traffic(requests=12 * minute, received_bytes=1200 * minute, failures=1)
        expenses.sample(60.0 * minute, traffic)
    now = expenses.expenses(1200.0, traffic)[CallName.JOBS]
    assert (now.requests, now.failures, now.received_bytes) == (240, 1, 24_000)
    assert (now.requests_a_minute, now.bytes_a_minute) == (12, 1200)


def test_a_list_and_one_job_of_it_are_one_source() -> None:
    """What a source costs stands in the row that tells how it was read."""
    each, all_of_them = Expense(3, 1, 30, 0.5, 5.0), Expense(1, 0, 1000, 1.0, 1000.0)
    found = by_source({CallName.ACTIVE_JOB: each, CallName.ACTIVE_JOBS: all_of_them, CallName.POOLS: each})
    assert found == {"active_job": Expense(4, 1, 1030, 1.5, 1005.0), "pool": each}
