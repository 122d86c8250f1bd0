"""Real sockets for the wire: the pretend appliance, servers that misbehave byte by byte, and a proxy."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
import trustme

from bptui.credentials import Secret
from bptui.ds3.calls import Patience
from bptui.ds3.client import Client
from bptui.ds3.timing import Allowance, Timing
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.waiting import WAIT_SECONDS

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

SECRET_TEXT = "Tj7wQx2Lk9-planted"


class RawServer:
    """Talks as a test says, and remembers what it was sent."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.heads: list[bytes] = []
        """The head of each request that came."""
        self.connections = 0
        self.received = bytearray()
        """Every byte that came, decrypted."""
        self.gone = asyncio.Event()
        """A client hung up."""
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, context: ssl.SSLContext | None = None) -> RawServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{port}"
        return self

    async def head(self, reader: asyncio.StreamReader) -> bytes:
        """Wait for the head of the next request; empty when the client hung up."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            self.gone.set()
            return b""
        self.heads.append(head)
        return head

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Closed transports let go of their sockets in the loop's next round.
        await asyncio.sleep(0)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[RawServer]]]:
    """Servers that talk as told, plain or with a TLS context."""
    started: list[RawServer] = []

    async def start(talk: Callable[..., Awaitable[None]], context: ssl.SSLContext | None = None) -> RawServer:
        server = RawServer(lambda reader, writer: talk(server, reader, writer))
        started.append(server)
        return await server.start(context)

    yield start
    for server in started:
        await server.stop()


@pytest.fixture
async def answer(serve: Callable[..., Awaitable[RawServer]]) -> Callable[..., Awaitable[RawServer]]:
    """Servers that give canned bytes to each request; of several answers, each is given once and the last for good."""

    async def start(*answers: bytes, context: ssl.SSLContext | None = None) -> RawServer:
        given = list(answers)

        async def talk(server: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await server.head(reader):
                writer.write(given.pop(0) if len(given) > 1 else given[0])
                await writer.drain()

        return await serve(talk, context)

    return start


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer with its length told; `Content_Type` names the header Content-Type."""
    lines = [f"HTTP/1.1 {status} Reason"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Content_Length" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def respond() -> Callable[..., bytes]:
    """Write an answer: `respond(404, b"body", Header_Name="value")`."""
    return http


@pytest.fixture
def endpoint_for() -> Callable[..., Endpoint]:
    """Make an endpoint for a URL; keyword arguments replace fields."""

    def make(url: str, **fields: object) -> Endpoint:
        endpoint = Endpoint(EndpointName("bp1"), url, "d2F0Y2hlcg==", writes=Writes.YES)
        return replace(endpoint, **fields)  # type: ignore[arg-type]  # a test's own fields

    return make


PATIENT = Timing(
    connect_seconds=WAIT_SECONDS,
    read_seconds=WAIT_SECONDS,
    allowances={patience: Allowance(WAIT_SECONDS, 4_000_000) for patience in Patience},
)
"""What fails in time is asked for with less; nothing else fails because a machine is slow."""


@pytest.fixture
async def client_for(endpoint_for: Callable[..., Endpoint]) -> AsyncIterator[Callable[..., Client]]:
    """Make a client for a URL: `client_for(url, timing=…, is_read_only=…, environ=…, **endpoint_fields)`."""
    made: list[Client] = []

    def make(  # everything a test may want to vary
        url: str,
        *,
        timing: Timing = PATIENT,
        is_read_only: bool = False,
        environ: dict[str, str] | None = None,
        secret: str = SECRET_TEXT,
        **fields: object,
    ) -> Client:
        client = Client(
            endpoint_for(url, **fields),
            Secret(secret),
            environ=environ or {},
            is_read_only=is_read_only,
            timing=timing,
        )
        made.append(client)
        return client

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def simulate() -> Iterator[Callable[..., RunningSimulator]]:
    """Start pretend appliances: `simulate(scenario="busy", …)`."""
    running: list[RunningSimulator] = []

    def start(**options: object) -> RunningSimulator:
        simulator = RunningSimulator(Options(**options))  # type: ignore[arg-type]  # a test's own options
        simulator.__enter__()
        running.append(simulator)
        return simulator

    yield start
    for simulator in running:
        simulator.__exit__(None, None, None)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts until told to."""
    return trustme.CA()
