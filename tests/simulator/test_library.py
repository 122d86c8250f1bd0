"""Media, policies and failures are told as the contract says, and jobs wait for what is out of service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bptui.simulator.appliance import Appliance
from bptui.simulator.jobs import Priority
from bptui.simulator.library import Failure, Policy, Pool, Target
from bptui.simulator.options import Options
from bptui.simulator.scenarios import populate

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as ET

    from conftest import Client

CALLS = (
    "tape_partition",
    "tape_drive",
    "pool",
    "tape",
    "tape_partition_failure",
    "storage_domain_failure",
    "tape_failure",
    "pool_failure",
    "system_failure",
    "ds3_target_failure",
    "s3_target_failure",
    "azure_target_failure",
    "data_persistence_rule",
    "storage_domain",
    "storage_domain_member",
    "ds3_data_replication_rule",
    "s3_data_replication_rule",
    "azure_data_replication_rule",
)


@pytest.fixture
def busy() -> Appliance:
    made = Appliance(Options(speed=0))
    populate(made)
    return made


def names(element: ET.Element) -> set[str]:
    return {child.tag for child in element}


def test_every_list_pages_and_can_be_forbidden(simulate: Callable[..., Client]) -> None:
    """Each answers with the paging headers, and with 403 once it is forbidden to the key in use."""
    client = simulate(scenario="empty")
    for call in CALLS:
        client.simulator.set_faults([])
        reply = client.get(f"/_rest_/{call}?page_length=100")
        assert (reply.status, reply.xml.tag, reply.headers["page-truncated"]) == (200, "Data", "0"), call
        client.simulator.set_faults([f"forbidden:path=/_rest_/{call}"])
        assert client.get(f"/_rest_/{call}").status == 403
        assert client.get("/_rest_/job").status == 200


def test_drives_and_partitions_have_the_contracts_elements_by_release(simulate: Callable[..., Client]) -> None:
    """Quiescing of drives came with 4.0, reservations with 4.1, a minimum priority with 5.2."""
    newer = {
        "3.5": set(),
        "4.1": {"Quiesced", "ReservedTaskType"},
        "5.8": {"Quiesced", "ReservedTaskType", "MinimumTaskPriority"},
    }
    for release, known in newer.items():
        client = simulate(scenario="empty", release=release)
        drive = client.get("/_rest_/tape_drive").xml[0]
        assert drive.tag == "TapeDrive"
        assert names(drive) & newer["5.8"] == known
        assert {
            "ErrorMessage",
            "Id",
            "PartitionId",
            "SerialNumber",
            "State",
            "TapeId",
            "Type",
            "CleaningRequired",
        } <= names(drive)
        partition = client.get("/_rest_/tape_partition").xml[0]
        assert {"ErrorMessage", "Id", "Name", "Quiesced", "State"} <= names(partition)
        assert ("MinimumReadReservedDrives" in names(partition)) is (release != "3.5")


def test_a_buckets_way_to_its_media_can_be_followed(simulate: Callable[..., Client]) -> None:
    """Bucket, policy, persistence rule, storage domain, member, partition: each names the next."""
    client = simulate()
    policy = client.get("/_rest_/bucket/reel-masters").xml.findtext("DataPolicyId")
    rule = client.get(f"/_rest_/data_persistence_rule?data_policy_id={policy}").xml[0]
    domain = rule.findtext("StorageDomainId")
    assert client.get(f"/_rest_/storage_domain/{domain}").xml.findtext("Name") == "tape-first-copy"
    member = client.get(f"/_rest_/storage_domain_member?storage_domain_id={domain}").xml[0]
    assert member.findtext("TapePartitionId") == client.get("/_rest_/tape_partition").xml[0].findtext("Id")
    assert member.findtext("PoolPartitionId") == ""


def test_a_chunk_names_the_tape_it_is_read_from(simulate: Callable[..., Client]) -> None:
    """Up to 5.8 by the chunk's record, in 6.0 by the job's entries; a PUT's chunk names none."""
    client = simulate()
    chunk = client.simulator.appliance.named("cohort 12 recall").chunks[-1]
    tape = client.get(f"/_rest_/job_chunk_dao/{chunk.id}").xml.findtext("ReadFromTapeId")
    assert client.get(f"/_rest_/tape/{tape}").xml.findtext("BarCode", "").endswith("L8")
    chunk = client.simulator.appliance.named("survey 114 line 7").chunks[-1]
    assert client.get(f"/_rest_/job_chunk_dao/{chunk.id}").xml.findtext("ReadFromTapeId") == ""
    client = simulate(release="6.0")
    job = client.simulator.appliance.named("restore for edit bay 3").id
    entry = client.get(f"/_rest_/job_chunk_dao?job_id={job}&page_length=1").xml[0]
    assert (entry.tag, bool(entry.findtext("ReadFromTapeId"))) == ("JobEntry", True)


