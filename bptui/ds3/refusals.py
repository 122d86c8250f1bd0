"""What an answer other than the one asked for means: status, headers and body become an error; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bptui.ds3 import errors
from bptui.ds3.parse.errors import WireError, parse_error
from bptui.ds3.parse.limits import ParseError
from bptui.model.problem import Problem, ProblemKind

DEFAULT_RETRY_SECONDS = 60.0
"""How long to wait after a 503 without `Retry-After`: the appliance's own default (DS3 API, 4.1)."""

_MANAGEMENT_HEADER = "spectra-data-path-request-made-on-management-path"
_ROOT = re.compile(
    # Atomic, because a page may begin with any number of blanks, each of which could be matched in many ways.
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!?([A-Za-z_][\w.:-]*)",
    re.DOTALL,
)
_SKEW_CODES = {"requesttimetooskewed"}
_PERMISSION_CODES = {"accessdenied", "forbidden"}
_USE_DATA_PATH = "Use the address of the appliance's data path, not that of its management page."
_MOST_WORDS = 300
_MOST_DATE = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer, reduced to what tells why it is not the one asked for."""

    where: str
    """Who answered: host and port."""
    what: str
    """What was asked: method and path."""
    status: int
    headers: Mapping[str, str]
    """By name; the mapping ignores case."""
    head: bytes
    """The beginning of the body."""
    at: datetime
    """When the answer came, by our clock, UTC."""


def root_name(head: bytes) -> str:
    """The local name of a document's first element (or `doctype`), lower case; empty when there is none."""
    found = _ROOT.match(head)
    return found[1].decode("ascii").rpartition(":")[2].lower() if found else ""


def is_page(headers: Mapping[str, str], head: bytes) -> bool:
    """Whether a body is a page for people."""
    return "html" in headers.get("content-type", "").lower() or root_name(head) in {"html", "doctype"}


def error_of(refusal: Refusal) -> errors.AnsweredError:
    """Return the error that an answer with another status than 200 stands for."""
    wire = _wire_error(refusal.head)
    if _is_other_interface(refusal, wire):
        return _wrong_interface(refusal)
    if refusal.status == 403:
        return _forbidden(refusal, wire)
    kind, make, sentence, advice = _MEANINGS.get(refusal.status, _meaning_of_other(refusal.status))
    words = sentence.format(where=refusal.where, what=refusal.what, status=refusal.status)
    return make(_problem(refusal, wire, kind, _with_message(words, wire), advice))


def bad_answer(refusal: Refusal, why: str) -> errors.AnsweredError:
    """Return the error for a 200 whose body is not the answer: a page, an error in disguise, or not XML."""
    if is_page(refusal.headers, refusal.head):
        return _wrong_interface(refusal)
    wire = _wire_error(refusal.head) if root_name(refusal.head) == "error" else None
    if wire is not None:
        why = "an error inside"
    sentence = f"{refusal.where} answered {refusal.what} with {refusal.status} and {why}"
    problem = _problem(
        refusal,
        wire,
        ProblemKind.BAD_ANSWER,
        _with_message(sentence, wire),
        "Look at the raw answer; support wants it, with the request id.",
    )
    return errors.BadAnswerError(problem)


