"""What a script may wait for, and whether some jobs have reached it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bptui.model.job import EndedJob, Ending, Job
from bptui.model.verdict import KindClass, Verdict


class Goal(Enum):
    """What `--until` takes."""

    DONE = "done"
    """All jobs are completed."""
    CLOSED = "closed"
    """None of them aggregates any more."""
    STALLED = "stalled"
    """One of them is stopped, or waits beyond what is normal."""
    MOVING = "moving"
    """All of them move."""
    ENDED = "ended"
    """All of them have ended, however."""


class Reach(Enum):
    """How far the jobs are."""

    NOT_YET = "not yet"
    REACHED = "reached"
    NEVER = "never"
    """It cannot be reached any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one job."""

    job: Job
    ended: EndedJob | None = None
    verdict: Verdict | None = None


def reach(goal: Goal, standings: Sequence[Standing]) -> Reach:
    """Judge some jobs together; no jobs at all have reached everything but a stall."""
    found = [_reach_of(goal, standing) for standing in standings]
    if goal is Goal.STALLED:
        first, wanted = Reach.REACHED, Reach.NEVER
    else:
        first, wanted = Reach.NEVER, Reach.REACHED
    if first in found:
        return first
    return wanted if all(one is wanted for one in found) else Reach.NOT_YET


def _reach_of(goal: Goal, standing: Standing) -> Reach:
    if standing.ended is not None:
        return _reach_of_ended(goal, standing.ended)
    if goal is Goal.CLOSED:
        return Reach.NOT_YET if standing.job.is_aggregating else Reach.REACHED
    kind = standing.verdict.kind if standing.verdict else None
    is_there = kind is not None and (
        (goal is Goal.STALLED and kind.is_stalled) or (goal is Goal.MOVING and kind.kind_class is KindClass.MOVES)
    )
    return Reach.REACHED if is_there else Reach.NOT_YET


def _reach_of_ended(goal: Goal, ended: EndedJob) -> Reach:
    is_there = goal in {Goal.ENDED, Goal.CLOSED} or (goal is Goal.DONE and ended.ending is Ending.COMPLETED)
    return Reach.REACHED if is_there else Reach.NEVER
