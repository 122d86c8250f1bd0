"""Failures that cannot be made on a loopback socket still end as the right error, in words."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bptui.ds3 import errors
from bptui.ds3.client import Client
from bptui.ds3.errors import Delivery
from bptui.ds3.failures import Way, error_of
from bptui.ds3.proxies import Proxy
from bptui.ds3.timing import Timing
from bptui.ds3.trust import fetch_certificate

DIRECT = Way("bp1.example.test:443", "GET /_rest_/job", None, Timing())
PROXIED = Way("bp1.example.test", "GET /", Proxy("http://u:hidden@proxy.example.test:3128", "HTTP_PROXY"), Timing())


def _from(failure: Exception, *causes: Exception) -> Any:
    """The failure, raised from the first cause, which was raised from the second, and so on."""
    raised = failure
    for cause in causes:
        raised.__cause__ = cause
        raised = cause
    return failure


def _verification(code: int, message: str = "unhappy") -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "verify failed")
    error.verify_code = code
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (httpx.PoolTimeout(""), errors.TimedOutError, "became free"),
        (httpx.WriteTimeout(""), errors.TimedOutError, "took no data for 20 s"),
        (httpx.ConnectTimeout(""), errors.TimedOutError, "within 8 s"),
        (
            _from(httpx.ConnectError("x"), OSError(errno.EHOSTUNREACH, "No route to host")),
            errors.UnreachableError,
            "cannot be reached: No route to host",
        ),
        (
            _from(
                httpx.ConnectError("x"),
                OSError("All connection attempts failed"),
                ExceptionGroup(
                    "both", [OSError(errno.ENETUNREACH, "Network is unreachable"), ConnectionRefusedError()]
                ),
            ),
            errors.UnreachableError,
            "refuses connections",
        ),
        (httpx.ConnectError("x"), errors.UnreachableError, "cannot be reached."),
        (_from(httpx.ConnectError("x"), _verification(9)), errors.TlsError, "not valid yet"),
        (_from(httpx.ConnectError("x"), _verification(23)), errors.TlsError, "not accepted: unhappy"),
        (ssl.SSLError(1, "tlsv13 alert certificate required"), errors.TlsError, "TLS with bp1.example.test:443 failed"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), errors.ConnectionBrokenError, "in the middle"),
        (httpx.ReadError(""), errors.ConnectionBrokenError, "broke the connection"),
    ],
)
def test_words(failure: Any, kind: type[errors.Ds3Error], words: str) -> None:
    """Each is told apart, and carries how far the request had come."""
    error = error_of(failure, DIRECT, Delivery.PERHAPS_SENT)
    assert type(error) is kind
    assert words in error.problem.sentence
    assert error.problem.advice
    expected = Delivery.NOT_SENT if kind is errors.UnreachableError else Delivery.PERHAPS_SENT
    assert error.delivery is expected


def test_a_proxy_is_named_without_its_password() -> None:
    """When the proxy's own name is unknown, or it refuses the tunnel, the proxy is what to look at."""
    unknown = error_of(_from(httpx.ConnectError("x"), socket.gaierror(-2, "unknown")), PROXIED, Delivery.NOT_SENT)
    refused = error_of(httpx.ProxyError("502 Bad Gateway"), PROXIED, Delivery.NOT_SENT)
    assert "The name proxy.example.test is not known here." in str(unknown)
    assert "(through the proxy http://proxy.example.test:3128): 502 Bad Gateway" in str(refused)
    assert "hidden" not in str(unknown) + str(refused)


def test_an_error_that_causes_itself_ends() -> None:
    """A circle among causes is walked once."""
    failure = httpx.ReadError("")
    failure.__context__ = failure
    assert isinstance(error_of(failure, DIRECT, Delivery.NOT_SENT), errors.ConnectionBrokenError)


async def test_a_server_that_never_shows_its_certificate(serve: Callable[..., Awaitable[Any]]) -> None:
    """Fetching it ends in time, with a sentence."""

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        server.gone.set()

    url = (await serve(talk)).url.replace("http:", "https:")
    with pytest.raises(errors.TimedOutError) as caught:
        await fetch_certificate(url, environ={}, timing=Timing(connect_seconds=0.2))
    assert caught.value.delivery is Delivery.NOT_SENT


async def test_a_proxy_url_that_the_http_library_refuses(client_for: Callable[..., Client]) -> None:
    """It is a configuration error that names where the URL comes from."""
    with pytest.raises(errors.ConfigurationError, match="HTTP_PROXY"):
        await client_for("http://bp1.example.test", environ={"HTTP_PROXY": "http://proxy\x01.example.test"}).jobs()
