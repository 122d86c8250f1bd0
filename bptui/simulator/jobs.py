"""A job of the appliance with its chunks and blobs, and the steps in which its counters move."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bptui.simulator.accounts import Bucket, User

SEGMENT_BLOBS = 1000
"""How many blobs are rendered, and kept rendered, together."""


class RequestType(StrEnum):
    """What a job does."""

    PUT = "PUT"
    GET = "GET"
    VERIFY = "VERIFY"
    COPY = "COPY"
    """No release is known to have it: a type that a client has never heard of."""


class Status(StrEnum):
    """Where a job is in its life."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


class Priority(StrEnum):
    """How much a job matters to the appliance."""

    CRITICAL = "CRITICAL"
    URGENT = "URGENT"
    HIGH = "HIGH"
    NORMAL = "NORMAL"
    LOW = "LOW"
    BACKGROUND = "BACKGROUND"


class Order(StrEnum):
    """Whether chunks are handed out by number."""

    NONE = "NONE"
    IN_ORDER = "IN_ORDER"


class ChunkState(StrEnum):
    """What the back end did with a chunk."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(slots=True)
class Blob:
    """An object or a part of one."""

    id: str
    name: str
    length: int
    version_id: str
    offset: int = 0
    version: int = 1
    is_latest: bool = True
    is_in_cache: bool = False
    is_done: bool = False
    """Read by the client (GET) or checked (VERIFY)."""


class Chunk:
    """Blobs that the appliance handles together; keeps what was rendered of them until they change."""

    __slots__ = (
        "blobs",
        "cached_count",
        "done_count",
        "id",
        "node_id",
        "number",
        "rendered",
        "size_bytes",
        "state",
        "tape_id",
        "whole",
    )

    def __init__(self, chunk_id: str, number: int, blobs: list[Blob], node_id: str | None = None) -> None:
        self.id = chunk_id
        self.number = number
        self.node_id = node_id
        self.tape_id: str | None = None
        self.state = ChunkState.PENDING
        self.blobs = blobs
        self.size_bytes = sum(blob.length for blob in blobs)
        self.cached_count = sum(blob.is_in_cache for blob in blobs)
        self.done_count = sum(blob.is_done for blob in blobs)
        self.rendered: list[bytes | None] = []
        self.whole: bytes | None = None
        self.forget()

    def forget(self) -> None:
        """Drop everything rendered."""
        self.rendered = [None] * (-(-len(self.blobs) // SEGMENT_BLOBS))
        self.whole = None

    def touch(self, index: int) -> None:
        """Drop what was rendered of a blob and its neighbours."""
        self.rendered[index // SEGMENT_BLOBS] = None
        self.whole = None

    def append(self, blob: Blob) -> None:
        """Take in one more blob."""
        self.blobs.append(blob)
        self.size_bytes += blob.length
        self.cached_count += blob.is_in_cache
        if len(self.rendered) * SEGMENT_BLOBS < len(self.blobs):
            self.rendered.append(None)
        self.touch(len(self.blobs) - 1)

    def assign(self, node_id: str) -> None:
        """Give the chunk to a node, unless it has one."""
        if self.node_id is None:
            self.node_id = node_id
            self.whole = None

    def drain(self) -> None:
        """Stay listed without objects, as processed chunks were seen to."""
        self.blobs = []
        self.cached_count = self.done_count = 0
        self.forget()

    @property
    def has_unread(self) -> bool:
        """Whether a blob is in the cache and not yet read or checked."""
        return self.cached_count > self.done_count

    @property
    def is_in_cache(self) -> bool:
        """Whether every blob is in the cache."""
        return self.cached_count == len(self.blobs)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for this chunk."""
        return self.state is ChunkState.COMPLETED


