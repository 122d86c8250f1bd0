"""What is asked beside the jobs: read from the pretend appliance in every release, and from bytes as they may come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bptui.ds3 import questions
from bptui.ds3.client import Client
from bptui.ds3.errors import GoneError
from bptui.ds3.parse import failed, media, policies
from bptui.model.evidence import (
    ChunkRecord,
    ChunkStoreState,
    Failure,
    FailureType,
    JobCreationFailed,
    PersistenceRuleType,
)
from bptui.model.job import JobId
from bptui.model.media import (
    Pool,
    PoolHealth,
    PoolState,
    Quiesced,
    ReservedTaskType,
    Tape,
    TapeDrive,
    TapeDriveState,
    TapePartition,
    TapePartitionState,
    TapeState,
)
from bptui.model.reading import FailureList
from bptui.model.vocabulary import Priority
from bptui.simulator.library import Failure as Log
from bptui.simulator.server import RunningSimulator

Simulate = Callable[..., RunningSimulator]
ClientFor = Callable[..., Client]


def parsed(parser: Any, body: bytes) -> Any:
    for start in range(0, len(body), 7):
        parser.feed(body[start : start + 7])
    return parser.close()


def of(simulator: RunningSimulator, client_for: ClientFor) -> Client:
    return client_for(simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key, proxy="")


@pytest.mark.parametrize("release", ["3.5", "4.1", "5.8", "6.0"])
async def test_media_as_every_release_tells_it(simulate: Simulate, client_for: ClientFor, release: str) -> None:
    """Partitions, drives, pools and tapes read as the library has them; what a release lacks is None."""
    simulator = simulate(scenario="rule-M3-priority", speed=0, release=release)
    library = simulator.appliance.library
    library.drives[0].minimum_task_priority = "HIGH"
    client = of(simulator, client_for)
    partitions = await client.items(questions.tape_partitions())
    drives = await client.items(questions.tape_drives())
    pools = await client.items(questions.pools())
    tape = next(iter(library.tapes.values()))
    assert [each.partition_id for each in partitions] == [each.id for each in library.partitions]
    assert {each.state for each in partitions} == {TapePartitionState.ONLINE}
    assert [each.serial_number for each in drives] == [each.serial_number for each in library.drives]
    assert drives[0].minimum_task_priority == (Priority.HIGH if release in {"5.8", "6.0"} else None)
    assert drives[0].reserved_task_type == (None if release == "3.5" else ReservedTaskType.ANY)
    assert [each.pool_id for each in pools] == [each.id for each in library.pools]
    assert (await client.answer(questions.tape(tape.id))).bar_code == tape.bar_code


async def test_a_bucket_leads_to_the_partitions_it_needs(simulate: Simulate, client_for: ClientFor) -> None:
    """Bucket, data policy, rules, storage domains and their members hang together."""
    simulator = simulate(scenario="rule-M6", speed=0)
    simulator.appliance.advance(120)
    client = of(simulator, client_for)
    bucket = await client.answer(questions.bucket("dailies-2026"))
    assert bucket.data_policy_id
    rules = await client.items(questions.persistence_rules(bucket.data_policy_id))
    assert {rule.rule_type for rule in rules} == {PersistenceRuleType.PERMANENT}
    names = {each.storage_domain_id: each.name for each in await client.items(questions.storage_domains())}
    partitions = {each.partition_id for each in await client.items(questions.tape_partitions())}
    for rule in rules:
        assert rule.storage_domain_id
        assert names[rule.storage_domain_id]
        members = await client.items(questions.storage_domain_members(rule.storage_domain_id))
        assert {each.tape_partition_id for each in members if each.tape_partition_id} <= partitions
    targets = [
        rule
        for target in (FailureList.DS3_TARGET, FailureList.S3_TARGET, FailureList.AZURE_TARGET)
        for rule in await client.items(questions.replication_rules(target, bucket.data_policy_id))
    ]
    failures = [
        failure
        for target in (FailureList.DS3_TARGET, FailureList.S3_TARGET, FailureList.AZURE_TARGET)
        for failure in await client.newest(questions.failures(target), length=100)
    ]
    assert targets
    assert {rule.target_id for rule in targets} == {failure.subject_id for failure in failures}


async def test_the_tape_a_chunk_is_read_from(simulate: Simulate, client_for: ClientFor) -> None:
    """Up to 5.8 by chunk, from 6.0 by the entries of the job, which earlier releases do not know."""
    for release in ("5.8", "6.0"):
        simulator = simulate(scenario="rule-M1", speed=0, release=release)
        client = of(simulator, client_for)
        job = simulator.appliance.named("restore for edit bay 3")
        chunk = next(chunk for chunk in job.chunks if not chunk.is_in_cache)
        record = await client.answer(questions.chunk_record(chunk.id))
        assert (record.chunk_id, record.read_from_tape_id) == (chunk.id, chunk.tape_id)
        assert record.job_id == job.id
        listing = questions.job_entries(job.id)
        if release == "6.0":
            assert record in await client.items(listing)
        else:
            with pytest.raises(GoneError):
                await client.items(listing)


async def test_a_log_without_an_order_is_read_at_both_ends(simulate: Simulate, client_for: ClientFor) -> None:
    """Of 30 failures with pages of 10, the newest and the oldest are there, at two requests."""
    simulator = simulate(scenario="quiet", speed=0)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for minute in range(30):
        simulator.appliance.library.fail(Log("tape", "READ_FAILED", "x", start + timedelta(minutes=minute), "t", "d"))
    client = of(simulator, client_for)
    found = await client.newest(questions.failures(FailureList.TAPE), length=10)
    dates = {failure.date for failure in found}
    assert {start, start + timedelta(minutes=29)} <= dates
    assert len(found) == 20
    assert len([each for each in simulator.requests if each.path == "/_rest_/tape_failure"]) == 2


async def test_a_short_log_costs_one_request(simulate: Simulate, client_for: ClientFor) -> None:
    """What fits on one page is not asked for twice."""
    simulator = simulate(scenario="quiet", speed=0)
    await of(simulator, client_for).newest(questions.failures(FailureList.POOL), length=10)
    assert [each.query for each in simulator.requests] == ["page_length=10&page_offset=0"]


async def test_every_question_is_known_to_the_newest_release(simulate: Simulate, client_for: ClientFor) -> None:
    """None of the paths is a slip: a 6.0 appliance answers each."""
    simulator = simulate(scenario="rule-M1", speed=0, release="6.0")
    client = of(simulator, client_for)
    lists: list[questions.Listing[Any]] = [
        questions.nodes(),
        questions.tape_partitions(),
        questions.tape_drives(),
        questions.pools(),
        questions.storage_domains(),
        questions.job_creation_failures(),
        *map(questions.failures, FailureList),
    ]
    for listing in lists:
        await client.items(listing, most=10)
    asking: list[Awaitable[object]] = [
        client.answer(questions.system_health()),
        client.answer(questions.data_path_backend()),
        client.answer(questions.cache_state()),
        client.answer(questions.blob_store_tasks()),
    ]
    for one in asking:
        assert await one is not None


def test_a_drive_in_full() -> None:
    """Every element of a drive lands in its field, spaces round ids and unknown words included."""
    body = b"""<Data><TapeDrive><CleaningRequired>TRUE</CleaningRequired><ErrorMessage>worn &amp; tired</ErrorMessage>
      <ForceTapeRemoval>false</ForceTapeRemoval><Id> d-1 </Id><LastCleaned/><MinimumTaskPriority>HIGH</MinimumTaskPriority>
      <PartitionId>p-1</PartitionId><Quiesced>PENDING</Quiesced><ReservedTaskType>READ</ReservedTaskType>
      <SerialNumber>SN1</SerialNumber><State>MELTED</State><TapeId/><Type>LTO8</Type></TapeDrive></Data>"""
    expected = TapeDrive(
        drive_id="d-1",
        state=TapeDriveState("MELTED"),
        partition_id="p-1",
        serial_number="SN1",
        drive_type="LTO8",
        error_message="worn & tired",
        is_cleaning_required=True,
        quiesced=Quiesced.PENDING,
        reserved_task_type=ReservedTaskType.READ,
        minimum_task_priority=Priority.HIGH,
    )
    assert parsed(media.tape_drives_parser(), body) == (expected,)


def test_a_partition_a_pool_and_a_tape_in_full() -> None:
    """Their elements land in their fields; empty ones are None."""
    body = b"""<Data><TapePartition><ErrorMessage/><Id>p</Id><MinimumReadReservedDrives>1</MinimumReadReservedDrives>
      <Name>LTO8-A</Name><Quiesced>YES</Quiesced><State>OFFLINE</State></TapePartition></Data>"""
    expected = TapePartition("p", "LTO8-A", TapePartitionState.OFFLINE, Quiesced.YES, None)
    assert parsed(media.tape_partitions_parser(), body) == (expected,)
    body = b"""<Data><Pool><AvailableCapacity>5</AvailableCapacity><Health>DEGRADED</Health><Id>o</Id><Name>arctic</Name>
      <PartitionId>pp</PartitionId><PoweredOn>true</PoweredOn><Quiesced>NO</Quiesced><State>NORMAL</State>
      <TotalCapacity>9</TotalCapacity><UsedCapacity>4</UsedCapacity></Pool></Data>"""
    pool = Pool("o", "arctic", PoolState.NORMAL, "pp", Quiesced.NO, True, PoolHealth.DEGRADED, None, 4, 9)
    assert parsed(media.pools_parser(), body) == (pool,)
    body = b"""<Data><BarCode>004512L8</BarCode><EjectDate>2026-03-01T17:00:00.000Z</EjectDate><EjectLabel>offsite</EjectLabel>
      <EjectLocation>vault B</EjectLocation><FullOfData>true</FullOfData><Id>t</Id><PartitionId/><State>EJECTED</State>
      <WriteProtected>false</WriteProtected></Data>"""
    tape = Tape(
        "t",
        TapeState.EJECTED,
        "004512L8",
        datetime(2026, 3, 1, 17, tzinfo=UTC),
        "offsite",
        "vault B",
        is_write_protected=False,
    )
    assert parsed(media.tape_parser(), body) == tape


SUBJECTS = {
    FailureList.TAPE_PARTITION: ("TapePartitionFailure", "PartitionId"),
    FailureList.STORAGE_DOMAIN: ("StorageDomainFailure", "StorageDomainId"),
    FailureList.TAPE: ("TapeFailure", "TapeId"),
    FailureList.POOL: ("PoolFailure", "PoolId"),
    FailureList.DS3_TARGET: ("Ds3TargetFailure", "TargetId"),
    FailureList.S3_TARGET: ("S3TargetFailure", "TargetId"),
    FailureList.AZURE_TARGET: ("AzureTargetFailure", "TargetId"),
}


@pytest.mark.parametrize("source", FailureList)
def test_failures_name_what_they_are_about(source: FailureList) -> None:
    """Each list has its own element for its subject; the system's has none. A date that is none is None."""
    name, subject = SUBJECTS.get(source, ("SystemFailure", ""))
    about = f"<{subject}>s</{subject}>" if subject else ""
    body = f"<Data><{name}><Date>soon</Date><ErrorMessage>m</ErrorMessage><Id>i</Id><Type>NOT_ONLINE</Type>{about}</{name}></Data>"
    expected = Failure(source, FailureType.NOT_ONLINE, None, "m", "i", "s" if subject else None)
    assert parsed(failed.failures_parser(source), body.encode()) == (expected,)


