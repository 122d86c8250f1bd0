"""Cut an arriving job into blocks, keep those that are as they were, and read only the others.

A cut is made right before a `<`, and as long as no `<!` and no `<?` came, every `<` begins a tag: neither values nor
text can hold one. So every block is a run of whole tags, and what it means depends on its bytes and on whether a chunk
is open when it begins, on nothing else. Blocks are recognised by SipHash, keyed anew in each process, which needs a
third of a second for a gigabyte on any machine.

Where to cut follows from the content, so that a chunk that drains, grows or moves shifts no cut elsewhere: before
objects whose id happens to begin with a rare pattern. Where ids are none or have no chance in them, cuts come at
chunks, and in any case before a block grows long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bptui.ds3.parse.columns import IrregularError
from bptui.ds3.parse.limits import Limits, ParseError
from bptui.ds3.parse.piecewise import OddPieceError
from bptui.ds3.parse.place import Place, extent
from bptui.ds3.parse.plain import JobTarget, Level
from bptui.ds3.parse.regular import read_block
from bptui.ds3.parse.stream import XmlStream
from bptui.model.blobs import Origin, Segment


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where blocks end; the answers do not depend on it, the speed does."""

    anchor: bytes = b'<Object Id="e5'
    """One object in 256 begins with it. Counted ids and those that begin with a clock do not run through it."""
    chunk: bytes = b'<Objects ChunkId="'
    """How chunks begin where cuts are looked for; the longer the pattern, the faster it is found."""
    least_bytes: int = 80 * 1024
    """Anchors that come sooner are passed over."""
    run_bytes: int = 8 * 1024
    """A chunk's beginning is a cut too, after so much without another one."""
    chunk_bytes: int = 32 * 1024
    """Where chunks are shorter than that, their beginnings are cuts from here on."""
    most_bytes: int = 224 * 1024
    """From here on any object or chunk is; it takes some milliseconds to read whatever its layout."""


DEFAULT_CUTS = Cuts()

_TAG = b"<Object"
_KEPT_BYTES = 4 * 1024 * 1024


class Blocks:
    """The part of an answer that is read block by block, from the first chunk on."""

    def __init__(self, context: bytes, place: Place, limits: Limits, previous: Sequence[Segment], cuts: Cuts) -> None:
        """`context` opens the job's element on one line; `previous` are the segments of the last answer."""
        self.context = context
        self.place = place
        self.is_in_chunk = False
        self.segments: list[Segment] = []
        self.item_count = 0
        self._limits = limits
        self._cuts = cuts
        self._buffer = b""
        self._scanned = 0
        self._known = [segment for segment in previous if segment.origin is not None]
        self._numbers: dict[Origin | None, int] | None = None
        self._expected = 0
        self._is_expected_here = True
        # glibc keeps about as much free memory as the largest piece that was ever freed; with less, it gives back the
        # pages of each block and asks for them again for the next.
        bytes(_KEPT_BYTES)

    @property
    def rest(self) -> bytes:
        """What arrived and is not part of a segment yet; it begins right before a tag."""
        return self._buffer

    @property
    def context_of_rest(self) -> bytes:
        """What reopens the elements that are open where `rest` begins."""
        return self.context + b"<Objects>" if self.is_in_chunk else self.context

    def feed(self, data: bytes) -> None:
        """Take in more bytes and make segments of the blocks that they complete; OddPieceError at one it cannot read."""
        buffer = self._buffer + data if self._buffer else data
        start = 0
        try:
            while end := self._block_end(buffer, start):
                start = end
        finally:
            self._buffer = buffer[start:]

    def finish(self) -> None:
        """Make a segment of all that ends with the last chunk; what is left is for the plain way."""
        end = self._buffer.rfind(b"</Objects>")
        cut = self._buffer.find(b"<", end + 1) if end != -1 else -1
        if cut > 0:
            block = self._buffer[:cut]
            self._add(block)
            self._buffer = self._buffer[cut:]

    def _block_end(self, buffer: bytes, start: int) -> int:
        """Take one block from `start` and tell where it ends; 0 when it is not complete."""
        if self._is_expected_here and self._expected < len(self._known):
            segment = self._known[self._expected]
            origin = segment.origin
            if origin is not None:
                end = start + origin.size_bytes
                if end > len(buffer):
                    return 0
                if hash(memoryview(buffer)[start:end]) == origin.fingerprint and self._fits(segment):
                    self._keep(segment, self._expected)
                    return end
            self._is_expected_here = False
        end = self._next_cut(buffer, start)
        if end:
            self._add(buffer[start:end])
        return end

    def _fits(self, segment: Segment) -> bool:
        return segment.is_continuing == self.is_in_chunk

    def _keep(self, segment: Segment, number: int) -> None:
        origin = segment.origin
        if origin is not None:
            self.place = self.place.after(origin.newlines, origin.tail_characters)
        self.segments.append(segment)
        self.item_count += segment.count + len(segment.chunks)
        self.is_in_chunk = segment.is_continued
        self._expected = number + 1
        self._is_expected_here = True
        self._scanned = 0

    def _add(self, block: bytes) -> None:
        origin = Origin(hash(block), len(block), *extent(block))
        number = self._number_of(origin)
        if number is not None and self._fits(self._known[number]):
            self._keep(self._known[number], number)
        else:
            self._keep(self._read(block, origin), self._expected)

    def _number_of(self, origin: Origin) -> int | None:
        if not self._known:
            return None
        if self._numbers is None:
            self._numbers = {segment.origin: number for number, segment in enumerate(self._known)}
        return self._numbers.get(origin)

    def _read(self, block: bytes, origin: Origin) -> Segment:
        try:
            return read_block(block, origin, is_in_chunk=self.is_in_chunk)
        except IrregularError:
            return self._read_any(block, origin)

    def _read_any(self, block: bytes, origin: Origin) -> Segment:
        """Read a block through libxml2, behind what reopens its elements."""
        if b"<!" in block or b"<?" in block or b"xmlns" in block:
            raise OddPieceError
        target = JobTarget(Level.CHUNK if self.is_in_chunk else Level.JOB, len(block))
        stream = XmlStream(target, self._limits, self.context_of_rest)
        try:
            stream.feed(block)
        except ParseError:
            # The plain way finds the same, and knows where.
            raise OddPieceError from None
        if target.level not in (Level.JOB, Level.CHUNK) or target.nodes or not stream.is_between_tags():
            raise OddPieceError
        return target.block(origin)

    def _next_cut(self, buffer: bytes, start: int) -> int:
        """Where the block that begins at `start` ends; 0 when more bytes are needed to tell."""
        cuts = self._cuts
        cut = buffer.find(cuts.anchor, start + max(cuts.least_bytes, self._scanned))
        is_dense = buffer.find(cuts.chunk, start + 1, start + cuts.run_bytes) != -1
        chunk_bytes = cuts.chunk_bytes if is_dense else cuts.run_bytes
        for pattern, least in ((cuts.chunk, chunk_bytes), (_TAG, cuts.most_bytes)):
            sooner = buffer.find(pattern, start + max(least, self._scanned), len(buffer) if cut == -1 else cut)
            cut = cut if sooner == -1 else sooner
        if cut != -1:
            return cut
        # A pattern may lie across the end.
        self._scanned = max(len(buffer) - start - len(cuts.anchor), 0)
        if self._scanned > 2 * cuts.most_bytes:
            raise OddPieceError
        return 0
