"""What a failed connection means: the HTTP library's exceptions become errors for people."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from bptui.ds3 import errors
from bptui.ds3.proxies import Proxy
from bptui.ds3.timing import Timing
from bptui.ds3.tls import PinMismatch
from bptui.model.problem import Problem, ProblemKind

_SELF_SIGNED = {18, 19}
_NO_ISSUER = {2, 20, 21}
_NOT_YET_VALID = 9
_EXPIRED = 10
_OTHER_HOST = {62, 64}
_TRUST_ADVICE = (
    "Self-signed is the factory state of an appliance: compare the fingerprint and pin it (pin), "
    "name the authority's file (ca_file), or accept any certificate (insecure)."
)
_NETWORK_ADVICE = "If it stays so, look at the network between this machine and the appliance."


class Way(NamedTuple):
    """Where a request went, in words."""

    where: str
    """Host and port of the appliance."""
    what: str
    """Method and path."""
    proxy: Proxy | None
    timing: Timing

    @property
    def through(self) -> str:
        """The proxy in between, without its credentials."""
        return f" (through the proxy {self.proxy.shown})" if self.proxy else ""


def error_of(failure: httpx.HTTPError | OSError, way: Way, delivery: errors.Delivery) -> errors.Ds3Error:
    """Return the error that an exception of the HTTP library stands for."""
    causes = [] if isinstance(failure, httpx.TimeoutException) else list(causes_of(failure))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls_error(cause, way, delivery)
        if isinstance(cause, socket.gaierror):
            return _name_error(way, delivery)
    match failure:
        case httpx.TimeoutException():
            error: errors.Ds3Error = _timeout(failure, way, delivery)
        case httpx.ProxyError():
            error = _proxy_error(failure, way)
        case httpx.ConnectError():
            error = _unreachable(failure, way)
        case httpx.RemoteProtocolError() if not _is_early_end(failure):
            error = _no_http(failure, way)
        case _:
            error = _broken(failure, way, delivery)
    return error


def too_slow(seconds: float, way: Way, delivery: errors.Delivery) -> errors.TimedOutError:
    """Return the error for a call that used up all its time."""
    sentence = f"{way.where} did not answer {way.what} in full within {seconds:g} s{way.through}."
    return errors.TimedOutError(Problem(ProblemKind.TIMEOUT, sentence, _NETWORK_ADVICE), delivery=delivery)


def causes_of(failure: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all it came from; several tried addresses make a group."""
    waiting: list[BaseException | None] = [failure]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__context__, cause.__cause__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


def _tls_error(cause: ssl.SSLError, way: Way, delivery: errors.Delivery) -> errors.TlsError:
    sentence, advice = _tls_words(cause, way.where)
    return errors.TlsError(Problem(ProblemKind.TLS, sentence, advice), delivery=delivery)


def _tls_words(cause: ssl.SSLError, where: str) -> tuple[str, str]:
    if isinstance(cause, PinMismatch):
        return (
            f"The certificate of {where} is not the pinned one: pinned {cause.expected_sha256}, seen {cause.seen_sha256}.",
            "If somebody replaced the appliance's certificate, pin the new one; if nobody did, somebody listens in.",
        )
    if not isinstance(cause, ssl.SSLCertVerificationError):
        if "WRONG_VERSION_NUMBER" in str(cause) or "HTTP_REQUEST" in str(cause):
            return f"{where} does not speak TLS.", "Write http:// in the endpoint's URL, or use the https port."
        return (
            f"TLS with {where} failed: {getattr(cause, 'reason', None) or cause}.",
            "Does that port speak https (TLS 1.2 or newer)?",
        )
    return _verification_words(cause.verify_code, cause.verify_message, where)


def _verification_words(code: int, message: str, where: str) -> tuple[str, str]:
    if code in _SELF_SIGNED:
        return f"The certificate of {where} is self-signed and not trusted.", _TRUST_ADVICE
    if code in _NO_ISSUER:
        return f"The certificate of {where} comes from an authority that is not trusted.", _TRUST_ADVICE
    if code == _EXPIRED:
        return f"The certificate of {where} has expired.", "Renew it, or pin it (pin); check this machine's clock."
    if code == _NOT_YET_VALID:
        return f"The certificate of {where} is not valid yet.", "Check this machine's clock and the appliance's."
    if code in _OTHER_HOST:
        return (
            f"The certificate of {where} is for another host.",
            "Use the name that is in it, or pin it (pin).",
        )
    return f"The certificate of {where} is not accepted: {message}.", _TRUST_ADVICE


