"""The last minutes of a counter in eight cells."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = "_.:-=+*#"


def spark(amounts: Sequence[int], *, is_ascii: bool = False) -> str:
    """One cell for each amount, as high as it is beside the largest; the lowest sign is nothing at all."""
    levels = _ASCII_LEVELS if is_ascii else _LEVELS
    most = max(amounts, default=0)
    return "".join(levels[_level(amount, most, len(levels) - 1)] for amount in amounts)


def _level(amount: int, most: int, highest: int) -> int:
    return max(1, round(highest * amount / most)) if amount > 0 else 0
