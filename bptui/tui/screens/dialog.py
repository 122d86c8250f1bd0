"""What every dialog shares: it is awaited, returns a value, touches nothing, and leaves on Esc."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen

from bptui.tui.keys import Scope, bindings
from bptui.tui.theme import Look

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A question over the screen below; `harmless` is the answer of who walks away."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DIALOG)]
    # Here, because the first frame would wait for it among the app's own.
    CSS_PATH = Path(__file__).parents[1] / "styles" / "dialogs.tcss"

    keeps_ctrl_c: ClassVar[bool] = False
    """Whether Ctrl-C cancels this dialog instead of leaving the program."""

    harmless: ClassVar[object] = None
    """The answer that changes nothing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.set_class(look.is_ascii, "-ascii")

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer once: a key typed after the one that answered, and what was still asked meanwhile, is for nobody."""
        if not self.is_active:
            return AwaitComplete()
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def cancel(self) -> None:
        """Leave with the answer that changes nothing."""
        self.dismiss(self.harmless)  # type: ignore[arg-type]  # each dialog's own answer type

    def action_cancel(self) -> None:
        """Leave on Esc or q."""
        self.cancel()
