"""What may be asked beside the jobs themselves, each as a call with the parser of its answer: the evidence for verdicts.

Which key may read which of them is not documented; each may be refused, or unknown to a release.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bptui.ds3 import calls
from bptui.ds3.calls import Call
from bptui.ds3.parse import back_end, failed, media, policies, system
from bptui.model.evidence import (
    BlobStoreTask,
    Bucket,
    CacheState,
    ChunkRecord,
    DataPathBackend,
    Failure,
    JobCreationFailed,
    PersistenceRule,
    ReplicationRule,
    StorageDomain,
    StorageDomainMember,
)
from bptui.model.media import Pool, Tape, TapeDrive, TapePartition
from bptui.model.reading import FailureList
from bptui.model.system import ApplianceNode, SystemHealth

if TYPE_CHECKING:
    from bptui.ds3.incoming import Parser

Value = TypeVar("Value")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Question(Generic[Value]):
    """A call whose answer is one thing."""

    call: Call
    parser: Callable[[], Parser[Value]]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """A call whose answer is a list in pages."""

    call: Call
    parser: Callable[[], Parser[Sequence[Item]]]
    key: Callable[[Item], Hashable]
    """What makes an item the same one on the next page."""


def system_health() -> Question[SystemHealth]:
    """Whether the appliance is well by its own account; UnavailableError when it is not."""
    return Question(calls.system_health(), system.system_health_parser)


def data_path_backend() -> Question[DataPathBackend]:
    """The switches of the whole appliance."""
    return Question(calls.data_path_backend(), back_end.data_path_backend_parser)


def cache_state() -> Question[CacheState]:
    """How full the cache is."""
    return Question(calls.cache_state(), back_end.cache_state_parser)


def blob_store_tasks() -> Question[tuple[BlobStoreTask, ...]]:
    """What the back end does and is going to do."""
    return Question(calls.blob_store_tasks(), back_end.blob_store_tasks_parser)


def nodes() -> Listing[ApplianceNode]:
    """The nodes with their heartbeats."""
    return Listing(calls.nodes(), system.nodes_parser, lambda node: node.node_id)


def tape_partitions() -> Listing[TapePartition]:
    """The parts of the tape library."""
    return Listing(calls.tape_partitions(), media.tape_partitions_parser, lambda item: item.partition_id)


def tape_drives() -> Listing[TapeDrive]:
    """The tape drives."""
    return Listing(calls.tape_drives(), media.tape_drives_parser, lambda drive: drive.drive_id)


def pools() -> Listing[Pool]:
    """The disk pools."""
    return Listing(calls.pools(), media.pools_parser, lambda pool: pool.pool_id)


def tape(tape_id: str) -> Question[Tape]:
    """One tape: state, bar code, and where it was ejected to."""
    return Question(calls.tape(tape_id), media.tape_parser)


def failures(source: FailureList) -> Listing[Failure]:
    """One of the dated lists of what went wrong; their order is not documented."""
    return Listing(
        calls.failures(source),
        lambda: failed.failures_parser(source),
        lambda failure: failure.failure_id or (failure.date, failure.failure_type, failure.subject_id),
    )


def job_creation_failures() -> Listing[JobCreationFailed]:
    """New jobs that were refused (since 5.6)."""
    return Listing(
        calls.job_creation_failures(),
        failed.job_creation_failures_parser,
        lambda refused: refused.failure_id or (refused.date, refused.user_name),
    )


def chunk_record(chunk_id: str) -> Question[ChunkRecord]:
    """Where a chunk is read from (3.2.1 to 5.8)."""
    return Question(calls.chunk_record(chunk_id), policies.chunk_record_parser)


def job_entries(job_id: str) -> Listing[ChunkRecord]:
    """Where the blobs of a job are read from (since 6.0)."""
    return Listing(calls.job_entries(job_id), policies.job_entries_parser, lambda entry: entry)


def bucket(name: str) -> Question[Bucket]:
    """Which data policy a bucket has."""
    return Question(calls.bucket(name), back_end.bucket_parser)


def persistence_rules(data_policy_id: str) -> Listing[PersistenceRule]:
    """The copies in storage domains that a data policy asks for."""
    return Listing(
        calls.persistence_rules(data_policy_id), policies.persistence_rules_parser, lambda rule: rule.rule_id
    )


def replication_rules(target: FailureList, data_policy_id: str) -> Listing[ReplicationRule]:
    """The copies on targets of one kind that a data policy asks for."""
    call = calls.replication_rules(target, data_policy_id)
    return Listing(call, lambda: policies.replication_rules_parser(target), lambda rule: rule.rule_id)


def storage_domains() -> Listing[StorageDomain]:
    """The storage domains by name."""
    return Listing(calls.storage_domains(), policies.storage_domains_parser, lambda domain: domain.storage_domain_id)


def storage_domain_members(storage_domain_id: str) -> Listing[StorageDomainMember]:
    """The partitions that a storage domain writes to."""
    return Listing(
        calls.storage_domain_members(storage_domain_id),
        policies.storage_domain_members_parser,
        lambda member: member.member_id,
    )
