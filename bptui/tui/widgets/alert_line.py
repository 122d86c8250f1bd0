"""What is wrong with the whole appliance: a second line under the top line, there only while something is."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.text import cell_width, clip
from bptui.tui.keys import BY_ID, KeyMap
from bptui.tui.theme import Look
from bptui.tui.widgets.painted_line import PaintedLine
from bptui.tui.widgets.strips import Piece


class AlertLine(PaintedLine):
    """The most urgent verdict about the appliance, and how many more there are; hidden while all is well."""

    def __init__(self, look: Look, keymap: KeyMap, *, name: str) -> None:
        super().__init__(name=name)
        self._look = look
        self._told: tuple[str, ...] = ()
        media = BY_ID["show_media"]
        self._key, self._label = keymap.label(media), media.footer_label
        """What shows all of it."""
        self.display = False

    def say(self, told: tuple[str, ...]) -> None:
        """Say something else, of visible text, the most urgent first."""
        self._told = told
        if self.display != bool(told):
            self.display = bool(told)
        if told:
            self.repaint_changes()

    def set_look(self, look: Look) -> None:
        """Draw in another theme."""
        self._look = look
        self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        """As much of the first sentence as fits, and how many more there are."""
        look = self._look
        if not self._told:
            return []
        more = f" +{len(self._told) - 1} more" if len(self._told) > 1 else ""
        end = f" {self._label} "
        text = f" {look.glyphs.problem} {self._told[0]}"
        room = max(0, width - cell_width(more) - 2 - cell_width(self._key) - cell_width(end))
        text = clip(text, room, mark=look.glyphs.ellipsis)
        space = " " * (room - cell_width(text))
        return [(text, look.bad), (f"{space}{more}  ", look.dim), (self._key, look.key), (end, look.dim)]
