"""What changed between two snapshots: pure, and empty when nothing did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import ne

from bptui.model.blobs import ABSENT, Segment
from bptui.model.job import Job, JobId
from bptui.model.tree import JobTree


@dataclass(frozen=True, slots=True)
class JobsChanges:
    """The ids of jobs that came, went, or read differently."""

    added: tuple[JobId, ...] = ()
    removed: tuple[JobId, ...] = ()
    changed: tuple[JobId, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def jobs_changes(before: Mapping[JobId, Job], after: Mapping[JobId, Job]) -> JobsChanges:
    """Compare two job lists; a reordering alone is not a change, and jobs that are the same instance cost nothing."""
    added: list[JobId] = []
    changed: list[JobId] = []
    for job_id, job in after.items():
        earlier = before.get(job_id)
        if earlier is None:
            added.append(job_id)
        elif earlier is not job and earlier != job:
            changed.append(job_id)
    is_any_gone = len(before) + len(added) != len(after)
    removed = tuple(job_id for job_id in before if job_id not in after) if is_any_gone else ()
    return JobsChanges(tuple(added), removed, tuple(changed))


MOST_MATCHED = 10_000
"""How many objects are matched by identity where positions moved; it takes some 20 ms."""


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """The objects of a job that read differently, as positions in the newer tree.

    `is_reshaped` says that positions moved (chunks or objects came, went or changed places); then the
    positions in `objects` are those of objects that are new or read differently, in the new numbering.
    They are left out when there was no tree before, and when more than MOST_MATCHED would have to be looked at.
    """

    objects: tuple[int, ...] = ()
    chunks: tuple[int, ...] = ()
    is_reshaped: bool = False
    is_job_changed: bool = False

    def __bool__(self) -> bool:
        return bool(self.objects or self.chunks or self.is_reshaped or self.is_job_changed)


def tree_changes(before: JobTree | None, after: JobTree) -> TreeChanges:
    """Compare two answers about a job; segments that both share cost nothing.

    At first sight, or for another job, everything is new and no positions are given.
    """
    if before is None or before.job.job_id != after.job.job_id:
        return TreeChanges(is_reshaped=True, is_job_changed=True)
    is_job_changed = before.job != after.job
    if not _is_same_shape(before, after):
        objects, chunks = _new_objects(before, after), _new_chunks(before, after)
        return TreeChanges(objects, chunks, is_reshaped=True, is_job_changed=is_job_changed)
    objects = tuple(_changed_objects(before, after))
    chunks = tuple(sorted({*_chunks_of(objects, after), *_changed_chunks(before, after)}))
    return TreeChanges(objects, chunks, is_job_changed=is_job_changed)


def _chunks_of(positions: Sequence[int], tree: JobTree) -> Iterator[int]:
    """The chunks to which ascending positions belong."""
    end = 0
    for position in positions:
        if position >= end:
            chunk = tree.chunk_of(position)
            end = tree.object_range(chunk).stop
            yield chunk


def _is_same_shape(before: JobTree, after: JobTree) -> bool:
    """Whether every object and chunk stands where it stood."""
    if len(before.segments) != len(after.segments):
        return False
    return all(
        old is new
        or (
            old.count == new.count
            and old.ids == new.ids
            and old.chunks.starts == new.chunks.starts
            and old.chunks.ids == new.chunks.ids
            and (not old.ids.odd or old.names == new.names)
        )
        for old, new in zip(before.segments, after.segments, strict=True)
    )


def _changed_objects(before: JobTree, after: JobTree) -> Iterator[int]:
    """The positions of objects that read differently, in two trees of one shape."""
    for index, (old, new) in enumerate(zip(before.segments, after.segments, strict=True)):
        if old is not new:
            first = after.first_object_of_segment(index)
            yield from (first + inside for inside in _differences(old, new))


def _differences(old: Segment, new: Segment) -> list[int]:
    """Where two segments with the same objects differ; columns that are equal as a whole are skipped."""
    places: set[int] = set()
    for column in ("in_cache", "latest", "lengths", "offsets", "versions", "buckets"):
        theirs, ours = getattr(old, column), getattr(new, column)
        if theirs == ours:
            continue
        if theirs is None or ours is None:
            return list(range(new.count))
        places.update(compress(range(new.count), map(ne, theirs, ours)))
    if old.version_ids != new.version_ids or old.names != new.names or old.name_ends != new.name_ends:
        places.update(inside for inside in range(new.count) if old.object(inside) != new.object(inside))
    return sorted(places)


def _changed_chunks(before: JobTree, after: JobTree) -> Iterator[int]:
    """The positions of chunks whose own attributes read differently, in two trees of one shape."""
    position = 0
    for old, new in zip(before.segments, after.segments, strict=True):
        theirs, ours = old.chunks, new.chunks
        if old is not new and (theirs.numbers != ours.numbers or theirs.node_ids != ours.node_ids):
            for inside in range(len(ours)):
                if (theirs.numbers[inside], theirs.node_ids[inside]) != (ours.numbers[inside], ours.node_ids[inside]):
                    yield position + inside
        position += len(ours)


def _new_objects(before: JobTree, after: JobTree) -> tuple[int, ...]:
    """The positions, in the newer tree, of objects that are new or read differently, whatever moved."""
    gone, fresh = _unshared(before, after), _unshared(after, before)
    if max(sum(segment.count for _, segment in segments) for segments in (gone, fresh)) > MOST_MATCHED:
        return ()
    earlier = {row[0]: row for _, segment in gone for row in _rows(segment)}
    return tuple(
        after.first_object_of_segment(index) + inside
        for index, segment in fresh
        for inside, row in enumerate(_rows(segment))
        if earlier.get(row[0]) != row
    )


def _new_chunks(before: JobTree, after: JobTree) -> tuple[int, ...]:
    """The positions, in the newer tree, of chunks with objects that were read anew."""
    chunks: set[int] = set()
    for index, segment in _unshared(after, before):
        first = after.first_chunk_of_segment(index)
        chunks.update(range(max(first - segment.is_continuing, 0), first + len(segment.chunks)))
    return tuple(sorted(chunks)) if len(chunks) <= MOST_MATCHED else ()


def _unshared(tree: JobTree, other: JobTree) -> list[tuple[int, Segment]]:
    shared = {id(segment) for segment in other.segments}
    return [(index, segment) for index, segment in enumerate(tree.segments) if id(segment) not in shared]


def _rows(segment: Segment) -> Iterator[tuple[object, ...]]:
    """Each object as a tuple that begins with its identity, without making its instance where the columns suffice."""
    if segment.ids.odd or segment.buckets or (segment.version_ids and segment.version_ids.odd):
        return ((found.key, found) for found in segment.objects())
    version_ids = repeat(b"") if segment.version_ids is None else _sixteens(segment.version_ids.packed)
    return zip(
        _sixteens(segment.ids.packed),
        segment.name_texts(),
        segment.in_cache,
        segment.latest,
        segment.lengths,
        repeat(0) if segment.offsets is None else segment.offsets,
        repeat(ABSENT) if segment.versions is None else segment.versions,
        version_ids,
        strict=False,
    )


def _sixteens(packed: bytes) -> list[bytes]:
    return [packed[start : start + 16] for start in range(0, len(packed), 16)]
