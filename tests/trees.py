"""Job trees made by hand."""

from __future__ import annotations

from typing import Any

from bptui.model.blobs import Segment
from bptui.model.building import SEGMENT_OBJECTS, SegmentBuilder
from bptui.model.job import Job
from bptui.model.tree import JobTree


class TreeBuilder:
    """Makes a tree: `TreeBuilder(job).chunk(…).object(…).object(…).build()`."""

    def __init__(self, job: Job, *, segment_objects: int = SEGMENT_OBJECTS) -> None:
        self._job = job
        self._segment_objects = segment_objects
        self._segments: list[Segment] = []
        self._builder = SegmentBuilder()

    def chunk(self, chunk_id: str | None, number: int | None = None, node_id: str | None = None) -> TreeBuilder:
        """Begin a chunk."""
        self._builder.chunk(chunk_id, number, node_id)
        return self

    def object(self, name: str, **more: Any) -> TreeBuilder:
        """Add an object to the chunk begun last, with what `SegmentBuilder.object` takes."""
        if self._builder.weight >= self._segment_objects:
            self._segments.append(self._builder.build(is_continued=True))
            self._builder = SegmentBuilder(is_continuing=True)
        self._builder.object(name, **more)
        return self

    def build(self) -> JobTree:
        """The tree of what was added."""
        is_empty = not (self._segments or self._builder.weight)
        return JobTree(self._job, [] if is_empty else [*self._segments, self._builder.build()])
