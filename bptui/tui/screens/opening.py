"""The first frame: the lines and frames of the main screen, standing there while what fills them is loaded."""

from __future__ import annotations

from textual.app import ComposeResult

from bptui.model.endpoint import Endpoint, Writes
from bptui.tui.keys import KeyMap
from bptui.tui.terminal import LowerScreen
from bptui.tui.theme import Look
from bptui.tui.widgets.bottom_line import BottomLine
from bptui.tui.widgets.cursor import NoRows
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.panes import Panes
from bptui.tui.widgets.top_line import Access, Headline, TopLine
from bptui.tui.widgets.virtual_list import VirtualList

FRAMES = {"jobs": Frame(1, "Jobs"), "tree": Frame(2, "Chunks"), "detail": Frame(3, "Detail")}


class Opening(LowerScreen, inherit_bindings=False):
    """The main screen with nothing in it; imports nothing of what an appliance tells."""

    AUTO_FOCUS = "#jobs"

    def __init__(self, look: Look, keymap: KeyMap, headline: Headline) -> None:
        super().__init__()
        self._look = look
        self._keymap = keymap
        self._headline = headline

    def compose(self) -> ComposeResult:
        """Lay out as the main screen does."""
        panes = (VirtualList(NoRows(), self._look, frame, name=name) for name, frame in FRAMES.items())
        yield TopLine(self._look, self._headline, name="top")
        yield Panes(*panes, name="panes")
        yield BottomLine(self._look, self._keymap, name="bottom")


def opening_headline(endpoint: Endpoint, *, is_read_only: bool) -> Headline:
    """What the top line says of an endpoint that was not asked yet."""
    is_shut = is_read_only or endpoint.writes is Writes.NO
    access = Access.READ_ONLY if is_shut else Access.UNLOCKED if endpoint.writes is Writes.YES else Access.LOCKED
    return Headline(
        endpoint.name,
        is_prod=endpoint.is_prod,
        is_insecure=endpoint.is_insecure,
        asking_seconds=0.0,
        interval_seconds=endpoint.interval_seconds,
        access=access,
    )
