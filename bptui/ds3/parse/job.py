"""Read one job with its chunks and objects as it arrives, and share with the last answer what did not change."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from bptui.ds3.parse.blocks import Blocks, OddBlockError
from bptui.ds3.parse.limits import DEFAULT_LIMITS, Limits, ParseError
from bptui.ds3.parse.plain import JobTarget, Level
from bptui.ds3.parse.stream import SLICE_BYTES, Place, XmlStream
from bptui.model.blobs import Segment
from bptui.model.job import Job, Node
from bptui.model.tree import JobTree

_CHUNK = b"<Objects"
_HEAD_BYTES = SLICE_BYTES
"""How much may come before the first chunk for block by block reading: the job's attributes and nodes."""

_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version=["']1\.0["']"""
    rb"""(?:[ \t\r\n]+encoding=["'][Uu][Tt][Ff]-8["'])?"""
    rb"""(?:[ \t\r\n]+standalone=["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
)
_ROOT = re.compile(rb"[ \t\r\n]*(<[^<]*)")
_TO_ONE_LINE = bytes.maketrans(b"\t\r\n", b"   ")


class JobParser:
    """Reads a `MasterObjectList` (or a `JobSummary`); each `feed` of 64 KiB takes a few milliseconds.

    Three phases: the head, up to the first chunk; the blocks; and the plain way, from the first thing that block by
    block reading does not fully understand, or for the end of the document. Errors tell the place in the whole answer.
    """

    def __init__(self, previous: JobTree | None = None, limits: Limits = DEFAULT_LIMITS) -> None:
        """`previous` is the last answer about the same job; its segments are shared where the bytes are the same."""
        self._limits = limits
        self._previous = previous.segments if previous else ()
        self._target = JobTarget()
        self._plain = XmlStream(self._target, limits)
        self._head: _Head | None = _Head()
        self._blocks: Blocks | None = None
        self._job: Job | None = None
        self._nodes: list[Node] = []
        self._segments: list[Segment] = []
        self._total_bytes = 0

    @property
    def root(self) -> Job | None:
        """The job's own attributes, as soon as they are read; without nodes."""
        return self._job or self._target.root

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, not a job, or says something impossible."""
        self._total_bytes += len(data)
        if self._total_bytes > self._limits.total_bytes:
            raise ParseError(f"the answer is larger than {self._limits.total_bytes} bytes")
        for start in range(0, len(data), SLICE_BYTES):
            self._feed_slice(data[start : start + SLICE_BYTES])

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

    def _feed_head(self, head: _Head, data: bytes) -> None:
        self._plain.feed(head.add(data))
        if head.is_over:
            self._head = None
            context = head.context() if self._target.level is Level.JOB else None
            if context is None:
                self._plain.feed(head.all_unread())
                return
            self._job, self._nodes = self._target.root, self._target.nodes
            self._blocks = Blocks(context, head.place(), self._limits, self._previous)
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
        self._segments = blocks.segments
        self._target = JobTarget(Level.CHUNK if blocks.is_in_chunk else Level.JOB)
        self._plain = XmlStream(self._target, self._limits, blocks.context_of_rest, blocks.place)
        self._plain.feed(blocks.rest)


class _Head:
    """The beginning of an answer up to its first chunk, kept until it is known whether block by block reading may start."""

    def __init__(self) -> None:
        self._bytes = b""
        self._read = 0
        self._end = -1

    def add(self, data: bytes) -> bytes:
        """Take in more bytes, and give those that surely come before the first chunk and were not given yet."""
        self._bytes += data
        self._end = self._bytes.find(_CHUNK, self._read)
        if self._end == -1:
            tag = self._bytes.rfind(b"<", self._read)
            upto = tag if tag != -1 and len(self._bytes) - tag < len(_CHUNK) else len(self._bytes)
        else:
            upto = self._end
        unread = self._bytes[self._read : upto]
        self._read = upto
        return unread

    @property
    def is_over(self) -> bool:
        """Whether the first chunk was reached, or will not be waited for any longer."""
        return self._end != -1 or len(self._bytes) > _HEAD_BYTES

    def all_unread(self) -> bytes:
        """What was not given yet."""
        unread = self._bytes[self._read :]
        self._read = len(self._bytes)
        return unread

    def context(self) -> bytes | None:
        """What opens the job's element, on one line; None when the head is not plain UTF-8 elements to a chunk."""
        if self._end == -1:
            return None
        declaration = _DECLARATION.match(self._bytes)
        elements = self._bytes[declaration.end() if declaration else 0 : self._end]
        root = _ROOT.match(elements)
        if root is None or b"<!" in elements or b"<?" in elements:
            return None
        return root[1].translate(_TO_ONE_LINE)

    def place(self) -> Place:
        """Where the first chunk begins."""
        head = self._bytes[: self._end]
        return Place(head.count(b"\n"), len(head[head.rfind(b"\n") + 1 :].decode()))
