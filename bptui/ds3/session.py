"""Sends calls and feeds the answers to parsers: the 307 loop, limits and deadlines of one endpoint."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Generic, NamedTuple, TypeVar

import anyio
import httpx

from bptui import __version__
from bptui.clock import Clock
from bptui.credentials import Secret
from bptui.ds3 import errors, failures
from bptui.ds3.calls import Call
from bptui.ds3.failures import Way
from bptui.ds3.giving_up import until_given_up
from bptui.ds3.guard import Guard
from bptui.ds3.incoming import Incoming, Parser, redirected
from bptui.ds3.journey import Journey
from bptui.ds3.permission import WritePermission
from bptui.ds3.signing import Signer
from bptui.ds3.tally import Tally
from bptui.ds3.timing import Timing
from bptui.ds3.transport import Transports
from bptui.model.endpoint import Endpoint

with suppress(ImportError):
    # Otherwise the first request loads it, in the event loop, while everything else is loaded in a thread.
    import_module("anyio._backends._asyncio")

MOST_REDIRECTS = 5
"""How often a GET is sent again because of a 307."""

_ASK_AGAIN = 307
_DEAD_CONNECTION = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)

Value = TypeVar("Value")


class Answered(NamedTuple, Generic[Value]):
    """A parsed answer, and the headers that came with it."""

    value: Value
    headers: Mapping[str, str]
    """By name; the mapping ignores case."""


class Session:
    """One endpoint's connections, and the calls that go over them."""

    def __init__(
        self,
        endpoint: Endpoint,
        secret: Secret,
        permission: WritePermission,
        *,
        environ: Mapping[str, str],
        clock: Clock,
        timing: Timing,
        tally: Tally,
    ) -> None:
        self._transports = Transports.to(endpoint, environ)
        self._signer = Signer(endpoint.access_id, secret, clock)
        self._permission = permission
        self._clock = clock
        self._timing = timing
        self._tally = tally
        self._pool = self._open()

    async def ask(self, call: Call, parser: Parser[Value]) -> Answered[Value]:
        """Send a call over the kept connections and return what the parser makes of the answer.

        Raises:
            Ds3Error: whatever went wrong.
        """
        return await until_given_up(self._in_time(call, parser, self._pool, _never))

    async def ask_once(self, call: Call, parser: Parser[Value], is_enough: Callable[[], bool]) -> Answered[Value]:
        """Send a call on a connection of its own; stop reading, and drop the connection, as soon as it is enough.

        Raises:
            Ds3Error: its `delivery` tells whether anything was sent.
        """
        return await until_given_up(self._on_its_own(call, parser, is_enough))

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._pool.aclose()

    def _open(self) -> httpx.AsyncClient:
        guarded = Guard(self._transports.open(), self._transports.origin, self._permission)
        return httpx.AsyncClient(transport=guarded, auth=self._signer, trust_env=False, follow_redirects=False)

    async def _on_its_own(self, call: Call, parser: Parser[Value], is_enough: Callable[[], bool]) -> Answered[Value]:
        async with self._open() as own:
            return await self._in_time(call, parser, own, is_enough)

    async def _in_time(
        self, call: Call, parser: Parser[Value], http: httpx.AsyncClient, is_enough: Callable[[], bool]
    ) -> Answered[Value]:
        seconds = self._timing.of(call.patience).total_seconds
        journey = Journey(call.method.value)
        try:
            with anyio.fail_after(seconds):
                async with journey:
                    return await self._exchange(call, parser, http, journey, is_enough)
        except TimeoutError as error:
            failed: errors.Ds3Error = failures.too_slow(seconds, self._way(call), journey.delivery)
            raise self._counted(call, failed) from error
        except (httpx.HTTPError, OSError) as error:
            # Trouble in TLS after the handshake comes as it is, as an OSError.
            failed = failures.error_of(error, self._way(call), journey.delivery)
            _forget_locals(error)
            raise self._counted(call, failed) from error
        except errors.Ds3Error as error:
            raise self._counted(call, error)  # noqa: B904  # it is the same error

    async def _exchange(
        self,
        call: Call,
        parser: Parser[Value],
        http: httpx.AsyncClient,
        journey: Journey,
        is_enough: Callable[[], bool],
    ) -> Answered[Value]:
        started = self._clock.monotonic()
        response = await self._send(call, http, journey)
        incoming = Incoming(response, self._way(call), self._timing.of(call.patience).most_bytes, self._clock.now())
        try:
            value = await incoming.parse(parser, is_enough)
            return Answered(value, response.headers)
        finally:
            self._tally.of(call.name).received_bytes += incoming.received_bytes
            self._tally.answers[call.name] = incoming.raw_answer(self._clock.monotonic() - started)
            await response.aclose()

    async def _send(self, call: Call, http: httpx.AsyncClient, journey: Journey) -> httpx.Response:
        """Send until the answer is none that says "ask again"; such answers are closed unread."""
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._send_living(call, http, journey)
            if response.status_code != _ASK_AGAIN:
                return response
            await response.aclose()
            if not call.is_repeatable:
                break
        raise redirected(response, self._way(call), self._clock.now(), is_repeatable=call.is_repeatable)

    async def _send_living(self, call: Call, http: httpx.AsyncClient, journey: Journey) -> httpx.Response:
        """Send over a kept connection, and over the next one if it turns out that the other side had closed it."""
        while True:
            journey.is_new_connection = False
            self._tally.of(call.name).requests += 1
            try:
                return await http.send(self._request(call, journey), stream=True)
            except _DEAD_CONNECTION:
                if journey.is_new_connection or not call.is_repeatable:
                    raise

    def _request(self, call: Call, journey: Journey) -> httpx.Request:
        headers = {"User-Agent": f"bptui/{__version__}", "Accept-Encoding": "gzip"}
        if not call.is_repeatable:
            headers |= {"Accept-Encoding": "identity", "Content-Length": "0", "Connection": "close"}
        timing = self._timing
        limits = {
            "connect": timing.connect_seconds,
            "read": timing.read_seconds,
            "write": timing.write_seconds,
            "pool": timing.connect_seconds,
        }
        url = self._transports.origin.copy_with(raw_path=call.target.encode("ascii"))
        return httpx.Request(
            call.method.value, url, headers=headers, extensions={"timeout": limits, "trace": journey.trace}
        )

    def _way(self, call: Call) -> Way:
        where = self._transports.origin.netloc.decode("ascii")
        return Way(where, f"{call.method.value} {call.target}", self._transports.proxy, self._timing)

    def _counted(self, call: Call, error: errors.Ds3Error) -> errors.Ds3Error:
        self._tally.of(call.name).failures += 1
        return error


def _forget_locals(error: BaseException) -> None:
    """Empty the frames behind an error: a traceback that shows locals would show a proxy's password in them."""
    for cause in failures.causes_of(error):
        traceback.clear_frames(cause.__traceback__)


def _never() -> bool:
    return False
