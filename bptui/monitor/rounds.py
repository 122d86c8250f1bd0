"""Rounds: one kind of request repeated for ever, at most one under way, each wait a sleep or a poke."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict, TypeVar, Unpack

from bptui.clock import Clock
from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.ages import Elapsed, freshness
from bptui.monitor.appliance import CannotConnect
from bptui.monitor.events import Event, Pane, Polled, PollFailed, PollStarted
from bptui.monitor.pace import Situation, delay_seconds
from bptui.monitor.state import PaneState

log = logging.getLogger(__name__)
T = TypeVar("T")


async def attempt(asking: Awaitable[T], what: str) -> T | Problem:
    """Await an answer; whatever goes wrong becomes a problem, a defect of ours too. Cancellation passes."""
    try:
        return await asking
    except (Ds3Error, CannotConnect) as error:
        log.info("%s failed: %s", what, error.problem.sentence)
        return error.problem
    except Exception:  # the outermost edge of polling: a defect here must not end the watching
        log.exception("%s failed inside bptui", what)
        sentence = f"{what} failed because of a defect in bptui."
        return Problem(ProblemKind.INTERNAL, sentence, "The log file has the details; please report them.")


async def sleep_or_wake(clock: Clock, seconds: float | None, wake: asyncio.Event) -> None:
    """Return after some seconds, or as soon as `wake` is set; None waits for `wake` alone."""
    if seconds is None:
        await wake.wait()
        return
    sleeping = asyncio.ensure_future(clock.sleep(seconds))
    waking = asyncio.ensure_future(wake.wait())
    try:
        await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        waking.cancel()


class Answer(NamedTuple):
    """What a round brought, besides the events it has published itself."""

    took_seconds: float
    """How long the request took that the pane shows."""
    cost_seconds: float
    """What the delay until the next round is measured by."""
    next_seconds: float = 0.0
    """In how many seconds the pane's next answer is asked for, if that is later than the next round."""
    warning: str = ""


class Setting(NamedTuple):
    """What the rounds of an endpoint share."""

    endpoint: EndpointName
    clock: Clock
    elapsed: Elapsed
    publish: Callable[[Event], None]
    jitter: Callable[[], float]
    pace: Callable[[], float]
    """The seconds between two polls: more than the interval when nobody looks."""


class Outcome(TypedDict, total=False):
    """The part of a `pace.Situation` that is known when a round ends."""

    cost_seconds: float
    failures: int
    retry_after_seconds: float | None
    waits_for_person: bool


