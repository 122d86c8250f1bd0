"""Frames in few bytes: only the cells that changed, and only the part of a style that differs from the cell before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from bptui.tui.canvas import Canvas, Run
from bptui.tui.theme import Depth, hex_of

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderResult

_SYSTEMS = {
    Depth.NONE: ColorSystem.STANDARD,
    Depth.ANSI16: ColorSystem.STANDARD,
    Depth.ANSI256: ColorSystem.EIGHT_BIT,
    Depth.TRUECOLOR: ColorSystem.TRUECOLOR,
}

_INDEXED = {hex_of(index): index for index in range(255, 15, -1)}
"""The colours of the 256-colour palette, which Rich would round to their neighbours."""

_Look = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Attribute, foreground and background codes of a style."""
_PLAIN: _Look = ((), (), ())


class NoColours(LineFilter):
    """Takes every colour out of what is painted, and leaves bold, dim, underline and reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's shape
        """The same text without colour codes."""
        return [
            Segment(text, style.without_color if style is not None else None, control)
            for text, style, control in segments
        ]


class Frames:
    """Turns Textual's updates into our own, which say the same in fewer bytes."""

    def __init__(self, depth: Depth) -> None:
        self._system = _SYSTEMS[depth]
        self._looks: dict[Style, _Look] = {}
        self._canvas = Canvas()

    def forget(self) -> None:
        """Send the next frame whole: the terminal may show anything."""
        self._canvas.forget()

    def of(self, renderable: RenderableType | None) -> RenderableType | None:
        """The same update in fewer bytes, or None if it changes nothing; what is no update of cells stays as it is."""
        if isinstance(renderable, ChopsUpdate):
            runs = _changed(renderable)
        elif isinstance(renderable, LayoutUpdate):
            x = renderable.region.x
            rows = enumerate(renderable.strips, renderable.region.y)
            runs = ((x, y, Strip.join(strips)) for y, strips in rows)
        else:
            return renderable
        differing = list(self._canvas.differing(runs))
        return _Frame(self, differing) if differing else None

    def sent(self, runs: Sequence[Run]) -> str:
        """What writes some runs of cells; from now on they are held to stand on the terminal."""
        self._canvas.note(runs)
        return self.written(runs)

    def written(self, runs: Iterable[Run]) -> str:
        """The escape codes and the text of some runs of cells."""
        parts: list[str] = []
        now = _PLAIN
        for x, y, strip in runs:
            parts.append(f"\x1b[{y + 1};{x + 1}H")
            for text, style, control in strip:
                if control:
                    continue
                wanted = self._look(style) if style is not None else _PLAIN
                parts.append(_between(now, wanted))
                parts.append(text)
                now = wanted
        parts.append(_between(now, _PLAIN))
        return "".join(parts)

    def _look(self, style: Style) -> _Look:
        look = self._looks.get(style)
        if look is None:
            look = (_attributes(style), self._codes(style.color, "39"), self._codes(style.bgcolor, "49"))
            self._looks[style] = look
        return look

    def _codes(self, color: RichColor | None, default: str) -> tuple[str, ...]:
        if color is None:
            return ()
        number = _INDEXED.get(color.name) if self._system is ColorSystem.EIGHT_BIT else None
        if number is not None:
            return ("38" if default == "39" else "48", "5", str(number))
        codes = color.downgrade(self._system).get_ansi_codes(foreground=default == "39")
        return () if codes == (default,) else codes


class _Frame(CompositorUpdate):
    """Some runs of cells."""

    def __init__(self, frames: Frames, runs: list[Run]) -> None:
        self._frames = frames
        self._runs = runs

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from (segment for _, _, strip in self._runs for segment in strip)

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 - Textual's shape
        """The bytes for the terminal, as text."""
        return self._frames.sent(self._runs)


def _changed(update: ChopsUpdate) -> Iterator[Run]:
    """The cells of each span, cut at both sides."""
    for y, first, end in update.spans:
        for chop_end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= end or chop_end <= first:
                continue
            start = max(x, first)
            yield start, y, strip.crop(start - x, min(chop_end, end) - x)


def _attributes(style: Style) -> tuple[str, ...]:
    states = (
        ("1", style.bold),
        ("2", style.dim),
        ("3", style.italic),
        ("4", style.underline),
        ("7", style.reverse),
        ("9", style.strike),
    )
    return tuple(code for code, is_on in states if is_on)


def _between(now: _Look, wanted: _Look) -> str:
    """The codes that lead from one look to another: only what differs, or all after a reset."""
    if now == wanted:
        return ""
    if wanted == _PLAIN:
        return "\x1b[0m"
    is_reset = now[0] != wanted[0] or any(old and not new for old, new in zip(now[1:], wanted[1:], strict=True))
    if is_reset:
        codes = [*(("0",) if now != _PLAIN else ()), *wanted[0], *wanted[1], *wanted[2]]
    else:
        codes = [code for old, new in zip(now[1:], wanted[1:], strict=True) if old != new for code in new]
    return f"\x1b[{';'.join(codes)}m"
