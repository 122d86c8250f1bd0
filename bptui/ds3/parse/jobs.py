"""Read the job list as it arrives, and share with the last answer every job that reads the same."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from bptui.ds3.parse import attributes as read
from bptui.ds3.parse.limits import LIST_LIMITS, SLICE_BYTES, Limits, ParseError
from bptui.ds3.parse.piecewise import OddPieceError, PiecewiseReader
from bptui.ds3.parse.place import Place
from bptui.ds3.parse.stream import XmlStream
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
    """

    def __init__(self, known: KnownJobs | None = None, limits: Limits = LIST_LIMITS) -> None:
        """`known` is read, and holds the new answer once `close` succeeded."""
        self._known = known or KnownJobs()
        by_digest = self._known.by_digest
        self._reader = PiecewiseReader(
            _ITEM,
            JobsTarget,
            lambda context, place: _Pieces(context, place, by_digest, limits),
            lambda _: JobsTarget(is_inside=True),
            limits,
        )

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, no list, or says something impossible."""
        self._reader.feed(data)

    def close(self) -> dict[JobId, Job]:
        """The jobs in the order of the answer; ParseError when it is incomplete. Of two with one id the last counts."""
        reader = self._reader
        reader.close()
        jobs, pieces, rest = reader.collected.jobs, reader.pieces, reader.rest
        if pieces and rest:
            jobs = jobs + pieces.jobs + rest.jobs
        self._known.by_digest = pieces.by_digest if pieces else {}
        return {job.job_id: job for job in jobs}


class _Pieces:
    """The part of an answer that is read job by job: each piece is `<Job …>` to before the next."""

    def __init__(self, context: bytes, place: Place, known: Mapping[bytes, Job], limits: Limits) -> None:
        self.context_of_rest = context
        self.place = place
        self.jobs: list[Job] = []
        self.item_count = 0
        self.by_digest: dict[bytes, Job] = {}
        self.rest = b""
        self._known = known
        self._limits = limits

    def feed(self, data: bytes) -> None:
        """Take in more bytes and read the jobs that they complete; OddPieceError when they are not simply jobs."""
        self.rest += data
        end = self.rest.rfind(_ITEM)
        if end > 0:
            complete = self.rest[:end]
            self._read(complete.split(_ITEM)[1:])
            self.rest = self.rest[end:]
            self.place = self.place.behind(complete)
        if len(self.rest) > _MOST_BYTES:
            raise OddPieceError

    def finish(self) -> None:
        """Leave the last job to the plain way, which tells its end from that of the list."""

    def _read(self, pieces: list[bytes]) -> None:
        digests = [sha256(piece).digest() for piece in pieces]
        found = [self._known.get(digest) for digest in digests]
        unknown = [piece for piece, job in zip(pieces, found, strict=True) if job is None]
        fresh = iter(self._parsed(unknown) if unknown else [])
        jobs = [job or next(fresh) for job in found]
        self.item_count += len(jobs) - len(unknown)
        self.jobs += jobs
        self.by_digest.update(zip(digests, jobs, strict=True))

    def _parsed(self, pieces: list[bytes]) -> list[Job]:
        """Read whole jobs in one pass; they need not be neighbours, because each closes what it opens."""
        document = _ITEM + _ITEM.join(pieces)
        is_odd = b"<!" in document or b"<?" in document or b"xmlns" in document
        if is_odd or not all(_is_one_job(piece) for piece in pieces):
            raise OddPieceError
        target = JobsTarget(is_inside=True)
        try:
            XmlStream(target, self._limits, self.context_of_rest).feed(document)
        except ParseError:
            # The plain way finds the same, and knows where.
            raise OddPieceError from None
        if len(target.jobs) != len(pieces) or not target.is_between_items:
            raise OddPieceError
        self.item_count += target.item_count
        return target.jobs


def _is_one_job(piece: bytes) -> bool:
    """Whether a piece opens nothing but its job, and closes it at its end."""
    ends = piece.rstrip(b" \t\r\n")
    if b"<Job" in piece:
        return False
    if ends.endswith(b"</Job>"):
        return piece.count(b"</Job") == 1
    return ends.endswith(b"/>") and b"<" not in piece


class JobsTarget:
    """Collects the jobs of a list; elements and attributes that it does not know are passed over."""

    def __init__(self, *, is_inside: bool = False) -> None:
        """`is_inside` tells that the element fed first merely opens the list again."""
        self.jobs: list[Job] = []
        self.item_count = 0
        self._is_reopening = is_inside
        self._depth = 0
        self._attributes: dict[str, str] | None = None
        self._is_in_nodes = False
        self._nodes: list[Node] = []

    @property
    def is_between_items(self) -> bool:
        """Whether the list is open, and nothing in it."""
        return self._depth == 1

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in an element that begins."""
        self._depth += 1
        self.item_count += 1
        if self._depth == 1 and tag != "Jobs" and not self._is_reopening:
            raise ParseError(f"the answer is a {tag}, not a Jobs")
        if self._depth == 2 and tag == "Job":
            self._attributes, self._nodes = dict(attributes), []
        elif self._depth == 3:
            self._is_in_nodes = tag == "Nodes" and self._attributes is not None
        elif self._depth == 4 and tag == "Node" and self._is_in_nodes:
            self._nodes.append(read.node(attributes))

    def end(self, _tag: str) -> None:
        """Take in that the element opened last ends."""
        if self._depth == 2 and self._attributes is not None:
            self.jobs.append(read.job("Job", self._attributes, tuple(self._nodes)))
            self._attributes = None
        self._depth -= 1

    def data(self, text: str) -> None:
        """Texts in a list say nothing."""
