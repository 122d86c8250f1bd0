"""What is remembered of one job between two polls, and what it adds to the totals of its endpoint."""

from __future__ import annotations

import math

from bptui.model.job import EndedJob, Job, JobRecord
from bptui.model.verdict import KindClass
from bptui.model.vocabulary import Priority
from bptui.monitor.why.derive import Case
from bptui.monitor.why.endpoint import SideState
from bptui.monitor.why.history import History
from bptui.monitor.why.limits import Side
from bptui.monitor.why.stability import Steady

Sides = tuple[tuple[Side, SideState], ...]


class Entry:
    """One job: its history, the verdict that is shown, and until when that holds if nothing changes."""

    __slots__ = ("ended", "history", "holds_until", "job", "record", "sides", "steady", "waiting_bytes", "was_running")

    def __init__(self, job: Job, history: History, ended: EndedJob | None) -> None:
        self.job = job
        self.history = history
        self.record: JobRecord | None = None
        self.ended = ended
        self.was_running = ended is None
        """Whether it was seen before it ended; what ended earlier is shown and is no news."""
        self.steady: Steady | None = None
        self.holds_until = -math.inf
        self.sides: Sides = ()
        self.waiting_bytes = 0

    @property
    def priority(self) -> Priority:
        """How urgent the job is."""
        return self.job.priority

    @property
    def is_stopped(self) -> bool:
        """Whether somebody or something has to clear an obstacle before the job goes on."""
        return self.steady is not None and self.steady.shown.kind.kind_class is KindClass.STOPPED


def side_states(case: Case) -> Sides:
    """How each side of a running job stands; a side that is finished is left out."""
    if case.is_put:
        return _states(case, ((Side.INTAKE, case.intake_backlog), (Side.DRAIN, case.drain_backlog)))
    if case.is_get:
        stage = 0 if case.is_blind else case.stage_backlog
        return _states(case, ((Side.STAGE, stage), (Side.SEND, case.unread)))
    return _states(case, ((Side.CHECK, case.history.original - case.history.completed),))


def _states(case: Case, backlogs: tuple[tuple[Side, int], ...]) -> Sides:
    return tuple((side, _state(case, side)) for side, backlog in backlogs if backlog > 0)


def _state(case: Case, side: Side) -> SideState:
    if case.is_over(side):
        return SideState.OVER
    return SideState.NEW if case.pause_start(side)[1] else SideState.ACTIVE
