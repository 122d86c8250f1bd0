"""Commands try GETs again a few times, never for long, and only when it may help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.clock import SystemClock
from bptui.ds3.errors import AuthenticationError, Ds3Error, UnavailableError
from bptui.ds3.retry import MOST_RETRY_AFTER_SECONDS, delay_seconds, with_retries
from bptui.model.problem import Problem, ProblemKind


class _Counting(SystemClock):
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class _Failing:
    def __init__(self, *failures: Ds3Error) -> None:
        self.failures = list(failures)
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def _busy(retry_after_seconds: float | None = None) -> UnavailableError:
    return UnavailableError(Problem(ProblemKind.UNAVAILABLE, "busy", retry_after_seconds=retry_after_seconds))


async def test_the_answer_of_a_later_try_counts() -> None:
    """Two failures, then success, with 1 and 2 seconds in between."""
    clock, ask = _Counting(), _Failing(_busy(), _busy())
    assert await with_retries(ask, clock=clock, chance=lambda: 0.0) == "answer"
    assert clock.slept == [1.0, 2.0]


async def test_each_wait_is_told() -> None:
    """Who waits for a command learns why, and for how long."""
    told: list[tuple[str, float]] = []
    ask = _Failing(_busy(), _busy(5.0))
    await with_retries(
        ask, clock=_Counting(), chance=lambda: 0.0, on_wait=lambda error, seconds: told.append((str(error), seconds))
    )
    assert told == [("busy", 1.0), ("busy", 5.0)]


async def test_three_failures_are_enough() -> None:
    """The third is raised."""
    clock, ask = _Counting(), _Failing(_busy(), _busy(), last := _busy())
    with pytest.raises(UnavailableError) as caught:
        await with_retries(ask, clock=clock, chance=lambda: 1.0)
    assert caught.value is last
    assert (ask.asked, clock.slept) == (3, [0.5, 1.0])


async def test_what_another_try_cannot_cure_is_raised_at_once() -> None:
    """A wrong key tried again may lock an account."""
    clock = _Counting()
    ask = _Failing(AuthenticationError(Problem(ProblemKind.AUTHENTICATION, "wrong key")))
    with pytest.raises(AuthenticationError):
        await with_retries(ask, clock=clock, chance=lambda: 0.0)
    assert (ask.asked, clock.slept) == (1, [])


async def test_retry_after_is_honoured_up_to_a_cap() -> None:
    """Five seconds are waited for; a year is not."""
    clock = _Counting()
    await with_retries(_Failing(_busy(5.0), _busy(3e7)), clock=clock, chance=lambda: 0.0)
    assert clock.slept == [5.0, MOST_RETRY_AFTER_SECONDS]


@given(attempt=st.integers(1, 6), after=st.none() | st.floats(0, 1e9), chance=st.floats(0, 1))
def test_a_delay_is_never_nothing_and_never_long(attempt: int, after: float | None, chance: float) -> None:
    """Between half a back-off and the larger of back-off and cap."""
    backed_off = 2.0 ** (attempt - 1)
    assert backed_off / 2 <= delay_seconds(attempt, after, chance) <= max(backed_off, MOST_RETRY_AFTER_SECONDS)
