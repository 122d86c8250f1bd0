"""The panes of the main screen: which are in view, and which one has the focus."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.widget import Widget

from bptui.tui.keys import Scope, bindings
from bptui.tui.widgets.virtual_list import VirtualList

ROOMY_CELLS = 110
"""From this width on, the detail pane stands beside the tree; below, it opens over it."""
TALL_ROWS = 30
"""From this height on, the tree gets more of it than the jobs."""


class Room(Container):
    """Holds what covers it whole, and so has nothing to paint: Textual would ask it for all its lines each time."""

    BLANK = True


class Panes(Room):
    """Jobs above, chunks and detail below; or one of them alone."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PANES)

    def __init__(self, jobs: VirtualList, chunks: VirtualList, detail: VirtualList, *, name: str) -> None:
        super().__init__(id=name)
        self._jobs = jobs
        self._chunks = chunks
        self._detail = detail
        self._below = Room(chunks, detail, id="below")
        self._alone: VirtualList | None = None
        self._is_roomy = True
        self._is_beside = True
        self._is_over = False

    def compose(self) -> ComposeResult:
        """Lay out the panes; the style sheet says where."""
        yield self._jobs
        yield self._below

    def on_mount(self) -> None:
        """Be right in the first frame."""
        self._fit(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        """Show as many panes as there is room for."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        self._is_roomy = size.width >= ROOMY_CELLS
        self.set_class(size.height < TALL_ROWS, "-low")
        self.set_class(not self._is_roomy, "-narrow")
        self._arrange()

    @property
    def is_detail_over(self) -> bool:
        """Whether the detail pane hides the tree."""
        return self._is_over and not self._is_roomy

    def _arrange(self) -> None:
        alone = self._alone
        self.set_class(alone is not None, "-alone")
        shows_detail = self._is_beside if self._is_roomy else self._is_over
        _bring(self._jobs, is_shown=alone in (None, self._jobs))
        _bring(self._below, is_shown=alone is not self._jobs)
        _bring(self._detail, is_shown=alone is self._detail or (alone is None and shows_detail))
        _bring(self._chunks, is_shown=alone is self._chunks or (alone is None and not self.is_detail_over))

    def go(self, pane: VirtualList) -> None:
        """Focus a pane, bringing it into view."""
        if self._alone is not None:
            self._alone = pane
        elif pane is self._detail:
            self._show_detail(is_shown=True)
        elif pane is self._chunks:
            self._is_over = False
        self._arrange()
        _focus(pane)

    def _show_detail(self, *, is_shown: bool) -> None:
        if self._is_roomy:
            self._is_beside = is_shown
        else:
            self._is_over = is_shown

    def _step(self, step: int) -> None:
        """Focus the pane in view that is `step` further."""
        panes = [self._jobs, self._chunks, self._detail]
        in_view = panes if self._alone is not None else [pane for pane in panes if pane.display]
        here = next((place for place, pane in enumerate(in_view) if pane is self._focused), 0)
        self.go(in_view[(here + step) % len(in_view)])

    def action_toggle_detail(self) -> None:
        """Show the detail pane, or hide it; a hidden pane does not keep the focus."""
        if self._alone is not None:
            self.go(self._chunks if self._alone is self._detail else self._detail)
            return
        is_shown = not self._detail.display
        self._show_detail(is_shown=is_shown)
        self._arrange()
        if not is_shown and self._focused is self._detail:
            _focus(self._chunks)
        elif is_shown and self._focused is self._chunks and not self._is_roomy:
            _focus(self._detail)

    def action_full_screen(self) -> None:
        """Give the focused pane the whole screen, or share it again."""
        pane = self._focused
        self._alone = pane if self._alone is None and isinstance(pane, VirtualList) else None
        self._arrange()

    @property
    def _focused(self) -> Widget | None:
        return self.screen.focused

    def action_focus_jobs(self) -> None:
        """Go to the job list."""
        self.go(self._jobs)

    def action_focus_tree(self) -> None:
        """Go to chunks and objects."""
        self.go(self._chunks)

    def action_focus_detail(self) -> None:
        """Go to the detail pane."""
        self.go(self._detail)

    def action_next_pane(self) -> None:
        """Go to the next pane in view."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Go to the pane in view before this one."""
        self._step(-1)

    def step_out(self) -> bool:
        """Take one step back: from full screen, from the detail, to the job list; False at the top."""
        if self._alone is not None:
            self.action_full_screen()
            return True
        if self._focused is self._detail:
            self.go(self._chunks)
            return True
        if self._focused is self._chunks:
            _focus(self._jobs)
            return True
        if self.is_detail_over:
            self._is_over = False
            self._arrange()
            return True
        return False


def _bring(widget: Widget, *, is_shown: bool) -> None:
    """Into view or out of it; Textual lays everything out anew even for what is as it was."""
    if widget.display != is_shown:
        widget.display = is_shown


def _focus(pane: VirtualList) -> None:
    """At once, so that the next key already goes there."""
    pane.screen.set_focus(pane)
