"""Everything besides the counters that a rule may look at, each source with the state it was read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from bptui.model.evidence import BlobStoreTask, CacheState, ChunkRecord, DataPathBackend, Failure, JobCreationFailed
from bptui.model.job import EndedJob, JobId, JobRecord
from bptui.model.media import Pool, Tape, TapeDrive, TapePartition
from bptui.model.reading import NOT_ASKED, FailureList, SourceState
from bptui.model.system import ApplianceNode, SystemHealth, SystemInformation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """The last answer of a call, if there is one to rely on."""

    state: SourceState = NOT_ASKED
    value: T | None = None

    @property
    def known(self) -> T | None:
        """The answer; None when it was not read."""
        return self.value if self.state.is_ok else None


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """What the appliance tells about itself; the same for all its jobs."""

    backend: Source[DataPathBackend] = Source()
    cache: Source[CacheState] = Source()
    system: Source[SystemInformation] = Source()
    health: Source[SystemHealth] = Source()
    nodes: Source[tuple[ApplianceNode, ...]] = Source()
    partitions: Source[tuple[TapePartition, ...]] = Source()
    drives: Source[tuple[TapeDrive, ...]] = Source()
    pools: Source[tuple[Pool, ...]] = Source()
    tasks: Source[tuple[BlobStoreTask, ...]] = Source()
    failures: Mapping[FailureList, Source[tuple[Failure, ...]]] = field(default_factory=dict)
    refused_jobs: Source[tuple[JobCreationFailed, ...]] = Source()
    active_jobs: SourceState = NOT_ASKED
    """How the list was read from which `JobFacts.record` comes."""
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    """By id of a drive, partition or pool: since when it reads as it does, UTC, as far as we looked."""
    storage_domain_names: Mapping[str, str] = field(default_factory=dict)
    clock_ahead_seconds: float = 0.0
    """How far the appliance's clock is ahead of ours."""
    cache_growth_bytes_per_second: float | None = None
    """How fast the reserved share of the cache grows; None when not known."""

    def failures_of(self, source: FailureList) -> tuple[Failure, ...]:
        """The entries of a failure list; none when it was not read."""
        return self.failures.get(source, Source()).known or ()

    def sources(self) -> Mapping[str, SourceState]:
        """The state of each source under the name of its call."""
        named = {
            "data_path_backend": self.backend.state,
            "cache_state": self.cache.state,
            "system_information": self.system.state,
            "system_health": self.health.state,
            "node": self.nodes.state,
            "tape_partition": self.partitions.state,
            "tape_drive": self.drives.state,
            "pool": self.pools.state,
            "blob_store_task": self.tasks.state,
            "job_creation_failed": self.refused_jobs.state,
            "active_job": self.active_jobs,
        }
        return named | {kind.value: source.state for kind, source in self.failures.items()}


@dataclass(frozen=True, slots=True)
class Detail:
    """What a full Get Job tells about the chunks of a job, in a few numbers."""

    at_seconds: float
    """When it was read, on the clock of the samples."""
    staged_bytes: int = 0
    """Length of the objects that are in cache."""
    lowest_chunk_id: str | None = None
    """The outstanding chunk with the lowest number; None when none is outstanding."""
    is_lowest_in_cache: bool | None = None
    """Whether all objects of that chunk are in cache; None when the answer does not tell."""
    unstaged_chunk_id: str | None = None
    """The chunk with the lowest number that is not all in cache: its tape is the one that is needed."""
    assigned_waiting: int = 0
    """PUT: chunks that have a node and objects that have not arrived."""
    assigned_waiting_bytes: int = 0
    largest_blob_bytes: int | None = None
    """The largest outstanding object."""
    largest_chunk_bytes: int | None = None
    object_count: int = 0
    chunk_ids: frozenset[str] = frozenset()
    """Outstanding chunks; a task whose text holds one of these ids works for the job."""


@dataclass(frozen=True, slots=True)
class RequiredStore:
    """One storage domain that a PUT has to reach before it is complete."""

    storage_domain_id: str
    tape_partition_ids: frozenset[str] = frozenset()
    pool_partition_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the bucket of a job needs: its permanent copies."""

    stores: tuple[RequiredStore, ...] = ()
    target_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is known about one job besides its counters."""

    endpoint: EndpointFacts = EndpointFacts()
    record: JobRecord | None = None
    ended: EndedJob | None = None
    detail: Detail | None = None
    detail_state: SourceState = NOT_ASKED
    chunk: Source[ChunkRecord] = Source()
    """The lowest outstanding chunk of a GET or VERIFY."""
    tape: Source[Tape] = Source()
    """The tape which that chunk is read from."""
    policy: Source[Policy] = Source()

    def sources(self) -> Mapping[str, SourceState]:
        """The state of each source under the name of its call, those of the endpoint included."""
        own = {
            "job detail": self.detail_state,
            "job_chunk_dao": self.chunk.state,
            "tape": self.tape.state,
            "data policy": self.policy.state,
        }
        return {**self.endpoint.sources(), **own}

    @property
    def known(self) -> frozenset[str]:
        """The calls of which there is an answer to rely on; one that was read before and now is not counts no more."""
        kept = {"active_job": self.record is not None, "job detail": self.detail is not None}
        read = {name: state.is_ok for name, state in self.sources().items()}
        return frozenset(name for name, is_known in {**read, **kept}.items() if is_known)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known only of a job that is looked at."""

    detail: Detail | None = None
    detail_state: SourceState = NOT_ASKED
    chunk: Source[ChunkRecord] = Source()
    tape: Source[Tape] = Source()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known about an endpoint and its jobs besides the list of jobs."""

    endpoint: EndpointFacts = EndpointFacts()
    looked: Mapping[JobId, Looked] = field(default_factory=dict)
    policies: Mapping[str, Source[Policy]] = field(default_factory=dict)
    """By name of the bucket."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The other jobs of the same direction on the endpoint."""

    moving: int = 0
    total: int = 0
    higher_priority: int = 0
    """Active jobs, of any direction, with a higher priority."""
