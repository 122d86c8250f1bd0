"""What can be asked of a pretend appliance, checked before anything starts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bptui.simulator.faults import parse_faults

if TYPE_CHECKING:
    from datetime import datetime

EVERYDAY: tuple[str, ...] = ("busy", "quiet", "empty", "stalled", "hostile", "huge", "huge-flat", "many")
"""The scenarios for demonstrations and most tests."""

NIGHTS: tuple[str, ...] = tuple(f"night-{number}" for number in range(1, 11))
"""Ten nights on which somebody calls because something stands still."""

RULE_NAMES = (
    "X1 X1-unread X2 X3 X4 X5 X6 X6-moving X7 X8 X9",
    "P1 P2 P3 P4 P5 P6 P7 P8 P9 A1 A2",
    "G1 G2 G3 G4 G5 G6 G7 G8 G8-blind G9",
    "V1 V2 V3 V4",
    "M1 M1-bad M1-busy M2 M2-offline M3 M3-reserved M3-priority M4 M5 M6",
    "M7 M7-tape M7-shared M7-overlong M7-queued M8",
    "E1 E2 E3 E4 E5 E5-soon E6 E6-drives E7 E7-crowded E8 E8-space E8-verified E9 E10",
)
"""What may follow `rule-`: the rules by the names they have in the table that `python -m bptui.monitor.why` prints."""

RULES: tuple[str, ...] = tuple(f"rule-{rule}" for group in RULE_NAMES for rule in group.split())
"""For each rule by which standing still is explained, one scenario in which its cause comes and goes, or more."""

BEGINS_SECONDS = 90.0
"""When such a cause comes: in the middle between two of the calls that clients make once a minute."""

SCENARIOS: tuple[str, ...] = EVERYDAY + NIGHTS + RULES
"""Every scenario by name; `bptui.simulator.scenarios` holds one factory for each."""

RELEASES: tuple[str, ...] = ("3.5", "4.1", "5.8", "6.0")
"""The appliance releases whose differences on the wire are played."""

MEBIBYTE = 1 << 20


class OptionsError(ValueError):
    """An option has a value that no pretend appliance can be made from."""


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that shapes one pretend appliance.

    Raises:
        OptionsError: a value is out of range.
        FaultError: a fault's text does not follow the syntax of `bptui.simulator.faults`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    """0 lets the system choose a free one."""
    scenario: str = "busy"
    seed: int = 1
    """Same seed and same simulated time: same answers, byte for byte (when `start` is given too)."""
    speed: float = 1.0
    """Simulated seconds per second; 0 stands still until someone advances it."""
    jobs: int | None = None
    """How many jobs `many` holds; 40,000 unless told."""
    objects: int | None = None
    """How many objects the job of `huge` and `huge-flat` holds; 500,000 unless told."""
    release: str = "5.8"
    tls: bool = False
    faults: tuple[str, ...] = ()
    start: datetime | None = None
    """A fixed start of the appliance's clock. Unless given, its clock is this machine's and only jobs move at `speed`."""
    clock_tolerance_seconds: float = 900.0
    """How far a request's date may be off. 15 minutes is the custom of S3; the appliance's own value is not known."""
    body_cap_bytes: int = 256 * MEBIBYTE
    """Bodies of objects are kept up to this many bytes in all; later ones are counted and read back as filler."""
    close_refuses_idle: bool = False
    """Closing a job that does not aggregate answers 409 instead of 200."""
    has_upper_booleans: bool = False
    """Print TRUE and FALSE, as the vendor's pages do and no appliance was seen to do."""
    is_indented: bool = False
    """Indent answers by two spaces a level; appliances were seen to answer in one line."""
    compresses: bool = False
    """Answer with gzip to clients that accept it."""

    def __post_init__(self) -> None:
        """Refuse what cannot be played."""
        if self.scenario not in SCENARIOS:
            raise OptionsError(
                f"There is no scenario {self.scenario!r}; there are {', '.join(EVERYDAY)}, {NIGHTS[0]} to {NIGHTS[-1]}, and {', '.join(RULES)}."
            )
        if self.release not in RELEASES:
            raise OptionsError(f"Release {self.release!r} is not played; {', '.join(RELEASES)} are.")
        if not 0 <= self.port <= 65535:
            raise OptionsError(f"Port {self.port} is not between 0 and 65535.")
        if not (math.isfinite(self.speed) and self.speed >= 0):
            raise OptionsError(f"Speed {self.speed} is not a number of 0 or more.")
        for name, count in (("jobs", self.jobs), ("objects", self.objects)):
            if count is not None and count < 1:
                raise OptionsError(f"The number of {name} is {count}; it has to be 1 or more.")
        parse_faults(self.faults)
