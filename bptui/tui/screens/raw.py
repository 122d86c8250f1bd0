"""Shows an answer of the appliance as it came: status, headers, the beginning of the body, escaped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content

from bptui.model.answer import RawAnswer
from bptui.text import visible
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.pager import Pager
from bptui.units import exact_bytes

_PIECE_CHARACTERS = 1000


class RawAnswerScreen(Dialog[None]):
    """The last answer of one kind; `answer` is None when there was none yet."""

    def __init__(self, look: Look, answer: RawAnswer | None, *, when: Callable[[datetime], str]) -> None:
        super().__init__(look)
        self._answer = answer
        self._when = when

    def compose(self) -> ComposeResult:
        """Fill the screen with the answer."""
        pager = Pager(self._look, self._flow, hint="Esc back", classes="box full")
        title = self._answer.request_line if self._answer else "no answer yet"
        pager.border_title = Content(f"Raw answer: {visible(title)}")
        yield pager

    def _flow(self, width: int) -> list[Line]:
        answer = self._answer
        if answer is None:
            return paragraph("The appliance has not answered this yet. Back in the list, r asks it now.", width)
        status = Role.GOOD if answer.status < 300 else Role.BAD
        lines = [
            line(
                (str(answer.status), status), (f"  {self._when(answer.at)}, took {answer.took_seconds:.2f} s", Role.DIM)
            )
        ]
        for name, value in answer.headers:
            lines += [line((text, Role.KEY)) for text in _folded(f"{name}: {value}", width)]
        lines.append(line(""))
        for text in answer.head.decode("utf-8", "backslashreplace").split("\n"):
            lines += [line(part) for part in _folded(text.removesuffix("\r"), width)]
        return [*lines, line(""), *paragraph(_extent(answer), width, Role.DIM)]


def _extent(answer: RawAnswer) -> str:
    left_out = answer.size_bytes - len(answer.head)
    whole = "the whole body" if answer.is_complete else "the body broke off here or was not read further"
    if left_out > 0:
        rest = "" if answer.is_complete else ", and it was not read to its end"
        return f"{exact_bytes(len(answer.head))} of {exact_bytes(answer.size_bytes)} shown; {exact_bytes(left_out)} left out{rest}."
    return f"{exact_bytes(len(answer.head))}: {whole}."


def _folded(text: str, width: int) -> list[str]:
    """Break escaped text at the edge; text without wide characters quickly."""
    shown = visible(text)
    if not shown:
        return [""]
    if shown.isascii():
        return [shown[start : start + width] for start in range(0, len(shown), width)]
    pieces = [shown[start : start + _PIECE_CHARACTERS] for start in range(0, len(shown), _PIECE_CHARACTERS)]
    return [part.plain for piece in pieces for part in Content(piece).fold(width)]
