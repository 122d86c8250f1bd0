"""What the key in use may read: every source that explains why jobs stand, asked once, one line for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from bptui.ds3.errors import Ds3Error
from bptui.model.problem import Problem, ProblemKind

if TYPE_CHECKING:
    from bptui.ds3.client import Client

_REFUSALS = {ProblemKind.PERMISSION: "not allowed", ProblemKind.GONE: "not in this release"}
_WIDTH = 28


async def readable_lines(client: Client, bucket_names: tuple[str, ...]) -> AsyncIterator[str]:
    """Ask for each source in turn and say how it went; only what needs an id that nobody gave is left out."""
    for name, ask in _sources(client, bucket_names):
        yield f"{name:{_WIDTH}} {await _readability(ask)}"


def _sources(client: Client, bucket_names: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
    from bptui.monitor.evidence_policies import read_policy  # noqa: PLC0415  # what watching loads, on demand
    from bptui.monitor.evidence_rows import ROWS, Row  # noqa: PLC0415

    yield "active_job", lambda: client.active_jobs(most=1)
    yield "completed_job", lambda: client.completed_jobs(most=1)
    yield "canceled_job", lambda: client.canceled_jobs(most=1)

    def of(row: Row) -> Callable[[], Awaitable[object]]:
        return lambda: row.ask(client)

    for row in ROWS:
        yield row.call, of(row)
    if bucket_names:

        async def policy() -> object:
            from bptui.ds3 import questions  # noqa: PLC0415

            bucket = await client.answer(questions.bucket(bucket_names[0]))
            return bucket.data_policy_id and await read_policy(client, bucket.data_policy_id)

        yield "data policy", policy


async def _readability(ask: Callable[[], Awaitable[object]]) -> str:
    try:
        await ask()
    except Ds3Error as error:
        return _word(error.problem)
    return "readable"


def _word(problem: Problem) -> str:
    return _REFUSALS.get(problem.kind) or f"failed ({problem.kind.value})"
