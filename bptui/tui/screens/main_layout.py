"""Which panes of the main screen are in view, and which one has the focus."""

from __future__ import annotations

from textual.widget import Widget

from bptui.tui.widgets.virtual_list import VirtualList

ROOMY_CELLS = 110
"""From this width on, the detail pane stands beside the tree; below, it opens over it."""


class Layout:
    """Jobs above, chunks and detail below; or one of them alone."""

    def __init__(self, jobs: VirtualList, chunks: VirtualList, detail: VirtualList, below: Widget) -> None:
        self._jobs = jobs
        self._chunks = chunks
        self._detail = detail
        self._below = below
        self._alone: VirtualList | None = None
        self._is_roomy = True
        self._is_beside = True
        self._is_over = False

    @property
    def is_full_screen(self) -> bool:
        """Whether one pane has the whole screen."""
        return self._alone is not None

    @property
    def is_detail_over(self) -> bool:
        """Whether the detail pane hides the tree."""
        return self._is_over and not self._is_roomy

    def fit(self, width: int) -> None:
        """Arrange the panes for a width of the screen."""
        self._is_roomy = width >= ROOMY_CELLS
        self._arrange()

    def _arrange(self) -> None:
        alone = self._alone
        shows_detail = self._is_beside if self._is_roomy else self._is_over
        self._jobs.display = alone in (None, self._jobs)
        self._below.display = alone is not self._jobs
        self._detail.display = alone is self._detail or (alone is None and shows_detail)
        self._chunks.display = alone is self._chunks or (alone is None and not self.is_detail_over)

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

    def step(self, focused: Widget | None, step: int) -> None:
        """Focus the pane in view that is `step` further."""
        panes = [self._jobs, self._chunks, self._detail]
        in_view = panes if self._alone is not None else [pane for pane in panes if pane.display]
        here = next((place for place, pane in enumerate(in_view) if pane is focused), 0)
        self.go(in_view[(here + step) % len(in_view)])

    def toggle_detail(self, focused: Widget | None) -> None:
        """Show the detail pane, or hide it; a hidden pane does not keep the focus."""
        if self._alone is not None:
            self.go(self._chunks if self._alone is self._detail else self._detail)
            return
        is_shown = not self._detail.display
        self._show_detail(is_shown=is_shown)
        self._arrange()
        if not is_shown and focused is self._detail:
            _focus(self._chunks)
        elif is_shown and focused is self._chunks and not self._is_roomy:
            _focus(self._detail)

    def toggle_full_screen(self, focused: Widget | None) -> None:
        """Give the focused pane the whole screen, or share it again."""
        is_pane = isinstance(focused, VirtualList)
        self._alone = focused if self._alone is None and is_pane else None
        self._arrange()

    def step_out(self, focused: Widget | None) -> bool:
        """Take one step back: from full screen, from the detail, to the job list; False at the top."""
        if self._alone is not None:
            self.toggle_full_screen(focused)
            return True
        if focused is self._detail:
            self.go(self._chunks)
            return True
        if focused is self._chunks:
            _focus(self._jobs)
            return True
        if self.is_detail_over:
            self._is_over = False
            self._arrange()
            return True
        return False


def _focus(pane: VirtualList) -> None:
    """At once, so that the next key already goes there."""
    pane.screen.set_focus(pane)
