"""Everything known about one thing as lines of label and value, wrapped to the pane so that nothing runs out of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.style import Style

from bptui.text import cell_width
from bptui.tui.display import Display
from bptui.tui.widgets.strips import Piece

LABEL_CELLS = 11


class Fact(NamedTuple):
    """One line of the detail pane; the value is already visible text."""

    label: str
    value: str
    style: Style | None = None
    is_why: bool = False
    """Whether it is a part of why a job moves or stands: copying it copies all of the evidence."""


class LineKey(NamedTuple):
    """A line of the detail: about what, which fact, which line of it."""

    subject: Hashable
    fact: int
    part: int


@dataclass(frozen=True)
class DetailRows:
    """The facts about one subject in a pane of a certain width."""

    subject: Hashable
    facts: Sequence[Fact]
    display: Display
    width: int
    has_heading: bool = False
    _lines: Sequence[tuple[LineKey, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        room = max(8, self.width - LABEL_CELLS)
        lines = [
            (LineKey(self.subject, number, part), text)
            for number, fact in enumerate(self.facts)
            for part, text in enumerate(wrapped(fact.value, room))
        ]
        object.__setattr__(self, "_lines", lines)

    def __len__(self) -> int:
        return len(self._lines)

    def key_at(self, index: int) -> Hashable | None:
        """The line's identity; None for an empty line between two groups."""
        key, _ = self._lines[index]
        return key if self.facts[key.fact].label or self.facts[key.fact].value else None

    def index_of(self, key: Hashable, near: int) -> int | None:
        """Where a line stands; another subject's lines are answered with the same place."""
        if not isinstance(key, LineKey) or not self._lines:
            return None
        if key.subject == self.subject:
            return next((place for place, (other, _) in enumerate(self._lines) if other == key), None)
        return min(near, len(self._lines) - 1)

    def fact_at(self, index: int) -> Fact | None:
        """The fact to which a line belongs."""
        return self.facts[self._lines[index][0].fact] if 0 <= index < len(self._lines) else None

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """No columns."""
        return ()

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """A label, on the first line of its value only, and the value."""
        key, text = self._lines[index]
        fact, look = self.facts[key.fact], self.display.look
        label = "" if key.part else fact.label
        return [
            (self.display.fit(label, LABEL_CELLS), look.dim),
            (self.display.fit(text, width - LABEL_CELLS), fact.style or look.text),
        ]


def wrapped(text: str, width: int) -> list[str]:
    """Visible text in lines of at most `width` cells, broken at spaces where there are any."""
    return list(_wrapped(text, width)) or [""]


def _wrapped(text: str, width: int) -> Iterator[str]:
    while cell_width(text) > width:
        end = _fitting(text, width)
        space = text.rfind(" ", 0, end + 1)
        if space > 0:
            end = space
        yield text[:end]
        text = text[end:].lstrip(" ")
    if text:
        yield text


def _fitting(text: str, width: int) -> int:
    """How many characters fit; at least one."""
    end = min(len(text), width)
    while end > 1 and cell_width(text[:end]) > width:
        end -= 1
    return end
