"""What can go wrong between us and an appliance, as one tree; every leaf calls for something else.

Ds3Error
├── NotSentError                our own side said no: nothing left this machine
│   ├── ConfigurationError      a setting, an environment variable or a file is unusable
│   ├── InvalidIdError          an id that is none would turn a call about one thing into one about all
│   └── NotAllowedError         the guard of the transport: only GET, and Close when it is unlocked
├── NetworkError                no whole answer came
│   ├── NameNotFoundError       the host's name is not known
│   ├── UnreachableError        nobody listens there, or no way leads there
│   ├── ConnectionBrokenError   reset, or ended in the middle
│   ├── TimedOutError           connecting, waiting, or the whole took too long
│   └── TlsError                the certificate is not trusted, expired, for another host, or not the pinned one
└── AnsweredError               an answer came, and it is not what was asked for
    ├── AuthenticationError     403: the access id or the secret key is wrong
    ├── PermissionDeniedError   403: the key is good, and may not do this
    ├── ClockSkewError          403: the two clocks differ too much
    ├── GoneError               404, 410: the appliance does not know it (any more)
    ├── ConflictError           409: not in this state
    ├── BadRequestError         400 and other 4xx
    ├── WrongInterfaceError     management interface, login page, proxy page: not the data path
    ├── UnavailableError        429, 5xx: later perhaps
    ├── RedirectedError         307: told to ask again, too often; or a Close, which is never sent twice
    └── BadAnswerError          200, but empty, cut, not XML, too large, or about something else
"""

from __future__ import annotations

from enum import Enum

from bptui.model.problem import Problem, ProblemKind


class Delivery(Enum):
    """How far a request that failed had come: after a Close this decides whether the job is read again."""

    NOT_SENT = "not sent"
    """It failed before the first byte of the request was handed to the network."""
    PERHAPS_SENT = "perhaps sent"
    """Part or all of the request was written, and no answer tells what came of it."""
    ANSWERED = "answered"
    """The appliance, or something before it, answered."""


class Ds3Error(Exception):
    """A request that did not bring what it was made for.

    `problem` is what front ends show: a sentence, what to do next, status, code and request id.
    """

    delivery = Delivery.ANSWERED

    def __init__(self, problem: Problem, *, delivery: Delivery | None = None) -> None:
        super().__init__(f"{problem.sentence} {problem.advice}".strip())
        self.problem = problem
        if delivery is not None:
            self.delivery = delivery


class NotSentError(Ds3Error):
    """Our own side said no; nothing was sent."""

    delivery = Delivery.NOT_SENT


class ConfigurationError(NotSentError):
    """A setting, an environment variable or a file cannot be used."""

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(Problem(ProblemKind.CONFIGURATION, sentence, advice))


class InvalidIdError(NotSentError):
    """An id is empty or no UUID; without it the same path would mean all jobs."""

    def __init__(self, what: str, text: str) -> None:
        shown = f"{text[:80]!r} is not a {what} id" if text else f"The {what} id is empty"
        super().__init__(Problem(ProblemKind.BAD_REQUEST, f"{shown}; nothing was sent.", "Give the whole UUID."))


class NotAllowedError(NotSentError):
    """The guard refused a request that would change something, or go elsewhere."""

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(Problem(ProblemKind.NOT_ALLOWED, sentence, advice))


class NetworkError(Ds3Error):
    """No whole answer came."""

    delivery = Delivery.PERHAPS_SENT


class NameNotFoundError(NetworkError):
    """The name of the host is not known here."""


class UnreachableError(NetworkError):
    """Nobody listens at the address, or no way leads there."""


class ConnectionBrokenError(NetworkError):
    """The connection was reset, or ended before the answer did."""


class TimedOutError(NetworkError):
    """Connecting, waiting for bytes, or the whole call took longer than its limit."""


class TlsError(NetworkError):
    """The other side could not prove who it is."""


class AnsweredError(Ds3Error):
    """An answer came, and it is not the one asked for."""


class AuthenticationError(AnsweredError):
    """403 because of the access id or the signature; trying again may lock the account."""


class PermissionDeniedError(AnsweredError):
    """403 although the key is good: not for this user."""


class ClockSkewError(AnsweredError):
    """403 because the request's date is too far from the appliance's clock; the problem has both."""


class GoneError(AnsweredError):
    """404, or 410 in 3.x: the appliance does not know what was asked for."""


class ConflictError(AnsweredError):
    """409: not possible in the present state."""


class BadRequestError(AnsweredError):
    """400 and other 4xx: the request itself was refused."""


class WrongInterfaceError(AnsweredError):
    """Something answered that is not the data path of an appliance."""


class UnavailableError(AnsweredError):
    """429, 500, 502, 503, 504: the appliance, or a proxy before it, cannot answer now."""


class RedirectedError(AnsweredError):
    """307, "ask again", more often than is followed; a Close is not repeated even once."""


class BadAnswerError(AnsweredError):
    """200, but the body is not what the call answers."""
