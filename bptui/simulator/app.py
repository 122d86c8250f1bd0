"""The ASGI application: logs a request, lets faults strike, checks who sent it, answers it."""

from __future__ import annotations

import asyncio
import math
import zlib
from collections import deque
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.requests import Request as StarletteRequest

from bptui.simulator.connection import reset, transport_of
from bptui.simulator.faults import Fault, Faults, Kind
from bptui.simulator.render.s3 import error
from bptui.simulator.requests import Answer, Refusal, Request
from bptui.simulator.routes import dispatch
from bptui.simulator.service import handler_version
from bptui.simulator.signatures import authenticate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.types import Receive, Scope, Send

    from bptui.simulator.service import Service

LOGGED_REQUESTS = 10_000
MANAGEMENT_HEADER = "Spectra-Data-Path-Request-Made-On-Management-Path"
HTML = b"<!DOCTYPE html><html><head><title>BlackPearl</title></head><body><h1>Sign in</h1><p>Not here.</body></html>"
BAD_XML = b'<MasterObjectList Aggregating="false" BucketName="x><Nodes/></MasterObjectList>'
TICK_SECONDS = 0.1
"""How often a slow body goes on."""


@dataclass(slots=True)
class Logged:
    """A request as it was received, and the status it was answered with (None: not answered)."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    status: int | None = None


class Application:
    """The pretend appliance as uvicorn calls it."""

    def __init__(self, service: Service, faults: Faults) -> None:
        self.service = service
        self.faults = faults
        self.requests: deque[Logged] = deque(maxlen=LOGGED_REQUESTS)
        self.prepared: dict[str, list[bytes]] = {}
        """Bodies served as they are, by path with query: for benchmarks that need the same bytes again and again."""
        self.hanging: set[asyncio.Transport] = set()
        self._answered = 4700

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        raw = StarletteRequest(scope, receive)
        headers: dict[str, str] = {}
        for name, value in raw.headers.items():
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        raw_path = scope["raw_path"].decode("latin-1")
        request = Request(raw.method, raw_path, scope["query_string"].decode("latin-1"), headers, raw.stream())
        logged = Logged(request.method, request.path, request.raw_query, headers)
        self.requests.append(logged)
        try:
            await _Exchange(self, request, logged, scope, receive, send).run()
        except ClientDisconnect:
            return

    def let_go(self) -> None:
        """Break the connections on which nothing will ever be answered."""
        for transport in list(self.hanging):
            transport.abort()

    def next_number(self) -> int:
        """The next `x-amz-request-id`."""
        self._answered += 1
        return self._answered


class _Exchange:
    """One request and its answer on their connection."""

    def __init__(
        self, application: Application, request: Request, logged: Logged, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._application = application
        self._service = application.service
        self._request = request
        self._logged = logged
        self._scope = scope
        self._receive = receive
        self._send = send
        self._number = application.next_number()

    async def run(self) -> None:
        request = self._request
        elapsed_seconds = self._service.appliance.clock.elapsed_seconds()
        faults = self._application.faults
        self._service.skew_seconds = faults.skew_seconds(elapsed_seconds)
        striking = faults.striking(request.method, request.path, request.target, elapsed_seconds)
        first_seconds = sum(fault.first_seconds for fault in striking)
        if first_seconds:
            await asyncio.sleep(first_seconds)
        before = next(
            (fault for fault in striking if not fault.is_after and fault.kind not in (Kind.SLOW, Kind.CUT)), None
        )
        if before is not None:
            await self._strike(before, striking)
            return
        answer = await self._answer()
        after = next((fault for fault in striking if fault.is_after and fault.kind not in (Kind.SLOW, Kind.CUT)), None)
        if after is not None:
            await self._strike(after, striking)
            return
        await self._reply(answer, striking)

    async def _answer(self) -> Answer:
        prepared = self._application.prepared.get(self._request.target)
        if prepared is not None:
            return Answer.streamed(prepared)
        service = self._service
        options = service.appliance.options
        try:
            user = authenticate(
                self._request, service.appliance.user_of, service.own_now(), options.clock_tolerance_seconds
            )
            self._request.user = user
            service.appliance.catch_up()
            answer = await dispatch(service, self._request)
        except Refusal as refusal:
            answer = self._refused(refusal)
        except ValueError as error:  # a parameter that is no number, or no word of an enumeration
            answer = self._refused(Refusal(400, "BadRequest", f"{error}."))
        await self._drain()
        return answer

    async def _drain(self) -> None:
        """Read what is left of the body, so that the connection can go on."""
        async for _ in self._request.body:
            pass

    def _refused(self, refusal: Refusal) -> Answer:
        if refusal.is_bare:
            return Answer(refusal.status, (), 0, refusal.headers)
        body = self._service.style.document("Error", error(refusal, self._request.raw_path, self._number))
        return Answer.of(body, refusal.status, refusal.headers)

    async def _strike(self, fault: Fault, striking: list[Fault]) -> None:
        if fault.kind is Kind.RESET:
            reset(transport_of(self._scope))
            await self._until_gone()
        elif fault.kind is Kind.HANG:
            self._application.hanging.add(transport_of(self._scope))
            await self._until_gone()
            self._application.hanging.discard(transport_of(self._scope))
        else:
            await self._drain()
            await self._reply(self._instead(fault), striking)

    async def _until_gone(self) -> None:
        """Wait for the connection to end, so that uvicorn does not take the missing answer for a mistake."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _instead(self, fault: Fault) -> Answer:
        """The answer that a fault puts in place of the real one."""
        if fault.kind is Kind.GARBAGE:
            bodies = {"html": (HTML, "text/html"), "xml": (BAD_XML, "text/xml;charset=UTF-8"), "empty": (b"", None)}
            body, content_type = bodies[fault.word]
            return Answer(200, (body,), len(body), {}, content_type)
        if fault.kind is Kind.MANAGEMENT:
            return Answer(404, (HTML,), len(HTML), {MANAGEMENT_HEADER: "true"}, "text/html")
        if fault.kind is Kind.NOT_READY:
            return Answer.nothing(307, {"Location": self._request.target})
        return self._refused(_refusal_of(fault, self._request.path))

    async def _reply(self, answer: Answer, striking: list[Fault]) -> None:
        self._logged.status = answer.status
        is_packed = self._is_packed(answer)
        await self._send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": self._headers(answer, is_packed=is_packed),
            }
        )
        blocks = answer.blocks if self._request.method != "HEAD" else ()
        rate_bytes = min((fault.rate_bytes for fault in striking), default=math.inf)
        cut = next((fault for fault in striking if fault.kind is Kind.CUT), None)
        blocks = _packed(blocks) if is_packed else blocks
        if cut is not None:
            blocks = _cut(blocks, cut.at_bytes if cut.at_bytes is not None else (answer.length_bytes or 0) // 2)
        await self._send_blocks(blocks, rate_bytes)
        if cut is not None:
            transport_of(self._scope).close()
            await self._until_gone()
            return
        await self._send({"type": "http.response.body", "body": b""})

    async def _send_blocks(self, blocks: Iterable[bytes], rate_bytes: float) -> None:
        for block in blocks:
            if rate_bytes == math.inf:
                await self._send({"type": "http.response.body", "body": block, "more_body": True})
                continue
            step = max(1, int(rate_bytes * TICK_SECONDS))
            for at in range(0, len(block), step):
                await self._send({"type": "http.response.body", "body": block[at : at + step], "more_body": True})
                await asyncio.sleep(min(step, len(block) - at) / rate_bytes)

    def _is_packed(self, answer: Answer) -> bool:
        accepts = "gzip" in self._request.headers.get("accept-encoding", "")
        return (
            self._service.appliance.options.compresses
            and accepts
            and answer.status == 200
            and bool(answer.length_bytes)
        )

    def _headers(self, answer: Answer, *, is_packed: bool) -> list[tuple[bytes, bytes]]:
        """The headers of every answer, in the case seen on the wire (DS3 API reference, "Response headers")."""
        resource = self._request.path.split("/")[2] if self._request.is_rest else "s3"
        headers = {
            "Server": "Apache-Coyote/1.1",
            "RequestHandler-Version": handler_version(self._request.method, resource),
            "Content-Language": "en",
            "Date": format_datetime(self._service.own_now(), usegmt=True),
            "x-amz-request-id": str(self._number),
            **({"Content-Type": answer.content_type} if answer.content_type else {}),
            **answer.headers,
        }
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        elif answer.length_bytes is not None and answer.status != 204:
            headers["Content-Length"] = str(answer.length_bytes)
        return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _refusal_of(fault: Fault, path: str) -> Refusal:
    if fault.kind is Kind.UNAVAILABLE:
        headers = {"Retry-After": str(fault.retry_seconds)}
        return Refusal(503, "ServiceUnavailable", "The data planner is not answering; try again later.", headers)
    if fault.kind is Kind.FORBIDDEN:
        return Refusal(403, "AccessDenied", f"You may not use {path}.")
    if fault.kind is Kind.GONE:
        return Refusal(404, "NotFound", f"No job is known under the identifier '{path.rpartition('/')[2]}'.")
    return Refusal(500, "InternalError", "An internal error has occurred.")


def _cut(blocks: Iterable[bytes], at_bytes: int) -> Iterator[bytes]:
    for block in blocks:
        if at_bytes <= 0:
            return
        yield block[:at_bytes]
        at_bytes -= len(block)


def _packed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for block in blocks:
        packed = packer.compress(block)
        if packed:
            yield packed
    yield packer.flush()
