"""How an endpoint and its panes are doing, as frozen values for the top line, the panes and `bptui info`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bptui.model.endpoint import Endpoint
from bptui.model.job import JobId
from bptui.model.problem import Problem
from bptui.model.reading import SourceState
from bptui.monitor.ages import Freshness

if TYPE_CHECKING:
    from bptui.model.system import SystemInformation


@dataclass(frozen=True, slots=True)
class PaneState:
    """The polls of one pane at the moment of asking."""

    age_seconds: float | None = None
    """Since the last good answer; None when there was none. The computer's sleep counts."""
    freshness: Freshness = Freshness.NEVER
    at: datetime | None = None
    """When the last good answer was complete, UTC."""
    took_seconds: float | None = None
    planned_seconds: float | None = None
    """From one answer to the next, as planned at the last good answer."""
    next_at: datetime | None = None
    """When it is asked next, UTC; None while a request is under way or only a person can help."""
    asking_seconds: float | None = None
    """For how long a request has been under way; None when none is."""
    problem: Problem | None = None
    """Why the last request failed; None when it did not."""
    attempt: int = 0
    """How many requests in a row have failed."""
    job_id: JobId | None = None
    """Which job the pane is about; None for the list."""

    @property
    def waits_for_person(self) -> bool:
        """Whether nothing is asked until `Monitor.poke`."""
        return self.problem is not None and self.next_at is None and self.asking_seconds is None


@dataclass(frozen=True, slots=True)
class EndpointState:
    """Everything about an endpoint that is not its jobs."""

    endpoint: Endpoint
    list: PaneState
    job: PaneState
    interval_seconds: float
    is_locked: bool
    """Whether closing is refused until a person unlocks it; always so when `is_read_only`."""
    is_read_only: bool
    """Whether closing is out of the question: `--read-only` or `writes = "no"`."""
    system: SystemInformation | None = None
    """What the appliance told last about itself; None when it was never told."""
    clock_skew_seconds: float | None = None
    """How far the appliance's clock is ahead of ours; None when not known."""
    sources: Mapping[str, SourceState] = field(default_factory=dict)
    """Every other thing that is read, by the name of its call."""

    @property
    def problem(self) -> Problem | None:
        """Why the endpoint is down; None when its list can be read."""
        return self.list.problem

    @property
    def is_down(self) -> bool:
        """Whether the last read of the list failed."""
        return self.list.problem is not None
