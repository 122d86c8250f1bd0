"""Certificates are judged inside the handshake: whoever is not who he should be gets no byte of a request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from bptui.ds3 import errors
from bptui.ds3.certificate import read_certificate
from bptui.ds3.client import Client
from bptui.ds3.tls import context_for, default_context, fingerprint
from bptui.ds3.trust import fetch_certificate
from bptui.model.endpoint import Endpoint
from bptui.model.job import JobId
from bptui.model.problem import ProblemKind
from bptui.simulator.server import RunningSimulator

EMPTY = b"<Jobs/>"
JOB_ID = JobId("5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30")

ClientFor = Callable[..., Client]
Start = Callable[..., Awaitable[Any]]
Respond = Callable[..., bytes]


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _der(certificate: trustme.LeafCert) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


@pytest.fixture
def leaf(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1", common_name="bp1.example.test", organization_name="Exämple")


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


async def _refused(client: Client, server: Any) -> errors.TlsError:
    """The call fails in the handshake, and not one byte of a request was received."""
    for ask in (client.jobs(), client.close_aggregating_job(JOB_ID)):
        with pytest.raises(errors.TlsError) as caught:
            await ask
        assert caught.value.delivery is errors.Delivery.NOT_SENT
        assert caught.value.problem.kind is ProblemKind.TLS
    assert server.heads == []
    return caught.value


@pytest.fixture
async def tls(answer: Start, respond: Respond, leaf: trustme.LeafCert) -> Any:
    return await answer(respond(200, EMPTY), context=_context(leaf))


async def test_a_certificate_of_an_unknown_authority_is_refused(tls: Any, client_for: ClientFor) -> None:
    """By default nothing unknown is trusted, and the advice names the ways out."""
    problem = (await _refused(client_for(tls.url), tls)).problem
    assert "not trusted" in problem.sentence
    for way in ("pin", "ca_file", "insecure"):
        assert way in problem.advice


async def test_a_self_signed_certificate_is_called_so(
    answer: Start, respond: Respond, client_for: ClientFor, authority: trustme.CA
) -> None:
    """The factory state of an appliance."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.private_key_pem  # noqa: B018  # the authority vouches for itself
    with authority.private_key_pem.tempfile() as key, authority.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    server = await answer(respond(200, EMPTY), context=context)
    problem = (await _refused(client_for(server.url), server)).problem
    assert "self-signed" in problem.sentence


async def test_a_ca_file_is_trusted(tls: Any, client_for: ClientFor, ca_file: Path) -> None:
    """With the authority's file the same server is."""
    assert await client_for(tls.url, ca_file=ca_file).jobs() == {}


async def test_insecure_accepts_anything(tls: Any, client_for: ClientFor) -> None:
    """Only where the configuration says so."""
    assert await client_for(tls.url, is_insecure=True).jobs() == {}


@pytest.mark.parametrize("style", ["plain", "colons"])
async def test_the_pinned_certificate_is_accepted(
    tls: Any, client_for: ClientFor, leaf: trustme.LeafCert, style: str
) -> None:
    """Whoever signed it, in either way of writing the pin."""
    pin = fingerprint(_der(leaf))
    if style == "colons":
        pin = ":".join(pin[at : at + 2] for at in range(0, 64, 2)).upper()
    assert await client_for(tls.url, pin_sha256=pin).jobs() == {}


@pytest.mark.parametrize("is_insecure", [False, True])
async def test_another_certificate_than_the_pinned_gets_no_request_byte(
    tls: Any, client_for: ClientFor, leaf: trustme.LeafCert, ca_file: Path, *, is_insecure: bool
) -> None:
    """A changed certificate ends the handshake, though a CA vouches for it; both fingerprints are named."""
    client = client_for(tls.url, pin_sha256="ab" * 32, ca_file=ca_file, is_insecure=is_insecure)
    problem = (await _refused(client, tls)).problem
    assert "ab" * 32 in problem.sentence
    assert fingerprint(_der(leaf)) in problem.sentence


