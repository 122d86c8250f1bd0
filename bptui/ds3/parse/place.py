"""Where in an answer something is: what errors tell, whatever part of the answer was being read."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where in an answer something begins: newlines before it, and characters since the last of them."""

    newlines: int = 0
    characters: int = 0

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return self.newlines + 1

    @property
    def column(self) -> int:
        """The column in characters, counted from 1."""
        return self.characters + 1

    def after(self, newlines: int, tail_characters: int) -> Place:
        """The place behind a run with this many newlines and characters after its last newline."""
        if newlines:
            return Place(self.newlines + newlines, tail_characters)
        return Place(self.newlines, self.characters + tail_characters)

    def behind(self, run: bytes) -> Place:
        """The place behind these bytes of UTF-8, which end with a whole character."""
        return self.after(*extent(run))


def extent(run: bytes) -> tuple[int, int]:
    """How many newlines a run of UTF-8 has, and how many characters after the last of them."""
    newlines = run.count(b"\n") if b"\n" in run else 0
    tail = run[run.rfind(b"\n") + 1 :] if newlines else run
    return newlines, len(tail) if tail.isascii() else len(tail.decode(errors="replace"))
