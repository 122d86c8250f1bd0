"""What went wrong between us and an appliance, as data that every front end can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class ProblemKind(Enum):
    """The families of trouble; each calls for something else from the person."""

    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    CLOCK_SKEW = "clock skew"
    GONE = "gone"
    CONFLICT = "conflict"
    BAD_REQUEST = "bad request"
    WRONG_INTERFACE = "wrong interface"
    UNAVAILABLE = "unavailable"
    BAD_ANSWER = "bad answer"
    TLS = "tls"
    NAME = "name not found"
    REFUSED = "connection refused"
    BROKEN = "connection broken"
    TIMEOUT = "timeout"
    NOT_ALLOWED = "not allowed here"
    """The guard of our own transport said no."""
    CONFIGURATION = "configuration"
    INTERNAL = "internal"
    """A defect of ours; the log has the traceback."""

    @property
    def waits_for_person(self) -> bool:
        """Whether trying again by itself is pointless, or locks an account."""
        return self in _WAITING


_WAITING = {
    ProblemKind.AUTHENTICATION,
    ProblemKind.CONFIGURATION,
    ProblemKind.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure: what happened, to what, and what to do next."""

    kind: ProblemKind
    sentence: str
    """What happened, to what. May hold text of the appliance: escape it before it is shown."""
    advice: str = ""
    """What to do next."""
    status: int | None = None
    code: str | None = None
    """The appliance's own code, such as `AccessDenied`."""
    request_id: str | None = None
    """The value of `x-amz-request-id`, which support asks for."""
    retry_after_seconds: float | None = None
    appliance_clock: datetime | None = None
    our_clock: datetime | None = None
