"""What a recorder saw before this session began: pauses then begin where the recording began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bptui.model.job import JobId
from bptui.model.verdict import At, Phrase, Verdict
from bptui.model.vocabulary import Priority
from bptui.monitor.progress import Past
from bptui.monitor.why.entry import Entry
from bptui.monitor.why.history import History, Instant
from bptui.monitor.why.limits import Side


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recorder saw before this session began."""

    histories: Mapping[JobId, History]
    by: str
    """Who recorded, such as `watch`."""
    until_seconds: float
    """When this session began, on the clock of the samples."""
    learned: Mapping[tuple[Side, Priority], float] = field(default_factory=dict)
    """The longest pauses of the last days that ended by themselves, as `Limits.learned` takes them."""
    past: Past | None = None
    """How counters moved, for rates."""


def with_recorder(verdict: Verdict, recorded: Recorded, entry: Entry, now: Instant) -> Verdict:
    """Say who recorded since when, for a job whose history began before this session."""
    if entry.history.first_at >= recorded.until_seconds:
        return verdict
    began = now.utc_of(entry.history.first_at).replace(microsecond=0)
    told: Phrase = ("Recorded since ", At(began), f" by {recorded.by}")
    return replace(verdict, facts=(*verdict.facts, told))
