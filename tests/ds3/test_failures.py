"""Every way in which a connection or an answer can go wrong ends as one error with a sentence and an advice."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bptui.ds3 import errors
from bptui.ds3.calls import CallName, Patience
from bptui.ds3.client import Client
from bptui.ds3.timing import Allowance, Timing
from bptui.model.job import JobId
from bptui.model.problem import ProblemKind
from tests.waiting import WAIT_SECONDS

JOB_ID = JobId("5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30")
EMPTY = b"<Jobs/>"
HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"

ClientFor = Callable[..., Client]
Start = Callable[..., Awaitable[Any]]
Respond = Callable[..., bytes]


def _quick(total_seconds: float = 10.0, most_bytes: int = 4_000_000, **fields: float) -> Timing:
    allowances = {patience: Allowance(total_seconds, most_bytes) for patience in Patience}
    return replace(Timing(allowances=allowances), **fields)


async def _error(client: Client) -> errors.Ds3Error:
    with pytest.raises(errors.Ds3Error) as caught:
        await client.jobs()
    problem = caught.value.problem
    assert problem.sentence.endswith((".", "…")) or problem.code, problem.sentence
    assert problem.advice
    return caught.value


# Before an answer


async def test_nobody_listens(client_for: ClientFor) -> None:
    """A refused connection says so; nothing was sent."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await _error(client_for(f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert isinstance(error, errors.UnreachableError)
    assert error.problem.kind is ProblemKind.REFUSED
    assert "refuses connections" in error.problem.sentence
    assert error.delivery is errors.Delivery.NOT_SENT


async def test_a_name_that_nobody_knows(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's name is in the sentence."""

    async def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    error = await _error(client_for("http://bp1.example.test"))
    assert isinstance(error, errors.NameNotFoundError)
    assert error.problem.kind is ProblemKind.NAME
    assert "bp1.example.test" in error.problem.sentence
    assert error.delivery is errors.Delivery.NOT_SENT


@pytest.mark.parametrize(
    "url",
    ["", "bp1", "ftp://bp1", "http://", "http://bp1/path", "http://u:hidden@bp1", "http://b p", "http://bp1:99999"],
)
async def test_an_unusable_url(client_for: ClientFor, url: str) -> None:
    """It is a configuration error, without a password that may stand in it."""
    error = await _error(client_for(url))
    assert isinstance(error, errors.ConfigurationError)
    assert "hidden" not in str(error)


@pytest.mark.parametrize(("access_id", "secret"), [("", "s"), ("a b", "s"), ("a\nb", "s"), ("é", "s"), ("a", "")])
async def test_keys_that_cannot_be_sent(client_for: ClientFor, access_id: str, secret: str) -> None:
    """Missing or unsendable keys are found before anything is sent."""
    error = await _error(client_for("http://127.0.0.1:1", access_id=access_id, secret=secret))
    assert isinstance(error, errors.ConfigurationError)


async def test_a_server_that_hangs_up_at_once(serve: Start, client_for: ClientFor) -> None:
    """No byte of an answer: broken, and perhaps sent."""

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await server.head(reader)

    server = await serve(talk)
    error = await _error(client_for(server.url))
    assert isinstance(error, errors.ConnectionBrokenError)
    assert error.problem.kind is ProblemKind.BROKEN
    assert error.delivery is errors.Delivery.PERHAPS_SENT
    assert server.connections == 1


async def test_a_server_that_resets(serve: Start, client_for: ClientFor) -> None:
    """A reset is broken, too."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.transport.abort()

    error = await _error(client_for((await serve(talk)).url))
    assert isinstance(error, errors.ConnectionBrokenError)


async def test_a_kept_connection_that_died_is_replaced_once(
    serve: Start, respond: Respond, client_for: ClientFor
) -> None:
    """A GET on a connection that the other side had given up is asked again on a new one, and only then fails."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(respond(200, EMPTY))
        await writer.drain()
        await server.head(reader)
        writer.transport.abort()

    server = await serve(talk)
    client = client_for(server.url)
    assert await client.jobs() == {}
    assert await client.jobs() == {}
    assert (server.connections, len(server.heads)) == (2, 3)
    assert client.traffic[CallName.JOBS].requests == 3


@pytest.mark.parametrize(
    "garbage", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x15\x03\x03\x00\x02\x02\x0a", b"HTTP/1.1 banana\r\n\r\n"]
)
async def test_something_that_speaks_no_http(serve: Start, client_for: ClientFor, garbage: bytes) -> None:
    """Another service at that port: the advice asks for the address."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(garbage)
        await server.head(reader)

    error = await _error(client_for((await serve(talk)).url))
    assert isinstance(error, errors.BadAnswerError | errors.ConnectionBrokenError)


# Time


async def test_silence_is_a_read_timeout(serve: Start, client_for: ClientFor) -> None:
    """No first byte within the limit between two bytes."""

    async def talk(server: Any, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await server.head(reader)
        await server.gone.wait()

    error = await _error(client_for((await serve(talk)).url, timing=_quick(read_seconds=0.2)))
    assert isinstance(error, errors.TimedOutError)
    assert "sent nothing for 0.2 s" in error.problem.sentence


@pytest.mark.parametrize("where", ["headers", "body"])
async def test_a_slow_drip_meets_the_total_deadline(serve: Start, client_for: ClientFor, where: str) -> None:
    """A byte now and then never trips a read timeout; the deadline of the whole call ends it, and the connection."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        if where == "body":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<Jobs>")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        with suppress(ConnectionError):  # who hangs up on a byte under way resets the connection
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        server.gone.set()

    server = await serve(talk)
    error = await _error(client_for(server.url, timing=_quick(total_seconds=0.4)))
    assert isinstance(error, errors.TimedOutError)
    assert "in full within 0.4 s" in error.problem.sentence
    await asyncio.wait_for(server.gone.wait(), WAIT_SECONDS)


