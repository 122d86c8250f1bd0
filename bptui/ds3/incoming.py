"""Reads one answer: feeds its body to a parser, or finds out why it is not the answer asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol, TypeVar

import anyio
import httpx

from bptui.ds3.body import Body
from bptui.ds3.errors import AnsweredError, Delivery, RedirectedError
from bptui.ds3.failures import Way
from bptui.ds3.inflate import InflateError
from bptui.ds3.parse.limits import ParseError
from bptui.model.answer import RawAnswer
from bptui.model.problem import Problem, ProblemKind

_OK = 200
_EXPLANATION_SECONDS = 5.0
"""How long the body of a failure is waited for."""

Value = TypeVar("Value")
Given = TypeVar("Given", covariant=True)  # noqa: PLC0105  # says what it is, not which way it varies


class Parser(Protocol[Given]):
    """What takes a body in pieces and gives a value at its end; both may raise ParseError."""

    def feed(self, data: bytes) -> None:
        """Take at most 64 KiB."""
        ...

    def close(self) -> Given:
        """Return the value of the whole."""
        ...


class Incoming:
    """One answer whose headers are there and whose body is on its way."""

    def __init__(self, response: httpx.Response, way: Way, most_bytes: int, at: datetime) -> None:
        self._response = response
        self._way = way
        self._at = at
        self._body = Body(response, most_bytes)

    @property
    def received_bytes(self) -> int:
        """How much of the body came over the network so far."""
        return self._body.received_bytes

    async def parse(self, parser: Parser[Value], is_enough: Callable[[], bool]) -> Value:
        """Return what the parser makes of the body, read to its end or until it is enough.

        Raises:
            AnsweredError: the answer is none of that kind.
        """
        if self._response.status_code != _OK:
            await self._read_head()
            raise self._error()
        try:
            await self._feed(parser, is_enough)
            return parser.close()
        except InflateError as error:
            raise self._error(str(error)) from error
        except ParseError as error:
            await self._read_head()
            raise self._error(f"unreadable XML ({error})") from error

    async def _feed(self, parser: Parser[Value], is_enough: Callable[[], bool]) -> None:
        while (piece := await self._body.next_slice()) is not None:
            parser.feed(piece)
            if is_enough():
                return
            # A body that is already in memory would keep the loop from everything else.
            await asyncio.sleep(0)
        if not self._body.head.strip():
            raise self._error("nothing at all")

    def raw_answer(self, took_seconds: float) -> RawAnswer:
        """The answer as it came, for the person who wants to see it."""
        return RawAnswer(
            request_line=self._way.what,
            status=self._response.status_code,
            headers=tuple(self._response.headers.multi_items()),
            head=bytes(self._body.head),
            size_bytes=self._body.size_bytes,
            is_complete=self._body.is_complete,
            at=self._at,
            took_seconds=took_seconds,
        )

    async def _read_head(self) -> None:
        """Read what explains a failure; that there is one is settled, so that a body that breaks off changes nothing."""
        with suppress(InflateError, httpx.HTTPError, OSError), anyio.move_on_after(_EXPLANATION_SECONDS):
            await self._body.read_head()

    def _error(self, what_is_wrong: str = "") -> AnsweredError:
        head = bytes(self._body.head)
        return _error_of(self._response, self._way, head, self._at, what_is_wrong)


def redirected(response: httpx.Response, way: Way, at: datetime, *, is_repeatable: bool) -> AnsweredError:
    """Return the error for a 307 that is not followed: too many of them, or one to a Close."""
    if is_repeatable:
        return _error_of(response, way, b"", at)
    sentence = f'{way.where} answered {way.what} with "ask again" (307); it is never sent twice.'
    problem = Problem(
        ProblemKind.UNAVAILABLE,
        sentence,
        "Whether it took effect shows when the job is read again.",
        status=response.status_code,
        request_id=response.headers.get("x-amz-request-id"),
    )
    return RedirectedError(problem, delivery=Delivery.PERHAPS_SENT)


def _error_of(response: httpx.Response, way: Way, head: bytes, at: datetime, what_is_wrong: str = "") -> AnsweredError:
    """Return the error for an answer by its status, or by what is wrong with one whose status is good."""
    from bptui.ds3 import refusals  # noqa: PLC0415  # most answers are what was asked for

    refusal = refusals.Refusal(way.where, way.what, response.status_code, response.headers, head, at)
    return refusals.bad_answer(refusal, what_is_wrong) if what_is_wrong else refusals.error_of(refusal)