class Rounds:
    """The polling of one pane; `ask` makes the requests and returns None when the pane's data were not due."""

    def __init__(
        self,
        setting: Setting,
        pane: Pane,
        ask: Callable[[], Awaitable[Answer | None]],
        *,
        job_id: JobId | None = None,
        is_hopeless: Callable[[Problem], bool] = lambda problem: problem.kind.waits_for_person,
    ) -> None:
        self._setting = setting
        self._clock = setting.clock
        self._pane = pane
        self._ask = ask
        self._job_id = job_id
        self._is_hopeless = is_hopeless
        self._wake = asyncio.Event()
        self._is_poked = False
        self.was_poked = False
        """Whether the round under way was asked for by a person or an action."""
        self._outcome: Outcome = {}
        self._delay_seconds = 0.0
        """What the pace says of the round before, pokes apart."""
        self._ended = self._clock.monotonic()
        """When the last round ended, in monotonic seconds."""
        self._due: float | None = self._ended
        """When the next round begins, in monotonic seconds; None: when poked."""
        self._asking_since: float | None = None
        self._good: _Good | None = None
        self.last_told: Polled | PollFailed | None = None
        """The newest event about an answer, for who comes late."""
        self.problem: Problem | None = None
        self.attempt = 0

    async def run(self, may_ask: Callable[[], Awaitable[object]] | None = None) -> None:
        """Ask and rest until cancelled; before each round `may_ask` is awaited."""
        while True:
            if may_ask is not None:
                await may_ask()
            await self._round()
            await self._rest()

    def poke(self) -> None:
        """Begin the next round now, or right after the one under way: its answer may be older than the wish."""
        self._is_poked = True
        self._wake.set()

    def reconsider(self) -> None:
        """Plan the next round anew, because the pace has changed."""
        if self._due is not None:
            self._plan(**self._outcome)
            if self._good:
                self._good.delay_seconds = self._delay_seconds
            self._wake.set()

    def announce(self) -> None:
        """Say that a request goes out whose answer the pane waits for."""
        self._asking_since = self._setting.elapsed.seconds()
        self._setting.publish(PollStarted(self._setting.endpoint, self._pane, self._clock.now(), self._job_id))

    async def _round(self) -> None:
        self.was_poked, self._is_poked = self._is_poked, False
        began = self._clock.monotonic()
        try:
            answer = await attempt(self._ask(), f"Reading the {self._pane.value} of {self._setting.endpoint}")
        finally:
            self._asking_since = None
        self._ended = self._clock.monotonic()
        if isinstance(answer, Problem):
            self._fail(answer, self._ended - began)
        else:
            self._succeed(answer, self._ended - began)

    def _fail(self, problem: Problem, cost_seconds: float) -> None:
        self.problem = problem
        self.attempt += 1
        self._plan(
            cost_seconds=cost_seconds,
            failures=self.attempt,
            retry_after_seconds=problem.retry_after_seconds,
            waits_for_person=self._is_hopeless(problem),
        )
        where = (self._setting.endpoint, self._pane)
        now = self._clock.now()
        self._tell(PollFailed(*where, problem, now, self.next_at, self.attempt, self._job_id))

    def _succeed(self, answer: Answer | None, cost_seconds: float) -> None:
        self.problem = None
        self.attempt = 0
        self._plan(cost_seconds=cost_seconds if answer is None else answer.cost_seconds)
        if answer is None:
            return
        now = self._clock.now()
        self._good = good = _Good(now, self._setting.elapsed.seconds(), answer, self._delay_seconds)
        where = (self._setting.endpoint, self._pane)
        self._tell(Polled(*where, now, answer.took_seconds, good.next_at, self._job_id, answer.warning))

    def _tell(self, event: Polled | PollFailed) -> None:
        self.last_told = event
        self._setting.publish(event)

    def _plan(self, **outcome: Unpack[Outcome]) -> None:
        """Decide when the next round begins, from how this one ended."""
        self._outcome = outcome
        situation = Situation(self._setting.pace(), **outcome)
        delay = delay_seconds(situation, self._setting.jitter())
        self._delay_seconds = delay or 0.0
        if self._is_poked:
            delay = delay_seconds(replace(situation, is_poked=True))
        self._due = None if delay is None else self._ended + delay

    async def _rest(self) -> None:
        while not self._is_poked:
            left = None if self._due is None else self._due - self._clock.monotonic()
            if left is not None and left <= 0:
                return
            self._wake.clear()
            await sleep_or_wake(self._clock, left, self._wake)

    @property
    def next_at(self) -> datetime | None:
        """When the next round begins, UTC; None: when a person asks."""
        if self._due is None:
            return None
        return self._clock.now() + timedelta(seconds=max(self._due - self._clock.monotonic(), 0.0))

    def state(self) -> PaneState:
        """How this pane is doing now."""
        now = self._setting.elapsed.seconds()
        asking = None if self._asking_since is None else now - self._asking_since
        good, next_at = self._good, self.next_at if self._asking_since is None else None
        if good is None:
            return PaneState(
                next_at=next_at, asking_seconds=asking, problem=self.problem, attempt=self.attempt, job_id=self._job_id
            )
        age = now - good.elapsed
        return PaneState(
            age_seconds=age,
            freshness=freshness(age, good.planned_seconds),
            at=good.at,
            took_seconds=good.answer.took_seconds,
            planned_seconds=good.planned_seconds,
            next_at=next_at if self.problem or next_at is None else max(next_at, good.next_at),
            asking_seconds=asking,
            problem=self.problem,
            attempt=self.attempt,
            job_id=self._job_id,
        )


@dataclass(slots=True)
class _Good:
    """The last good answer, and when the one after it was planned."""

    at: datetime
    elapsed: float
    answer: Answer
    delay_seconds: float
    """Until the next round, as planned then; changed when the pace is."""

    @property
    def wait_seconds(self) -> float:
        return max(self.answer.next_seconds, self.delay_seconds)

    @property
    def planned_seconds(self) -> float:
        """From this answer to the next."""
        return self.wait_seconds + self.answer.took_seconds

    @property
    def next_at(self) -> datetime:
        return self.at + timedelta(seconds=self.wait_seconds)
