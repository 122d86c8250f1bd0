"""What stands on the terminal, so that of each frame only the cells that differ from it are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.strip import Strip

from bptui.tui.cells import Cell, cells_of, differing_spans

Run = tuple[int, int, Strip]
"""Column and line of the first cell, and the cells."""


class Canvas:
    """The cells that were sent to the terminal, as far as it is known to show them still."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Take nothing for granted: the terminal was taken over anew, has another size, or shows something else."""
        self._lines.clear()

    def differing(self, runs: Iterable[Run]) -> Iterator[Run]:
        """The parts of some runs that the terminal does not show yet."""
        for x, y, strip in runs:
            end = x + strip.cell_length
            for first, last in differing_spans(self._line(y, end)[x:end], cells_of(strip)):
                yield x + first, y, strip.crop(first, last)

    def note(self, runs: Iterable[Run]) -> None:
        """Hold that the terminal shows these runs now."""
        for x, y, strip in runs:
            end = x + strip.cell_length
            self._line(y, end)[x:end] = cells_of(strip)

    def _line(self, y: int, length: int) -> list[Cell | None]:
        line = self._lines.setdefault(y, [])
        line += [None] * (length - len(line))
        return line
