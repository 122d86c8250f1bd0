"""The job list's rows when jobs are taken together: how many, how many stand, how much cache they hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from bptui.model.endpoint import EndpointName
from bptui.model.verdict import Kind
from bptui.text import Align, visible
from bptui.tui.display import Display
from bptui.tui.widgets.bar import bar
from bptui.tui.widgets.grouping import Group, Grouping, GroupKey
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.why import class_style
from bptui.units import UNKNOWN, count_text

NUMBERS = (("Jobs", 6), ("Moving", 7), ("Stalled", 8), ("Held", 9))
"""The columns of numbers with their cells."""
BAR_CELLS = 12
NAME_CELLS = 16


@dataclass(frozen=True)
class GroupRows:
    """The groups in the order given."""

    endpoint: EndpointName
    grouping: Grouping
    groups: Sequence[Group]
    display: Display
    has_heading: bool = True
    _places: Mapping[str | None, int] = field(init=False, repr=False)
    _most: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {group.name: place for place, group in enumerate(self.groups)})
        object.__setattr__(self, "_most", max((group.held_bytes for group in self.groups), default=0))

    def __len__(self) -> int:
        return len(self.groups)

    def key_at(self, index: int) -> Hashable | None:
        """The group's identity."""
        return GroupKey(self.endpoint, self.grouping, self.groups[index].name)

    def index_of(self, key: Hashable, near: int) -> int | None:  # noqa: ARG002 - the shape of Rows
        """Where a group stands; None when no job is left in it."""
        is_ours = isinstance(key, GroupKey) and key[:2] == (self.endpoint, self.grouping)
        return self._places.get(key.name) if is_ours and isinstance(key, GroupKey) else None

    def heading(self, width: int) -> Sequence[Piece]:
        """The names of the columns."""
        look = self.display.look
        pieces = [(self.display.fit(self.grouping.value.capitalize(), self._name_cells(width)), look.heading)]
        pieces += [(f" {self.display.fit(name, cells, Align.RIGHT)}", look.heading) for name, cells in NUMBERS]
        return pieces

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """One group in its columns; the bar compares what the groups hold."""
        group, display = self.groups[index], self.display
        look = display.look
        held = display.size(group.held_bytes) if group.held_bytes else UNKNOWN
        numbers = (
            (count_text(group.jobs), look.text),
            (_count(group.moving), look.good if group.moving else look.dim),
            (_count(group.stalled), look.bad if group.stalled else look.dim),
            (held, look.text if group.held_bytes else look.dim),
        )
        name = self._name(group, self._name_cells(width))
        cells = [
            (f" {display.fit(text, room, Align.RIGHT)}", style)
            for (text, style), (_, room) in zip(numbers, NUMBERS, strict=True)
        ]
        return [name, *cells, *self._bar(group, width)]

    def _name(self, group: Group, cells: int) -> Piece:
        look = self.display.look
        if group.name is None:
            return self.display.fit("not told", cells), look.dim
        if self.grouping is Grouping.WHY:
            return self.display.fit(group.name, cells), class_style(look, Kind(group.name).kind_class)
        return self.display.fit(visible(group.name), cells, keep_tail=True), look.subject

    def _bar(self, group: Group, width: int) -> list[Piece]:
        look = self.display.look
        if not self._has_bar(width):
            return []
        return [("  ", look.text), *bar(look, BAR_CELLS, whole=self._most, cached=group.held_bytes, done=0)]

    def _name_cells(self, width: int) -> int:
        room = width - sum(cells + 1 for _, cells in NUMBERS) - (BAR_CELLS + 2 if self._has_bar(width) else 0)
        return max(4, min(40, room))

    def _has_bar(self, width: int) -> bool:
        return width >= sum(cells + 1 for _, cells in NUMBERS) + BAR_CELLS + 2 + NAME_CELLS


def _count(number: int) -> str:
    return count_text(number) if number else UNKNOWN
