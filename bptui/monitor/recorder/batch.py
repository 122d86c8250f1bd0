"""What watching hands to who records it, and what it hears of that: both before anything that records is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bptui.model.diff import JobsChanges
    from bptui.model.job import JobId
    from bptui.model.problem import Problem
    from bptui.model.snapshot import JobsSnapshot
    from bptui.model.verdict import EndpointVerdict, Verdict


class Keeping(Enum):
    """What becomes of what is seen."""

    RECORDING = "recording"
    READING = "reading only"
    """Another session records; what it has recorded is used."""
    FAILED = "not recording"


class RecorderState(NamedTuple):
    """Whether an endpoint is recorded, and if not, why."""

    keeping: Keeping
    sentence: str = ""
    """What is the matter, for the person; empty while recording."""


@dataclass(slots=True)
class Batch:
    """What came since the last poll of the list, and that poll; or what came after the last one of all."""

    at: float
    interval_seconds: float
    is_poll: bool = True
    problem: Problem | None = None
    snapshot: JobsSnapshot | None = None
    """The jobs, if they read differently."""
    changes: JobsChanges | None = None
    """The difference to the snapshot before; None: only the whole counts."""
    verdicts: dict[JobId, Verdict | None] = field(default_factory=dict)
    endpoint_verdicts: tuple[EndpointVerdict, ...] | None = None
    """All that is wrong with the appliance as a whole; None: as before."""
    shift_seconds: float = 0.0
    """How far seconds since 1970 are ahead of the clock that these verdicts are told by."""
    answers: dict[str, tuple[float, object, Problem | None]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it besides the poll."""
        return self.snapshot is None and self.endpoint_verdicts is None and not (self.verdicts or self.answers)
