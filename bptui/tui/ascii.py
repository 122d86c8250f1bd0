"""The last step before a terminal that shows nothing but ASCII."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from bptui.text import cell_width

_FORMS = {
    "\N{EN DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "~",
    "\N{BULLET}": "*",
    "\N{MIDDLE DOT}": "-",
    "“": '"',
    "”": '"',
}


class AsciiOnly(LineFilter):
    """Puts a question mark for each cell of what is left in other scripts, such as in names, so that columns stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's shape
        """The same cells in ASCII."""
        return [segment if segment.text.isascii() else _in_ascii(segment) for segment in segments]


def _in_ascii(segment: Segment) -> Segment:
    return Segment("".join(map(ascii_form, segment.text)), segment.style, segment.control)


def ascii_form(character: str) -> str:
    """As many ASCII characters as the character has cells."""
    return character if character.isascii() else _FORMS.get(character, "?" * cell_width(character))
