"""Sentences in place of rows: what a pane waits for, why it is empty, and what to press."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from bptui.tui.display import Display
from bptui.tui.widgets.detail_rows import wrapped
from bptui.tui.widgets.strips import Piece

LEAST_CELLS = 58
"""The width of a pane on the smallest screen."""


@dataclass(frozen=True, slots=True)
class MessageRows:
    """Some lines for the eye; the first one stands out."""

    lines: tuple[str, ...]
    display: Display
    width: int
    """In cells; not above 0 before the pane was laid out."""
    has_heading: bool = False

    def at(self, width: int) -> MessageRows:
        """The same sentences in another width."""
        return replace(self, width=width)

    def _wrapped(self) -> list[Piece]:
        look = self.display.look
        return [
            (f"  {part}", look.dim if number else look.text)
            for number, line in enumerate(self.lines)
            for part in wrapped(line, max(10, (self.width if self.width > 0 else LEAST_CELLS) - 4))
        ]

    def __len__(self) -> int:
        return len(self._wrapped()) + 1

    def key_at(self, index: int) -> Hashable | None:  # noqa: ARG002 - the shape of Rows
        """Nothing here can be chosen."""
        return None

    def index_of(self, key: Hashable, near: int) -> int | None:  # noqa: ARG002 - the shape of Rows
        """Nothing here can be found."""
        return None

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """No columns."""
        return ()

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """One of the sentences, after an empty line."""
        text, style = self._wrapped()[index - 1] if index else ("", self.display.look.text)
        return [(self.display.clipped(text, width), style)]
