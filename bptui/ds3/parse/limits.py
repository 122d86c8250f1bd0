"""The one error of reading an answer, and the bounds beyond which an answer is not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MEBIBYTE = 1024 * 1024
SLICE_BYTES = 64 * 1024
"""How much libxml2 is given at a time; it takes a few milliseconds."""

_MOST_CHARACTERS = 300
"""Of a message: it may quote the answer, and a name in it may have 50,000 characters."""


class ParseError(Exception):
    """An answer is not what the appliance's interface promises: not well-formed, too large, or with an odd value."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """`line` and `column` count from 1, columns in characters; None when the trouble is a value, not a place."""
        clipped = message if len(message) <= _MOST_CHARACTERS else message[:_MOST_CHARACTERS] + "…"
        super().__init__(clipped)
        self.message = clipped
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        return f"{self.message} (line {self.line}, column {self.column})"


class Limits(NamedTuple):
    """What an answer may cost; beyond it is refused before libxml2 sees it."""

    tag_bytes: int = MEBIBYTE
    """From one tag to the next: a tag with its attributes, and the text after it."""
    depth: int = 32
    attributes: int = 64
    """Of one element; the appliance's richest has 17."""
    total_bytes: int = 1024 * MEBIBYTE
    """500,000 objects with names of the greatest length that S3 allows fit in twice."""

    items: int = 4_000_000
    """How many things one answer may list: an empty element is a few bytes on the way and a hundred in memory."""

    def check_items(self, count: int) -> None:
        """Raise ParseError when an answer lists more than it may."""
        if count > self.items:
            raise ParseError(f"the answer lists more than {self.items} things")


DEFAULT_LIMITS = Limits()
"""For one job: four times 500,000 objects, each in a chunk of its own."""
LIST_LIMITS = Limits(items=1_000_000)
"""For the job list: 40,000 jobs run at most, and those of the last 30 days may be listed with them."""
SMALL_LIMITS = Limits(total_bytes=64 * MEBIBYTE, items=250_000)
"""For answers that list neither objects nor jobs without end; each element counts."""


class Intake:
    """Counts the bytes of one answer, and refuses what goes beyond its cap before anything reads it."""

    def __init__(self, limits: Limits) -> None:
        self._most_bytes = limits.total_bytes
        self._seen_bytes = 0

    def slices(self, data: bytes) -> Iterator[bytes]:
        """The data in pieces that take a few milliseconds each; ParseError when the answer grew too large."""
        self._seen_bytes += len(data)
        if self._seen_bytes > self._most_bytes:
            raise ParseError(f"the answer is larger than {self._most_bytes} bytes")
        return (data[start : start + SLICE_BYTES] for start in range(0, len(data), SLICE_BYTES))
