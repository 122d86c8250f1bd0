"""Collect objects one by one into the columns of segments: for parsers of odd answers, and for tests."""

from __future__ import annotations

from array import array

from bptui.model.blobs import ABSENT, NO, NOT_TOLD, SEPARATOR, YES, ChunkColumns, IdColumn, Origin, Segment

SEGMENT_OBJECTS = 1000
"""How many objects a segment has that was not cut along an answer's blocks."""


_TRISTATE: dict[bool | None, int] = {None: NOT_TOLD, False: NO, True: YES}
"""The values that stand for not told, no and yes in a column."""


class SegmentBuilder:
    """Columns that grow until they are frozen into a `Segment`."""

    def __init__(self, *, is_continuing: bool = False) -> None:
        self._is_continuing = is_continuing
        self._ids: list[str | None] = []
        self._names: list[bytes] = []
        self._in_cache = bytearray()
        self._latest = bytearray()
        self._lengths = array("q")
        self._offsets = array("q")
        self._versions = array("q")
        self._version_ids: list[str | None] = []
        self._buckets: list[str | None] = []
        self._chunk_starts = array("I")
        self._chunk_ids: list[str | None] = []
        self._chunk_numbers = array("q")
        self._node_ids: list[str | None] = []

    @property
    def count(self) -> int:
        """How many objects there are so far."""
        return len(self._names)

    @property
    def weight(self) -> int:
        """How many objects and chunks there are so far."""
        return len(self._names) + len(self._chunk_ids)

    def chunk(self, chunk_id: str | None, number: int | None, node_id: str | None) -> None:
        """Begin a chunk."""
        self._chunk_starts.append(self.count)
        self._chunk_ids.append(chunk_id)
        self._chunk_numbers.append(ABSENT if number is None else number)
        self._node_ids.append(node_id)

    def object(
        self,
        name: str,
        *,
        object_id: str | None = None,
        in_cache: bool | None = None,
        is_latest: bool | None = None,
        length_bytes: int = 0,
        offset_bytes: int = 0,
        version: int | None = None,
        version_id: str | None = None,
        bucket: str | None = None,
    ) -> None:
        """Add an object to the chunk begun last."""
        self._ids.append(object_id)
        self._names.append(name.encode())
        self._in_cache.append(_TRISTATE[in_cache])
        self._latest.append(_TRISTATE[is_latest])
        self._lengths.append(length_bytes)
        self._offsets.append(offset_bytes)
        self._versions.append(ABSENT if version is None else version)
        self._version_ids.append(version_id)
        self._buckets.append(bucket)

    def identify_last(self, object_id: str) -> None:
        """Give the object added last its id."""
        self._ids[-1] = object_id

    def build(self, *, is_continued: bool = False, origin: Origin | None = None) -> Segment:
        """Freeze what was collected."""
        return Segment(
            count=self.count,
            ids=IdColumn.of(self._ids),
            names=SEPARATOR.join(self._names),
            in_cache=bytes(self._in_cache),
            latest=bytes(self._latest),
            lengths=self._lengths,
            offsets=self._offsets if any(self._offsets) else None,
            versions=self._versions if any(version != ABSENT for version in self._versions) else None,
            version_ids=IdColumn.of(self._version_ids) if any(text is not None for text in self._version_ids) else None,
            buckets=tuple(self._buckets) if any(bucket is not None for bucket in self._buckets) else None,
            chunks=ChunkColumns(
                self._chunk_starts,
                IdColumn.of(self._chunk_ids),
                self._chunk_numbers,
                tuple(self._node_ids),
            ),
            is_continuing=self._is_continuing,
            is_continued=is_continued,
            origin=origin,
        )
