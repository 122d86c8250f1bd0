"""Read one job with its chunks and objects as it arrives, and share with the last answer what did not change."""

from __future__ import annotations

from dataclasses import replace

from bptui.ds3.parse.blocks import DEFAULT_CUTS, Blocks, Cuts
from bptui.ds3.parse.limits import DEFAULT_LIMITS, Limits, ParseError
from bptui.ds3.parse.piecewise import PiecewiseReader
from bptui.ds3.parse.plain import JobTarget, Level
from bptui.model.job import Job
from bptui.model.tree import JobTree

_CHUNK = b"<Objects"


class JobParser:
    """Reads a `MasterObjectList` (or a `JobSummary`); each `feed` of 64 KiB takes a few milliseconds."""

    def __init__(
        self, previous: JobTree | None = None, limits: Limits = DEFAULT_LIMITS, cuts: Cuts = DEFAULT_CUTS
    ) -> None:
        """`previous` is the last answer about the same job; its segments are shared where the bytes are the same."""
        known = previous.segments if previous else ()
        self._reader = PiecewiseReader(
            _CHUNK,
            JobTarget,
            lambda context, place: Blocks(context, place, limits, known, cuts),
            lambda blocks: JobTarget(Level.CHUNK if blocks.is_in_chunk else Level.JOB),
            limits,
        )

    @property
    def root(self) -> Job | None:
        """The job's own attributes, as soon as they are read; without nodes."""
        return self._reader.collected.root

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, not a job, or says something impossible."""
        self._reader.feed(data)

    def close(self) -> JobTree:
        """The job; ParseError when the answer is incomplete."""
        reader = self._reader
        reader.close()
        head, blocks, rest = reader.collected, reader.pieces, reader.rest
        if head.root is None:
            raise ParseError("the answer holds no job")
        nodes, segments = head.nodes, head.finish()
        if blocks and rest:
            nodes, segments = nodes + rest.nodes, segments + blocks.segments + rest.finish()
        return JobTree(replace(head.root, nodes=tuple(nodes)), segments)
