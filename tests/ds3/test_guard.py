"""Nothing but GETs and one exact PUT leaves, whatever code above asks for, also through a proxy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bptui.credentials import Secret
from bptui.ds3 import errors
from bptui.ds3.client import Client
from bptui.ds3.guard import Guard
from bptui.ds3.permission import WritePermission
from bptui.ds3.proxies import Proxy
from bptui.ds3.tls import empty_context
from bptui.ds3.transport import Transports
from bptui.model.endpoint import Endpoint, Writes
from bptui.model.job import JobId
from bptui.model.problem import ProblemKind
from bptui.simulator.server import RunningSimulator

JOB = "/_rest_/job/5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30"
CLOSE = f"{JOB}?close_aggregating_job"
ORIGIN = "http://bp1.example.test"

Start = Callable[..., Awaitable[Any]]


class _Recorder(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.passed: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.passed.append(f"{request.method} {request.url}")
        return httpx.Response(200)


def _guarded(permission: WritePermission | None = None) -> tuple[_Recorder, Guard]:
    recorder = _Recorder()
    permission = permission or WritePermission(Writes.YES, is_read_only=False)
    return recorder, Guard(recorder, httpx.URL(ORIGIN), permission)


async def test_gets_and_the_one_put_pass() -> None:
    """The ways through: any GET to the endpoint, and Close."""
    recorder, guard = _guarded()
    for method, target in (("GET", "/"), ("GET", JOB), ("GET", "/_rest_/job?full_details"), ("PUT", CLOSE)):
        await guard.handle_async_request(httpx.Request(method, ORIGIN + target))
    assert recorder.passed == [
        f"GET {ORIGIN}/",
        f"GET {ORIGIN}{JOB}",
        f"GET {ORIGIN}/_rest_/job?full_details",
        f"PUT {ORIGIN}{CLOSE}",
    ]


FORBIDDEN = [
    httpx.Request("DELETE", ORIGIN + JOB),
    httpx.Request("DELETE", f"{ORIGIN}/_rest_/job?force"),
    httpx.Request("PUT", ORIGIN + JOB),
    httpx.Request("PUT", f"{ORIGIN}{JOB}?"),
    httpx.Request("PUT", f"{ORIGIN}{CLOSE}="),
    httpx.Request("PUT", f"{ORIGIN}{CLOSE}&priority=LOW"),
    httpx.Request("PUT", f"{ORIGIN}{JOB}?priority=LOW&close_aggregating_job"),
    httpx.Request("PUT", f"{ORIGIN}{JOB}?CLOSE_AGGREGATING_JOB"),
    httpx.Request("PUT", f"{ORIGIN}{JOB}/?close_aggregating_job"),
    httpx.Request("PUT", f"{ORIGIN}/_rest_/job/?close_aggregating_job"),
    httpx.Request("PUT", f"{ORIGIN}/_rest_/job?close_aggregating_job"),
    httpx.Request("PUT", f"{ORIGIN}/x{CLOSE}"),
    httpx.Request("PUT", f"{ORIGIN}/_rest_/active_job/5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30?close_aggregating_job"),
    httpx.Request("PUT", f"{ORIGIN}/_rest_/job/5F0C8D1E-3A47-4B92-9D68-C1E07A2B4F30?close_aggregating_job"),
    httpx.Request("PUT", ORIGIN + CLOSE, content=b"x"),
    httpx.Request("PUT", ORIGIN + CLOSE, headers={"Content-Type": "application/xml"}),
    httpx.Request("POST", ORIGIN + CLOSE),
    httpx.Request("PATCH", ORIGIN + CLOSE),
    httpx.Request("HEAD", ORIGIN + JOB),
    httpx.Request("OPTIONS", ORIGIN + JOB),
    httpx.Request("CONNECT", ORIGIN + JOB),
    httpx.Request("get", ORIGIN + JOB, content=b"<Objects/>"),
    httpx.Request("GET", "http://elsewhere.example.test/"),
    httpx.Request("GET", "https://bp1.example.test/"),
    httpx.Request("GET", "https://bp1.example.test:80/"),
    httpx.Request("GET", "http://bp1.example.test:8080/"),
    httpx.Request("PUT", f"http://elsewhere.example.test{CLOSE}"),
]


@pytest.mark.parametrize("request_", FORBIDDEN, ids=lambda request: f"{request.method} {request.url.path}")
async def test_nothing_else_passes(request_: httpx.Request) -> None:
    """Deletes, Modify, near misses of Close, bodies, other methods, other hosts, other schemes and ports."""
    recorder, guard = _guarded()
    with pytest.raises(errors.NotAllowedError) as caught:
        await guard.handle_async_request(request_)
    assert recorder.passed == []
    assert caught.value.problem.kind is ProblemKind.NOT_ALLOWED
    assert caught.value.delivery is errors.Delivery.NOT_SENT


@pytest.mark.parametrize(
    "permission",
    [
        WritePermission(Writes.ASK, is_read_only=False),
        WritePermission(Writes.NO, is_read_only=False),
        WritePermission(Writes.YES, is_read_only=True),
    ],
    ids=["locked", "writes = no", "read-only"],
)
async def test_close_needs_permission(permission: WritePermission) -> None:
    """Locked or read-only, only GETs pass."""
    recorder, guard = _guarded(permission)
    with pytest.raises(errors.NotAllowedError):
        await guard.handle_async_request(httpx.Request("PUT", ORIGIN + CLOSE))
    await guard.handle_async_request(httpx.Request("GET", ORIGIN + JOB))
    assert recorder.passed == [f"GET {ORIGIN}{JOB}"]


@pytest.fixture
async def proxy(serve: Start) -> Any:
    """A forwarding proxy with credentials in its URL; its `heads` are what reached it."""

    async def forward(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await server.head(reader)
        method, target, _ = head.split(b"\r\n", 1)[0].split(b" ")
        url = httpx.URL(target.decode())
        upstream_reader, upstream = await asyncio.open_connection(url.host, url.port)
        try:
            upstream.write(b" ".join([method, url.raw_path, b"HTTP/1.1"]) + head[head.index(b"\r\n") :])
            while piece := await upstream_reader.read(65536):
                writer.write(piece)
                await writer.drain()
        finally:
            upstream.close()

    server = await serve(forward)
    server.url = server.url.replace("http://", "http://user:hidden@")
    return server


def _lines(proxy: Any) -> list[str]:
    return [head.partition(b" HTTP/1.1")[0].decode() for head in proxy.heads]


async def test_a_forbidden_request_does_not_reach_a_real_proxy(proxy: Any) -> None:
    """The guard stands before the transport that owns the proxy: neither the proxy nor the host hears of it."""
    transports = Transports(httpx.URL(ORIGIN), Proxy(proxy.url, "test"), empty_context())
    guard = Guard(transports.open(), transports.origin, WritePermission(Writes.YES, is_read_only=False))
    async with httpx.AsyncClient(transport=guard, trust_env=False) as client:
        for request in FORBIDDEN:
            with pytest.raises(errors.NotAllowedError):
                await client.send(request)
    assert _lines(proxy) == []


@pytest.mark.parametrize("by", ["setting", "environment"])
async def test_a_session_through_a_proxy(
    proxy: Any,
    simulate: Callable[..., RunningSimulator],
    endpoint_for: Callable[..., Endpoint],
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    """Reading and closing work through a proxy; locked, the PUT does not even reach it; the secret is in no byte."""
    simulator = simulate(speed=0)
    # The environment never sends loopback through a proxy, so this machine gets a name that is not loopback's.
    if by == "environment":
        monkeypatch.setattr("bptui.ds3.proxies._is_loopback", lambda _: False)
    setting = proxy.url if by == "setting" else None
    environ = {} if by == "setting" else {"HTTP_PROXY": proxy.url}
    endpoint = endpoint_for(simulator.endpoint, proxy=setting, access_id=simulator.access_key)
    client = Client(endpoint, Secret(simulator.secret_key), environ=environ)
    job_id = next(job.job_id for job in (await client.jobs()).values() if job.is_aggregating)
    client.lock()
    with pytest.raises(errors.NotAllowedError):
        await client.close_aggregating_job(job_id)
    client.unlock()
    await client.close_aggregating_job(job_id)
    await client.aclose()
    base = simulator.endpoint
    assert _lines(proxy) == [f"GET {base}/_rest_/job", f"PUT {base}/_rest_/job/{job_id}?close_aggregating_job"]
    assert simulator.secret_key.encode() not in b"".join(proxy.heads)


async def test_the_http_library_does_not_look_at_the_environment(
    proxy: Any,
    simulate: Callable[..., RunningSimulator],
    client_for: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Variables of this process that were not handed over lead nowhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    simulator = simulate(speed=0)
    client = client_for(simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key)
    assert await client.jobs()
    assert _lines(proxy) == []


async def test_a_proxy_that_refuses_is_named_without_its_credentials(
    answer: Start, respond: Callable[..., bytes], client_for: Callable[..., Client]
) -> None:
    """407 and a refused tunnel say what to do, and show neither user nor password."""
    server = await answer(respond(407))
    url = server.url.replace("http://", "http://user:hidden@")
    for target in ("http://bp1.example.test", "https://bp1.example.test"):
        client = client_for(target, proxy=url)
        with pytest.raises(errors.AuthenticationError) as caught:
            await client.jobs()
        assert "proxy" in caught.value.problem.sentence.lower()
        assert "hidden" not in str(caught.value)
    with pytest.raises(errors.AuthenticationError) as tunnel:
        await client_for("https://bp1.example.test", proxy=url).close_aggregating_job(
            JobId("5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30")
        )
    assert tunnel.value.delivery is errors.Delivery.NOT_SENT
