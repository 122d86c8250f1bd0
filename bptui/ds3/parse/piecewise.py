"""Read a large answer in three steps: its head, the many items piece by piece, and what is odd or last the plain way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from bptui.ds3.parse.head import Head
from bptui.ds3.parse.limits import Intake, Limits
from bptui.ds3.parse.place import Place
from bptui.ds3.parse.stream import Target, XmlStream


class OddPieceError(Exception):
    """What comes next is something that only the plain way understands."""


class Collector(Target, Protocol):
    """A target that knows where items may stand."""

    item_count: int
    """How many things it was told, each of which costs memory."""

    @property
    def is_between_items(self) -> bool:
        """Whether the outermost element is open, and nothing in it."""


class Pieces(Protocol):
    """The part of an answer that is read piece by piece, from the first item on."""

    place: Place
    """Where `rest` begins."""
    item_count: int
    """How many things were read, each of which costs memory."""

    @property
    def rest(self) -> bytes:
        """What was taken in and is not read yet; it begins right before a tag."""

    @property
    def context_of_rest(self) -> bytes:
        """What opens again, on one line, the elements that are open where `rest` begins."""

    def feed(self, data: bytes) -> None:
        """Take in more bytes and read the pieces that they complete; OddPieceError at one that it does not understand."""

    def finish(self) -> None:
        """Read what is complete now that nothing follows; OddPieceError likewise."""


Whole = TypeVar("Whole", bound=Collector)
Parts = TypeVar("Parts", bound=Pieces)


class PiecewiseReader(Generic[Whole, Parts]):
    """Takes an answer in as it comes; what `collected`, `pieces` and `rest` hold at the end is the answer, in order.

    The plain way, through libxml2, begins at the first thing that piece by piece reading does not fully understand,
    or before what ends the document. Errors tell the place in the whole answer.
    """

    def __init__(
        self,
        item: bytes,
        collector: Callable[[], Whole],
        pieces: Callable[[bytes, Place], Parts],
        collector_of_rest: Callable[[Parts], Whole],
        limits: Limits,
    ) -> None:
        """`item` is how an item begins; `pieces` gets what opens the outermost element, and the first item's place."""
        self.collected = collector()
        """What came before the first item, or the whole answer."""
        self.pieces: Parts | None = None
        self.rest: Whole | None = None
        self._collector = collector
        self._make_pieces = pieces
        self._collector_of_rest = collector_of_rest
        self._limits = limits
        self._intake = Intake(limits)
        self._head: Head | None = Head(item)
        self._plain = XmlStream(self.collected, limits)

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed, too large, or not what the collector accepts."""
        for part in self._intake.slices(data):
            if self._head:
                self._feed_head(self._head, part)
            elif self.pieces and not self.rest:
                self._feed_pieces(self.pieces, part)
            else:
                self._plain.feed(part)
            self._limits.check_items(sum(part.item_count for part in (self.collected, self.pieces, self.rest) if part))

    def close(self) -> None:
        """The answer ends here; ParseError when it is not complete."""
        if self._head:
            self._plain.feed(self._head.all_unread())
        if self.pieces and not self.rest:
            # The plain way reads all that is left in any case.
            with suppress(OddPieceError):
                self.pieces.finish()
            self._go_the_plain_way(self.pieces)
        self._plain.close()

    def _feed_head(self, head: Head, data: bytes) -> None:
        self._plain.feed(head.add(data))
        if not head.is_over:
            return
        self._head = None
        context = head.context() if self.collected.is_between_items else None
        if context is None:
            self._plain.feed(head.all_unread())
        elif self._plain.is_between_tags():
            self.pieces = self._make_pieces(context, head.place())
            self._feed_pieces(self.pieces, head.all_unread())
        else:
            self.collected = self._collector()
            self._plain = XmlStream(self.collected, self._limits)
            self._plain.feed(head.all())

    def _feed_pieces(self, pieces: Parts, data: bytes) -> None:
        try:
            pieces.feed(data)
        except OddPieceError:
            self._go_the_plain_way(pieces)

    def _go_the_plain_way(self, pieces: Parts) -> None:
        self.rest = self._collector_of_rest(pieces)
        self._plain = XmlStream(self.rest, self._limits, pieces.context_of_rest, pieces.place)
        self._plain.feed(pieces.rest)
