"""The bottom line: the keys of the focused pane, and for a while a sentence about what just happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bptui.text import cell_width, clip
from bptui.tui.keys import KeyMap, Scope
from bptui.tui.messages import Tone
from bptui.tui.theme import Look
from bptui.tui.widgets.painted_line import PaintedLine
from bptui.tui.widgets.strips import Piece

SENTENCE_SECONDS = 8.0
"""For how long a sentence stands at most."""
READ_SECONDS = 1.0
"""For how long it stands at least."""
CLOSING = frozenset({"close_jobs"})
"""What is not possible before a job that can be closed is under the cursor."""


class Sentence(NamedTuple):
    """What the status line says; visible text."""

    text: str
    tone: Tone = Tone.PLAIN


class BottomLine(PaintedLine):
    """The last line of the screen."""

    def __init__(self, look: Look, keymap: KeyMap, *, name: str) -> None:
        super().__init__(name=name)
        self._look = look
        self._keymap = keymap
        self._scope = Scope.JOBS
        self._impossible = CLOSING
        self._sentence: Sentence | None = None
        self._said_at = 0.0

    def say(self, sentence: Sentence | None, at: float = 0.0) -> None:
        """Say a sentence, or nothing any more; monotonic seconds."""
        self._sentence, self._said_at = sentence, at
        self.repaint_changes()

    def pass_time(self, now: float) -> None:
        """Take away a sentence that has stood for long enough."""
        if self._sentence is not None and now > self._said_at + SENTENCE_SECONDS:
            self.say(None)

    def note_key(self, at: float) -> None:
        """Take away what was said about an earlier key; bad news stay."""
        is_read = self._sentence is not None and at > self._said_at + READ_SECONDS
        if is_read and self._sentence is not None and self._sentence.tone is Tone.PLAIN:
            self.say(None)

    def set_scope(self, scope: Scope) -> None:
        """Show the keys of another place."""
        self._scope = scope
        self.repaint_changes()

    def set_impossible(self, action_ids: frozenset[str]) -> None:
        """Dim the keys of these actions where they stand, so that no other label moves."""
        if action_ids != self._impossible:
            self._impossible = action_ids
            self.repaint_changes()

    def set_look(self, look: Look) -> None:
        """Draw in another theme."""
        self._look = look
        self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        """The sentence in full, then as many keys as fit whole; help is always among them."""
        said = self._said(width)
        room = width - sum(cell_width(text) for text, _ in said)
        return [*said, *self._keys(room)]

    def _said(self, width: int) -> list[Piece]:
        if self._sentence is None:
            return [(" ", self._look.text)]
        styles = {Tone.PLAIN: self._look.strong, Tone.GOOD: self._look.good, Tone.BAD: self._look.bad}
        text = clip(self._sentence.text, width - 2, mark=self._look.glyphs.ellipsis)
        return [(f" {text}", styles[self._sentence.tone]), ("  ", self._look.text)]

    def _keys(self, room: int) -> list[Piece]:
        labelled = [action for action in self._keymap.chain(self._scope) if action.footer_label]
        last = [action for action in labelled if action.id == "help"]
        pieces: list[Piece] = []
        for action in [*last, *(action for action in labelled if action not in last)]:
            key = self._keymap.label(action)
            label = action.footer_label.replace("…", self._look.glyphs.ellipsis)
            cells = cell_width(key) + 1 + cell_width(label) + 2
            if not key or cells > room:
                continue
            room -= cells
            style = self._look.dim if action.id in self._impossible else self._look.key
            pair: list[Piece] = [(key, style), (f" {label}  ", self._look.dim)]
            pieces = [*pieces[: len(pieces) - 2], *pair, *pieces[len(pieces) - 2 :]] if pieces else pair
        return pieces
