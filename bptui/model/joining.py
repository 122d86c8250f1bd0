"""Put segments together, where it does not matter how an answer was cut."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, repeat

from bptui.model.blobs import ABSENT, SEPARATOR, ChunkColumns, IdColumn, Segment


def joined(segments: Sequence[Segment]) -> Segment:
    """One segment that holds what several hold; none hold nothing."""
    if len(segments) == 1:
        return segments[0]
    firsts = list(accumulate((segment.count for segment in segments), initial=0))
    buckets: tuple[str | None, ...] | None = None
    if any(segment.buckets for segment in segments):
        buckets = tuple(chain.from_iterable(segment.buckets or repeat(None, segment.count) for segment in segments))
    return Segment(
        count=firsts[-1],
        ids=_ids([segment.ids for segment in segments]),
        names=SEPARATOR.join([segment.names for segment in segments if segment.count]),
        in_cache=b"".join([segment.in_cache for segment in segments]),
        latest=b"".join([segment.latest for segment in segments]),
        lengths=array("q", chain.from_iterable(segment.lengths for segment in segments)),
        offsets=_numbers([(segment.offsets, segment.count) for segment in segments], 0),
        versions=_numbers([(segment.versions, segment.count) for segment in segments], ABSENT),
        version_ids=_version_ids(segments),
        buckets=buckets,
        chunks=ChunkColumns(
            array("I", [first + start for segment, first in zip(segments, firsts, strict=False) for start in segment.chunks.starts]),
            _ids([segment.chunks.ids for segment in segments]),
            array("q", chain.from_iterable(segment.chunks.numbers for segment in segments)),
            tuple(chain.from_iterable(segment.chunks.node_ids for segment in segments)),
        ),
        is_continuing=bool(segments) and segments[0].is_continuing,
        is_continued=bool(segments) and segments[-1].is_continued,
    )  # fmt: skip


def _ids(columns: Sequence[IdColumn]) -> IdColumn:
    odd: dict[int, str | None] = {}
    first = 0
    for column in columns:
        odd.update((first + position, text) for position, text in column.odd.items())
        first += len(column)
    return IdColumn(b"".join([column.packed for column in columns]), odd)


def _version_ids(segments: Sequence[Segment]) -> IdColumn | None:
    if all(segment.version_ids is None for segment in segments):
        return None
    return _ids([segment.version_ids or absent_ids(segment.count) for segment in segments])


def absent_ids(count: int) -> IdColumn:
    """A column in which no id is told."""
    return IdColumn(bytes(16 * count), dict.fromkeys(range(count)))


def _numbers(columns: Sequence[tuple[array[int] | None, int]], common: int) -> array[int] | None:
    """Numbers joined; a column that is left out stands for so many times the common number."""
    if all(column is None for column, _ in columns):
        return None
    return array(
        "q", chain.from_iterable(repeat(common, count) if column is None else column for column, count in columns)
    )
