"""Read the job list as it arrives, and share with the last answer every job that reads the same."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from bptui.ds3.parse import attributes as read
from bptui.ds3.parse.blocks import OddBlockError
from bptui.ds3.parse.head import Head
from bptui.ds3.parse.limits import DEFAULT_LIMITS, SLICE_BYTES, Intake, Limits, ParseError
from bptui.ds3.parse.stream import Place, XmlStream
from bptui.model.job import Job, JobId, Node

_ITEM = b"<Job "
_MOST_BYTES = 4 * SLICE_BYTES
"""What is longer than this without another job begins goes the plain way."""


class KnownJobs:
    """The jobs of the last complete answer by the digest of their bytes; who asks repeatedly keeps one."""

    def __init__(self) -> None:
        self.by_digest: dict[bytes, Job] = {}


class JobsParser:
    """Reads a `Jobs` element; each `feed` of 64 KiB takes a few milliseconds.

    Jobs whose bytes are known are not parsed again: as long as no `<!` and no `<?` came, every `<Job ` begins a job.
    From the first thing that is not simply job after job, everything goes the plain way, through libxml2.
    """

    def __init__(self, known: KnownJobs | None = None, limits: Limits = DEFAULT_LIMITS) -> None:
        """`known` is read, and holds the new answer once `close` succeeded."""
        self._known = known or KnownJobs()
        self._limits = limits
        self._target = _JobsTarget()
        self._plain = XmlStream(self._target, limits)
        self._head: Head | None = Head(_ITEM)
        self._pieces: _Pieces | None = None
        self._jobs: list[Job] = []
        self._by_digest: dict[bytes, Job] = {}
        self._intake = Intake(limits)

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, no list, or says something impossible."""
        for part in self._intake.slices(data):
            self._feed_slice(part)

    def close(self) -> dict[JobId, Job]:
        """The jobs in the order of the answer; ParseError when it is incomplete. Of two with one id the last counts."""
        if self._head:
            self._plain.feed(self._head.all_unread())
        if self._pieces:
            self._go_the_plain_way(self._pieces)
        self._plain.close()
        self._known.by_digest = self._by_digest
        return {job.job_id: job for job in self._jobs + self._target.jobs}

    def _feed_slice(self, data: bytes) -> None:
        if self._pieces:
            self._feed_pieces(self._pieces, data)
        elif self._head:
            self._feed_head(self._head, data)
        else:
            self._plain.feed(data)

    def _feed_head(self, head: Head, data: bytes) -> None:
        self._plain.feed(head.add(data))
        if not head.is_over:
            return
        self._head = None
        context = head.context() if self._target.is_between_jobs else None
        if context is None:
            self._plain.feed(head.all_unread())
        elif self._plain.is_between_tags():
            self._start_pieces(head, context)
        else:
            self._target = _JobsTarget()
            self._plain = XmlStream(self._target, self._limits)
            self._plain.feed(head.all())

    def _start_pieces(self, head: Head, context: bytes) -> None:
        self._jobs = self._target.jobs
        self._pieces = _Pieces(context, head.place(), self._known.by_digest, self._limits)
        self._feed_pieces(self._pieces, head.all_unread())

    def _feed_pieces(self, pieces: _Pieces, data: bytes) -> None:
        try:
            pieces.feed(data)
        except OddBlockError:
            self._go_the_plain_way(pieces)

    def _go_the_plain_way(self, pieces: _Pieces) -> None:
        self._pieces = None
        self._jobs += pieces.jobs
        self._by_digest = pieces.by_digest
        self._target = _JobsTarget(is_inside=True)
        self._plain = XmlStream(self._target, self._limits, pieces.context, pieces.place)
        self._plain.feed(pieces.rest)


class _Pieces:
    """The part of an answer that is read job by job: each piece is `<Job …>` to before the next."""

    def __init__(self, context: bytes, place: Place, known: Mapping[bytes, Job], limits: Limits) -> None:
        self.context = context
        self.place = place
        self.jobs: list[Job] = []
        self.by_digest: dict[bytes, Job] = {}
        self.rest = b""
        self._known = known
        self._limits = limits

    def feed(self, data: bytes) -> None:
        """Take in more bytes and read the jobs that they complete; OddBlockError when they are not simply jobs."""
        self.rest += data
        end = self.rest.rfind(_ITEM)
        if end > 0:
            complete = self.rest[:end]
            self._read(complete.split(_ITEM)[1:])
            self.rest = self.rest[end:]
            self.place = self.place.behind(complete)
        if len(self.rest) > _MOST_BYTES:
            raise OddBlockError

    def _read(self, pieces: list[bytes]) -> None:
        digests = [sha256(piece).digest() for piece in pieces]
        found = [self._known.get(digest) for digest in digests]
        unknown = [piece for piece, job in zip(pieces, found, strict=True) if job is None]
        fresh = iter(self._parsed(unknown) if unknown else [])
        jobs = [job or next(fresh) for job in found]
        self.jobs += jobs
        self.by_digest.update(zip(digests, jobs, strict=True))

    def _parsed(self, pieces: list[bytes]) -> list[Job]:
        """Read whole jobs in one pass; they need not be neighbours, because each closes what it opens."""
        document = _ITEM + _ITEM.join(pieces)
        is_odd = b"<!" in document or b"<?" in document or b"xmlns" in document
        if is_odd or not all(_is_one_job(piece) for piece in pieces):
            raise OddBlockError
        target = _JobsTarget(is_inside=True)
        try:
            XmlStream(target, self._limits, self.context).feed(document)
        except ParseError:
            # The plain way finds the same, and knows where.
            raise OddBlockError from None
        if len(target.jobs) != len(pieces) or not target.is_between_jobs:
            raise OddBlockError
        return target.jobs


def _is_one_job(piece: bytes) -> bool:
    """Whether a piece opens nothing but its job, and closes it at its end."""
    ends = piece.rstrip(b" \t\r\n")
    if b"<Job" in piece:
        return False
    if ends.endswith(b"</Job>"):
        return piece.count(b"</Job") == 1
    return ends.endswith(b"/>") and b"<" not in piece


class _JobsTarget:
    """Collects the jobs of a list; elements and attributes that it does not know are passed over."""

    def __init__(self, *, is_inside: bool = False) -> None:
        """`is_inside` tells that the element fed first merely opens the list again."""
        self.jobs: list[Job] = []
        self._is_reopening = is_inside
        self._depth = 0
        self._attributes: dict[str, str] | None = None
        self._is_in_nodes = False
        self._nodes: list[Node] = []

    @property
    def is_between_jobs(self) -> bool:
        """Whether the list is open, and nothing in it."""
        return self._depth == 1

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and tag != "Jobs" and not self._is_reopening:
            raise ParseError(f"the answer is a {tag}, not a Jobs")
        if self._depth == 2 and tag == "Job":
            self._attributes, self._nodes = dict(attributes), []
        elif self._depth == 3:
            self._is_in_nodes = tag == "Nodes" and self._attributes is not None
        elif self._depth == 4 and tag == "Node" and self._is_in_nodes:
            self._nodes.append(read.node(attributes))

    def end(self, _tag: str) -> None:
        if self._depth == 2 and self._attributes is not None:
            self.jobs.append(read.job("Job", self._attributes, tuple(self._nodes)))
            self._attributes = None
        self._depth -= 1

    def data(self, text: str) -> None:
        """Texts in a list say nothing."""
