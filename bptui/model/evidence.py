"""What the appliance's other answers tell about why a job moves or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bptui.model.job import JobId
from bptui.model.reading import FailureList
from bptui.model.vocabulary import Priority, Vocabulary


@dataclass(frozen=True, slots=True)
class DataPathBackend:
    """`data_path_backend`: switches of the whole appliance."""

    is_activated: bool | None
    is_new_job_allowed: bool | None = None
    """`AllowNewJobRequests`, since 4.1; says nothing about jobs that run."""
    maximum_concurrent_jobs: int | None = None
    """`MaxNumberOfConcurrentJobs`, since 5.8."""
    last_heartbeat: datetime | None = None


@dataclass(frozen=True, slots=True)
class CacheFilesystem:
    """One `Filesystems` of `cache_state`: a cache file system and how full it is."""

    filesystem_id: str | None
    node_id: str | None
    path: str | None
    total_bytes: int | None
    used_bytes: int | None
    unavailable_bytes: int | None = None
    job_locked_bytes: int | None = None
    """`JobLockedCacheInBytes`, since 5.3: what running jobs have reserved."""
    burst_threshold: float | None = None
    """The share that jobs of priority HIGH or less may reserve; 0.85 from the factory."""
    reclaim_initiate_threshold: float | None = None
    """The share at which old data begin to be removed; 0.82 from the factory."""
    summary: str | None = None
    """Free text: shown as it is, never read."""


@dataclass(frozen=True, slots=True)
class CacheState:
    """`cache_state`: every cache file system."""

    filesystems: tuple[CacheFilesystem, ...]


class TaskState(Vocabulary):
    """How far a task of the back end is."""

    NOT_READY = "NOT_READY"
    READY = "READY"
    PENDING_EXECUTION = "PENDING_EXECUTION"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class BlobStoreTask:
    """One `Tasks` of `blob_store_task`: what the back end does or is going to do."""

    task_id: int | None
    name: str | None
    description: str | None
    state: TaskState | None
    priority: Priority | None
    date_scheduled: datetime | None = None
    date_started: datetime | None = None
    drive_id: str | None = None
    tape_id: str | None = None
    pool_id: str | None = None
    target_id: str | None = None
    job_ids: tuple[JobId, ...] | None = None
    """Which jobs it serves, since 6.0; None when the release does not tell."""


class FailureType(Vocabulary):
    """The failures that a rule reads; every other word is kept as it came."""

    WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING = "WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING"
    NOT_ONLINE = "NOT_ONLINE"
    WRITE_FAILED = "WRITE_FAILED"
    WRITE_INITIATE_FAILED = "WRITE_INITIATE_FAILED"
    AUTO_QUIESCED = "AUTO_QUIESCED"
    DATABASE_RUNNING_OUT_OF_SPACE = "DATABASE_RUNNING_OUT_OF_SPACE"
    CRITICAL_DATA_VERIFICATION_ERROR = "CRITICAL_DATA_VERIFICATION_ERROR_REQUIRES_USER_CONFIRMATION"


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry of a failure list: a log line with a date, not a state; it stays until somebody deletes it."""

    source: FailureList
    failure_type: FailureType | None
    date: datetime | None
    """By the appliance's clock, UTC."""
    error_message: str | None = None
    failure_id: str | None = None
    subject_id: str | None = None
    """The partition, storage domain, tape, pool or target it is about; None in `system_failure`."""
    drive_id: str | None = None
    """Only in `tape_failure`."""


class ChunkStoreState(Vocabulary):
    """How far the back end is with a chunk."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """A chunk of `job_chunk_dao/{id}` (3.2.1 to 5.8), or an entry of `job_chunk_dao?job_id=` (6.0)."""

    chunk_id: str | None
    """`Id`; in 6.0 `ChunkId`, which may be empty."""
    job_id: JobId | None
    number: int | None
    node_id: str | None = None
    store_state: ChunkStoreState | None = None
    is_target_commit_pending: bool | None = None
    read_from_tape_id: str | None = None
    read_from_pool_id: str | None = None
    read_from_ds3_target_id: str | None = None
    read_from_s3_target_id: str | None = None
    read_from_azure_target_id: str | None = None
    blob_id: str | None = None
    """Only in 6.0."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`bucket/{name}`: which data policy a bucket has."""

    bucket_id: str
    name: str | None
    data_policy_id: str | None


class PersistenceRuleType(Vocabulary):
    """Whether a copy is one that a PUT has to reach before it is complete."""

    PERMANENT = "PERMANENT"
    TEMPORARY = "TEMPORARY"
    RETIRED = "RETIRED"


@dataclass(frozen=True, slots=True)
class PersistenceRule:
    """One `DataPersistenceRule`: a copy in a storage domain."""

    rule_id: str
    data_policy_id: str | None
    storage_domain_id: str | None
    rule_type: PersistenceRuleType | None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ReplicationRule:
    """One `Ds3DataReplicationRule`, `S3DataReplicationRule` or `AzureDataReplicationRule`: a copy on a target."""

    rule_id: str
    source: FailureList
    """The failure list of that kind of target."""
    data_policy_id: str | None
    target_id: str | None
    rule_type: PersistenceRuleType | None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class StorageDomain:
    """One `StorageDomain`: the name that people know a storage domain by."""

    storage_domain_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class StorageDomainMember:
    """One `StorageDomainMember`: a tape or pool partition that a storage domain may write to."""

    member_id: str
    storage_domain_id: str | None
    tape_partition_id: str | None = None
    pool_partition_id: str | None = None
    tape_type: str | None = None
    state: str | None = None
    write_preference: str | None = None
    """`NEVER_SELECT` means that nothing is written there."""


@dataclass(frozen=True, slots=True)
class JobCreationFailed:
    """One `JobCreationFailed`, since 5.6: a new job that the appliance refused."""

    failure_id: str | None
    date: datetime | None
    error_message: str | None
    failure_type: str | None = None
    user_name: str | None = None