def retry_after_seconds(headers: Mapping[str, str], at: datetime) -> float | None:
    """Read `Retry-After`: whole seconds, as the appliance sends, or a date; None when it is absent or nonsense."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:12])
    moment = clock_of(text)
    return max(0.0, (moment - at).total_seconds()) if moment else None


def clock_of(text: str) -> datetime | None:
    """Read an HTTP date; None when it is none."""
    try:
        moment = parsedate_to_datetime(text[:_MOST_DATE])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _wire_error(head: bytes) -> WireError | None:
    try:
        return parse_error(head) if head.strip() else None
    except ParseError:
        return None


def _is_other_interface(refusal: Refusal, wire: WireError | None) -> bool:
    if _MANAGEMENT_HEADER in refusal.headers or refusal.status == 401:
        return True
    if refusal.status >= 500 or refusal.status in {307, 407}:
        return False
    if 300 <= refusal.status < 400:
        return True
    has_foreign_body = refusal.status == 404 and wire is None and bool(refusal.head.strip())
    return has_foreign_body or is_page(refusal.headers, refusal.head)


def _wrong_interface(refusal: Refusal) -> errors.WrongInterfaceError:
    sentence = f"What answers at {refusal.where} is not the data path of an appliance (status {refusal.status})."
    if _MANAGEMENT_HEADER in refusal.headers:
        sentence = f"{refusal.where} is the management interface of an appliance."
    return errors.WrongInterfaceError(_problem(refusal, None, ProblemKind.WRONG_INTERFACE, sentence, _USE_DATA_PATH))


def _forbidden(refusal: Refusal, wire: WireError | None) -> errors.AnsweredError:
    code = _plain(wire.code if wire else None)
    message = (wire.message or "").lower() if wire else ""
    if code in _SKEW_CODES or "client clock" in message:
        return _skewed(refusal, wire)
    if code in _PERMISSION_CODES:
        sentence = f"{refusal.where} does not permit {refusal.what} to this key"
        advice = "Ask an administrator of the appliance, or use another key."
        problem = _problem(refusal, wire, ProblemKind.PERMISSION, _with_message(sentence, wire), advice)
        return errors.PermissionDeniedError(problem)
    sentence = f"{refusal.where} does not accept the access id or the secret key"
    advice = "Check both; each appliance has its own. Nothing is tried again until asked."
    problem = _problem(refusal, wire, ProblemKind.AUTHENTICATION, _with_message(sentence, wire), advice)
    return errors.AuthenticationError(problem)


def _skewed(refusal: Refusal, wire: WireError | None) -> errors.ClockSkewError:
    theirs = clock_of(refusal.headers.get("date", ""))
    sentence = f"The clocks of {refusal.where} and of this machine are too far apart."
    if theirs is not None:
        sentence = (
            f"The clock of {refusal.where} says {theirs:%Y-%m-%d %H:%M:%S}, this machine's "
            f"{refusal.at:%Y-%m-%d %H:%M:%S} (UTC): too far apart."
        )
    problem = _problem(refusal, wire, ProblemKind.CLOCK_SKEW, sentence, "Set the clock that is wrong.", theirs)
    return errors.ClockSkewError(problem)


def _problem(
    refusal: Refusal,
    wire: WireError | None,
    kind: ProblemKind,
    sentence: str,
    advice: str,
    appliance_clock: datetime | None = None,
) -> Problem:
    retry_seconds = retry_after_seconds(refusal.headers, refusal.at)
    if retry_seconds is None and refusal.status == 503:
        retry_seconds = DEFAULT_RETRY_SECONDS
    request_id = refusal.headers.get("x-amz-request-id") or (wire.resource_id if wire else None)
    return Problem(
        kind,
        sentence,
        advice,
        status=refusal.status,
        code=wire.code if wire else None,
        request_id=None if request_id is None else str(request_id)[:80],
        retry_after_seconds=retry_seconds,
        appliance_clock=appliance_clock,
        our_clock=refusal.at if appliance_clock else None,
    )


def _with_message(sentence: str, wire: WireError | None) -> str:
    message = (wire.message or "").strip() if wire else ""
    clipped = message[:_MOST_WORDS] + "…" if len(message) > _MOST_WORDS else message
    return f"{sentence}: {clipped}" if clipped else f"{sentence}."


def _plain(code: str | None) -> str:
    """A code for comparison: styles are mixed on the wire (`NotFound`, `OBJECT_ALREADY_EXISTS`)."""
    return (code or "").replace("_", "").strip().lower()


_Meaning = tuple[ProblemKind, type[errors.AnsweredError], str, str]

_LATER = "Nothing to do unless it stays so: then look at the appliance's management page."
_MEANINGS: dict[int, _Meaning] = {
    307: (
        ProblemKind.UNAVAILABLE,
        errors.RedirectedError,
        "{where} keeps saying that it is not ready for {what}",
        _LATER,
    ),
    404: (ProblemKind.GONE, errors.GoneError, "{where} does not know {what}", "It may have ended and been cleared."),
    407: (
        ProblemKind.AUTHENTICATION,
        errors.AuthenticationError,
        "The proxy on the way to {where} asks for a login",
        "Put user and password into the proxy's URL.",
    ),
    409: (
        ProblemKind.CONFLICT,
        errors.ConflictError,
        "{where} says that {what} does not fit the present state",
        "Look at the job again.",
    ),
    410: (ProblemKind.GONE, errors.GoneError, "{where} does not know {what}", "It may have ended and been cleared."),
    429: (ProblemKind.UNAVAILABLE, errors.UnavailableError, "{where} is asked too often", "Poll less often."),
    503: (ProblemKind.UNAVAILABLE, errors.UnavailableError, "{where} is not available now", _LATER),
}


def _meaning_of_other(status: int) -> _Meaning:
    if status >= 500:
        sentence = "{where} failed at {what} (status {status})"
        return ProblemKind.UNAVAILABLE, errors.UnavailableError, sentence, _LATER
    if status >= 400:
        sentence = "{where} refused {what} (status {status})"
        return ProblemKind.BAD_REQUEST, errors.BadRequestError, sentence, "The release may not have this call."
    sentence = "{where} answered {what} with status {status}, which has no meaning here"
    return ProblemKind.BAD_ANSWER, errors.BadAnswerError, sentence, "Look at the raw answer."
