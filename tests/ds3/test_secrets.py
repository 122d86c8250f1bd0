"""The secret key is used to sign and is nowhere else: not sent, not kept, not shown, not in a traceback with its locals."""

from __future__ import annotations

import asyncio
import base64
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bptui.ds3 import errors
from bptui.ds3.calls import CallName
from bptui.ds3.client import Client

SECRET = "planted-Kq7ZxW"
PASSWORD = "planted-proxy-Vb2"

ClientFor = Callable[..., Client]
Start = Callable[..., Awaitable[Any]]
Respond = Callable[..., bytes]


def _told(error: BaseException) -> str:
    """Everything that a crash report with local variables would print, but for the test's own."""
    assert error.__traceback__ is not None
    below = error.__traceback__.tb_next
    return "".join(traceback.TracebackException(type(error), error, below, capture_locals=True).format(chain=True))


@pytest.mark.parametrize("status", [0, 200, 307, 403, 407, 500])
async def test_planted_secrets_come_out_nowhere(
    serve: Start, respond: Respond, client_for: ClientFor, status: int
) -> None:
    """Wire, error, traceback, kept answer, and the client itself, for answers and for a broken connection."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await server.head(reader):
            if not status:
                writer.transport.abort()
                return
            writer.write(respond(status, b"<Data/>"))

    server = await serve(talk)
    proxy = server.url.replace("http://", f"http://somebody:{PASSWORD}@")
    client = client_for("http://bp1.example.test", secret=SECRET, proxy=proxy)
    with pytest.raises(errors.Ds3Error) as caught:
        await client.jobs()
    texts = [str(caught.value), repr(caught.value.problem), _told(caught.value)]
    texts += [repr(client.last_answer(CallName.JOBS)), repr(vars(client)["_secret"]), repr(client.traffic)]
    basic = base64.b64encode(f"somebody:{PASSWORD}".encode()).decode()
    for text in texts:
        assert SECRET not in text
        assert PASSWORD not in text
        assert basic not in text
    assert all(SECRET.encode() not in head for head in server.heads)
    assert any(basic.encode() in head for head in server.heads)


async def test_a_traceback_with_locals_shows_no_proxy_password(serve: Start, client_for: ClientFor) -> None:
    """Below us the HTTP library holds headers in its frames; they are emptied."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.transport.abort()

    server = await serve(talk)
    proxy = server.url.replace("http://", f"http://somebody:{PASSWORD}@")
    for url in ("http://bp1.example.test", "https://bp1.example.test"):
        with pytest.raises(errors.NetworkError) as caught:
            await client_for(url, proxy=proxy).jobs()
        basic = base64.b64encode(f"somebody:{PASSWORD}".encode()).decode()
        told = _told(caught.value)
        assert basic not in told
        assert "httpcore" in told


async def test_cookies_are_not_taken_home(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """What an answer sets is not sent back."""
    server = await answer(respond(200, b"<Jobs/>", Set_Cookie="session=abc; Path=/"))
    client = client_for(server.url)
    await client.jobs()
    await client.jobs()
    assert [b"cookie" in head.lower() for head in server.heads] == [False, False]
