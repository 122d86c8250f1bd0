"""The words of the appliance's answers as enumerations that survive a word nobody has seen yet."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Vocabulary(Enum):
    """An enumeration that keeps the text of an unknown word instead of failing.

    Words are compared without regard to case. An unknown word becomes a member of its own, equal to any
    other member with the same text, and `is_known` is False.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not a word of {cls.__name__}")
        word = _ALIASES.get(value.strip().upper(), value.strip().upper())
        for member in cls:
            if member.value == word:
                return member
        unknown = object.__new__(cls)
        unknown._name_ = word
        unknown._value_ = word
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this word is one of those that the releases up to 6.0 use."""
        return self._name_ in type(self).__members__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._value_ == other._value_

    def __hash__(self) -> int:
        return hash(self._value_)


class RequestType(Vocabulary):
    """What a job does. A stage job reports one of these too."""

    PUT = "PUT"
    GET = "GET"
    VERIFY = "VERIFY"


DONE_WORDS = {RequestType.PUT: "written", RequestType.GET: "sent", RequestType.VERIFY: "verified"}
"""What was done to the bytes that a job of this type has completed, as persons say it."""


class JobStatus(Vocabulary):
    """Where a job is in its life. The appliance's word decides, never byte arithmetic."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


class Priority(Vocabulary):
    """How urgent a job is; CRITICAL and BACKGROUND are for the system only."""

    CRITICAL = "CRITICAL"
    URGENT = "URGENT"
    HIGH = "HIGH"
    NORMAL = "NORMAL"
    LOW = "LOW"
    BACKGROUND = "BACKGROUND"


class OrderGuarantee(Vocabulary):
    """Whether chunks are handed to the client by number (IN_ORDER) or in any order (NONE)."""

    IN_ORDER = "IN_ORDER"
    NONE = "NONE"


_ALIASES = {"CANCELLED": "CANCELED"}
"""Spellings that some clients of the appliance tolerate, and the word that is meant."""
