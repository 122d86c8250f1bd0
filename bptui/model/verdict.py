"""Why a job moves, waits or stands: one word, how sure it is, who can act, and what was checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from bptui.model.reading import SourceState


class KindClass(Enum):
    """What a kind of verdict means for the person who reads it."""

    MOVES = "moves"
    NORMAL = "normal"
    WAITS = "waits"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    ENDED = "ended"


class Kind(Enum):
    """The one word of a verdict; its value is what the screen shows."""

    RECEIVING = "receiving"
    WRITING = "writing"
    RECEIVING_AND_WRITING = "recv+write"
    STAGING = "staging"
    SENDING = "sending"
    STAGING_AND_SENDING = "stage+send"
    VERIFYING = "verifying"
    WORKING = "working"
    QUIET = "quiet"
    CLIENT = "client"
    CACHE = "cache"
    MEDIA = "media"
    QUEUED = "queued"
    OPEN = "open"
    BLOCKED = "blocked"
    ERROR = "error"
    UNCLEAR = "unclear"
    WATCHING = "watching"
    DONE = "done"
    CANCELED = "canceled"
    GONE = "gone"

    @property
    def kind_class(self) -> KindClass:
        """Which of the six classes the kind belongs to."""
        return _CLASSES.get(self, KindClass.MOVES)

    @property
    def is_stalled(self) -> bool:
        """Whether "stalled" on the screen and in filters means this kind too."""
        return self in _STALLED


_CLASSES = {
    Kind.QUIET: KindClass.NORMAL,
    Kind.CLIENT: KindClass.WAITS,
    Kind.CACHE: KindClass.WAITS,
    Kind.MEDIA: KindClass.WAITS,
    Kind.QUEUED: KindClass.WAITS,
    Kind.OPEN: KindClass.WAITS,
    Kind.BLOCKED: KindClass.STOPPED,
    Kind.ERROR: KindClass.STOPPED,
    Kind.UNCLEAR: KindClass.UNKNOWN,
    Kind.WATCHING: KindClass.UNKNOWN,
    Kind.DONE: KindClass.ENDED,
    Kind.CANCELED: KindClass.ENDED,
    Kind.GONE: KindClass.ENDED,
}

_STALLED = {Kind.BLOCKED, Kind.ERROR, Kind.CACHE, Kind.MEDIA, Kind.CLIENT, Kind.UNCLEAR}


class Grade(Enum):
    """How far a verdict can be relied on."""

    TOLD = "told"
    """A field of an answer says so."""
    FOLLOWS = "follows"
    """The only reading of the counters and states."""
    LIKELY = "likely"
    """Fits, and another explanation remains, which the sentence names."""


class Actor(Enum):
    """Who can do something about it."""

    NOBODY = "nobody"
    CLIENT = "client"
    OPERATOR = "operator"
    """Someone who can touch the library: bring, load, add tapes."""
    ADMIN = "admin"
    """Someone with the appliance's management page."""
    VENDOR = "vendor"
    YOU = "you"
    """It can be done from here: end aggregation."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class At:
    """A moment inside a sentence, written as the person likes times to be written."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Size:
    """A number of bytes inside a sentence."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time inside a sentence."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Since:
    """The time that has passed since a moment on the clock of the samples; grows while it is looked at."""

    seconds: float
    is_lower_bound: bool = False


Part = str | At | Size | Span | Since
Phrase = tuple[Part, ...]
"""A piece of a sentence whose numbers and times are put into words by who shows it.

Texts may hold the appliance's or other people's words: escape them before they are shown.
"""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source that would have helped and could not be read."""

    source: str
    """The call's name, such as `storage_domain_failure`."""
    state: SourceState


_NO_SOURCES: frozenset[str] = frozenset()
"""The one empty set of all verdicts: every other one would cost as much as the verdict itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one job does or waits for.

    The first fields are the ruling, which is cheap and kept for every job. The phrases are its
    evidence, which is put together for the job that is looked at; they are empty otherwise.
    Equal rulings are equal however much time has passed: durations follow from `since_seconds`.
    """

    kind: Kind
    rule: str
    """The id of the rule that fired, such as `P7`."""
    since_seconds: float
    """When the condition began, on the clock of the samples: last counted byte, state change, end."""
    grade: Grade | None = None
    actor: Actor | None = None
    is_since_lower_bound: bool = False
    """Whether no change was seen since watching began, so that it may have begun earlier."""
    limit_seconds: float | None = None
    """Up to where the pause counts as normal; None where no limit played a part."""
    stands: Phrase = ()
    """What stands, or what the job does."""
    cause: tuple[Phrase, ...] = ()
    facts: tuple[Phrase, ...] = ()
    """Peers and other observations, each a sentence without its full stop."""
    checked: tuple[Phrase, ...] = ()
    """What was read and found fine."""
    unreadable: tuple[Unreadable, ...] = ()
    who: str = ""
    used: frozenset[str] = _NO_SOURCES
    """The sources without which this ruling would not have been made."""

    @property
    def ruling(self) -> Verdict:
        """The same verdict without its evidence."""
        return replace(self, stands=(), cause=(), facts=(), checked=(), unreadable=(), who="", used=_NO_SOURCES)


@dataclass(frozen=True, slots=True)
class EndpointVerdict:
    """Something about the whole appliance, shown once, to which the jobs it explains point."""

    rule: str
    """E1 to E10."""
    actor: Actor
    cause: tuple[Phrase, ...]
