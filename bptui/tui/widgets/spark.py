"""The last minutes of a counter in eight cells."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = "_,:-=+*#"
_UNSEEN, _ASCII_UNSEEN = "·", "."


def spark(amounts: Sequence[int], *, unseen: int = 0, is_ascii: bool = False) -> str:
    """One cell for each amount, as high as it is beside the largest: the lowest sign is nothing at all.

    The first `unseen` cells are of a time in which nobody looked, of which nothing is known.
    """
    levels, unknown = (_ASCII_LEVELS, _ASCII_UNSEEN) if is_ascii else (_LEVELS, _UNSEEN)
    most = max(amounts, default=0)
    seen = amounts[unseen:]
    return unknown * (len(amounts) - len(seen)) + "".join(levels[_level(one, most, len(levels) - 1)] for one in seen)


def _level(amount: int, most: int, highest: int) -> int:
    return max(1, round(highest * amount / most)) if amount > 0 else 0
