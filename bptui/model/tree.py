"""A job with its chunks and objects, at any size: 500,000 objects in one chunk, or in 500,000 chunks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate
from typing import NewType

from bptui.model.blobs import ABSENT, BlobObject, ObjectKey, Segment, Sums, packed_id
from bptui.model.job import Job

ChunkId = NewType("ChunkId", str)
"""The id of a chunk: the unit in which the appliance moves a job's objects."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """An `Objects` element with the roll-up of its objects; a drained chunk has none."""

    chunk_id: ChunkId
    """The empty text when the answer has none."""
    number: int | None
    """Begins with 0 or with 1, by release; gaps are possible."""
    node_id: str | None
    """None until the chunk is assigned to a node."""
    first_object: int
    """The position of its first object in the job."""
    object_count: int
    in_cache_count: int
    told_count: int
    """How many of its objects the answer tells about; of the others nobody knows whether they are in cache."""
    latest_count: int
    size_bytes: int
    in_cache_bytes: int

    @property
    def objects(self) -> range:
        """The positions of its objects in the job."""
        return range(self.first_object, self.first_object + self.object_count)


class JobTree:
    """One answer about one job: never changed once made, cheap to hold, instances only on demand.

    Objects and chunks are named by their position in the answer, from 0. Positions belong to this tree only;
    what outlives a poll is a `ChunkId` or an `ObjectKey`.
    """

    __slots__ = ("_chunk_ends", "_object_ends", "_total", "job", "revision", "segments")

    def __init__(self, job: Job, segments: Sequence[Segment] = (), revision: int = 0) -> None:
        self.job = job
        self.revision = revision
        """0 until who keeps the trees numbers them."""
        self.segments = tuple(segments)
        self._object_ends = list(accumulate(segment.count for segment in self.segments))
        self._chunk_ends = list(accumulate(len(segment.chunks) for segment in self.segments))
        self._total = Sums(
            sum(segment.in_cache_count for segment in self.segments),
            sum(segment.told_count for segment in self.segments),
            sum(segment.latest_count for segment in self.segments),
            sum(segment.size_bytes for segment in self.segments),
            sum(segment.in_cache_bytes for segment in self.segments),
        )

    def with_revision(self, revision: int) -> JobTree:
        """The same tree under another number."""
        twin = copy(self)
        twin.revision = revision
        return twin

    @property
    def object_count(self) -> int:
        """How many objects the answer lists; chunks that drained list none."""
        return self._object_ends[-1] if self._object_ends else 0

    @property
    def chunk_count(self) -> int:
        """How many chunks the answer lists."""
        return self._chunk_ends[-1] if self._chunk_ends else 0

    @property
    def in_cache_count(self) -> int:
        """How many objects are in cache."""
        return self._total.in_cache_count

    @property
    def told_count(self) -> int:
        """Of how many objects the answer tells whether they are in cache."""
        return self._total.told_count

    @property
    def latest_count(self) -> int:
        """How many objects are the latest version."""
        return self._total.latest_count

    @property
    def size_bytes(self) -> int:
        """The sum of the lengths of the objects that are listed; at most the job's original size."""
        return self._total.size_bytes

    @property
    def in_cache_bytes(self) -> int:
        """The sum of the lengths of the objects that are in cache."""
        return self._total.in_cache_bytes

    @property
    def unlisted_bytes(self) -> int:
        """How many of the job's bytes are in no object that the answer lists."""
        return max(0, self.job.original_size_bytes - self.size_bytes)

    @property
    def is_unlisted_done(self) -> bool:
        """Whether a chunk without objects is done with: the counters of the same answer have completed no fewer bytes."""
        return 0 < self.unlisted_bytes <= self.job.completed_size_bytes

    def locate(self, position: int) -> tuple[int, int]:
        """The segment in which an object stands, and its position there; IndexError outside."""
        if not 0 <= position < self.object_count:
            raise IndexError(position)
        index = bisect_right(self._object_ends, position)
        return index, position - self.first_object_of_segment(index)

    def first_object_of_segment(self, index: int) -> int:
        """The position of a segment's first object in the job."""
        return self._object_ends[index - 1] if index else 0

    def first_chunk_of_segment(self, index: int) -> int:
        """The position in the job of the first chunk that begins in a segment."""
        return self._chunk_ends[index - 1] if index else 0

    def object(self, position: int) -> BlobObject:
        """Make the instance of one object; IndexError outside."""
        index, inside = self.locate(position)
        return self.segments[index].object(inside)

    def chunk(self, position: int) -> Chunk:
        """Make the instance of one chunk, with its roll-up; IndexError outside."""
        index, inside = self._locate_chunk(position)
        columns = self.segments[index].chunks
        objects = self.object_range(position)
        return Chunk(
            ChunkId(columns.ids[inside] or ""),
            None if columns.numbers[inside] == ABSENT else columns.numbers[inside],
            columns.node_ids[inside],
            objects.start,
            len(objects),
            *self.sums(objects),
        )

    def object_range(self, position: int) -> range:
        """The positions of a chunk's objects; IndexError outside."""
        first = self._chunk_start(position)
        end = self._chunk_start(position + 1) if position + 1 < self.chunk_count else self.object_count
        return range(first, end)

    def chunk_of(self, position: int) -> int:
        """The chunk to which an object belongs; IndexError outside."""
        index, inside = self.locate(position)
        return self.first_chunk_of_segment(index) + bisect_right(self.segments[index].chunks.starts, inside) - 1

    def index_of_chunk(self, chunk_id: ChunkId) -> int | None:
        """Where the chunk with this id stands first; None when it is not listed."""
        packed = packed_id(chunk_id)
        before = 0
        for segment in self.segments:
            inside = segment.chunks.ids.position_of(chunk_id, packed)
            if inside is not None:
                return before + inside
            before += len(segment.chunks)
        return None

    def index_of_object(self, key: ObjectKey, near: int | None = None) -> int | None:
        """Where the object with this identity stands first; None when it is not listed.

        `near` is a position that is looked at before all others, such as the one in the last tree.
        """
        if near is not None and 0 <= near < self.object_count and self.object(near).key == key:
            return near
        packed = None if key.object_id is None else packed_id(key.object_id)
        before = 0
        for segment in self.segments:
            inside = _position_in(segment, key, packed)
            if inside is not None:
                return before + inside
            before += segment.count
        return None

    def sums(self, objects: range) -> Sums:
        """Roll up consecutive objects; whole segments cost nothing."""
        if not objects:
            return Sums()
        index, inside = self.locate(objects.start)
        left = len(objects)
        totals = [0] * len(Sums._fields)
        while left > 0:
            segment = self.segments[index]
            end = min(segment.count, inside + left)
            sums = _segment_sums(segment) if end - inside == segment.count else segment.sums(inside, end)
            totals = [total + value for total, value in zip(totals, sums, strict=True)]
            left -= end - inside
            index, inside = index + 1, 0
        return Sums(*totals)

    def _locate_chunk(self, position: int) -> tuple[int, int]:
        if not 0 <= position < self.chunk_count:
            raise IndexError(position)
        index = bisect_right(self._chunk_ends, position)
        return index, position - self.first_chunk_of_segment(index)

    def _chunk_start(self, position: int) -> int:
        index, inside = self._locate_chunk(position)
        return self.first_object_of_segment(index) + self.segments[index].chunks.starts[inside]


def _segment_sums(segment: Segment) -> Sums:
    return Sums(
        segment.in_cache_count,
        segment.told_count,
        segment.latest_count,
        segment.size_bytes,
        segment.in_cache_bytes,
    )


def _position_in(segment: Segment, key: ObjectKey, packed: bytes | None) -> int | None:
    if key.object_id is not None:
        return segment.ids.position_of(key.object_id, packed)
    for inside in segment.positions_of_name(key.name):
        if segment.object(inside).key == key:
            return inside
    return None