async def test_cancelling_closes_the_connection(serve: Start, client_for: ClientFor) -> None:
    """A person who moves on leaves no half-read answer behind."""
    begun = asyncio.Event()

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n<MasterObjectList ")
        await writer.drain()
        begun.set()
        await server.head(reader)

    server = await serve(talk)
    asking = asyncio.ensure_future(client_for(server.url).job(JOB_ID))
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.wait_for(server.gone.wait(), WAIT_SECONDS)


# Bodies


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 1000", b"<Jobs>"),
        (b"Transfer-Encoding: chunked", b"6\r\n<Jobs>\r\n"),
    ],
)
async def test_a_body_that_breaks_off(serve: Start, client_for: ClientFor, head: bytes, body: bytes) -> None:
    """Fewer bytes than promised are a broken connection, not a short list."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)

    error = await _error(client_for((await serve(talk)).url))
    assert isinstance(error, errors.ConnectionBrokenError)
    assert "in the middle of the answer" in error.problem.sentence


async def test_a_body_of_unknown_length_that_breaks_off(answer: Start, serve: Start, client_for: ClientFor) -> None:
    """Without a length the XML itself tells that something is missing."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b'HTTP/1.1 200 OK\r\n\r\n<Jobs><Job JobId="')

    error = await _error(client_for((await serve(talk)).url))
    assert isinstance(error, errors.BadAnswerError)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", errors.BadAnswerError, "nothing at all"),
        (b"  \n", errors.BadAnswerError, "nothing at all"),
        (b"<Jobs>\n<Job JobId=>\n</Jobs>", errors.BadAnswerError, "line 2"),
        (b"{}", errors.BadAnswerError, "line 1"),
        (b"<Data/>", errors.BadAnswerError, "Data"),
        (HTML, errors.WrongInterfaceError, "not the data path"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><p/></html>", errors.WrongInterfaceError, "not the data path"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><html></html>", errors.WrongInterfaceError, "not the data path"),
        (
            b"<Error><Code>Oops</Code><HttpErrorCode>500</HttpErrorCode><Message>broken inside</Message></Error>",
            errors.BadAnswerError,
            "an error inside: broken inside",
        ),
    ],
)
async def test_a_200_that_is_not_the_answer(
    answer: Start, respond: Respond, client_for: ClientFor, body: bytes, kind: type[errors.Ds3Error], words: str
) -> None:
    """Empty, not XML, another answer, a page for people, an error in disguise: each is called by its name."""
    client = client_for((await answer(respond(200, body))).url)
    error = await _error(client)
    assert type(error) is kind
    assert words in error.problem.sentence
    kept = client.last_answer(CallName.JOBS)
    assert kept is not None
    assert kept.head == body


