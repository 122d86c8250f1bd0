"""Close is sent at most once, on a connection of its own, and how far it came is known wherever it breaks."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bptui.ds3 import calls, errors
from bptui.ds3.calls import Patience
from bptui.ds3.client import Client
from bptui.ds3.timing import Allowance, Timing
from bptui.model.job import JobId
from tests.waiting import WAIT_SECONDS

JOB_ID = JobId("5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30")
PUT = f"PUT /_rest_/job/{JOB_ID}?close_aggregating_job HTTP/1.1\r\n".encode()
SAMPLES = Path(__file__).parent.parent / "data" / "samples"
OTHER = (SAMPLES / "close_aggregating_job.xml").read_bytes()
SAMPLE = re.sub(rb' JobId="[^"]*"', f' JobId="{JOB_ID}"'.encode(), OTHER, count=1)
ROOT = SAMPLE[: SAMPLE.index(b">") + 1]

ClientFor = Callable[..., Client]
Start = Callable[..., Awaitable[Any]]
Respond = Callable[..., bytes]


def _puts(server: Any) -> int:
    assert all(head.startswith((PUT, b"GET ")) for head in server.heads)
    return sum(head.startswith(PUT) for head in server.heads)


async def _failed(client: Client) -> errors.Ds3Error:
    with pytest.raises(errors.Ds3Error) as caught:
        await client.close_aggregating_job(JOB_ID)
    return caught.value


async def test_the_answer_is_the_job_after_the_close(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """The attributes of its root tag."""
    server = await answer(respond(200, SAMPLE))
    job = await client_for(server.url).close_aggregating_job(JOB_ID)
    assert not job.is_aggregating
    assert job.job_id == JOB_ID
    assert _puts(server) == 1


async def test_only_the_root_tag_is_read(serve: Start, client_for: ClientFor) -> None:
    """Of an answer without end the root tag is enough; then the connection is dropped."""
    sent = 0

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await server.head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n" + ROOT)
        try:
            while not reader.at_eof():
                writer.write(b"<Objects " + b" " * 60_000)
                await writer.drain()
                sent += 1
                await asyncio.sleep(0)
        finally:
            server.gone.set()

    server = await serve(talk)
    assert not (await client_for(server.url).close_aggregating_job(JOB_ID)).is_aggregating
    await asyncio.wait_for(server.gone.wait(), WAIT_SECONDS)
    assert sent < 300


@pytest.mark.parametrize("rest", [b"<broken", b"<Objects></Nodes>", b""])
async def test_what_follows_the_root_tag_does_not_matter(
    answer: Start, respond: Respond, client_for: ClientFor, rest: bytes
) -> None:
    """A body that breaks or is broken after it has already said what counts."""
    server = await answer(respond(200, ROOT + rest))
    assert not (await client_for(server.url).close_aggregating_job(JOB_ID)).is_aggregating


async def test_it_has_a_connection_of_its_own(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """A kept connection may be dead without anybody knowing; Close does not find out the hard way."""
    server = await answer(respond(200, b"<Jobs/>"), respond(200, SAMPLE), respond(200, b"<Jobs/>"))
    client = client_for(server.url)
    await client.jobs()
    await client.close_aggregating_job(JOB_ID)
    await client.jobs()
    assert (server.connections, _puts(server), len(server.heads)) == (2, 1, 3)


async def test_even_over_a_kept_connection_it_would_go_once(
    serve: Start, respond: Respond, client_for: ClientFor
) -> None:
    """What is done for GETs on a connection that turns out dead is never done for what is not repeatable."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(respond(200, b"<Jobs/>"))
        await writer.drain()
        await server.head(reader)
        writer.transport.abort()

    server = await serve(talk)
    client = client_for(server.url)
    await client.jobs()
    session, parsers = await client._connected()
    with pytest.raises(errors.ConnectionBrokenError):
        await session.ask(calls.close_aggregating_job(JOB_ID), parsers.job_root())
    assert (server.connections, _puts(server)) == (1, 1)


