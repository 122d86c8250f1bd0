"""Finds the objects that a person wants to see: pure, over columns, and in steps that can be given up."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from bptui.model.blobs import NO, Segment
from bptui.model.filter import ObjectFilter
from bptui.model.tree import JobTree


def matching_objects(tree: JobTree, wanted: ObjectFilter) -> Iterator[array[int]]:
    """Find all wanted objects: for each segment the positions in the job, in order, often none.

    Each step takes some tens of microseconds, so that a caller can let others run in between, or give up.
    """
    first = 0
    for segment in tree.segments:
        yield array("q", [first + inside for inside in _matches(segment, wanted)])
        first += segment.count


def nearest_object(
    tree: JobTree, wanted: ObjectFilter, start: int, *, is_backward: bool = False
) -> Iterator[int | None]:
    """Find the next wanted object after (or before) position `start`, going round the end once.

    Yields None for each segment without one, then the position and nothing more. Ends without a position
    when no object is wanted. `start` itself is looked at last; -1 begins at the first object.
    """
    for index in _segments_from(tree, start, is_backward=is_backward):
        segment, first = tree.segments[index.number], tree.first_object_of_segment(index.number)
        places = [first + inside for inside in _matches(segment, wanted)]
        places = [place for place in places if index.allows(place, start, is_backward=is_backward)]
        if places:
            yield places[-1] if is_backward else places[0]
            return
        yield None


@dataclass(frozen=True, slots=True)
class _Visit:
    """A segment on the way round; the one where the search begins is visited twice, half each time."""

    number: int
    is_first: bool = False
    is_last: bool = False

    def allows(self, place: int, start: int, *, is_backward: bool) -> bool:
        is_ahead = place < start if is_backward else place > start
        return is_ahead if self.is_first else not is_ahead if self.is_last else True


def _segments_from(tree: JobTree, start: int, *, is_backward: bool) -> Iterator[_Visit]:
    count = len(tree.segments)
    if not tree.object_count:
        return
    begin = tree.locate(min(max(start, 0), tree.object_count - 1))[0]
    yield _Visit(begin, is_first=True)
    ahead = chain(range(begin - 1, -1, -1), range(count - 1, begin, -1))
    after = chain(range(begin + 1, count), range(begin))
    for number in ahead if is_backward else after:
        yield _Visit(number)
    yield _Visit(begin, is_last=True)


def _matches(segment: Segment, wanted: ObjectFilter) -> list[int] | range:
    found: list[int] | range = range(segment.count)
    if wanted.is_not_in_cache_only:
        found = _positions_of_no(segment.in_cache)
    if wanted.is_not_latest_only:
        superseded = segment.latest
        found = [inside for inside in found if superseded[inside] == NO] if NO in superseded else []
    if not wanted.words or not found:
        return found
    text = segment.names.decode().casefold()
    if not all(word in text for word in wanted.words):
        return []
    names = text.split("\0")
    for word in wanted.words:
        found = [inside for inside in found if word in names[inside]]
    return found


def _positions_of_no(column: bytes) -> list[int]:
    return [inside for inside, value in enumerate(column) if value == NO] if NO in column else []
