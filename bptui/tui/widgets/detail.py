"""The detail pane: everything known about what is under the cursor."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from bptui.tui.display import Display
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import GoBack
from bptui.tui.widgets.cursor import NoRows
from bptui.tui.widgets.detail_rows import DetailRows, Fact
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.message_rows import MessageRows
from bptui.tui.widgets.virtual_list import VirtualList


class Detail(VirtualList):
    """The facts about one job, chunk or object."""

    BINDINGS = bindings(Scope.DETAIL)

    def __init__(self, display: Display, *, name: str) -> None:
        super().__init__(NoRows(), display.look, Frame(3, "Detail"), name=name)
        self._display = display
        self._subject: Hashable = None
        self._facts: Sequence[Fact] = ()

    def tell_nothing(self) -> None:
        """Show that nothing is under the cursor."""
        self.tell("Detail", None, ())

    def tell(self, title: str, subject: Hashable, facts: Sequence[Fact]) -> None:
        """Show the facts about a subject; the cursor stays on its line."""
        self._subject, self._facts = subject, facts
        self.frame = replace(self.frame, subject=title)
        self._show()

    def set_display(self, display: Display) -> None:
        """Write in another theme; the facts themselves are told anew by who knows them."""
        self._display = display
        self._show()
        self.set_look(display.look)

    @property
    def is_on_why(self) -> bool:
        """Whether the cursor is on why a job moves or stands."""
        fact = self._fact()
        return fact is not None and fact.is_why

    def texts(self) -> dict[str, str]:
        """What can be copied: the value under the cursor, whole."""
        fact = self._fact()
        return {"ID": fact.value} if fact is not None else {}

    def _fact(self) -> Fact | None:
        rows = self.rows
        return rows.fact_at(self.cursor.row) if isinstance(rows, DetailRows) else None

    def on_resize(self) -> None:
        """Wrap the values anew."""
        self._show()

    def _show(self) -> None:
        width = max(0, self.size.width - 2)
        facts = DetailRows(self._subject, self._facts, self._display, width)
        self.show(facts if self._facts else MessageRows(("Nothing is chosen.",), self._display, width))

    def action_back_to_tree(self) -> None:
        """Go back to the chunks."""
        self.wish(GoBack())
