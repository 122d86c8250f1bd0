"""Asks a server for its certificate and hangs up, so that a person can decide whether to trust it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping

import httpx

from bptui.ds3 import failures
from bptui.ds3.certificate import CertificateSeen, read_certificate
from bptui.ds3.errors import ConfigurationError, Delivery, TlsError
from bptui.ds3.guard import Guard
from bptui.ds3.journey import Journey
from bptui.ds3.permission import WritePermission
from bptui.ds3.proxies import proxy_for
from bptui.ds3.timing import Timing
from bptui.ds3.tls import checked_context
from bptui.ds3.transport import Transports, origin_of
from bptui.model.endpoint import Writes
from bptui.model.problem import Problem, ProblemKind


class _Shown(ssl.SSLError):
    """The certificate was shown: the handshake is ended with it."""

    def __init__(self, der: bytes) -> None:
        super().__init__("seen enough")
        self.der = der


async def fetch_certificate(
    url: str, *, proxy: str | None = None, environ: Mapping[str, str], timing: Timing | None = None
) -> CertificateSeen:
    """Return the certificate of an https endpoint, trusted or not; no request is sent.

    `proxy` is the endpoint's setting: a URL, the empty string for none, None for the environment.

    Raises:
        ConfigurationError: the URL or the proxy cannot be used, or the URL is not https.
        Ds3Error: the server cannot be reached, or does not speak TLS.
    """
    timing = timing or Timing()
    origin = origin_of(url)
    if origin.scheme != "https":
        raise ConfigurationError(f"{url} has no certificate: it is not https.", "Write https://, or leave it out.")
    transports = Transports(origin, proxy_for(url, proxy, environ), checked_context(_show))
    way = failures.Way(origin.netloc.decode("ascii"), "TLS", transports.proxy, timing)
    try:
        async with asyncio.timeout(timing.connect_seconds), Journey("GET") as journey:
            await _shake_hands(transports, journey)
    except TimeoutError as error:
        raise failures.too_slow(timing.connect_seconds, way, Delivery.NOT_SENT) from error
    except httpx.HTTPError as error:
        for cause in failures.causes_of(error):
            if isinstance(cause, _Shown):
                return read_certificate(cause.der)
        raise failures.error_of(error, way, Delivery.NOT_SENT) from error
    raise TlsError(Problem(ProblemKind.TLS, f"{way.where} showed no certificate."), delivery=Delivery.NOT_SENT)


def _show(der: bytes) -> None:
    raise _Shown(der)


async def _shake_hands(transports: Transports, journey: Journey) -> None:
    permission = WritePermission(Writes.NO, is_read_only=True)
    request = httpx.Request("GET", transports.origin, extensions={"trace": journey.trace})
    async with Guard(transports.open(), transports.origin, permission) as guard:
        response = await guard.handle_async_request(request)
        await response.aclose()
