"""What `bptui watch --until` waits for."""

from __future__ import annotations

import pytest

from bptui.cli.goals import Goal, Reach, Standing, reach
from bptui.model.job import EndedJob, Ending
from bptui.model.verdict import Kind, Verdict
from tests.monitor.why.scene import at, job

PUT = job("PUT", (10, 5, 0))
AGGREGATING = job("PUT", (10, 5, 0), is_aggregating=True)


def running(kind: Kind | None = None, *, aggregates: bool = False) -> Standing:
    return Standing(AGGREGATING if aggregates else PUT, None, Verdict(kind, "X", 0.0) if kind else None)


def ended(ending: Ending) -> Standing:
    return Standing(PUT, EndedJob(PUT, ending, at(0)))


@pytest.mark.parametrize(
    ("goal", "standings", "expected"),
    [
        (Goal.DONE, [ended(Ending.COMPLETED)], Reach.REACHED),
        (Goal.DONE, [ended(Ending.COMPLETED), running()], Reach.NOT_YET),
        (Goal.DONE, [ended(Ending.CANCELED), running()], Reach.NEVER),
        (Goal.DONE, [ended(Ending.GONE)], Reach.NEVER),
        (Goal.ENDED, [ended(Ending.CANCELED), ended(Ending.COMPLETED)], Reach.REACHED),
        (Goal.ENDED, [ended(Ending.CANCELED), running(Kind.MEDIA)], Reach.NOT_YET),
        (Goal.CLOSED, [running(), ended(Ending.GONE)], Reach.REACHED),
        (Goal.CLOSED, [running(), running(aggregates=True)], Reach.NOT_YET),
        (Goal.STALLED, [running(Kind.RECEIVING), running(Kind.BLOCKED)], Reach.REACHED),
        (Goal.STALLED, [running(Kind.QUIET), running(Kind.OPEN), running()], Reach.NOT_YET),
        (Goal.STALLED, [ended(Ending.COMPLETED), running()], Reach.NOT_YET),
        (Goal.STALLED, [ended(Ending.COMPLETED)], Reach.NEVER),
        (Goal.MOVING, [running(Kind.RECEIVING), running(Kind.WORKING)], Reach.REACHED),
        (Goal.MOVING, [running(Kind.RECEIVING), running(Kind.QUIET)], Reach.NOT_YET),
        (Goal.MOVING, [running(Kind.RECEIVING), ended(Ending.COMPLETED)], Reach.NEVER),
        (Goal.DONE, [], Reach.REACHED),
        (Goal.STALLED, [], Reach.NEVER),
    ],
)
def test_reach(goal: Goal, standings: list[Standing], expected: Reach) -> None:
    """All jobs have to be done, closed, moving or ended; one that stalls is enough; what cannot come is said."""
    assert reach(goal, standings) is expected
