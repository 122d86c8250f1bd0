"""How long each part of a call may take, and how large its answer may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from bptui.ds3.calls import Patience

MEGABYTE = 1_000_000


class Allowance(NamedTuple):
    """What one call gets."""

    total_seconds: float
    """From the first byte sent to the last one parsed; a slow drip never trips a read timeout."""
    most_bytes: int
    """Of the decoded body."""


_ALLOWANCES = MappingProxyType(
    {
        Patience.SMALL: Allowance(30.0, 64 * MEGABYTE),
        Patience.LIST: Allowance(120.0, 256 * MEGABYTE),
        Patience.JOB: Allowance(900.0, 1024 * MEGABYTE),
        Patience.CLOSE: Allowance(90.0, 64 * MEGABYTE),
    }
)


@dataclass(frozen=True, slots=True)
class Timing:
    """The limits of every call of one client."""

    connect_seconds: float = 8.0
    read_seconds: float = 60.0
    """Between two bytes of an answer, and until its first."""
    write_seconds: float = 20.0
    allowances: Mapping[Patience, Allowance] = field(default_factory=lambda: _ALLOWANCES)

    def of(self, patience: Patience) -> Allowance:
        """The allowance of calls of that patience."""
        return self.allowances[patience]
