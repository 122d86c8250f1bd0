"""Sources: what is read beside the lists, slowly and in turn; one row for each, so that another is another row."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from bptui.model.problem import Problem, ProblemKind
from bptui.model.reading import NOT_ASKED, Reading, SourceState
from bptui.monitor.pace import Situation, delay_seconds
from bptui.monitor.rounds import Setting, attempt, sleep_or_wake

SHORTEST_REST_SECONDS = 0.5
"""So that a source which is always due cannot keep the loop busy."""


class Source(NamedTuple):
    """One row: something to read every so often. Its failure is no failure of the endpoint."""

    call: str
    """The name of the call, under which its state is shown."""
    every_seconds: float
    read: Callable[[], Awaitable[None]]
    """Asks, and keeps or publishes what comes."""
    is_wanted: Callable[[], bool] = lambda: True
    """Whether anybody needs it at the moment."""


_REFUSED = {
    ProblemKind.PERMISSION: Reading.FORBIDDEN,
    ProblemKind.GONE: Reading.NOT_IN_RELEASE,
}


class Sources:
    """Reads its rows one after the other, each by its own clock; one that is forbidden waits until a person asks."""

    def __init__(
        self,
        rows: Sequence[Source],
        setting: Setting,
        on_read: Callable[[str, SourceState], None] = lambda _call, _state: None,
    ) -> None:
        """`on_read` is told after each reading how the source stands."""
        self._rows = rows
        self._on_read = on_read
        self._setting = setting
        self._clock = setting.clock
        self._wake = asyncio.Event()
        self._due: dict[str, float | None] = dict.fromkeys((row.call for row in rows), 0.0)
        self._failures: dict[str, int] = {}
        self.is_reading = False
        """Whether a request is under way."""
        self.states: dict[str, SourceState] = {row.call: NOT_ASKED for row in rows}

    def add(self, rows: Sequence[Source]) -> None:
        """Read more, after what is read already."""
        self._rows = (*self._rows, *rows)
        self._due |= dict.fromkeys((row.call for row in rows), 0.0)
        self.states |= {row.call: NOT_ASKED for row in rows}
        self._wake.set()

    async def run(self, may_ask: Callable[[], Awaitable[object]]) -> None:
        """Read what is due until cancelled; before each reading `may_ask` is awaited."""
        while True:
            await may_ask()
            row = self._next()
            if row is not None:
                await self._read(row)
                continue
            self._wake.clear()
            await sleep_or_wake(self._clock, self._rest_seconds(), self._wake)

    def hurry(self, call: str | None = None) -> None:
        """Read a source now, or all of them, those that were forbidden too."""
        for row in self._rows:
            if call in (None, row.call):
                self._due[row.call] = 0.0
        self._wake.set()

    def renew(self, call: str) -> None:
        """Read a source now if it is wanted, but not what was forbidden."""
        if self._due[call] is not None:
            self._due[call] = 0.0
        self._wake.set()

    def reconsider(self) -> None:
        """Look again at which sources are wanted."""
        self._wake.set()

    def _next(self) -> Source | None:
        """The row that has waited longest: where answers are slow, the first are due again before the last were read."""
        now = self._clock.monotonic()
        dues = {row: due for row in self._rows if row.is_wanted() and (due := self._due[row.call]) is not None}
        row = min(dues, key=dues.__getitem__, default=None)
        return row if row is not None and dues[row] <= now else None

    def _rest_seconds(self) -> float | None:
        now = self._clock.monotonic()
        dues = [due - now for row in self._rows if row.is_wanted() and (due := self._due[row.call]) is not None]
        return max(min(dues), SHORTEST_REST_SECONDS) if dues else None

    async def _read(self, row: Source) -> None:
        began = self._clock.monotonic()
        self._due[row.call] = None
        self.is_reading = True
        try:
            problem = await attempt(row.read(), f"Reading {row.call} of {self._setting.endpoint}")
        finally:
            self.is_reading = False
        cost = self._clock.monotonic() - began
        if problem is None:
            self._failures.pop(row.call, None)
            self.states[row.call] = SourceState(Reading.OK, self._clock.now())
        else:
            self._failures[row.call] = self._failures.get(row.call, 0) + 1
            self.states[row.call] = failed(problem, self.states[row.call])
        if self._due[row.call] is None:
            self._plan(row, problem, cost)
        self._on_read(row.call, self.states[row.call])

    def _plan(self, row: Source, problem: Problem | None, cost_seconds: float) -> None:
        situation = Situation(
            row.every_seconds,
            cost_seconds,
            self._failures.get(row.call, 0),
            problem.retry_after_seconds if problem else None,
            waits_for_person=problem is not None and (problem.kind in _REFUSED or problem.kind.waits_for_person),
        )
        delay = delay_seconds(situation, self._setting.jitter())
        self._due[row.call] = None if delay is None else self._clock.monotonic() + delay


def failed(problem: Problem, before: SourceState) -> SourceState:
    """How a source stands after an attempt that failed."""
    return SourceState(_REFUSED.get(problem.kind, Reading.FAILED), before.at, problem.sentence, problem.status)
