"""A person who moves on gives requests up at every moment of their life; what is left must still answer."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import pytest

from bptui.ds3.client import Client
from bptui.ds3.giving_up import until_given_up
from bptui.simulator.server import RunningSimulator

MOMENTS = 40
"""A request is sent and its answer waited for within so many turns of the loop."""
ROUNDS = 12


async def test_no_connection_is_lost_however_often_a_request_is_given_up(
    simulate: Callable[..., RunningSimulator], client_for: Callable[..., Client]
) -> None:
    """After hundreds of requests, each given up a turn of the loop later than the one before, the list still comes."""
    simulator = simulate(speed=0)
    client = client_for(simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key)
    jobs = await client.jobs()
    for turn in [*range(MOMENTS)] * ROUNDS:
        asking = asyncio.ensure_future(client.job(next(iter(jobs))))
        for _ in range(turn):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait({asking})
    assert jobs.keys() == (await client.jobs()).keys()


def test_what_fails_while_it_is_given_up_is_nobodys_news() -> None:
    """The cancellation is all that who gave up hears of; asyncio reports nothing, not even when all is over."""
    reports: list[object] = []

    async def failing(begun: asyncio.Event) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("closing failed")

    async def give_up() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
        begun = asyncio.Event()
        asking = asyncio.ensure_future(until_given_up(failing(begun)))
        await begun.wait()
        asking.cancel()
        await asyncio.wait({asking})
        assert asking.cancelled()

    asyncio.run(give_up())
    gc.collect()
    assert reports == []


async def test_a_failure_reaches_who_asked() -> None:
    """It is the same error, not one about tasks."""

    async def failing() -> None:
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        await until_given_up(failing())
