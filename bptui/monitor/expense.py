"""Expense: what watching costs the appliance, in requests and bytes a minute for each kind of call."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from bptui.ds3.calls import CallName
from bptui.ds3.tally import Traffic

WINDOW_SECONDS = 300.0
SAMPLE_SECONDS = 15.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Expense:
    """What one kind of call costs."""

    requests: int
    """Since watching began."""
    failures: int
    received_bytes: int
    requests_a_minute: float
    """Over the last five minutes; in the first minute, what there was so far."""
    bytes_a_minute: float

    def __add__(self, other: Expense) -> Expense:
        """What both cost together."""
        return Expense(
            self.requests + other.requests,
            self.failures + other.failures,
            self.received_bytes + other.received_bytes,
            self.requests_a_minute + other.requests_a_minute,
            self.bytes_a_minute + other.bytes_a_minute,
        )


_ONE_OF_LIST = {
    CallName.ACTIVE_JOBS: CallName.ACTIVE_JOB,
    CallName.COMPLETED_JOBS: CallName.COMPLETED_JOB,
    CallName.CANCELED_JOBS: CallName.CANCELED_JOB,
}


def by_source(expenses: Mapping[CallName, Expense]) -> dict[str, Expense]:
    """Costs under the names by which sources are known: a list and one job of it are the same source."""
    found: dict[str, Expense] = {}
    for call, expense in expenses.items():
        name = _ONE_OF_LIST.get(call, call).value
        found[name] = found[name] + expense if name in found else expense
    return found


Counts = Mapping[CallName, tuple[int, int]]


class Expenses:
    """Remembers some minutes of a client's counters."""

    def __init__(self, now_seconds: float) -> None:
        self._samples: deque[tuple[float, Counts]] = deque([(now_seconds, {})])

    def sample(self, now_seconds: float, traffic: Mapping[CallName, Traffic]) -> None:
        """Take note of the counters, if the last time is long enough ago."""
        if now_seconds - self._samples[-1][0] < SAMPLE_SECONDS:
            return
        counts = {name: (each.requests, each.received_bytes) for name, each in traffic.items()}
        self._samples.append((now_seconds, counts))
        while len(self._samples) > 1 and now_seconds - self._samples[0][0] > WINDOW_SECONDS:
            self._samples.popleft()

    def expenses(self, now_seconds: float, traffic: Mapping[CallName, Traffic]) -> dict[CallName, Expense]:
        """What each kind of call costs at this moment."""
        start, before = self._samples[0]
        minutes = max(now_seconds - start, MINUTE) / MINUTE
        found: dict[CallName, Expense] = {}
        for name, each in traffic.items():
            requests, received = before.get(name, (0, 0))
            found[name] = Expense(
                each.requests,
                each.failures,
                each.received_bytes,
                (each.requests - requests) / minutes,
                (each.received_bytes - received) / minutes,
            )
        return found
