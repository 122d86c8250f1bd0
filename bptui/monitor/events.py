"""The facts that watching produces: frozen, past tense, each with the endpoint it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from bptui.model.diff import JobsChanges, TreeChanges
from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId
from bptui.model.problem import Problem
from bptui.model.snapshot import JobsSnapshot

if TYPE_CHECKING:
    from bptui.model.tree import JobTree
    from bptui.model.verdict import EndpointVerdict
    from bptui.monitor.why.pauses import Pause


class Pane(Enum):
    """The two things that are polled, each with an age of its own."""

    LIST = "list"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """The job list reads differently than before."""

    endpoint: EndpointName
    snapshot: JobsSnapshot
    """The whole, for who is late."""
    changes: JobsChanges
    """The difference to `since_revision`, for who is up to date; a job that ended or got a record has changed."""
    since_revision: int | None = None
    """The revision that `changes` apply to; None: only the whole counts, as at first sight."""


@dataclass(frozen=True, slots=True)
class TreeChanged:
    """The job that is looked at reads differently than before, or was read for the first time."""

    endpoint: EndpointName
    tree: JobTree
    changes: TreeChanges
    """The difference to `since_revision`."""
    since_revision: int | None = None
    """The revision that `changes` apply to; None: only the whole counts, as at first sight."""


@dataclass(frozen=True, slots=True)
class Polled:
    """An answer arrived, whether or not it brought news."""

    endpoint: EndpointName
    pane: Pane
    at: datetime
    """When the answer was complete, UTC."""
    took_seconds: float
    next_at: datetime
    """When the next answer is asked for, UTC."""
    job_id: JobId | None = None
    """The job that was asked for, when `pane` is JOB."""
    warning: str = ""
    """Something odd that does not stop watching, such as an answer for another job."""


@dataclass(frozen=True, slots=True)
class PollStarted:
    """A request was sent that may take long, so that a pane can say for how long it waits."""

    endpoint: EndpointName
    pane: Pane
    at: datetime
    job_id: JobId | None = None


@dataclass(frozen=True, slots=True)
class PollFailed:
    """A request failed; the last snapshot stays and grows old."""

    endpoint: EndpointName
    pane: Pane
    problem: Problem
    at: datetime
    next_at: datetime | None
    """When it is tried again, UTC; None when only a person can help (`Monitor.poke` tries again)."""
    attempt: int
    """How many tries in a row have failed."""
    job_id: JobId | None = None


@dataclass(frozen=True, slots=True)
class EndpointRecovered:
    """The list is read again after failures."""

    endpoint: EndpointName
    at: datetime
    down_seconds: float


class CloseOutcome(Enum):
    """How a wish to close one job ended; there is no silence."""

    CLOSED = "no longer aggregating"
    """A read after the request shows it; the job may also have ended by itself."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The network broke, and no later read has settled it yet."""


@dataclass(frozen=True, slots=True)
class CloseFinished:
    """One close came to its end."""

    endpoint: EndpointName
    job_id: JobId
    outcome: CloseOutcome
    sentence: str
    """What happened, for the status line; may hold the appliance's words: escape before showing."""
    at: datetime
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth a line in the events pane: a job started, ended, stopped aggregating, counters went back."""

    endpoint: EndpointName
    at: datetime
    kind: NoteKind
    job_id: JobId | None
    sentence: str
    """What happened; may hold the appliance's words and names: escape before showing."""


@dataclass(frozen=True, slots=True)
class VerdictsChanged:
    """Some verdicts read differently than before; `Monitor.verdict` and `Monitor.explain` have them."""

    endpoint: EndpointName
    revision: int
    """Grows by one with each of these events."""
    changed: tuple[JobId, ...]
    """The jobs whose verdicts read differently, besides the time that passes in them."""
    removed: tuple[JobId, ...] = ()
    endpoint_verdicts: tuple[EndpointVerdict, ...] = ()
    """All that is wrong with the appliance as a whole, the most urgent first."""
    pauses: tuple[Pause, ...] = ()
    """Pauses that ended by themselves, for who remembers what is normal here."""


NOTES_KEPT = 1000
"""How many lines for the events pane are kept, and wait for who is late; beyond it the oldest are left out."""


class NoteKind(Enum):
    """What a line of the events pane is about."""

    STARTED = "started"
    COMPLETED = "completed"
    CANCELED = "canceled"
    GONE = "gone"
    GREW = "grew"
    COUNTERS_WENT_BACK = "counters went back"
    AGGREGATION_ENDED = "aggregation ended"
    CLOSE = "close"
    ENDPOINT = "endpoint"
    RECORDING = "recording"
    """What is seen cannot be recorded, or is recorded again."""
    RECORDED = "recorded"
    """What was wrong with the appliance before this session, as another one recorded it."""
    VERDICT = "verdict"
    """A job went past its limit, or moves again."""
    ALARM = "alarm"
    """A job, or the appliance, needs somebody."""


Event = (
    JobsChanged
    | TreeChanged
    | Polled
    | PollStarted
    | PollFailed
    | EndpointRecovered
    | CloseFinished
    | VerdictsChanged
    | Noted
)
