"""What can go wrong on purpose: faults as text, matched against requests.

A fault is `KIND[:key=value,...]`; several may be given and each acts on its own. Kinds and their own keys:

    503         unavailable; retry=SECONDS is its Retry-After (60)
    307         "not ready, ask again"
    500         an internal error
    slow        first=SECONDS until the first byte, rate=BYTES a second afterwards
    cut         the body ends early, after at=BYTES (half of it)
    garbage     html, xml (not well-formed) or empty instead of the answer, as in garbage:html
    skew        the appliance's clock is off, as in skew:3600 (seconds, also negative)
    forbidden   403
    gone        404 for a single job; unless path= says otherwise
    management  as if the request had reached the management interface
    reset       the connection is reset
    hang        no answer ever

Keys of all: p=PROBABILITY; from=SECONDS and for=SECONDS, in simulated time since the start; times=COUNT at most;
path=GLOB against the path with or without its query; method=METHOD; when=after lets the appliance act on the request
before its answer is replaced (before is the default; slow and cut always let it act). A clock is off for everybody:
skew takes only from= and for=.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

SINGLE_JOB = "/_rest_/*job/*"


class FaultError(ValueError):
    """A fault's text does not follow the syntax."""


class Kind(StrEnum):
    """What goes wrong."""

    UNAVAILABLE = "503"
    NOT_READY = "307"
    FAILING = "500"
    SLOW = "slow"
    CUT = "cut"
    GARBAGE = "garbage"
    SKEW = "skew"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    MANAGEMENT = "management"
    RESET = "reset"
    HANG = "hang"


GARBAGE_WORDS = ("html", "xml", "empty")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and when it strikes."""

    kind: Kind
    probability: float = 1.0
    from_seconds: float = 0.0
    for_seconds: float = math.inf
    times: int | None = None
    path: str = "*"
    method: str = "*"
    is_after: bool = False
    retry_seconds: int = 60
    first_seconds: float = 0.0
    rate_bytes: float = math.inf
    at_bytes: int | None = None
    skew_seconds: float = 0.0
    word: str = ""

    def is_due(self, elapsed_seconds: float) -> bool:
        """Whether its schedule lets it strike now."""
        return self.from_seconds <= elapsed_seconds < self.from_seconds + self.for_seconds

    def fits(self, method: str, path: str, target: str) -> bool:
        """Whether it is meant for this request."""
        is_path = fnmatchcase(path, self.path) or fnmatchcase(target, self.path)
        return is_path and fnmatchcase(method, self.method)


def parse_faults(texts: Iterable[str]) -> list[Fault]:
    """All faults.

    Raises:
        FaultError: naming the part that cannot be read.
    """
    return [parse_fault(text) for text in texts]


def parse_fault(text: str) -> Fault:
    """One fault from its text.

    Raises:
        FaultError: naming the part that cannot be read.
    """
    word, _, rest = text.partition(":")
    if word not in list(Kind):
        raise FaultError(f"There is no fault {word!r}; there are {', '.join(Kind)}.")
    kind = Kind(word)
    fault = Fault(kind, path=SINGLE_JOB if kind is Kind.GONE else "*", word="html" if kind is Kind.GARBAGE else "")
    for item in filter(None, rest.split(",")):
        name, has_value, value = item.partition("=")
        fault = _with(fault, name, value) if has_value else _with_word(fault, item)
    if kind is Kind.SKEW and not fault.skew_seconds:
        raise FaultError(f"{text!r} does not say by how many seconds, as in skew:600.")
    if kind is Kind.SLOW and not fault.first_seconds and fault.rate_bytes == math.inf:
        raise FaultError(f"{text!r} says neither first= nor rate=.")
    return fault


def _with_word(fault: Fault, word: str) -> Fault:
    if fault.kind is Kind.SKEW:
        return replace(fault, skew_seconds=_number(word, word))
    if fault.kind is Kind.GARBAGE and word in GARBAGE_WORDS:
        return replace(fault, word=word)
    raise FaultError(f"{word!r} means nothing for the fault {fault.kind}.")


def _with(fault: Fault, name: str, value: str) -> Fault:
    if fault.kind is Kind.SKEW and name not in ("from", "for"):
        raise FaultError(f"The fault {fault.kind} has no key {name!r}.")
    setters: dict[str, Callable[[], Fault]] = {
        "p": lambda: replace(fault, probability=_number(name, value)),
        "from": lambda: replace(fault, from_seconds=_number(name, value)),
        "for": lambda: replace(fault, for_seconds=_number(name, value)),
        "times": lambda: replace(fault, times=int(_number(name, value))),
        "path": lambda: replace(fault, path=value),
        "method": lambda: replace(fault, method=value.upper()),
        "when": lambda: replace(fault, is_after=_is_after(value)),
    }
    own: dict[tuple[Kind, str], Callable[[], Fault]] = {
        (Kind.UNAVAILABLE, "retry"): lambda: replace(fault, retry_seconds=int(_number(name, value))),
        (Kind.SLOW, "first"): lambda: replace(fault, first_seconds=_number(name, value)),
        (Kind.SLOW, "rate"): lambda: replace(fault, rate_bytes=_positive(name, value)),
        (Kind.CUT, "at"): lambda: replace(fault, at_bytes=int(_number(name, value))),
    }
    setter = setters.get(name) or own.get((fault.kind, name))
    if setter is None:
        raise FaultError(f"The fault {fault.kind} has no key {name!r}.")
    return setter()


def _is_after(value: str) -> bool:
    if value not in ("before", "after"):
        raise FaultError(f"when={value} is neither before nor after.")
    return value == "after"


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise FaultError(f"{value!r} is not a number for {name!r}.") from None
    if not math.isfinite(number):
        raise FaultError(f"{value!r} is not a number for {name!r}.")
    return number


def _positive(name: str, value: str) -> float:
    number = _number(name, value)
    if number <= 0:
        raise FaultError(f"{name}={value} has to be more than 0.")
    return number


class Faults:
    """The faults in force; decides for each request which of them strike."""

    def __init__(self, faults: Iterable[Fault], rng: random.Random) -> None:
        self._rng = rng
        self._left: list[tuple[Fault, list[int]]] = []
        self.set(faults)

    def set(self, faults: Iterable[Fault]) -> None:
        """Put these in force instead of all others."""
        self._left = [(fault, [fault.times if fault.times is not None else -1]) for fault in faults]

    def skew_seconds(self, elapsed_seconds: float) -> float:
        """By how much the appliance's clock is off now."""
        return sum(
            fault.skew_seconds for fault, _ in self._left if fault.kind is Kind.SKEW and fault.is_due(elapsed_seconds)
        )

    def striking(self, method: str, path: str, target: str, elapsed_seconds: float) -> list[Fault]:
        """The faults that strike this request."""
        return [
            fault
            for fault, left in self._left
            if fault.kind is not Kind.SKEW
            and fault.is_due(elapsed_seconds)
            and fault.fits(method, path, target)
            and self._takes_turn(fault, left)
        ]

    def _takes_turn(self, fault: Fault, left: list[int]) -> bool:
        if left[0] == 0 or (fault.probability < 1 and self._rng.random() >= fault.probability):
            return False
        left[0] -= 1
        return True
