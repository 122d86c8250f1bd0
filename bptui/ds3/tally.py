"""Keeps what a client's calls cost the appliance, and the last answer to each as it came."""

from __future__ import annotations

from dataclasses import dataclass, field

from bptui.ds3.calls import CallName
from bptui.model.answer import RawAnswer


@dataclass(slots=True)
class Traffic:
    """What one kind of call has cost since the client was made."""

    requests: int = 0
    """Requests sent, each 307 counted."""
    failures: int = 0
    """Calls that raised."""
    received_bytes: int = 0
    """Of bodies, as they came over the network."""


@dataclass(slots=True)
class Tally:
    """The counters and kept answers of one client."""

    traffic: dict[CallName, Traffic] = field(default_factory=dict)
    answers: dict[CallName, RawAnswer] = field(default_factory=dict)

    def of(self, name: CallName) -> Traffic:
        """The counters of one kind of call, which begin at zero."""
        return self.traffic.setdefault(name, Traffic())
