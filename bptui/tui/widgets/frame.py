"""The border of a pane: its number and subject on top, the age of its data beside it, counts below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.style import Style

from bptui.text import cell_width, clip
from bptui.tui.theme import Depth, Look
from bptui.tui.widgets.strips import Piece


class Lines(NamedTuple):
    """The signs a border is drawn with."""

    horizontal: str
    vertical: str
    corners: str
    """Top left, top right, bottom left, bottom right."""


TITLE_CELLS = 10
"""What a pane is about keeps so much room, however much is said of its data."""
ROUND = Lines("─", "│", "╭╮╰╯")
HEAVY = Lines("━", "┃", "┏┓┗┛")
PLAIN = Lines("-", "|", "++++")
DOUBLE = Lines("=", "|", "++++")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands in a pane's border; the text is already visible."""

    number: int | str
    """What its border begins with: the key that leads there."""
    subject: str
    """What the pane is about, such as a job's name."""
    aside: str = ""
    """What is said once of everything in the pane, such as the only node; left out where it does not fit whole."""
    note: tuple[Piece, ...] = ()
    """At the right of the top: how old the data are when that matters, or for how long they are waited for."""
    summary: str = ""
    """At the right of the bottom: counts, sorting, filters."""

    def top(self, look: Look, width: int, *, is_focused: bool) -> list[Piece]:
        """The upper border."""
        lines, style = border(look, is_focused=is_focused)
        title = f"{self.number} {self.subject}"
        told = _clipped(self.note, max(0, width - 9 - min(cell_width(title), TITLE_CELLS)), look.glyphs.ellipsis)
        note_width = sum(cell_width(text) for text, _ in told) + (3 if told else 0)
        room = max(0, width - 6 - note_width)
        title = clip(title, room, mark=look.glyphs.ellipsis)
        title_style = look.strong if is_focused else look.text
        aside = f" {look.glyphs.between} {self.aside}" if self.aside else ""
        aside = aside if cell_width(title) + cell_width(aside) <= room else ""
        fill = width - 5 - cell_width(title) - cell_width(aside) - note_width
        note: Sequence[Piece] = [(" ", style), *told, (f" {lines.horizontal}", style)] if told else []
        return [
            (lines.corners[0] + lines.horizontal + " ", style),
            (title, title_style),
            (aside, look.dim),
            (" " + lines.horizontal * fill, style),
            *note,
            (lines.corners[1], style),
        ]

    def bottom(self, look: Look, width: int, *, is_focused: bool) -> list[Piece]:
        """The lower border."""
        lines, style = border(look, is_focused=is_focused)
        summary = clip(self.summary, max(0, width - 6), mark=look.glyphs.ellipsis)
        if not summary:
            return [(lines.corners[2] + lines.horizontal * (width - 2) + lines.corners[3], style)]
        fill = width - 5 - cell_width(summary)
        return [
            (lines.corners[2] + lines.horizontal * fill + " ", style),
            (summary, look.dim),
            (" " + lines.horizontal + lines.corners[3], style),
        ]


def _clipped(pieces: Sequence[Piece], width: int, mark: str) -> list[Piece]:
    """As much of some pieces as fits, with a mark where they are cut."""
    found: list[Piece] = []
    for text, style in pieces:
        if cell_width(text) > width:
            return [*found, (clip(text, width, mark=mark), style)] if width > 0 else found
        found.append((text, style))
        width -= cell_width(text)
    return found


def border(look: Look, *, is_focused: bool) -> tuple[Lines, Style]:
    """The signs and the colour of a border; without colour, the focused one is drawn heavier."""
    style = look.border_focused if is_focused else look.border
    if look.is_ascii:
        return (DOUBLE if is_focused else PLAIN), style
    return (HEAVY if is_focused and look.depth is Depth.NONE else ROUND), style
