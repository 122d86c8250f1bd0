"""Which partitions a job's data may go through, and which drives can run it."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.model.media import (
    ReservedTaskType,
    TapeDrive,
    TapeDriveState,
    TapePartition,
)
from bptui.model.vocabulary import Priority, RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.service import OUT_OF_SERVICE

RANKS = {
    Priority.CRITICAL: 5,
    Priority.URGENT: 4,
    Priority.HIGH: 3,
    Priority.NORMAL: 2,
    Priority.LOW: 1,
    Priority.BACKGROUND: 0,
}
"""Priorities by how soon they are served; an unknown word has no rank and so decides nothing."""

_DRIVE_FAULTS = {
    TapeDriveState.OFFLINE: "offline",
    TapeDriveState.ERROR: "error",
    TapeDriveState.NOT_COMPATIBLE: "not compatible",
}
_WRONG_RESERVATION = {
    RequestType.PUT: {ReservedTaskType.READ, ReservedTaskType.MAINTENANCE},
    RequestType.GET: {ReservedTaskType.WRITE, ReservedTaskType.MAINTENANCE},
}
"""VERIFY is missing: drives always allow it, whatever they are kept for (vendor documentation)."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The partitions of which one has to work for the job to go on."""

    partitions: tuple[TapePartition, ...]
    is_certain: bool
    """Whether nothing else could do the work: no pool, no other partition."""
    used: frozenset[str]
    """The sources that this was concluded from."""


def candidate_groups(case: Case) -> tuple[Candidates, ...]:
    """The groups of partitions that the job needs, one of each; empty when that is not known."""
    partitions = case.facts.endpoint.partitions.known
    if not partitions:
        return ()
    by_id = {partition.partition_id: partition for partition in partitions}
    tape = None if case.is_put else case.facts.tape.known
    if tape and tape.partition_id in by_id:
        return (Candidates((by_id[tape.partition_id],), is_certain=True, used=frozenset({"tape", "job_chunk_dao"})),)
    policy = case.facts.policy.known
    if policy and policy.stores:
        groups = _by_policy(case, by_id)
        if groups:
            return groups
    return (any_of(case, partitions),)


def any_of(case: Case, partitions: tuple[TapePartition, ...]) -> Candidates:
    """All partitions, where nothing names those that the job needs: pools or, for a GET, a replica may do the work."""
    policy = case.facts.policy.known
    is_without_replica = not case.is_get or (policy is not None and not policy.target_ids)
    is_certain = case.facts.endpoint.pools.known == () and is_without_replica
    return Candidates(partitions, is_certain, used=frozenset({"pool", "data policy"} if case.is_get else {"pool"}))


def _by_policy(case: Case, by_id: dict[str, TapePartition]) -> tuple[Candidates, ...]:
    """A PUT needs every permanent store; anything else can be read from any of them."""
    policy = case.facts.policy.known
    stores = policy.stores if policy else ()
    used = frozenset({"data policy"})
    groups = [
        (tuple(by_id[name] for name in sorted(store.tape_partition_ids) if name in by_id), not store.pool_partition_ids)
        for store in stores
    ]
    if case.is_put:
        return tuple(Candidates(found, is_certain, used) for found, is_certain in groups if found)
    union = tuple(dict.fromkeys(partition for found, _ in groups for partition in found))
    is_certain = all(is_certain for _, is_certain in groups) and not (policy and policy.target_ids)
    return (Candidates(union, is_certain, used),) if union else ()


def drive_fault(case: Case, drive: TapeDrive) -> str | None:
    """Why a drive cannot run this job, in a few words; None when it can, or when that is not told."""
    if drive.state in _DRIVE_FAULTS:
        return _DRIVE_FAULTS[drive.state]
    if drive.quiesced in OUT_OF_SERVICE:
        return "quiesced"
    if drive.partition_id in case.out_partition_ids:
        return "in a partition that is out"
    reserved = drive.reserved_task_type
    if reserved is not None and reserved in _WRONG_RESERVATION.get(case.job.request_type, ()):
        return f"reserved for {reserved.value}"
    minimum = drive.minimum_task_priority
    if minimum is not None and not case.is_verify and _is_below(case.job.priority, minimum):
        return f"only for {minimum.value} and above"
    return None


def drives_in(case: Case, candidates: Candidates) -> tuple[TapeDrive, ...]:
    """The drives of these partitions; all drives when the partitions are not known."""
    drives = case.facts.endpoint.drives.known or ()
    if not candidates.partitions:
        return drives
    ids = {partition.partition_id for partition in candidates.partitions}
    return tuple(drive for drive in drives if drive.partition_id is None or drive.partition_id in ids)


def usable_drives(case: Case) -> tuple[TapeDrive, ...]:
    """The drives of the appliance that can run this job."""
    drives = case.facts.endpoint.drives.known or ()
    return tuple(drive for drive in drives if drive_fault(case, drive) is None)


def _is_below(priority: Priority, minimum: Priority) -> bool:
    return priority in RANKS and minimum in RANKS and RANKS[priority] < RANKS[minimum]