async def test_html_by_its_content_type(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """A page that looks like nothing is known by its type."""
    error = await _error(client_for((await answer(respond(200, b"Sign in", Content_Type="text/html"))).url))
    assert isinstance(error, errors.WrongInterfaceError)


async def test_a_code_inside_a_200_is_kept(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """Code and request id are there for support."""
    body = b"<Error><Code>Oops</Code><Message>m</Message><ResourceId>77</ResourceId></Error>"
    problem = (await _error(client_for((await answer(respond(200, body))).url))).problem
    assert (problem.code, problem.request_id, problem.status) == ("Oops", "77", 200)


async def test_a_gzip_bomb_meets_the_cap(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """A small body that grows beyond the cap is left, slice by slice, not unpacked first."""
    bomb = gzip.compress(b"<Jobs>" + b" " * 50_000_000, 9)
    client = client_for(
        (await answer(respond(200, bomb, Content_Encoding="gzip"))).url, timing=_quick(most_bytes=1_000_000)
    )
    error = await _error(client)
    assert isinstance(error, errors.BadAnswerError)
    assert "larger than 1,000,000 bytes" in error.problem.sentence
    kept = client.last_answer(CallName.JOBS)
    assert kept is not None
    assert not kept.is_complete
    assert kept.size_bytes <= 1_000_000 + 65_536


@pytest.mark.parametrize(
    ("encoding", "body", "words"),
    [
        ("gzip", gzip.compress(EMPTY, mtime=0)[:-4], "ends early"),
        ("gzip", EMPTY, "damaged"),
        ("br", EMPTY, "not asked for"),
    ],
)
async def test_damaged_compression(
    answer: Start, respond: Respond, client_for: ClientFor, encoding: str, body: bytes, words: str
) -> None:
    """It is a bad answer that says what is wrong with it."""
    error = await _error(client_for((await answer(respond(200, body, Content_Encoding=encoding))).url))
    assert isinstance(error, errors.BadAnswerError)
    assert words in error.problem.sentence


# Statuses


def _wire(code: str, message: str = "the appliance's words") -> bytes:
    return (
        f"<Error><Code>{code}</Code><HttpErrorCode>1</HttpErrorCode><Message>{message}</Message>"
        f"<Resource>/x</Resource><ResourceId>42</ResourceId></Error>"
    ).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (204, b"", errors.BadAnswerError),
        (301, b"", errors.WrongInterfaceError),
        (302, HTML, errors.WrongInterfaceError),
        (308, b"", errors.WrongInterfaceError),
        (400, _wire("InvalidArgument"), errors.BadRequestError),
        (400, HTML, errors.WrongInterfaceError),
        (401, b"", errors.WrongInterfaceError),
        (402, b"", errors.BadRequestError),
        (403, _wire("InvalidSecurity"), errors.AuthenticationError),
        (403, _wire("SignatureDoesNotMatch"), errors.AuthenticationError),
        (403, b"", errors.AuthenticationError),
        (403, HTML, errors.WrongInterfaceError),
        (403, _wire("AccessDenied"), errors.PermissionDeniedError),
        (403, _wire("ACCESS_DENIED"), errors.PermissionDeniedError),
        (403, _wire("Forbidden"), errors.PermissionDeniedError),
        (403, _wire("RequestTimeTooSkewed"), errors.ClockSkewError),
        (403, _wire("Other", "Client clock is off"), errors.ClockSkewError),
        (404, _wire("NotFound"), errors.GoneError),
        (404, b"", errors.GoneError),
        (404, HTML, errors.WrongInterfaceError),
        (404, b"no such page", errors.WrongInterfaceError),
        (409, _wire("OBJECT_ALREADY_EXISTS"), errors.ConflictError),
        (410, b"", errors.GoneError),
        (411, b"", errors.BadRequestError),
        (429, b"", errors.UnavailableError),
        (500, _wire("InternalError"), errors.UnavailableError),
        (500, b"", errors.UnavailableError),
        (502, HTML, errors.UnavailableError),
        (503, _wire("ServiceUnavailable"), errors.UnavailableError),
        (504, HTML, errors.UnavailableError),
    ],
)
async def test_statuses(
    answer: Start, respond: Respond, client_for: ClientFor, status: int, body: bytes, kind: type[errors.Ds3Error]
) -> None:
    """Each status, with its code where it has one, is the error that calls for the right thing."""
    server = await answer(respond(status, body, x_amz_request_id="1234"))
    error = await _error(client_for(server.url))
    assert type(error) is kind
    assert (error.problem.status, error.problem.request_id) == (status, "1234")
    assert error.delivery is errors.Delivery.ANSWERED
    assert server.connections == 1
    if body.startswith(b"<Error") and kind is not errors.ClockSkewError:
        assert "the appliance's words" in error.problem.sentence


async def test_the_management_interface_is_known_by_its_header(
    answer: Start, respond: Respond, client_for: ClientFor
) -> None:
    """A 404 with that header is no missing job, whatever its body says."""
    header = {"Spectra_Data_Path_Request_Made_On_Management_Path": "true"}
    client = client_for((await answer(respond(404, _wire("NotFound"), **header))).url)
    with pytest.raises(errors.WrongInterfaceError) as caught:
        await client.job(JOB_ID)
    assert "management interface" in caught.value.problem.sentence


async def test_a_request_id_in_the_body_serves_as_well(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """Without the header, the error's own number is kept."""
    error = await _error(client_for((await answer(respond(400, _wire("X")))).url))
    assert error.problem.request_id == "42"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("300", 300.0),
        ("0", 0.0),
        ("1000000000", 1e9),
        ("soon", 60.0),
        ("-5", 60.0),
        ("1e9", 60.0),
        ("", 60.0),
        ("Wed, 05 Mar 2014 14:07:09 GMT", 0.0),
        ("Wed, 99 Xyz 2014 14:07:09 GMT", 60.0),
    ],
)
async def test_retry_after(answer: Start, respond: Respond, client_for: ClientFor, text: str, expected: float) -> None:
    """Whole seconds as the appliance sends them; a date and nonsense do no harm; a 503 without it means 60 s."""
    error = await _error(client_for((await answer(respond(503, b"", Retry_After=text))).url))
    assert error.problem.retry_after_seconds == expected


