"""What the key in use may read: every source that watching asks for, asked once, with what that cost the appliance."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bptui.ds3.errors import Ds3Error
from bptui.model.problem import Problem, ProblemKind
from bptui.model.system import SystemInformation

if TYPE_CHECKING:
    from bptui.ds3.client import Client

MINUTE_SECONDS = 60.0
_REFUSALS = {ProblemKind.PERMISSION: "not allowed", ProblemKind.GONE: "not in this release"}
_WIDTH = 28


@dataclass(frozen=True, slots=True)
class Asked:
    """One source after it was asked once."""

    name: str
    state: str
    """`readable`, or why not."""
    requests: int
    received_bytes: int
    every_seconds: float | None
    """How often watching asks; None: only when a person wants it."""
    is_always: bool
    """False: only while some job is overdue, stands, or is looked at."""

    @property
    def line(self) -> str:
        """Its name and how it went."""
        return f"{self.name:{_WIDTH}} {self.state}"

    @property
    def times_a_minute(self) -> float:
        """How often watching asks in a minute; a refused source is not asked again."""
        if self.every_seconds is None or self.state in _REFUSALS.values():
            return 0.0
        return MINUTE_SECONDS / self.every_seconds


@dataclass(frozen=True, slots=True)
class _Source:
    """How one source is asked, and when."""

    name: str
    ask: Callable[[], Awaitable[object]]
    every_seconds: float | None = MINUTE_SECONDS
    is_always: bool = True


async def ask_release(client: Client) -> tuple[Asked, str | None]:
    """Ask for the source that tells the release; None where it does not."""
    from bptui.monitor.poller import SYSTEM_SECONDS  # noqa: PLC0415  # what watching loads, on demand

    asked, system = await _asked(client, _Source("system_information", client.system_information, SYSTEM_SECONDS))
    return asked, system.version if isinstance(system, SystemInformation) else None


async def ask_rest(client: Client, bucket_names: tuple[str, ...], interval_seconds: float) -> AsyncIterator[Asked]:
    """Ask for all else that watching asks for, in turn and whole; only what needs an id that nobody gave is left out."""
    yield (await _asked(client, _Source("jobs", client.jobs, interval_seconds)))[0]
    for source in _sources(client, bucket_names):
        yield (await _asked(client, source))[0]


async def ask_beside(client: Client, bucket_names: tuple[str, ...]) -> AsyncIterator[Asked]:
    """Ask for what watching asks for beside the job list, of lists of running jobs one entry only."""
    for source in _sources(client, bucket_names, most=1):
        yield (await _asked(client, source))[0]


async def _asked(client: Client, source: _Source) -> tuple[Asked, object]:
    """How it went, and the answer, if there was one."""
    before = _cost(client)
    state, answer = await _tried(source.ask)
    requests, received_bytes = (now - then for now, then in zip(_cost(client), before, strict=True))
    return Asked(source.name, state, requests, received_bytes, source.every_seconds, source.is_always), answer


def _sources(client: Client, bucket_names: tuple[str, ...], most: int | None = None) -> Iterator[_Source]:
    from bptui.monitor.canceled import CANCELED_SECONDS, PAGE  # noqa: PLC0415  # what watching loads, on demand
    from bptui.monitor.evidence_policies import READ_AGAIN_SECONDS, read_policy  # noqa: PLC0415
    from bptui.monitor.evidence_rows import ROWS, Row, When  # noqa: PLC0415
    from bptui.monitor.poller import RECORDS_SECONDS  # noqa: PLC0415

    yield _Source("active_job", lambda: client.active_jobs(most=most), RECORDS_SECONDS)
    yield _Source("completed_job", lambda: client.completed_jobs(most=1), None)
    yield _Source("canceled_job", lambda: client.canceled_jobs(most=PAGE), CANCELED_SECONDS)

    def of(row: Row) -> Callable[[], Awaitable[object]]:
        return lambda: row.ask(client)

    for row in ROWS:
        yield _Source(row.call, of(row), row.every_seconds, row.when is When.ALWAYS)
    if bucket_names:

        async def policy() -> object:
            from bptui.ds3 import questions  # noqa: PLC0415

            bucket = await client.answer(questions.bucket(bucket_names[0]))
            return bucket.data_policy_id and await read_policy(client, bucket.data_policy_id)

        yield _Source("data policy", policy, READ_AGAIN_SECONDS, is_always=False)


def _cost(client: Client) -> tuple[int, int]:
    """Requests made and bytes received so far."""
    each = client.traffic.values()
    return sum(one.requests for one in each), sum(one.received_bytes for one in each)


async def _tried(ask: Callable[[], Awaitable[object]]) -> tuple[str, object]:
    try:
        return "readable", await ask()
    except Ds3Error as error:
        return _word(error.problem), None


def _word(problem: Problem) -> str:
    return _REFUSALS.get(problem.kind) or f"failed ({problem.kind.value})"
