"""Makes other people's text safe for a terminal, and measures and cuts it by the cell."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import cache

MARKS_PER_BASE = 2
"""How many combining marks a base character keeps; terminals disagree on where more of them go."""

_plain_narrow = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482]*").fullmatch
"""Matches text of assigned, printable characters that are one cell wide in every terminal."""


@cache
def _cjk() -> re.Pattern[str]:
    """Matches the same with the common characters of Chinese, Japanese and Korean, which are two cells wide.

    Made with the first text that needs it: making it takes a millisecond.
    """
    return re.compile(
        r"[ -~\u00a0-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482"
        r"\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef\uac00-\ud7a3]*"
    )


def _plain(text: str) -> bool:
    return bool(_plain_narrow(text) or _cjk().fullmatch(text))


_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, format characters (bidi, zero-width, tags), surrogates, private use, unassigned, line separators."""

_MARK_CATEGORIES = frozenset({"Mn", "Mc", "Me"})

_ESCAPED_RANGES = (
    # Invisible though they count as letters or marks: joiners, fillers, variation selectors.
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
    # Their width depends on their neighbours: regional indicators, emoji modifiers.
    (0x1F1E6, 0x1F1FF),
    (0x1F3FB, 0x1F3FF),
    # One cell wide up to Unicode 15, two from 16 on: terminals disagree.
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D356),
    (0x1D360, 0x1D376),
)

_CONJOINING_RANGES = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
"""Korean vowels and finals that join the syllable before them, as file names from macOS have them."""

_SHORT_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Align(Enum):
    """Where text stands in the cells it is given."""

    LEFT = "left"
    RIGHT = "right"


def visible(text: str) -> str:
    r"""Show what a terminal would obey, hide or mis-measure as an escape, such as `\x1b` or `\u202e`.

    Everything that is shown, copied, logged or printed passes here. Idempotent; the backslash itself stays
    as it is, so this is for reading, not for reading back.
    """
    if _plain(text):
        return text
    shown = text.translate(_SHOWN)
    if _plain(shown) or 0 not in map(_WIDTHS.__getitem__, shown):
        return shown
    return _with_bounded_marks(shown)


def cell_width(text: str) -> int:
    """Count the terminal cells of text that `visible` returned."""
    if text.isascii() or _plain_narrow(text):
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


def clip(text: str, width: int, *, keep_tail: bool = False, mark: str = "…") -> str:
    """Cut visible text to at most `width` cells, with `mark` where something is missing.

    `keep_tail` keeps the end, where long names differ. The result may be one cell short when a wide
    character does not fit.
    """
    if width <= 0:
        return ""
    # A cell holds at most one base and its marks: longer text needs no measuring.
    most = (width + 1) * (1 + MARKS_PER_BASE)
    if len(text) <= most and cell_width(text) <= width:
        return text
    room = width - cell_width(mark)
    if room < 0:
        return clip(mark, width, mark="")
    return mark + _tail(text[-most:], room) if keep_tail else _head(text[:most], room) + mark


def pad(text: str, width: int, align: Align = Align.LEFT) -> str:
    """Fill visible text with spaces to `width` cells; longer text stays as it is."""
    missing = width - cell_width(text)
    if missing <= 0:
        return text
    return text + " " * missing if align is Align.LEFT else " " * missing + text


def fit(text: str, width: int, align: Align = Align.LEFT, *, keep_tail: bool = False, mark: str = "…") -> str:
    """Cut and fill visible text to exactly `width` cells."""
    return pad(clip(text, width, keep_tail=keep_tail, mark=mark), width, align)


class _Shown(dict[int, str]):
    """What stands for each code point, worked out when it is first met; fit for `str.translate`."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = _escape(character) if _is_escaped(character) else character
        self[code] = shown
        return shown


class _Widths(dict[str, int]):
    """How many cells each character takes, worked out when it is first met."""

    def __missing__(self, character: str) -> int:
        cells = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        width = self[character] = 0 if _is_joined(character) else cells
        return width


_SHOWN = _Shown()
_WIDTHS = _Widths()


def _is_escaped(character: str) -> bool:
    if unicodedata.category(character) in _ESCAPED_CATEGORIES:
        return True
    return _is_within(character, _ESCAPED_RANGES)


def _is_joined(character: str) -> bool:
    """Whether a character takes no cell of its own."""
    return unicodedata.category(character) in _MARK_CATEGORIES or _is_within(character, _CONJOINING_RANGES)


def _is_within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _escape(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _with_bounded_marks(text: str) -> str:
    """Escape marks that have no base, and all beyond the second on one base."""
    parts: list[str] = []
    room = 0
    for character in text:
        if _WIDTHS[character]:
            room = MARKS_PER_BASE
            parts.append(character)
        elif room:
            room -= 1
            parts.append(character)
        else:
            parts.append(_escape(character))
    return "".join(parts)


def _head(text: str, room: int) -> str:
    """Return as much of the beginning as fits, marks with their base."""
    if text.isascii():
        return text[:room]
    for index, character in enumerate(text):
        room -= _WIDTHS[character]
        if room < 0:
            return text[:index]
    return text


def _tail(text: str, room: int) -> str:
    """Return as much of the end as fits, without marks that lost their base."""
    start = len(text)
    for index in range(len(text) - 1, -1, -1):
        width = _WIDTHS[text[index]]
        room -= width
        if room < 0:
            break
        if width:
            start = index
    return text[start:]
