"""Read the texts of attributes and elements as numbers, booleans, dates and ids, tolerantly but never by guessing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from bptui.ds3.parse.limits import ParseError
from bptui.model.vocabulary import Vocabulary

Word = TypeVar("Word", bound=Vocabulary)

LARGEST = 2**63 - 1
"""The largest number of the appliance's type `long`."""

BOOLEANS = {"true": True, "false": False}

_MOST_OF_A_DATE = 64
"""Characters; longer ones are none, and are not worth remembering."""

_DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?(E-?[0-9]{1,2})?", re.ASCII)


def number(text: str, name: str, element: str) -> int:
    """A whole number from 0 to LARGEST; ParseError for anything else."""
    digits = text.strip()
    if digits.isascii() and digits.isdecimal() and len(digits) <= 19 and int(digits) <= LARGEST:
        return int(digits)
    raise ParseError(f"{name} of {element} is {shown(text)}, not a whole number from 0 to 2^63-1")


def boolean(text: str, name: str, element: str) -> bool:
    """True or false in any case; ParseError for anything else."""
    value = BOOLEANS.get(text) if text in BOOLEANS else BOOLEANS.get(text.strip().lower())
    if value is None:
        raise ParseError(f"{name} of {element} is {shown(text)}, not true or false")
    return value


def date(text: str) -> datetime | None:
    """A date in any of the forms the appliance is known to send, UTC when it names no zone; None when it is no date.

    Known forms: `2016-08-30T22:14:49.000Z`, without zone, without milliseconds, with a space instead of the T.
    """
    return _date(text) if len(text) <= _MOST_OF_A_DATE else None


@lru_cache(maxsize=1024)
def _date(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def shown(text: str) -> str:
    """An odd text for an error message, bounded."""
    return repr(text if len(text) <= 60 else text[:60] + "…")


@dataclass(frozen=True, slots=True)
class Fields:
    """The attributes of an element, or the texts of its children, by name; an empty text is as absent as no text."""

    element: str
    texts: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """The exact text; None when absent or empty."""
        return self.texts.get(name) or None

    def identity(self, name: str) -> str | None:
        """An id without the spaces that captures sometimes carry; None when absent or empty."""
        return self.texts.get(name, "").strip() or None

    def boolean(self, name: str) -> bool | None:
        """True or false; None when absent or empty; ParseError when it is neither."""
        text = self.texts.get(name, "")
        return boolean(text, name, self.element) if text.strip() else None

    def number(self, name: str) -> int | None:
        """A whole number; None when absent or empty; ParseError when it is none."""
        text = self.texts.get(name, "")
        return number(text, name, self.element) if text.strip() else None

    def date(self, name: str) -> datetime | None:
        """A date, UTC; None when absent or not readable as one."""
        return date(self.texts.get(name, ""))

    def fraction(self, name: str) -> float | None:
        """A number that may have a decimal point; None when absent or empty; ParseError when it is none."""
        text = self.texts.get(name, "").strip()
        if text and not _DECIMAL.fullmatch(text):
            raise ParseError(f"{name} of {self.element} is {shown(text)}, not a number")
        return float(text) if text else None

    def word(self, name: str, vocabulary: type[Word]) -> Word | None:
        """A word of a vocabulary, known or not; None when absent or empty."""
        text = self.identity(name)
        return None if text is None else vocabulary(text)

    def required(self, name: str) -> str:
        """An id that must be there; ParseError when it is not."""
        value = self.identity(name)
        if value is None:
            raise ParseError(f"{name} of {self.element} is missing")
        return value
