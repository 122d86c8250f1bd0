"""When a command tries again, and after how long: pure, but for the one function that waits.

Only commands use it. The poller has its own pace, and nothing here ever repeats a Close.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bptui.clock import Clock
from bptui.ds3.errors import Ds3Error
from bptui.model.problem import ProblemKind

TRIES = 3
MOST_RETRY_AFTER_SECONDS = 30.0
"""A command does not wait longer than this between two tries, whatever the appliance asks for."""

_PASSING = {ProblemKind.UNAVAILABLE, ProblemKind.BROKEN, ProblemKind.TIMEOUT, ProblemKind.REFUSED}

Value = TypeVar("Value")


def is_worth_another_try(error: Ds3Error) -> bool:
    """Whether the trouble may pass by itself within seconds."""
    return error.problem.kind in _PASSING


def delay_seconds(attempt: int, retry_after_seconds: float | None, chance: float) -> float:
    """How long to wait after the failed try number `attempt` (from 1): 1, 2, 4 s, shortened by up to a half.

    `chance` is a random number from 0 to 1, so that several clients do not come back at once. A `Retry-After`
    is honoured up to a cap.
    """
    backed_off = 2.0 ** (attempt - 1) * (1.0 - chance / 2)
    return max(backed_off, min(retry_after_seconds or 0.0, MOST_RETRY_AFTER_SECONDS))


def _say_nothing(_error: Ds3Error, _seconds: float) -> None:
    pass


async def with_retries(
    ask: Callable[[], Awaitable[Value]],
    *,
    clock: Clock,
    chance: Callable[[], float],
    tries: int = TRIES,
    on_wait: Callable[[Ds3Error, float], None] = _say_nothing,
) -> Value:
    """Ask up to `tries` times. For GETs only. `on_wait` is told what failed, and in how many seconds comes the next try.

    Raises:
        Ds3Error: the last try's, or the first that another try cannot cure.
    """
    attempt = 1
    while True:
        try:
            return await ask()
        except Ds3Error as error:
            if attempt >= tries or not is_worth_another_try(error):
                raise
            seconds = delay_seconds(attempt, error.problem.retry_after_seconds, chance())
            on_wait(error, seconds)
            await clock.sleep(seconds)
        attempt += 1
