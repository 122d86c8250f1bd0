"""What the rest of the program asks of an appliance: a method for each call, values out, `Ds3Error`s raised."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from bptui.clock import SYSTEM_CLOCK, Clock
from bptui.credentials import Secret
from bptui.ds3 import calls
from bptui.ds3.calls import Call, CallName
from bptui.ds3.errors import BadAnswerError
from bptui.ds3.paging import Page, all_pages, both_ends
from bptui.ds3.permission import WritePermission
from bptui.ds3.tally import Tally, Traffic
from bptui.ds3.timing import Timing
from bptui.model.answer import RawAnswer
from bptui.model.endpoint import Endpoint
from bptui.model.job import Job, JobId, JobRecord, RecordKind
from bptui.model.problem import Problem, ProblemKind

if TYPE_CHECKING:
    # The first frame waits for no wire, and the first list for nothing but what lists jobs.
    from bptui.ds3.incoming import Parser
    from bptui.ds3.parsers import Parsers
    from bptui.ds3.questions import Listing, Question
    from bptui.ds3.session import Session
    from bptui.model.system import Service, SystemInformation
    from bptui.model.tree import JobTree

Value = TypeVar("Value")
Item = TypeVar("Item")


class Client:
    """One appliance, asked by one user, over one connection pool.

    Every method raises a `bptui.ds3.errors.Ds3Error`, whose `problem` is for people. Cancelling closes the
    connection. Nothing is tried twice but a 307 of a GET, and a GET on a kept connection that turns out dead.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        secret: Secret,
        *,
        environ: Mapping[str, str],
        is_read_only: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        timing: Timing | None = None,
    ) -> None:
        """Make a client; nothing is loaded or opened before the first call. Locked unless `writes = "yes"`."""
        self.endpoint = endpoint
        self._secret = secret
        self._environ = environ
        self._clock = clock
        self._timing = timing or Timing()
        self._permission = WritePermission(endpoint.writes, is_read_only=is_read_only)
        self._tally = Tally()
        self._opening = asyncio.Lock()
        self._wire: tuple[Session, Parsers] | None = None

    @property
    def is_read_only(self) -> bool:
        """Whether Close can never pass in this session."""
        return self._permission.is_read_only

    @property
    def is_locked(self) -> bool:
        """Whether only GETs pass now."""
        return self._permission.is_locked

    def lock(self) -> None:
        """Let only GETs pass."""
        self._permission.lock()

    def unlock(self) -> None:
        """Let Close pass, too.

        Raises:
            NotAllowedError: the endpoint's `writes` is "no", or the session is read-only.
        """
        self._permission.unlock()

    async def service(self) -> Service:
        """Ask who the key belongs to: the connection test."""
        return await self._ask(calls.service(), lambda parsers: parsers.service())

    async def jobs(self, *, is_full: bool = False, bucket_id: str | None = None) -> dict[JobId, Job]:
        """List running jobs; with `is_full` also those that ended in the last 30 days."""
        return await self._ask(
            calls.jobs(is_full=is_full, bucket_id=bucket_id), lambda parsers: parsers.jobs(is_full=is_full)
        )

    async def job(self, job_id: JobId, *, previous: JobTree | None = None) -> JobTree:
        """Read one job with its chunks and objects; segments unchanged since `previous` are shared with it.

        The answer may be about another job than the one asked for, as in the vendor's own sample: who shows it
        compares the ids and warns.
        """
        return await self._ask(calls.job(job_id), lambda parsers: parsers.job(previous))

    async def close_aggregating_job(self, job_id: JobId) -> Job:
        """End a job's aggregation: sent at most once, on a connection of its own; only the root tag is read.

        Raises:
            Ds3Error: its `delivery` tells whether anything was sent; unless NOT_SENT, read the job and judge.
        """
        call = calls.close_aggregating_job(job_id)
        session, parsers = await self._connected()
        parser = parsers.job_root()
        closed = (await session.ask_once(call, parser, parser.is_enough)).value
        _about(job_id, closed.job_id)
        return closed

    async def active_job(self, job_id: JobId) -> JobRecord:
        """Read the small record of a running job; GoneError when it is not running."""
        return await self._record(RecordKind.ACTIVE, job_id)

    async def active_jobs(
        self, *, is_aggregating: bool | None = None, bucket_id: str | None = None, most: int | None = None
    ) -> dict[JobId, JobRecord]:
        """List the records of running jobs, newest first: all, or `most` at most."""
        filters = {"aggregating": is_aggregating, "bucket_id": bucket_id}
        return await self._records(RecordKind.ACTIVE, filters, most)

    async def completed_job(self, job_id: JobId) -> JobRecord:
        """Read the record of a completed job; GoneError when it is not in that list."""
        return await self._record(RecordKind.COMPLETED, job_id)

    async def completed_jobs(self, *, bucket_id: str | None = None, most: int | None = None) -> dict[JobId, JobRecord]:
        """List completed jobs, newest first: all, or `most` at most."""
        return await self._records(RecordKind.COMPLETED, {"bucket_id": bucket_id}, most)

    async def canceled_job(self, job_id: JobId) -> JobRecord:
        """Read the record of a canceled job; GoneError when it is not in that list."""
        return await self._record(RecordKind.CANCELED, job_id)

    async def canceled_jobs(self, *, bucket_id: str | None = None, most: int | None = None) -> dict[JobId, JobRecord]:
        """List canceled jobs, newest first: all, or `most` at most."""
        return await self._records(RecordKind.CANCELED, {"bucket_id": bucket_id}, most)

    async def system_information(self) -> SystemInformation:
        """Read version, clock and activation."""
        return await self._ask(calls.system_information(), lambda parsers: parsers.system_information())

    async def answer(self, question: Question[Value]) -> Value:
        """Ask for one of the things that `bptui.ds3.questions` names."""
        return await self._ask(question.call, lambda _: question.parser())

    async def items(self, listing: Listing[Item], *, most: int | None = None) -> tuple[Item, ...]:
        """Read a list to its end, or `most` items of it."""
        return tuple(await self._all(listing.call, lambda _: listing.parser(), listing.key, most))

    async def newest(self, listing: Listing[Item], *, length: int) -> tuple[Item, ...]:
        """Read `length` items at each end of a log whose order is not documented."""
        session, _ = await self._connected()

        async def last(length: int) -> Sequence[Item]:
            return (await session.ask(calls.last_page(listing.call, length), listing.parser())).value

        return tuple(await both_ends(_pages(session, listing.call, listing.parser), last, listing.key, length))

    def last_answer(self, name: CallName) -> RawAnswer | None:
        """The last answer to that call as it came, or None."""
        return self._tally.answers.get(name)

    @property
    def traffic(self) -> Mapping[CallName, Traffic]:
        """What each kind of call has cost so far."""
        return MappingProxyType(self._tally.traffic)

    async def aclose(self) -> None:
        """Close every connection; a later call opens new ones."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire[0].aclose()

    async def _record(self, kind: RecordKind, job_id: JobId) -> JobRecord:
        record = await self._ask(calls.job_record(kind, job_id), lambda parsers: parsers.record(kind))
        _about(job_id, record.job_id)
        return record

    async def _records(
        self, kind: RecordKind, filters: Mapping[str, str | bool | None], most: int | None
    ) -> dict[JobId, JobRecord]:
        call = calls.job_records(kind, filters)
        found = await self._all(call, lambda parsers: parsers.records(kind), lambda record: record.job_id, most)
        return {record.job_id: record for record in found}

    async def _ask(self, call: Call, parser: Callable[[Parsers], Parser[Value]]) -> Value:
        session, parsers = await self._connected()
        return (await session.ask(call, parser(parsers))).value

    async def _all(
        self,
        call: Call,
        parser: Callable[[Parsers], Parser[Sequence[Item]]],
        key: Callable[[Item], Hashable],
        most: int | None = None,
    ) -> list[Item]:
        session, parsers = await self._connected()
        return await all_pages(_pages(session, call, lambda: parser(parsers)), key, most)

    async def _connected(self) -> tuple[Session, Parsers]:
        """Load what talks and parses, on a thread, so that the first frame need not wait for 100 ms of imports."""
        async with self._opening:
            if self._wire is None:
                self._wire = await asyncio.to_thread(self._open)
            return self._wire

    def _open(self) -> tuple[Session, Parsers]:
        from bptui.ds3.parsers import Parsers  # noqa: PLC0415  # lxml is loaded with the first request
        from bptui.ds3.session import Session  # noqa: PLC0415  # and so is httpx

        session = Session(
            self.endpoint,
            self._secret,
            self._permission,
            environ=self._environ,
            clock=self._clock,
            timing=self._timing,
            tally=self._tally,
        )
        return session, Parsers()


def _pages(session: Session, call: Call, parser: Callable[[], Parser[Sequence[Item]]]) -> Page[Item]:
    async def page(offset: int, length: int) -> tuple[Sequence[Item], Mapping[str, str]]:
        answered = await session.ask(calls.page(call, offset, length), parser())
        return answered.value, answered.headers

    return page


def _about(asked: JobId, answered: JobId) -> None:
    """Accept no answer about another job where it would be acted upon.

    Raises:
        BadAnswerError: it is about another one.
    """
    if asked.strip().lower() != answered:
        sentence = f"Asked about job {asked}, the appliance answered about {answered}."
        raise BadAnswerError(Problem(ProblemKind.BAD_ANSWER, sentence, "Look at the raw answer."))
