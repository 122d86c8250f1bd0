"""What changed between two snapshots: pure, and empty when nothing did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bptui.model.blobs import Segment
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
    """Compare two job lists; a reordering alone is not a change."""
    return JobsChanges(
        added=tuple(job_id for job_id in after if job_id not in before),
        removed=tuple(job_id for job_id in before if job_id not in after),
        changed=tuple(job_id for job_id, job in after.items() if job_id in before and before[job_id] != job),
    )


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """The objects of a job that read differently, as positions in the newer tree.

    `is_reshaped` says that positions moved (chunks or objects came, went or changed places); then the
    positions in `objects` are those of objects that are new or read differently, in the new numbering.
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
        return TreeChanges(_new_objects(before, after), (), is_reshaped=True, is_job_changed=is_job_changed)
    objects = tuple(_changed_objects(before, after))
    chunks = {after.chunk_of(position): None for position in objects} | dict.fromkeys(_changed_chunks(before, after))
    return TreeChanges(objects, tuple(sorted(chunks)), is_job_changed=is_job_changed)


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
        places.update(inside for inside, (left, right) in enumerate(zip(theirs, ours, strict=True)) if left != right)
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
    kept = {id(segment) for segment in before.segments} & {id(segment) for segment in after.segments}
    lost = {found.key: found for segment in before.segments if id(segment) not in kept for found in segment.objects()}
    return tuple(
        after.first_object_of_segment(index) + inside
        for index, segment in enumerate(after.segments)
        if id(segment) not in kept
        for inside, found in enumerate(segment.objects())
        if lost.get(found.key) != found
    )
