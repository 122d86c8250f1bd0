"""Every call of the appliance's API that is made here, as a value; there is no other way to ask.

All but one are GETs, of the DS3 API reference, releases 3.0 to 6.0. Lists of users and of targets are not
here on purpose: their answers carry other people's secret keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from bptui.ds3.urls import checked_id, named, query_text, rest
from bptui.model.job import JobId, RecordKind
from bptui.model.reading import FailureList

PAGE_LENGTH = 1000
"""Items a page: the default of the appliance is not documented, so it is always sent."""


class CallName(Enum):
    """The name of each call: what counters and kept answers are filed under."""

    SERVICE = "service"
    JOBS = "jobs"
    JOB = "job"
    CLOSE_AGGREGATING_JOB = "close_aggregating_job"
    ACTIVE_JOB = "active_job"
    ACTIVE_JOBS = "active_jobs"
    COMPLETED_JOB = "completed_job"
    COMPLETED_JOBS = "completed_jobs"
    CANCELED_JOB = "canceled_job"
    CANCELED_JOBS = "canceled_jobs"
    SYSTEM_INFORMATION = "system_information"
    SYSTEM_HEALTH = "system_health"
    NODES = "node"
    DATA_PATH_BACKEND = "data_path_backend"
    CACHE_STATE = "cache_state"
    BLOB_STORE_TASKS = "blob_store_task"
    TAPE_PARTITIONS = "tape_partition"
    TAPE_DRIVES = "tape_drive"
    POOLS = "pool"
    TAPE = "tape"
    FAILURES = "failures"
    CHUNK_RECORD = "job_chunk_dao"
    JOB_ENTRIES = "job_entries"
    BUCKET = "bucket"
    PERSISTENCE_RULES = "data_persistence_rule"
    REPLICATION_RULES = "data_replication_rule"
    STORAGE_DOMAINS = "storage_domain"
    STORAGE_DOMAIN_MEMBERS = "storage_domain_member"
    JOB_CREATION_FAILURES = "job_creation_failed"


class Method(Enum):
    """The two methods that exist here."""

    GET = "GET"
    PUT = "PUT"


class Patience(Enum):
    """How long and how large an answer may be."""

    SMALL = "small"
    """One thing, or a few."""
    LIST = "list"
    """Up to 40,000 jobs."""
    JOB = "job"
    """Up to 500,000 objects, of the order of 100 MB."""
    CLOSE = "close"
    """As large as a job, but only its root tag is read."""


class Call(NamedTuple):
    """One request: what to ask, and how long to wait for it."""

    name: CallName
    path: str
    """Percent-encoded, as it is signed and sent."""
    query: str = ""
    """Without the question mark; never signed: no job parameter counts."""
    method: Method = Method.GET
    patience: Patience = Patience.SMALL

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does."""
        return self.method is Method.GET

    @property
    def target(self) -> str:
        """Path and query, as in a request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


def service() -> Call:
    """List one's own buckets (`GET /`): the connection test, which also tells who the key belongs to."""
    return Call(CallName.SERVICE, "/", patience=Patience.LIST)


def jobs(*, is_full: bool = False, bucket_id: str | None = None) -> Call:
    """Get Jobs: running ones; with `is_full` also those completed or canceled in the last 30 days. Not paged.

    `bucket_id` may be a bucket's name, too.
    """
    flags = ["full_details"] if is_full else []
    if bucket_id:
        flags.append(query_text({"bucket_id": bucket_id}))
    return Call(CallName.JOBS, rest("job"), "&".join(flags), patience=Patience.LIST)


def job(job_id: str) -> Call:
    """Get Job: one job with its chunks and objects, running or ended."""
    return Call(CallName.JOB, rest("job", checked_id(job_id)), patience=Patience.JOB)


def close_aggregating_job(job_id: str) -> Call:
    """Close Aggregating Job, the one call that changes an appliance; since 4.0. Without its flag it is Modify."""
    path = rest("job", checked_id(job_id))
    return Call(CallName.CLOSE_AGGREGATING_JOB, path, "close_aggregating_job", Method.PUT, Patience.CLOSE)


_RECORD = {
    RecordKind.ACTIVE: (CallName.ACTIVE_JOB, CallName.ACTIVE_JOBS),
    RecordKind.COMPLETED: (CallName.COMPLETED_JOB, CallName.COMPLETED_JOBS),
    RecordKind.CANCELED: (CallName.CANCELED_JOB, CallName.CANCELED_JOBS),
}


def job_record(kind: RecordKind, job_id: str) -> Call:
    """Get Active, Completed or Canceled Job: small, whatever the job holds; 404 when it is not in that list."""
    return Call(_RECORD[kind][0], rest(kind.value, checked_id(job_id)))


def job_records(kind: RecordKind, filters: Mapping[str, str | int | bool | None]) -> Call:
    """Get Active, Completed or Canceled Jobs: a list of records, newest first, to be paged."""
    return Call(_RECORD[kind][1], rest(kind.value), query_text(filters), patience=Patience.LIST)


