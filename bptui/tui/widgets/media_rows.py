"""The media room's rows: sections of things, each with name, state and age on a line and its reason beside or below."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bptui.text import Align, cell_width, visible
from bptui.tui.display import Display
from bptui.tui.widgets.detail_rows import wrapped
from bptui.tui.widgets.media_entries import Entry
from bptui.tui.widgets.strips import Piece

AGE_CELLS = 5
BESIDE_CELLS = 90
"""From this width on, a reason stands beside its thing; below, under it."""


class LineKey(NamedTuple):
    """A line: of which section, of which thing (empty for the heading), which line of it."""

    section: str
    id: str
    part: int


@dataclass(frozen=True)
class MediaRows:
    """The entries laid out for a width."""

    entries: Sequence[Entry]
    display: Display
    width: int
    has_heading: bool = False
    _lines: Sequence[tuple[LineKey, tuple[Piece, ...]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lines", list(self._laid_out()))

    def __len__(self) -> int:
        return len(self._lines)

    def key_at(self, index: int) -> Hashable | None:
        """The line's identity."""
        return self._lines[index][0]

    def index_of(self, key: Hashable, near: int) -> int | None:  # noqa: ARG002 - the shape of Rows
        """Where a line stands; where its thing begins when it needs fewer lines now."""
        first = None
        for place, (other, _) in enumerate(self._lines):
            if other == key:
                return place
            if isinstance(key, LineKey) and other == (key.section, key.id, 0):
                first = place
        return first

    def entry_at(self, index: int) -> Entry | None:
        """The thing to which a line belongs; None for a heading."""
        if not 0 <= index < len(self._lines):
            return None
        key, _ = self._lines[index]
        return next((entry for entry in self.entries if (entry.section, entry.id) == key[:2] and key.part >= 0), None)

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """No columns."""
        return ()

    def line(self, index: int, width: int) -> Sequence[Piece]:  # noqa: ARG002 - laid out for its own width
        """One line as it was laid out."""
        return self._lines[index][1]

    def _laid_out(self) -> Iterator[tuple[LineKey, tuple[Piece, ...]]]:
        look, section = self.display.look, ""
        for entry in self.entries:
            if entry.section != section:
                section = entry.section
                title = f" {section} "
                rule = look.glyphs.rule * max(0, self.width - 2 - cell_width(title))
                heading = ((look.glyphs.rule * 2, look.bar_nothing), (title, look.accent), (rule, look.bar_nothing))
                yield LineKey(section, "", -1), heading
            for part, pieces in enumerate(self._entry(entry)):
                yield LineKey(section, entry.id, part), pieces

    def _entry(self, entry: Entry) -> Iterator[tuple[Piece, ...]]:
        look = self.display.look
        name, reason = visible(entry.name), visible(entry.reason)
        if not entry.state and not reason and not entry.age:
            for number, text in enumerate(wrapped(name, max(10, self.width - 3))):
                yield ((" " if number == 0 else "   "), look.text), (text, entry.style or look.text)
            return
        names, states = self._cells()
        line: tuple[Piece, ...] = (
            (" ", look.text),
            (self.display.fit(name, names, keep_tail=True), look.subject),
            (" ", look.text),
            (self.display.fit(visible(entry.state), states), entry.style or look.text),
            (self.display.fit(entry.age, AGE_CELLS, Align.RIGHT), look.dim),
            ("  ", look.text),
        )
        used = names + states + AGE_CELLS + 4
        room = self.width - used
        if self.width >= BESIDE_CELLS:
            first, *others = wrapped(reason, room)
            yield (*line, (first, look.dim))
            for text in others:
                yield (" " * used, look.text), (text, look.dim)
            return
        yield line
        for text in wrapped(reason, max(10, self.width - 5)) if reason else ():
            yield ("     ", look.text), (text, look.dim)

    def _cells(self) -> tuple[int, int]:
        """The cells of name and state."""
        if self.width >= BESIDE_CELLS:
            return 26, 26
        room = self.width - AGE_CELLS - 4
        return room - room // 2, room // 2
