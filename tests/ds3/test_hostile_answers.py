"""An answer that is made to cost as much as it can costs little, and is told from a short one."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bptui.ds3 import errors
from bptui.ds3.calls import CallName, Patience
from bptui.ds3.client import Client
from bptui.ds3.refusals import clock_of, root_name
from bptui.ds3.timing import Allowance, Timing

JOBS = b'<Jobs><Job JobId="91eb66f6-5a61-4814-b896-fc02863292a6"/></Jobs>'
MOST_BYTES = 1_000_000

ClientFor = Callable[..., Client]
Start = Callable[..., Awaitable[Any]]
Respond = Callable[..., bytes]


def _timing(total_seconds: float = 20.0) -> Timing:
    allowances = {patience: Allowance(total_seconds, MOST_BYTES) for patience in Patience}
    return replace(Timing(), allowances=allowances)


async def _error(client: Client) -> errors.Ds3Error:
    with pytest.raises(errors.Ds3Error) as caught:
        await client.jobs()
    return caught.value


@pytest.fixture
def flood(serve: Start) -> Callable[..., Awaitable[str]]:
    """Start servers that answer with a head, and then the same bytes until the client hangs up; gives their URL."""

    async def start(head: bytes, endless: bytes) -> str:
        async def talk(server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await server.head(reader)
            writer.write(head)
            while not writer.is_closing():
                writer.write(endless)
                await writer.drain()

        return str((await serve(talk)).url)

    return start


@pytest.mark.parametrize("blank", [b" ", b"\n", b"<?a?>", b"<!-- -->"])
@pytest.mark.parametrize("status", [200, 502])
async def test_any_number_of_blanks_before_a_text(
    answer: Start, respond: Respond, client_for: ClientFor, status: int, blank: bytes
) -> None:
    """A proxy's page that begins with blank lines is looked at once, not once for each way to divide the blanks."""
    body = blank * 5_000 + b"Bad gateway"
    error = await _error(client_for((await answer(respond(status, body))).url))
    assert isinstance(error, errors.BadAnswerError if status == 200 else errors.UnavailableError)
    assert root_name(blank * 5_000 + b"<a:html>") == "html"


async def test_a_head_without_end(flood: Any, client_for: ClientFor) -> None:
    """Headers are read up to a bound."""
    url = await flood(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 1000 + b"\r\n")
    error = await _error(client_for(url, timing=_timing()))
    assert isinstance(error, errors.BadAnswerError)
    assert "not HTTP as it should be" in error.problem.sentence


async def test_interim_answers_without_end(flood: Any, client_for: ClientFor) -> None:
    """100 Continue again and again ends with the time of the call."""
    url = await flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    assert isinstance(await _error(client_for(url, timing=_timing(0.5))), errors.TimedOutError)


async def test_compression_of_nothing_without_end(flood: Any, client_for: ClientFor) -> None:
    """Bytes that mean nothing count as well."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    client = client_for(await flood(head, gzip.compress(b"") * 1000), timing=_timing())
    error = await _error(client)
    assert isinstance(error, errors.BadAnswerError)
    assert "larger than 1,000,000 bytes" in error.problem.sentence
    assert client.traffic[CallName.JOBS].received_bytes < MOST_BYTES + 1_000_000


@pytest.mark.parametrize(("encoding", "words"), [("gzip", "unreadable XML"), ("gzip, gzip", "was not asked for")])
async def test_compression_of_a_compression(
    answer: Start, respond: Respond, client_for: ClientFor, encoding: str, words: str
) -> None:
    """Only one layer is undone, the one that was asked for."""
    body = gzip.compress(gzip.compress(JOBS))
    error = await _error(client_for((await answer(respond(200, body, Content_Encoding=encoding))).url))
    assert isinstance(error, errors.BadAnswerError)
    assert words in error.problem.sentence


async def test_more_bytes_than_promised(answer: Start, client_for: ClientFor) -> None:
    """What follows the promised length is not part of the answer."""
    promised = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(JOBS)
    client = client_for((await answer(promised + JOBS + b"<Jobs>")).url)
    assert len(await client.jobs()) == 1


@pytest.mark.parametrize(
    "lengths",
    [b"Content-Length: 5\r\nContent-Length: 7", b"Content-Length: -1", b"Content-Length: 1e3", b"Content-Length: x"],
)
async def test_a_length_that_is_none(answer: Start, client_for: ClientFor, lengths: bytes) -> None:
    """It is not guessed where the answer ends."""
    url = (await answer(b"HTTP/1.1 200 OK\r\n" + lengths + b"\r\n\r\n" + JOBS)).url
    assert isinstance(await _error(client_for(url)), errors.BadAnswerError)


async def test_trailers_are_passed_over(answer: Start, client_for: ClientFor) -> None:
    """An answer in chunks may end with headers, which say nothing here."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x;ext=1\r\n%s\r\n0\r\nContent-Length: 9\r\nX-A: b\r\n\r\n"
    client = client_for((await answer(chunked % (len(JOBS), JOBS))).url)
    assert [len(await client.jobs()) for _ in range(2)] == [1, 1]


async def test_trailers_without_end(flood: Any, client_for: ClientFor) -> None:
    """They are bounded as headers are."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(JOBS), JOBS)
    url = await flood(head, b"X-More: " + b"a" * 1000 + b"\r\n")
    assert isinstance(await _error(client_for(url, timing=_timing())), errors.BadAnswerError)


async def test_a_sentence_stays_one(answer: Start, respond: Respond, client_for: ClientFor) -> None:
    """An error quotes no more of an answer than fits a line or two."""
    body = b"<Jobs></" + b"a" * 40_000 + b">"
    error = await _error(client_for((await answer(respond(200, body))).url))
    assert len(error.problem.sentence) < 600


def test_a_long_date_is_none() -> None:
    """Headers are other people's words."""
    assert clock_of("Wed, 05 Mar 2025 14:07:09 GMT") is not None
    assert clock_of("1 " * 40_000) is None