async def test_a_status_counts_even_if_its_body_breaks_off(serve: Start, client_for: ClientFor) -> None:
    """The head of a 503 says enough."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 99\r\n\r\n<Err")

    error = await _error(client_for((await serve(talk)).url))
    assert isinstance(error, errors.UnavailableError)
    assert error.problem.retry_after_seconds == 7.0


async def test_a_status_counts_even_if_its_body_never_comes(
    serve: Start, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 403 whose explanation hangs is a 403, also for a close, long before the deadline of the call."""
    from bptui.ds3 import incoming

    monkeypatch.setattr(incoming, "_EXPLANATION_SECONDS", 0.1)

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\n<Err")
        await server.head(reader)

    server = await serve(talk)
    assert isinstance(await _error(client_for(server.url)), errors.AuthenticationError)
    with pytest.raises(errors.AuthenticationError) as caught:
        await client_for(server.url).close_aggregating_job(JOB_ID)
    assert caught.value.delivery is errors.Delivery.ANSWERED


async def test_a_skew_without_a_date_is_still_a_skew(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """An absurd date header does not hide what the code says."""
    for date in ("", "yesterday", "Wed, 99 Mar 2025 14:07:09 GMT"):
        error = await _error(client_for((await answer(respond(403, _wire("RequestTimeTooSkewed"), Date=date))).url))
        assert isinstance(error, errors.ClockSkewError)
        assert error.problem.appliance_clock is None


# 307


async def test_a_307_is_signed_anew_and_sent_to_the_same_host(
    answer: Start, respond: Respond, client_for: ClientFor
) -> None:
    """Five times at most, whatever Location says; then the answer counts."""
    again = respond(307, b"", Location="http://elsewhere.example.test/")
    server = await answer(again, again, again, again, again, respond(200, EMPTY))
    client = client_for(server.url)
    assert await client.jobs() == {}
    assert len(server.heads) == 6
    assert client.traffic[CallName.JOBS].requests == 6


@pytest.mark.parametrize(
    "location", ["", "file:///etc/passwd", "http://[oops", "http://elsewhere.example.test/", "\x7f:"]
)
async def test_a_307_loop_ends(answer: Start, respond: Respond, client_for: ClientFor, location: str) -> None:
    """After five repetitions it is an error, and nothing was sent elsewhere."""
    server = await answer(respond(307, b"", Location=location))
    error = await _error(client_for(server.url))
    assert isinstance(error, errors.RedirectedError)
    assert error.problem.kind is ProblemKind.UNAVAILABLE
    assert len(server.heads) == 6


async def test_a_307_with_an_endless_body_is_closed_unread(
    serve: Start, respond: Respond, client_for: ClientFor
) -> None:
    """Its body is not waited for: the next request goes out on another connection at once."""

    async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head(reader)
        if server.connections > 2:
            writer.write(respond(200, EMPTY))
            return
        writer.write(b"HTTP/1.1 307 Again\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not reader.at_eof():
            writer.write(b"5\r\nagain\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    server = await serve(talk)
    assert await client_for(server.url).jobs() == {}
    assert server.connections == 3
