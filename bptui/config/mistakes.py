"""Says what is wrong in a config file: in which file, on which line, at which key, and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bptui.text import visible


class Mistake(NamedTuple):
    """One thing that is wrong in a config file."""

    path: Path
    line: int | None
    """Counted from 1; None when it belongs to no line."""
    key: str
    """The dotted name of the key, or empty when the mistake is not at a key."""
    sentence: str
    """What is wrong, and what is allowed."""

    def __str__(self) -> str:
        place = visible(str(self.path)) + (f", line {self.line}" if self.line is not None else "")
        return f"{place}: {self.key}: {self.sentence}" if self.key else f"{place}: {self.sentence}"


class ConfigError(Exception):
    """A config file cannot be used, or not be changed; holds every mistake that was found."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def dotted(key: Sequence[str]) -> str:
    """Write a key's path as it stands in TOML, without control characters."""
    return ".".join(
        visible(part) if part.replace("-", "").replace("_", "").isalnum() else f'"{visible(part)}"' for part in key
    )


def line_of(text: str, key: Sequence[str]) -> int | None:
    """Find the line on which a key of well-formed TOML begins.

    Reads ever longer beginnings until one holds the key, which is exact whatever the notation, and slow:
    for messages only.
    """
    import tomllib  # noqa: PLC0415  # for messages only

    lines = text.splitlines()
    whole_until = 0
    for count in range(1, len(lines) + 1):
        try:
            beginning: Any = tomllib.loads("\n".join(lines[:count]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
        if _holds(beginning, key):
            return whole_until + 1
        whole_until = count
    return None


def _holds(table: Any, key: Sequence[str]) -> bool:
    for part in key:
        if not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True
