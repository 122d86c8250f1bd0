"""Takes values out of a TOML table one by one, and notes what is wrong and what nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bptui.text import visible

Report = Callable[[tuple[str, ...], str], None]
"""Is given the path of a key and a sentence."""


class Table:
    """A table of the config file while it is read: each method takes one key, and None means not given."""

    def __init__(self, values: Mapping[str, Any], key: tuple[str, ...], report: Report) -> None:
        self._values = values
        self._key = key
        self._report = report
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """Every key of the table."""
        return tuple(self._values)

    @property
    def unknown(self) -> list[tuple[str, ...]]:
        """The paths of the keys that nobody asked for."""
        return [(*self._key, name) for name in self._values if name not in self._asked]

    def refuse(self, name: str, sentence: str) -> None:
        """Note that the value of a key is wrong."""
        self._report((*self._key, name) if name else self._key, sentence)

    def text(self, name: str, *, allowed: Sequence[str] = ()) -> str | None:
        """Take a text, trimmed; one of `allowed` if there are any."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, str) and (not allowed or value in allowed):
            return value.strip()
        choices = ", ".join(f'"{word}"' for word in allowed)
        self._unfit(name, value, f"one of {choices}" if allowed else "a text in quotes")
        return None

    def flag(self, name: str) -> bool | None:
        """Take a yes or no."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return value
        self._unfit(name, value, "true or false")
        return None

    def number(self, name: str, minimum: float, maximum: float) -> float | None:
        """Take a number from `minimum` to `maximum`."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not minimum <= value <= maximum:
            self._unfit(name, value, f"a number from {minimum:g} to {maximum:g}")
            return None
        return float(value)

    def words(self, name: str) -> tuple[str, ...] | None:
        """Take a text or a list of texts."""
        value = self._take(name)
        if value is None:
            return None
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            self._unfit(name, value, "a text in quotes, or a list of them")
            return None
        return tuple(words)

    def table(self, name: str) -> Table | None:
        """Take a table of its own."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._unfit(name, value, "a table")
            return None
        return Table(value, (*self._key, name), self._report)

    def _take(self, name: str) -> Any:
        self._asked.add(name)
        return self._values.get(name)

    def _unfit(self, name: str, value: Any, wanted: str) -> None:
        given = "" if _may_be_secret(name) else f", not {visible(repr(value))[:60]}"
        self.refuse(name, f"this has to be {wanted}{given}.")


def _may_be_secret(name: str) -> bool:
    return "secret" in name or "proxy" in name