def test_failures_are_dated_and_name_their_subject(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="empty")
    appliance = client.simulator.appliance
    drive, tape = appliance.library.drives[0], next(iter(appliance.library.tapes.values()))
    appliance.library.fail(Failure("tape", "WRITE_FAILED", "Hardware error 0x44", appliance.now(), tape.id, drive.id))
    entry = client.get("/_rest_/tape_failure").xml[0]
    assert entry.tag == "TapeFailure"
    assert (entry.findtext("TapeId"), entry.findtext("TapeDriveId"), entry.findtext("Type")) == (
        tape.id,
        drive.id,
        "WRITE_FAILED",
    )
    assert names(entry) == {"Date", "ErrorMessage", "Id", "TapeDriveId", "TapeId", "Type"}


def _obstacles() -> dict[str, Callable[[Appliance], None]]:
    """Ways to stop writing, each by one change."""

    def quiesce(busy: Appliance) -> None:
        busy.library.partitions[0].quiesced = "YES"

    def break_drives(busy: Appliance) -> None:
        for drive in busy.library.drives:
            drive.state = "ERROR"

    def reserve(busy: Appliance) -> None:
        for drive in busy.library.drives:
            drive.reserved_task_type = "READ"

    def run_out(busy: Appliance) -> None:
        busy.library.domains[0].has_free_media = False

    def lose_target(busy: Appliance) -> None:
        busy.library.policies[0].targets.append(Target("bp-remote", is_online=False))

    def deactivate(busy: Appliance) -> None:
        busy.machine.backend.is_activated = False

    return {each.__name__: each for each in (quiesce, break_drives, reserve, run_out, lose_target, deactivate)}


@pytest.mark.parametrize("obstacle", _obstacles())
def test_an_obstacle_stops_writing(busy: Appliance, obstacle: str) -> None:
    """Nothing more is completed from the moment on, while clients still fill the cache."""
    job = busy.named("survey 114 line 7")
    busy.advance(300)
    before = job.completed_bytes
    received = job.cached_bytes
    assert before > 0
    _obstacles()[obstacle](busy)
    busy.advance(1200)
    assert job.completed_bytes == before
    assert job.cached_bytes > received


def test_writing_goes_on_when_the_obstacle_is_gone(busy: Appliance) -> None:
    job = busy.named("survey 114 line 7")
    busy.library.partitions[0].state = "OFFLINE"
    busy.advance(1200)
    before = job.completed_bytes
    busy.library.partitions[0].state = "ONLINE"
    busy.advance(900)
    assert job.completed_bytes > before


def test_a_tape_that_is_away_stops_staging(busy: Appliance) -> None:
    """Only the job that needs it; it goes on when the tape is back."""
    job, other = busy.named("cohort 12 recall"), busy.named("restore for edit bay 3")
    busy.advance(10)
    needed = next(chunk for chunk in job.chunks if not chunk.is_in_cache)
    tape = busy.library.tapes[needed.tape_id or ""]
    tape.state, tape.eject_label = "EJECTED", "shelf 7"
    before, other_before = job.cached_bytes, other.cached_bytes
    busy.advance(1200)
    assert job.cached_bytes == before
    assert other.cached_bytes > other_before
    tape.state = "NORMAL"
    busy.advance(1200)
    assert job.cached_bytes > before


def test_a_full_cache_stops_clients(busy: Appliance) -> None:
    job = busy.named("survey 114 line 7")
    busy.machine.cache.unavailable_bytes = busy.machine.cache.total_bytes
    before = job.cached_bytes
    busy.advance(600)
    assert job.cached_bytes == before


@pytest.mark.parametrize(
    ("minimum", "priority", "can"),
    [
        ("NORMAL", Priority.LOW, False),
        ("NORMAL", Priority.NORMAL, True),
        ("HIGH", Priority.URGENT, True),
        (None, Priority.LOW, True),
    ],
)
def test_a_minimum_priority_keeps_lesser_jobs_off_a_drive(
    busy: Appliance, minimum: str | None, priority: Priority, can: bool
) -> None:
    """But never a VERIFY."""
    job, drive = busy.named("survey 114 line 7"), busy.library.drives[0]
    job.priority, drive.minimum_task_priority = priority, minimum
    assert drive.can_run(job) is can
    assert drive.can_run(busy.named("quarterly verify"))


def test_pools_and_targets_are_listed(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="empty")
    library = client.simulator.appliance.library
    library.pools.append(Pool("arctic blue 1", health="DEGRADED"))
    library.policies.append(Policy("two copies", [], [Target("bp-remote")]))
    pool = client.get("/_rest_/pool").xml[0]
    assert (pool.tag, pool.findtext("Health"), pool.findtext("PoweredOn")) == ("Pool", "DEGRADED", "true")
    rule = client.get("/_rest_/ds3_data_replication_rule").xml[0]
    assert (rule.tag, bool(rule.findtext("TargetId"))) == ("Ds3DataReplicationRule", True)


@pytest.mark.parametrize("call", ["ds3_target", "s3_target", "azure_target"])
def test_targets_themselves_are_not_played(simulate: Callable[..., Client], call: str) -> None:
    """Their records carry secrets, and no client has any business with them here."""
    assert simulate(scenario="empty").get(f"/_rest_/{call}").status == 404