def test_refused_jobs_and_chunk_records() -> None:
    """A refused job keeps its words; a chunk's record has the chunk's own id, an entry that of its chunk, if any."""
    body = b"""<Data><JobCreationFailed><Date>2026-03-01 02:00:00</Date><ErrorMessage>Cache full</ErrorMessage><Id>r</Id>
      <TapeBarCodes/><Type>X</Type><UserName>svc</UserName></JobCreationFailed></Data>"""
    refused = JobCreationFailed("r", datetime(2026, 3, 1, 2, tzinfo=UTC), "Cache full", "X", "svc")
    assert parsed(failed.job_creation_failures_parser(), body) == (refused,)
    body = b"""<Data><BlobStoreState>IN_PROGRESS</BlobStoreState><ChunkNumber>3</ChunkNumber><Id>c</Id><JobCreationDate/>
      <JobId>ABC</JobId><NodeId/><PendingTargetCommit>false</PendingTargetCommit><ReadFromTapeId>t</ReadFromTapeId></Data>"""
    chunk = ChunkRecord(
        "c", JobId("abc"), 3, None, ChunkStoreState.IN_PROGRESS, is_target_commit_pending=False, read_from_tape_id="t"
    )
    assert parsed(policies.chunk_record_parser(), body) == chunk
    body = b"<Data><JobEntry><BlobId>b</BlobId><ChunkId/><ChunkNumber>1</ChunkNumber><Id>e</Id></JobEntry></Data>"
    assert parsed(policies.job_entries_parser(), body) == (ChunkRecord(None, None, 1, blob_id="b"),)