async def test_a_refused_connection_means_not_sent(client_for: ClientFor) -> None:
    """Nothing was sent, and that is known."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await _failed(client_for(f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert error.delivery is errors.Delivery.NOT_SENT


async def test_a_handshake_that_hangs_means_not_sent(serve: Start, client_for: ClientFor) -> None:
    """TLS comes before the request."""

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        server.gone.set()

    server = await serve(talk)
    timing = replace(Timing(), connect_seconds=0.2)
    error = await _failed(client_for(server.url.replace("http:", "https:"), timing=timing, is_insecure=True))
    assert isinstance(error, errors.TimedOutError)
    assert error.delivery is errors.Delivery.NOT_SENT


async def test_giving_up_in_the_handshake_leaves_no_socket(serve: Start, client_for: ClientFor) -> None:
    """Cancelled before the request begins, the half-open connection is closed, too."""
    asked = asyncio.Event()

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1)
        asked.set()
        await reader.read()
        server.gone.set()

    server = await serve(talk)
    client = client_for(server.url.replace("http:", "https:"), is_insecure=True)
    closing = asyncio.ensure_future(client.close_aggregating_job(JOB_ID))
    await asked.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await asyncio.wait_for(server.gone.wait(), WAIT_SECONDS)


async def test_hanging_up_after_the_request_means_perhaps_sent(serve: Start, client_for: ClientFor) -> None:
    """Read it again and judge; it is not sent again."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.transport.abort()

    server = await serve(talk)
    error = await _failed(client_for(server.url))
    assert isinstance(error, errors.ConnectionBrokenError)
    assert error.delivery is errors.Delivery.PERHAPS_SENT
    assert (server.connections, _puts(server)) == (1, 1)


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<MasterObjectList Jo",
    ],
)
@pytest.mark.parametrize("is_hanging", [False, True])
async def test_an_answer_that_stops_anywhere_means_perhaps_sent(
    serve: Start, client_for: ClientFor, begin: bytes, *, is_hanging: bool
) -> None:
    """Before or in the headers, before or in the root tag; broken off or silent."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(begin)
        await writer.drain()
        if is_hanging:
            await server.head(reader)

    server = await serve(talk)
    quick = Timing(read_seconds=0.2) if is_hanging else Timing()
    error = await _failed(client_for(server.url, timing=quick))
    assert isinstance(error, errors.TimedOutError if is_hanging else errors.ConnectionBrokenError)
    assert error.delivery is errors.Delivery.PERHAPS_SENT
    assert (server.connections, _puts(server)) == (1, 1)


async def test_the_deadline_counts_for_close_too(serve: Start, client_for: ClientFor) -> None:
    """A drip of headers without end."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not reader.at_eof():
            writer.write(b"x")
            await asyncio.sleep(0.02)

    server = await serve(talk)
    quick = Timing(allowances={patience: Allowance(0.3, 1_000_000) for patience in Patience})
    error = await _failed(client_for(server.url, timing=quick))
    assert isinstance(error, errors.TimedOutError)
    assert error.delivery is errors.Delivery.PERHAPS_SENT
    assert _puts(server) == 1


async def test_a_307_is_not_followed(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """Told to ask again, it is not asked again: what came of it shows when the job is read."""
    server = await answer(respond(307, b"", Location="http://elsewhere.example.test/"))
    error = await _failed(client_for(server.url))
    assert isinstance(error, errors.RedirectedError)
    assert error.delivery is errors.Delivery.PERHAPS_SENT
    assert _puts(server) == len(server.heads) == 1


@pytest.mark.parametrize("status", [204, 400, 403, 404, 409, 410, 500, 502, 503])
async def test_no_status_makes_it_go_twice(answer: Start, respond: Respond, client_for: ClientFor, status: int) -> None:
    """Every other answer ends it."""
    server = await answer(respond(status))
    error = await _failed(client_for(server.url))
    assert error.delivery is errors.Delivery.ANSWERED
    assert _puts(server) == len(server.heads) == 1


@pytest.mark.parametrize("body", [b"", OTHER, b"<Jobs/>", b"<html/>", b"<Error><Code>X</Code></Error>", b"{}"])
async def test_an_odd_200_is_an_error(answer: Start, respond: Respond, client_for: ClientFor, body: bytes) -> None:
    """Only that job is an answer, not another one, and nothing else."""
    server = await answer(respond(200, body))
    error = await _failed(client_for(server.url))
    assert isinstance(error, errors.BadAnswerError | errors.WrongInterfaceError)
    assert _puts(server) == 1


async def test_giving_up_drops_the_connection(serve: Start, client_for: ClientFor) -> None:
    """Who cancels leaves nothing open."""
    asked = asyncio.Event()

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await server.head(reader)
        asked.set()
        await server.head(reader)

    server = await serve(talk)
    closing = asyncio.ensure_future(client_for(server.url).close_aggregating_job(JOB_ID))
    await asked.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await asyncio.wait_for(server.gone.wait(), WAIT_SECONDS)
    assert _puts(server) == 1


@pytest.mark.parametrize("text", ["", "all", "../job"])
async def test_an_id_that_is_none_reaches_nobody(
    answer: Start, respond: Respond, client_for: ClientFor, text: str
) -> None:
    """Not even a connection is opened."""
    server = await answer(respond(200, SAMPLE))
    with pytest.raises(errors.InvalidIdError):
        await client_for(server.url).close_aggregating_job(JobId(text))
    assert server.connections == 0