def _name_error(way: Way, delivery: errors.Delivery) -> errors.NameNotFoundError:
    name = urlsplit(way.proxy.url if way.proxy else f"//{way.where}").hostname
    sentence = f"The name {name} is not known here."
    advice = "Check the spelling, and the name servers of this machine."
    return errors.NameNotFoundError(Problem(ProblemKind.NAME, sentence, advice), delivery=delivery)


def _timeout(failure: httpx.TimeoutException, way: Way, delivery: errors.Delivery) -> errors.TimedOutError:
    if isinstance(failure, httpx.ConnectTimeout):
        sentence = f"{way.where} did not accept a connection within {way.timing.connect_seconds:g} s{way.through}."
    elif isinstance(failure, httpx.PoolTimeout):
        sentence = f"No connection to {way.where} became free within {way.timing.connect_seconds:g} s."
    elif isinstance(failure, httpx.WriteTimeout):
        sentence = f"{way.where} took no data for {way.timing.write_seconds:g} s{way.through}."
    else:
        sentence = f"{way.where} sent nothing for {way.timing.read_seconds:g} s{way.through}."
    return errors.TimedOutError(Problem(ProblemKind.TIMEOUT, sentence, _NETWORK_ADVICE), delivery=delivery)


def _proxy_error(failure: httpx.ProxyError, way: Way) -> errors.Ds3Error:
    sentence = f"The proxy did not connect to {way.where}{way.through}: {str(failure)[:200]}."
    if str(failure).startswith("407"):
        advice = "Put user and password into the proxy's URL."
        problem = Problem(ProblemKind.AUTHENTICATION, sentence, advice)
        return errors.AuthenticationError(problem, delivery=errors.Delivery.NOT_SENT)
    problem = Problem(ProblemKind.REFUSED, sentence, "Exempt the appliance with NO_PROXY, or ask who runs the proxy.")
    return errors.UnreachableError(problem, delivery=errors.Delivery.NOT_SENT)


def _unreachable(failure: httpx.ConnectError, way: Way) -> errors.UnreachableError:
    causes = list(causes_of(failure))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        sentence = f"{way.where} refuses connections{way.through}."
    else:
        reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.errno and cause.strerror]
        reason = f": {reasons[0]}" if reasons else ""
        sentence = f"{way.where} cannot be reached{way.through}{reason}."
    advice = "Is the appliance up, and is this the address and port of its data path?"
    problem = Problem(ProblemKind.REFUSED, sentence, advice)
    return errors.UnreachableError(problem, delivery=errors.Delivery.NOT_SENT)


def _is_early_end(failure: httpx.RemoteProtocolError) -> bool:
    return "disconnected" in str(failure) or "closed connection" in str(failure)


def _no_http(failure: httpx.RemoteProtocolError, way: Way) -> errors.BadAnswerError:
    sentence = f"What {way.where} sent is not HTTP as it should be{way.through}: {str(failure)[:120]}."
    advice = "Is this the address and port of an appliance's data path, and the right one of http and https?"
    problem = Problem(ProblemKind.BAD_ANSWER, sentence, advice)
    return errors.BadAnswerError(problem, delivery=errors.Delivery.PERHAPS_SENT)


def _broken(failure: Exception, way: Way, delivery: errors.Delivery) -> errors.ConnectionBrokenError:
    when = "before it answered" if isinstance(failure, httpx.RemoteProtocolError) else "in the middle"
    if "complete message body" in str(failure) or "incomplete chunked" in str(failure):
        when = "in the middle of the answer"
    sentence = f"{way.where} broke the connection {when} ({way.what}){way.through}."
    return errors.ConnectionBrokenError(Problem(ProblemKind.BROKEN, sentence, _NETWORK_ADVICE), delivery=delivery)
