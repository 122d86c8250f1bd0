"""The top line: which appliance, how fresh the data are, how many jobs, and whether closing is possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from rich.style import Style

from bptui.monitor.ages import Freshness
from bptui.text import cell_width, visible
from bptui.tui.theme import Look
from bptui.tui.widgets.painted_line import PaintedLine
from bptui.tui.widgets.strips import Piece
from bptui.units import age_text, count_text

AGE_CELLS = 10
"""The age stands in a field of fixed width, so that nothing beside it moves when it ticks."""


class Access(Enum):
    """Whether closing a job is possible; the value is what the top line says."""

    READ_ONLY = "read-only"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Standing(NamedTuple):
    """How many jobs do not move, by what one does about it."""

    blocked: int = 0
    errors: int = 0
    waiting: int = 0
    unclear: int = 0
    canceled: int = 0


NONE_STANDING = Standing()


class Headline(NamedTuple):
    """What the top line says."""

    endpoint: str
    is_prod: bool = False
    is_insecure: bool = False
    is_down: bool = False
    freshness: Freshness = Freshness.NEVER
    age_seconds: float | None = None
    asking_seconds: float | None = None
    """For how long the first answer is waited for."""
    interval_seconds: float = 0.0
    access: Access = Access.LOCKED
    is_frozen: bool = False
    jobs: int | None = None
    aggregating: int = 0
    standing: Standing = NONE_STANDING


class TopLine(PaintedLine):
    """The first line of the screen."""

    def __init__(self, look: Look, headline: Headline, *, name: str) -> None:
        super().__init__(name=name)
        self._look = look
        self._headline = headline

    def say(self, headline: Headline) -> None:
        """Say something newer."""
        self._headline = headline
        self.repaint_changes()

    def set_look(self, look: Look) -> None:
        """Draw in another theme."""
        self._look = look
        self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        """The fullest wording that fits; the endpoint, its state and the age are always there."""
        best: Sequence[Piece] = ()
        for left, right in _wordings(self._look, self._headline):
            room = width - _cells(left) - _cells(right)
            best = [*left, (" " * max(0, room), self._look.text), *right]
            if room >= 1:
                break
        return best


def _wordings(look: Look, headline: Headline) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """Left and right part, from the fullest to the shortest."""
    badge: list[Piece] = [(" bptui ", look.badge), (" ", look.text)]
    name, short_name = _endpoint(look, headline), _endpoint(look, headline, most=16)
    full, short, tight, bare = (_counts(look, headline, wording) for wording in Wording)
    yield [*badge, *name, ("   ", look.text), *full], _right(look, headline, has_interval=True)
    yield [*badge, *name, ("  ", look.text), *short], _right(look, headline, has_interval=True)
    yield [*name, ("  ", look.text), *short], _right(look, headline, has_interval=True)
    yield [*name, ("  ", look.text), *short], _right(look, headline, has_interval=False)
    yield [*short_name, (" ", look.text), *short], _right(look, headline, has_interval=False)
    yield [*short_name, ("  ", look.text), *tight], _right(look, headline, has_interval=False)
    yield [*short_name, ("  ", look.text), *bare], _right(look, headline, has_interval=False)
    yield short_name, _right(look, headline, has_interval=False)


def _endpoint(look: Look, headline: Headline, most: int = 40) -> list[Piece]:
    name = visible(headline.endpoint)
    if cell_width(name) > most:
        name = name[: most - 1] + look.glyphs.ellipsis
    pieces: list[Piece] = [(f" {name} PROD ", look.prod)] if headline.is_prod else [(name, look.strong)]
    pieces.append((" ", look.text))
    pieces.append(_state(look, headline))
    if headline.is_insecure:
        pieces.append((" INSECURE", look.bad))
    if headline.is_frozen:
        pieces.append((" FROZEN", look.accent))
    return pieces


def _state(look: Look, headline: Headline) -> Piece:
    glyphs = look.glyphs
    if headline.freshness is Freshness.STALE:
        return f"{glyphs.down} {'down, ' if headline.is_down else ''}STALE", look.bad
    if headline.is_down:
        return f"{glyphs.down} down", look.bad
    if headline.freshness is Freshness.LATE:
        return f"{glyphs.late} late", look.warn
    if headline.freshness is Freshness.NEVER:
        return f"{glyphs.late} asking", look.dim
    return f"{glyphs.live} live", look.good


class Wording(Enum):
    """How much is said of the counts."""

    FULL = "full"
    SHORT = "short"
    TIGHT = "tight"
    """Without those that aggregate: what stands matters more."""
    BARE = "bare"
    """Numbers, as far as they can be told apart."""


def _counts(look: Look, headline: Headline, wording: Wording) -> list[Piece]:
    if headline.jobs is None:
        return []
    between: Piece = (f" {look.glyphs.between} ", look.dim)
    is_bare = wording in (Wording.TIGHT, Wording.BARE)
    jobs = f"{count_text(headline.jobs)}{'' if is_bare else _plural(' job', headline.jobs)}"
    pieces: list[Piece] = [(jobs, look.text)]
    has_standing = any(count for count, _, _ in _standing(look, headline.standing, wording))
    if headline.aggregating and not (wording is Wording.TIGHT and has_standing):
        word = "aggregating" if wording is Wording.FULL else "agg"
        pieces += [between, (f"{count_text(headline.aggregating)} {word}", look.warn)]
    for count, word, style in _standing(look, headline.standing, wording):
        if count:
            pieces += [between, (f"{count_text(count)} {word}", style)]
    return pieces


def _standing(look: Look, standing: Standing, wording: Wording) -> Iterator[tuple[int, str, Style]]:
    if wording is Wording.BARE:
        yield standing.blocked + standing.errors, look.glyphs.problem, look.bad
        return
    yield standing.blocked, "blocked", look.bad
    yield standing.errors, _plural("error", standing.errors), look.bad
    yield standing.waiting, "waiting", look.warn
    if wording is Wording.FULL:
        yield standing.unclear, "unclear", look.accent
        yield standing.canceled, "canceled", look.dim


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _right(look: Look, headline: Headline, *, has_interval: bool) -> list[Piece]:
    styles = {Freshness.STALE: look.bad, Freshness.LATE: look.warn}
    age = age_text(headline.age_seconds)
    if headline.age_seconds is None and headline.asking_seconds is not None:
        age = f"{look.glyphs.ellipsis} {int(headline.asking_seconds)} s"
    interval = f" {look.glyphs.between} every {headline.interval_seconds:g} s" if has_interval else ""
    access_style = look.warn if headline.access is Access.UNLOCKED else look.dim
    return [
        (f"{age:>{AGE_CELLS}}", styles.get(headline.freshness, look.dim)),
        (f"{interval} {look.glyphs.between} ", look.dim),
        (f"{headline.access.value} ", access_style),
    ]


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_width(text) for text, _ in pieces)
