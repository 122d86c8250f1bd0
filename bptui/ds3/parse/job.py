"""Read one job with its chunks and objects as it arrives, and share with the last answer what did not change."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from bptui.ds3.parse.blocks import DEFAULT_CUTS, Blocks, Cuts, OddBlockError
from bptui.ds3.parse.head import Head
from bptui.ds3.parse.limits import DEFAULT_LIMITS, Intake, Limits, ParseError
from bptui.ds3.parse.plain import JobTarget, Level
from bptui.ds3.parse.stream import XmlStream
from bptui.model.blobs import Segment
from bptui.model.job import Job, Node
from bptui.model.tree import JobTree

_CHUNK = b"<Objects"


class JobParser:
    """Reads a `MasterObjectList` (or a `JobSummary`); each `feed` of 64 KiB takes a few milliseconds.

    Three phases: the head, up to the first chunk; the blocks; and the plain way, from the first thing that block by
    block reading does not fully understand, or for the end of the document. Errors tell the place in the whole answer.
    """

    def __init__(
        self, previous: JobTree | None = None, limits: Limits = DEFAULT_LIMITS, cuts: Cuts = DEFAULT_CUTS
    ) -> None:
        """`previous` is the last answer about the same job; its segments are shared where the bytes are the same."""
        self._cuts = cuts
        self._limits = limits
        self._previous = previous.segments if previous else ()
        self._target = JobTarget()
        self._plain = XmlStream(self._target, limits)
        self._head: Head | None = Head(_CHUNK)
        self._blocks: Blocks | None = None
        self._job: Job | None = None
        self._nodes: list[Node] = []
        self._segments: list[Segment] = []
        self._intake = Intake(limits)

    @property
    def root(self) -> Job | None:
        """The job's own attributes, as soon as they are read; without nodes."""
        return self._job or self._target.root

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, not a job, or says something impossible."""
        for part in self._intake.slices(data):
            self._feed_slice(part)

    def close(self) -> JobTree:
        """The job; ParseError when the answer is incomplete."""
        if self._head:
            self._plain.feed(self._head.all_unread())
        if self._blocks:
            self._finish_blocks(self._blocks)
        self._plain.close()
        job = self.root
        if job is None:
            raise ParseError("the answer holds no job")
        nodes = tuple(self._nodes + self._target.nodes)
        return JobTree(replace(job, nodes=nodes), self._segments + self._target.finish())

    def _feed_slice(self, data: bytes) -> None:
        if self._blocks:
            self._feed_blocks(self._blocks, data)
        elif self._head:
            self._feed_head(self._head, data)
        else:
            self._plain.feed(data)

    def _feed_head(self, head: Head, data: bytes) -> None:
        self._plain.feed(head.add(data))
        if not head.is_over:
            return
        self._head = None
        context = head.context() if self._target.level is Level.JOB else None
        if context is None:
            self._plain.feed(head.all_unread())
        elif self._plain.is_between_tags():
            self._start_blocks(head, context)
        else:
            self._target = JobTarget()
            self._plain = XmlStream(self._target, self._limits)
            self._plain.feed(head.all())

    def _start_blocks(self, head: Head, context: bytes) -> None:
        self._job, self._nodes, self._segments = self._target.root, self._target.nodes, self._target.finish()
        self._blocks = Blocks(context, head.place(), self._limits, self._previous, self._cuts)
        self._feed_blocks(self._blocks, head.all_unread())

    def _feed_blocks(self, blocks: Blocks, data: bytes) -> None:
        try:
            blocks.feed(data)
        except OddBlockError:
            self._go_the_plain_way(blocks)

    def _finish_blocks(self, blocks: Blocks) -> None:
        # The plain way reads all that is left in any case.
        with suppress(OddBlockError):
            blocks.finish()
        self._go_the_plain_way(blocks)

    def _go_the_plain_way(self, blocks: Blocks) -> None:
        self._blocks = None
        self._segments += blocks.segments
        self._target = JobTarget(Level.CHUNK if blocks.is_in_chunk else Level.JOB)
        self._plain = XmlStream(self._target, self._limits, blocks.context_of_rest, blocks.place)
        self._plain.feed(blocks.rest)
