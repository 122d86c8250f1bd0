"""Media, policies and failures as elements under `Data` (API contract; a field newer than the release is left out)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.identity import uuid_of

if TYPE_CHECKING:
    from bptui.simulator.library import Drive, Failure, Partition, Policy, Pool, StorageDomain, Tape, Target
    from bptui.simulator.markup import Elements, Value
    from bptui.simulator.release import Release

Row = tuple[str, "Value", tuple[int, int]]
EVER = (3, 0)


def known(release: Release, *rows: Row) -> Elements:
    """The elements that a release knows."""
    return [(name, value) for name, value, since in rows if release.since(*since)]


def partition(each: Partition, release: Release) -> Elements:
    """A tape partition."""
    return known(
        release,
        ("AutoCompactionEnabled", True, (4, 0)),
        ("DriveType", each.drive_type, EVER),
        ("ErrorMessage", each.error_message, EVER),
        ("Id", each.id, EVER),
        ("ImportExportConfiguration", "SUPPORTED", EVER),
        ("LibraryId", uuid_of("tape library"), EVER),
        ("MinimumReadReservedDrives", each.reserved_read_drives, (4, 1)),
        ("MinimumWriteReservedDrives", each.reserved_write_drives, (4, 1)),
        ("Name", each.name, EVER),
        ("Quiesced", each.quiesced, EVER),
        ("SerialNumber", f"{each.name}-SN", EVER),
        ("State", each.state, EVER),
    )


def drive(each: Drive, release: Release) -> Elements:
    """A tape drive."""
    return known(
        release,
        ("CleaningRequired", each.needs_cleaning, (3, 5)),
        ("ErrorMessage", each.error_message, EVER),
        ("ForceTapeRemoval", False, EVER),
        ("Id", each.id, EVER),
        ("LastCleaned", None, EVER),
        ("MinimumTaskPriority", each.minimum_task_priority, (5, 2)),
        ("PartitionId", each.partition.id, EVER),
        ("Quiesced", each.quiesced, (4, 0)),
        ("ReservedTaskType", each.reserved_task_type, (4, 1)),
        ("SerialNumber", each.serial_number, EVER),
        ("State", each.state, EVER),
        ("TapeId", each.tape_id, EVER),
        ("Type", each.partition.drive_type, EVER),
    )


def tape(each: Tape, release: Release) -> Elements:
    """A tape."""
    return known(
        release,
        ("AssignedToStorageDomain", True, EVER),
        ("AvailableRawCapacity", 0 if each.is_full else 7_400_000_000_000, EVER),
        ("BarCode", each.bar_code, EVER),
        ("BucketId", None, EVER),
        ("EjectDate", each.eject_date, EVER),
        ("EjectLabel", each.eject_label, EVER),
        ("EjectLocation", each.eject_location, EVER),
        ("EjectPending", None, EVER),
        ("FullOfData", each.is_full, EVER),
        ("Id", each.id, EVER),
        ("PartitionId", each.partition.id if each.partition else None, EVER),
        ("PreviousState", each.previous_state, EVER),
        ("State", each.state, EVER),
        ("TotalRawCapacity", 12_000_000_000_000, EVER),
        ("Type", "LTO8", EVER),
        ("WriteProtected", each.is_write_protected, EVER),
    )


def pool(each: Pool, release: Release) -> Elements:
    """A disk pool."""
    return known(
        release,
        ("AssignedToStorageDomain", True, EVER),
        ("AvailableCapacity", each.total_bytes - each.used_bytes, EVER),
        ("BucketId", None, EVER),
        ("Health", each.health, EVER),
        ("Id", each.id, EVER),
        ("Name", each.name, EVER),
        ("PartitionId", each.partition_id, EVER),
        ("PoweredOn", each.is_powered_on, EVER),
        ("Quiesced", each.quiesced, EVER),
        ("ReservedCapacity", 0, EVER),
        ("State", each.state, EVER),
        ("TotalCapacity", each.total_bytes, EVER),
        ("Type", "NEARLINE", EVER),
        ("UsedCapacity", each.used_bytes, EVER),
    )


def persistence_rule(policy: Policy, domain: StorageDomain) -> Elements:
    """Which storage domain holds a permanent copy for a policy."""
    return [
        ("DataPolicyId", policy.id),
        ("Id", uuid_of("persistence rule", policy.name, domain.name)),
        ("IsolationLevel", "STANDARD"),
        ("MinimumDaysToRetain", None),
        ("State", "NORMAL"),
        ("StorageDomainId", domain.id),
        ("Type", "PERMANENT"),
    ]


def replication_rule(policy: Policy, target: Target) -> Elements:
    """Which target holds a copy for a policy."""
    return [
        ("DataPolicyId", policy.id),
        ("Id", uuid_of("replication rule", policy.name, target.name)),
        ("ReplicateDeletes", True),
        ("State", "NORMAL"),
        ("TargetId", target.id),
        ("Type", "PERMANENT"),
    ]


def storage_domain(each: StorageDomain) -> Elements:
    """A storage domain."""
    return [
        ("AutoEjectUponMediaFull", False),
        ("Id", each.id),
        ("MediaEjectionAllowed", True),
        ("Name", each.name),
        ("SecureMediaAllocation", False),
        ("WriteOptimization", "CAPACITY"),
    ]


def members(domain: StorageDomain) -> list[Elements]:
    """The partitions and pools of a storage domain."""
    rows = [("", each.id, each.drive_type, each.name) for each in domain.partitions]
    rows += [(each.partition_id, "", "", each.name) for each in domain.pools]
    return [
        [
            ("Id", uuid_of("member", domain.name, name)),
            ("PoolPartitionId", pool_id),
            ("State", "NORMAL"),
            ("StorageDomainId", domain.id),
            ("TapePartitionId", tape_id),
            ("TapeType", tape_type),
            ("WritePreference", "NORMAL"),
        ]
        for pool_id, tape_id, tape_type, name in rows
    ]


SUBJECTS = {
    "tape_partition": "PartitionId",
    "storage_domain": "StorageDomainId",
    "pool": "PoolId",
    "ds3_target": "TargetId",
    "s3_target": "TargetId",
    "azure_target": "TargetId",
}
"""What a failure's subject is called, by list."""


def failure(each: Failure) -> Elements:
    """A dated failure."""
    identity = uuid_of("failure", each.kind, each.type, each.at, each.subject_id)
    record: list[tuple[str, Value]] = [
        ("Date", each.at),
        ("ErrorMessage", each.message),
        ("Id", identity),
        ("Type", each.type),
    ]
    if each.kind in SUBJECTS:
        record.append((SUBJECTS[each.kind], each.subject_id))
    if each.kind == "tape":
        record += [("TapeDriveId", each.drive_id), ("TapeId", each.subject_id)]
    return sorted(record)