@dataclass(slots=True, eq=False)
class Job:
    """A job: its attributes, its chunks, and counters that move by blob into the cache and by chunk to media.

    The sizes follow the DS3 API reference, "Sizes": for a PUT, cached is received and completed is on all permanent
    stores; for a GET, cached is staged and completed is read by the client; for a VERIFY, completed is checked.
    """

    id: str
    name: str
    bucket: Bucket
    user: User
    request_type: RequestType
    created_at: datetime
    chunks: list[Chunk] = field(default_factory=list)
    priority: Priority = Priority.NORMAL
    order: Order = Order.IN_ORDER
    is_aggregating: bool = False
    is_naked: bool = False
    status: Status = Status.IN_PROGRESS
    ended_at: datetime | None = None
    original_bytes: int = 0
    cached_bytes: int = 0
    completed_bytes: int = 0
    is_canceled_due_to_timeout: bool = False
    is_truncated: bool = False
    is_truncated_due_to_timeout: bool = False
    allows_dead_job_cleanup: bool = True
    is_protected: bool = False
    is_replicating: bool = False
    restore: str = "NO"
    error_message: str = ""
    rechunked_at: datetime | None = None
    last_activity_seconds: float = 0.0
    """When, in simulated time, the idle timer was last reset."""
    created_seconds: float = 0.0
    """When, in simulated time, the job was created: aggregation ends 30 minutes later."""
    is_client_silent: bool = False
    """Whether whoever sends or reads makes a pause."""
    is_media_silent: bool = False
    """Whether the back end makes a pause without any reason that could be found."""
    is_kept_open: bool = False
    """Whether the job goes on although nothing is left to do."""
    row: bytes | None = None
    """What was rendered of this job for a list, until it changes."""

    def __post_init__(self) -> None:
        """Count what the chunks bring."""
        if self.chunks:
            self.original_bytes = sum(chunk.size_bytes for chunk in self.chunks)

    @property
    def is_running(self) -> bool:
        """Whether the job has not ended."""
        return self.status is Status.IN_PROGRESS

    @property
    def is_entirely_in_cache(self) -> bool:
        """Whether every blob is in the cache; a VERIFY was seen to say no although all were."""
        return self.request_type is not RequestType.VERIFY and all(
            chunk.is_in_cache or chunk.is_done for chunk in self.chunks
        )

    def touch(self) -> None:
        """Drop the rendered row after a change."""
        self.row = None

    def blobs(self) -> Iterator[tuple[Chunk, int, Blob]]:
        """Every blob with its chunk and place."""
        for chunk in self.chunks:
            for index, blob in enumerate(chunk.blobs):
                yield chunk, index, blob

    def find(self, name: str, offset: int) -> tuple[Chunk, int, Blob] | None:
        """The blob of an object at an offset."""
        return next((at for at in self.blobs() if at[2].name == name and at[2].offset == offset), None)

    def cache(self, chunk: Chunk, index: int) -> None:
        """A blob arrived in the cache: received for a PUT, staged otherwise."""
        blob = chunk.blobs[index]
        if blob.is_in_cache:
            return
        blob.is_in_cache = True
        chunk.cached_count += 1
        chunk.touch(index)
        self.cached_bytes += blob.length
        self.touch()

    def finish_blob(self, chunk: Chunk, index: int) -> None:
        """A blob was read by the client (GET) or checked (VERIFY)."""
        blob = chunk.blobs[index]
        if blob.is_done:
            return
        blob.is_done = True
        chunk.done_count += 1
        self.completed_bytes += blob.length
        if chunk.done_count == len(chunk.blobs):
            chunk.state = ChunkState.COMPLETED
        self.touch()

    def persist(self, chunk: Chunk, *, drains: bool = True) -> None:
        """A chunk of a PUT reached every permanent store."""
        if chunk.is_done:
            return
        chunk.state = ChunkState.COMPLETED
        self.completed_bytes += chunk.size_bytes
        if drains:
            chunk.drain()
        self.touch()

    def append(self, chunk: Chunk, blob: Blob) -> None:
        """One more object joins an aggregating job."""
        chunk.append(blob)
        self.original_bytes += blob.length
        self.touch()

    def enlarge(self, chunks: list[Chunk]) -> None:
        """More chunks join an aggregating job."""
        self.chunks.extend(chunks)
        self.original_bytes += sum(chunk.size_bytes for chunk in chunks)
        self.touch()

    def truncate(self) -> None:
        """Keep what arrived, expect nothing more."""
        for chunk in self.chunks:
            chunk.blobs = [blob for blob in chunk.blobs if blob.is_in_cache]
            if not chunk.is_done:
                chunk.size_bytes = sum(blob.length for blob in chunk.blobs)
            chunk.cached_count = len(chunk.blobs)
            chunk.done_count = sum(blob.is_done for blob in chunk.blobs)
            chunk.forget()
        self.original_bytes = sum(chunk.size_bytes for chunk in self.chunks)
        self.is_truncated = True
        self.is_aggregating = False
        self.touch()

    def end(self, status: Status, at: datetime) -> None:
        """The job completed or was canceled; a finished job lists no chunks."""
        self.status = status
        self.ended_at = at
        self.is_aggregating = False
        self.chunks = []
        self.touch()