def page(call: Call, offset: int, length: int = PAGE_LENGTH) -> Call:
    """The same call for `length` items after the first `offset` ones."""
    paging = query_text({"page_length": length, "page_offset": offset})
    query = f"{call.query}&{paging}" if call.query else paging
    return Call(call.name, call.path, query, call.method, call.patience)


def last_page(call: Call, length: int = PAGE_LENGTH) -> Call:
    """The same call for the last page of `length` items each."""
    paging = query_text({"page_length": length})
    query = "&".join(part for part in (call.query, paging, "last_page") if part)
    return Call(call.name, call.path, query, call.method, call.patience)


def system_information() -> Call:
    """Get System Information: version, clock, activation."""
    return Call(CallName.SYSTEM_INFORMATION, rest("system_information"))


def system_health() -> Call:
    """Verify System Health; 503 when the data planner is not well."""
    return Call(CallName.SYSTEM_HEALTH, rest("system_health"))


def nodes() -> Call:
    """Get Nodes, to be paged."""
    return Call(CallName.NODES, rest("node"))


def data_path_backend() -> Call:
    """Get Data Path Backend: switches of the whole appliance."""
    return Call(CallName.DATA_PATH_BACKEND, rest("data_path_backend"))


def cache_state() -> Call:
    """Get Cache State; may hold an entry for each blob in cache, so it may be large."""
    return Call(CallName.CACHE_STATE, rest("cache_state"), patience=Patience.JOB)


def blob_store_tasks(*, job_id: JobId | None = None) -> Call:
    """Get Blob Store Tasks; `job_id` narrows them from 6.0 on."""
    query = query_text({"job": checked_id(job_id)}) if job_id is not None else ""
    return Call(CallName.BLOB_STORE_TASKS, rest("blob_store_task"), query, patience=Patience.LIST)


def tape_partitions() -> Call:
    """Get Tape Partitions, to be paged."""
    return Call(CallName.TAPE_PARTITIONS, rest("tape_partition"))


def tape_drives() -> Call:
    """Get Tape Drives, to be paged."""
    return Call(CallName.TAPE_DRIVES, rest("tape_drive"))


def pools() -> Call:
    """Get Pools, to be paged."""
    return Call(CallName.POOLS, rest("pool"))


def tape(tape_id: str) -> Call:
    """Get Tape: one tape by its id."""
    return Call(CallName.TAPE, rest("tape", checked_id(tape_id, "tape")))


def failures(source: FailureList) -> Call:
    """Get one of the dated failure lists, to be paged."""
    return Call(CallName.FAILURES, rest(source.value), patience=Patience.LIST)


def chunk_record(chunk_id: str) -> Call:
    """Get Job Chunk info (3.2.1 to 5.8): from which tape, pool or target a chunk is read."""
    return Call(CallName.CHUNK_RECORD, rest("job_chunk_dao", checked_id(chunk_id, "chunk")))


def job_entries(job_id: str) -> Call:
    """Get Job Entries (6.0), to be paged."""
    return Call(
        CallName.JOB_ENTRIES, rest("job_chunk_dao"), query_text({"job_id": checked_id(job_id)}), patience=Patience.LIST
    )


def bucket(name: str) -> Call:
    """Get Bucket by name or id.

    Raises:
        InvalidIdError: the name is empty; the same path would mean all buckets.
    """
    return Call(CallName.BUCKET, rest("bucket", named(name, "bucket")))


def persistence_rules(data_policy_id: str) -> Call:
    """Get Data Persistence Rules of one data policy, to be paged."""
    query = query_text({"data_policy_id": checked_id(data_policy_id, "data policy")})
    return Call(CallName.PERSISTENCE_RULES, rest("data_persistence_rule"), query)


_REPLICATION_RESOURCE = {
    FailureList.DS3_TARGET: "ds3_data_replication_rule",
    FailureList.S3_TARGET: "s3_data_replication_rule",
    FailureList.AZURE_TARGET: "azure_data_replication_rule",
}


def replication_rules(target: FailureList, data_policy_id: str) -> Call:
    """Get Replication Rules of one data policy to one kind of target, to be paged."""
    query = query_text({"data_policy_id": checked_id(data_policy_id, "data policy")})
    return Call(CallName.REPLICATION_RULES, rest(_REPLICATION_RESOURCE[target]), query)


def storage_domains() -> Call:
    """Get Storage Domains, to be paged: their names."""
    return Call(CallName.STORAGE_DOMAINS, rest("storage_domain"))


def storage_domain_members(storage_domain_id: str) -> Call:
    """Get Storage Domain Members of one storage domain, to be paged."""
    query = query_text({"storage_domain_id": checked_id(storage_domain_id, "storage domain")})
    return Call(CallName.STORAGE_DOMAIN_MEMBERS, rest("storage_domain_member"), query)


def job_creation_failures() -> Call:
    """Get Job Creation Failures (5.6), to be paged."""
    return Call(CallName.JOB_CREATION_FAILURES, rest("job_creation_failed"), patience=Patience.LIST)