async def test_the_pin_is_checked_in_a_tunnel_too(
    tls: Any, serve: Start, client_for: ClientFor, leaf: trustme.LeafCert
) -> None:
    """Through a proxy's tunnel the appliance's own certificate counts."""

    async def tunnel(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = (await server.head(reader)).split()[1].decode().split(":")
        upstream_reader, upstream = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")

        async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while piece := await source.read(65536):
                target.write(piece)
                await target.drain()
            target.close()

        await asyncio.gather(pump(reader, upstream), pump(upstream_reader, writer))

    proxy = await serve(tunnel)
    right = client_for(tls.url, proxy=proxy.url, pin_sha256=fingerprint(_der(leaf)))
    assert await right.jobs() == {}
    await right.aclose()
    tls.heads.clear()
    await _refused(client_for(tls.url, proxy=proxy.url, pin_sha256="cd" * 32), tls)
    assert all(head.startswith(b"CONNECT ") for head in proxy.heads)
    seen = await fetch_certificate(tls.url, proxy=proxy.url, environ={})
    assert seen.sha256 == fingerprint(_der(leaf))


async def test_an_expired_certificate(
    answer: Start, respond: Respond, client_for: ClientFor, authority: trustme.CA, ca_file: Path
) -> None:
    """It says that it expired, not that it is unknown."""
    old = authority.issue_cert(
        "127.0.0.1", not_before=datetime(2001, 1, 1, tzinfo=UTC), not_after=datetime(2002, 1, 1, tzinfo=UTC)
    )
    server = await answer(respond(200, EMPTY), context=_context(old))
    problem = (await _refused(client_for(server.url, ca_file=ca_file), server)).problem
    assert "expired" in problem.sentence


async def test_a_certificate_for_another_host(
    answer: Start, respond: Respond, client_for: ClientFor, authority: trustme.CA, ca_file: Path
) -> None:
    """A good certificate of somebody else is no good."""
    server = await answer(respond(200, EMPTY), context=_context(authority.issue_cert("bp2.example.test")))
    problem = (await _refused(client_for(server.url, ca_file=ca_file), server)).problem
    assert "another host" in problem.sentence


async def test_old_tls_is_refused(
    answer: Start, respond: Respond, client_for: ClientFor, leaf: trustme.LeafCert
) -> None:
    """TLS 1.2 at least, even where anything else is accepted."""
    context = _context(leaf)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = await answer(respond(200, EMPTY), context=context)
    await _refused(client_for(server.url, is_insecure=True), server)


async def test_trouble_after_the_handshake(
    answer: Start, respond: Respond, client_for: ClientFor, authority: trustme.CA, leaf: trustme.LeafCert
) -> None:
    """A server that asks for a client's certificate says no only after it got the request."""
    context = _context(leaf)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    server = await answer(respond(200, EMPTY), context=context)
    with pytest.raises(errors.NetworkError) as caught:
        await client_for(server.url, is_insecure=True).close_aggregating_job(JOB_ID)
    assert caught.value.delivery is errors.Delivery.PERHAPS_SENT
    assert server.heads == []


async def test_a_server_without_tls(serve: Start, respond: Respond, client_for: ClientFor) -> None:
    """To speak https to an http port is explained; so it is when only the certificate is fetched."""

    async def talk(_: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(respond(400, b"what?"))

    url = (await serve(talk)).url.replace("http:", "https:")
    for ask in (client_for(url).jobs(), fetch_certificate(url, environ={})):
        with pytest.raises(errors.TlsError, match="does not speak TLS") as caught:
            await ask
        assert caught.value.delivery is errors.Delivery.NOT_SENT


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_an_unusable_ca_file_is_named(client_for: ClientFor, tmp_path: Path, content: bytes | None) -> None:
    """Missing or wrong, the path is in the sentence, and nothing was sent."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.ConfigurationError, match=str(path)):
        await client_for("https://127.0.0.1:1", ca_file=path).jobs()


async def test_the_certificate_can_be_fetched_before_it_is_trusted(tls: Any, leaf: trustme.LeafCert) -> None:
    """For the question when an endpoint is added: fingerprint, names, dates; no request is sent."""
    seen = await fetch_certificate(tls.url, environ={})
    assert seen.sha256 == fingerprint(_der(leaf))
    assert "CN=bp1.example.test" in seen.subject
    assert "O=Exämple" in seen.subject
    assert seen.not_before is not None
    assert seen.not_after is not None
    assert seen.not_before < datetime.now(UTC) < seen.not_after
    assert not seen.is_self_signed
    assert tls.heads == []


async def test_only_https_has_a_certificate() -> None:
    """An http URL is refused, not asked."""
    with pytest.raises(errors.ConfigurationError):
        await fetch_certificate("http://127.0.0.1:1", environ={})


async def test_a_simulated_appliance_with_its_factory_certificate(
    simulate: Callable[..., RunningSimulator], client_for: ClientFor
) -> None:
    """Fetch, compare, pin, watch, close."""
    simulator = simulate(speed=0, tls=True)
    seen = await fetch_certificate(simulator.endpoint, environ={})
    assert seen.sha256 == simulator.certificate_sha256
    client = client_for(
        simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key, pin_sha256=seen.sha256
    )
    job_id = next(job.job_id for job in (await client.jobs()).values() if job.is_aggregating)
    assert not (await client.close_aggregating_job(job_id)).is_aggregating


@pytest.mark.parametrize("damage", [0, 1, 5, 40, 100, 200])
def test_a_damaged_certificate_has_at_least_a_fingerprint(leaf: trustme.LeafCert, damage: int) -> None:
    """Cut anywhere, reading it raises nothing."""
    der = _der(leaf)[:damage]
    seen = read_certificate(der)
    assert (seen.sha256, seen.subject) == (fingerprint(der), "")


def test_every_context_asks_for_tls_1_2(endpoint_for: Callable[..., Endpoint], ca_file: Path) -> None:
    """Default, CA file, pin, insecure: and only the last two do without the CAs."""
    url = "https://bp1.example.test"
    contexts = [
        default_context(),
        context_for(endpoint_for(url)),
        context_for(endpoint_for(url, ca_file=ca_file)),
        context_for(endpoint_for(url, pin_sha256="00" * 32)),
        context_for(endpoint_for(url, is_insecure=True)),
    ]
    assert {context.minimum_version for context in contexts} == {ssl.TLSVersion.TLSv1_2}
    assert [context.verify_mode for context in contexts] == [ssl.CERT_REQUIRED] * 3 + [ssl.CERT_NONE] * 2
    assert [context.check_hostname for context in contexts] == [True] * 3 + [False] * 2
