"""What changed between two answers about one job: pure, and empty when nothing did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import ne

from bptui.model.blobs import ABSENT, ChunkColumns, Segment
from bptui.model.diff import TreeChanges
from bptui.model.joining import joined
from bptui.model.tree import JobTree

MOST_MATCHED = 10_000
"""How many objects are matched by identity where positions moved; it takes some 20 ms."""


def tree_changes(before: JobTree | None, after: JobTree) -> TreeChanges:
    """Compare two answers about a job; segments that both share cost nothing.

    At first sight, or for another job, everything is new and no positions are given.
    """
    if before is None or before.job.job_id != after.job.job_id:
        return TreeChanges(is_reshaped=True, is_job_changed=True)
    is_job_changed = before.job != after.job
    gaps = _gaps(before, after)
    if gaps is None or not all(_is_same_shape(gap.gone, gap.fresh) for gap in gaps):
        return TreeChanges(_new_objects(before, after), is_reshaped=True, is_job_changed=is_job_changed)
    objects = tuple(gap.first_object + inside for gap in gaps for inside in _differences(gap.gone, gap.fresh))
    own = (gap.first_chunk + inside for gap in gaps for inside in _changed_chunks(gap.gone.chunks, gap.fresh.chunks))
    chunks = tuple(sorted({*_chunks_of(objects, after), *own}))
    return TreeChanges(objects, chunks, is_job_changed=is_job_changed)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between two segments that both trees share."""

    gone: Segment
    fresh: Segment
    first_object: int
    """The position of its first object in the newer tree."""
    first_chunk: int


def _gaps(before: JobTree, after: JobTree) -> list[_Gap] | None:
    """The differences between the segments that both trees share; None when these stand in another order."""
    places = {id(segment): place for place, segment in enumerate(before.segments)}
    gaps: list[_Gap] = []
    gone_from = fresh_from = 0
    for index in range(len(after.segments) + 1):
        is_end = index == len(after.segments)
        place = len(before.segments) if is_end else places.get(id(after.segments[index]))
        if place is None:
            continue
        if place < gone_from:
            return None
        gone, fresh = before.segments[gone_from:place], after.segments[fresh_from:index]
        for old, new, inside in _pairs(gone, fresh):
            first = fresh_from + inside
            gaps.append(_Gap(old, new, after.first_object_of_segment(first), after.first_chunk_of_segment(first)))
        gone_from, fresh_from = place + 1, index + 1
    return gaps


def _pairs(gone: Sequence[Segment], fresh: Sequence[Segment]) -> Iterator[tuple[Segment, Segment, int]]:
    """What to compare with what, and which of `fresh` it begins with: one by one when both are cut alike."""
    if [_size(segment) for segment in gone] == [_size(segment) for segment in fresh]:
        yield from zip(gone, fresh, range(len(fresh)), strict=True)
    elif gone or fresh:
        yield joined(gone), joined(fresh), 0


def _size(segment: Segment) -> tuple[int, int]:
    return segment.count, len(segment.chunks)


def _chunks_of(positions: Sequence[int], tree: JobTree) -> Iterator[int]:
    """The chunks to which ascending positions belong."""
    end = 0
    for position in positions:
        if position >= end:
            chunk = tree.chunk_of(position)
            end = tree.object_range(chunk).stop
            yield chunk


def _is_same_shape(old: Segment, new: Segment) -> bool:
    """Whether every object and chunk stands where it stood."""
    return (
        old.count == new.count
        and old.ids == new.ids
        and old.chunks.starts == new.chunks.starts
        and old.chunks.ids == new.chunks.ids
        and (not old.ids.odd or old.names == new.names)
    )


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
    if old.version_ids != new.version_ids or old.names != new.names:
        places.update(inside for inside in range(new.count) if old.object(inside) != new.object(inside))
    return sorted(places)


def _changed_chunks(old: ChunkColumns, new: ChunkColumns) -> Iterator[int]:
    """The chunks whose own attributes read differently."""
    are_different = map(ne, zip(old.numbers, old.node_ids, strict=True), zip(new.numbers, new.node_ids, strict=True))
    return compress(range(len(new)), are_different)


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
