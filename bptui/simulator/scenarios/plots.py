"""One scenario for each rule by which a job's standing still is explained: its cause comes after a while and goes later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.jobs import Order, Priority, RequestType
from bptui.simulator.options import BEGINS_SECONDS
from bptui.simulator.scenarios.busy import ended, play
from bptui.simulator.scenarios.casting import Role
from bptui.simulator.scenarios.names import GIB
from bptui.simulator.scenarios.troubles import TROUBLES, happen

if TYPE_CHECKING:
    from bptui.simulator.appliance import Appliance
    from bptui.simulator.jobs import Job

PUT, GET, VERIFY, COPY = RequestType.PUT, RequestType.GET, RequestType.VERIFY, RequestType.COPY
MB = stories.MEGABYTE
HOUR = 3600.0
LASTS_SECONDS = 4 * HOUR


UPLOADS = tuple(
    Role(name, bucket, "lindqvist", PUT, 4000 * GIB, 20 * GIB, 0.2, 0.1, HOUR)
    for name, bucket in (("survey 114 line 7", "seismic-north"), ("evening package", "broadcast-news"))
)
DOWNLOADS = tuple(
    Role(name, "genomics-raw", "lindqvist", GET, 4000 * GIB, 20 * GIB, 0.2, 0.2, HOUR).with_attributes(order=Order.NONE)
    for name in ("cohort 12 recall", "cohort 13 recall")
)


@dataclass(frozen=True, slots=True)
class Plot:
    """A job, how fast its sides are, and what happens to it."""

    role: Role
    first_rate: float
    """Bytes a second of the client for a PUT, of the tape otherwise."""
    second_rate: float
    """Of the tape for a PUT, of the client otherwise."""
    trouble: str = "nothing"
    lasts_seconds: float = LASTS_SECONDS
    begins_seconds: float = BEGINS_SECONDS
    others: tuple[Role, ...] = UPLOADS
    """Healthy jobs beside it, unless the trouble is everybody's."""


def perform(appliance: Appliance, plot: Plot) -> Job:
    """Play a plot."""
    job = play(appliance, plot.role, plot.first_rate, plot.second_rate)
    trouble = TROUBLES[plot.trouble]
    trouble.prepare(appliance, job)
    appliance.begin(happen(appliance, job, trouble, plot.begins_seconds, plot.lasts_seconds))
    return job


def _put(cached: float, completed: float, **attributes: object) -> Role:
    role = Role("ingest 7", "dailies-2026", "svc-arc", PUT, 1200 * GIB, 40 * GIB, cached, completed, 2 * HOUR)
    return role.with_attributes(**attributes)


def _get(cached: float, completed: float, order: Order = Order.NONE) -> Role:
    role = Role(
        "restore for edit bay 3", "field-audio", "okonkwo", GET, 900 * GIB, 30 * GIB, cached, completed, 2 * HOUR
    )
    return role.with_attributes(order=order)


_VERIFY = Role("quarterly verify", "reel-masters", "svc-mam", VERIFY, 3000 * GIB, 300 * GIB, 0.3, 0.3, 30 * HOUR)
_EMPTY = Role("empty", "dailies-2026", "svc-arc", PUT, 0, age_seconds=HOUR).with_attributes(is_kept_open=True)
_UNHEARD = Role("copy to the new library", "field-audio", "svc-mam", COPY, 900 * GIB, 30 * GIB, 0.1, 0.1, HOUR)
_BOTH = replace(_put(0.5, 0.3), chunk_bytes=8 * GIB)
"""Chunks so small that both counters move every minute."""
_DRAIN = _put(1.0, 0.3)
_LOW = _put(1.0, 0.3, priority=Priority.LOW)
_OPEN = _put(0.9, 0.0, is_aggregating=True)
_STAGE = _get(0.1, 0.1)

RULES: dict[str, Plot] = {
    "X1": Plot(_BOTH, 300 * MB, 200 * MB, "forgotten"),
    "X1-unread": Plot(_BOTH, 300 * MB, 200 * MB, "completes"),
    "X2": Plot(_BOTH, 300 * MB, 200 * MB, "canceled"),
    "X3": Plot(_put(0.97, 0.9), 300 * MB, 200 * MB, "completes"),
    "X4": Plot(_DRAIN, 1, 300 * MB, "backend off"),
    "X5": Plot(_BOTH, 300 * MB, 200 * MB, "joins"),
    "X6": Plot(_BOTH, 300 * MB, 200 * MB, "error message"),
    "X6-moving": Plot(_get(1.0, 0.3), 1, 300 * MB, "error message only"),
    "X7": Plot(_EMPTY, 1, 1, "joins"),
    "X8": Plot(_UNHEARD, 300 * MB, 250 * MB, "goes on"),
    "X9": Plot(_UNHEARD, 300 * MB, 250 * MB, "both silent"),
    "P1": Plot(_BOTH, 300 * MB, 300 * MB, "goes on"),
    "P2": Plot(_BOTH, 120 * MB, 300 * MB, "media silent"),
    "P3": Plot(_BOTH, 300 * MB, 300 * MB, "client silent"),
    "P4": Plot(_BOTH, 300 * MB, 300 * MB, "both silent", 600),
    "P5": Plot(_put(0.4, 0.4), 300 * MB, 300 * MB, "cache full"),
    "P6": Plot(_DRAIN, 1, 300 * MB, "media silent"),
    "P7": Plot(_put(0.4, 0.38), 300 * MB, 300 * MB, "client silent"),
    "P8": Plot(_put(0.4, 0.38, is_replicating=True), 300 * MB, 300 * MB, "client silent"),
    "P9": Plot(_BOTH, 300 * MB, 300 * MB, "all counted"),
    "A1": Plot(_OPEN, 1, 300 * MB, "all written"),
    "A2": Plot(_OPEN, 1, 300 * MB, "all arrives"),
    "G1": Plot(_STAGE, 300 * MB, 250 * MB, "goes on"),
    "G2": Plot(_STAGE, 300 * MB, 250 * MB, "client silent"),
    "G3": Plot(_get(0.9, 0.1), 300 * MB, 90 * MB, "media silent"),
    "G4": Plot(_get(1.0, 0.3), 1, 300 * MB, "client silent", 590),
    "G5": Plot(_get(1.0, 0.3), 1, 300 * MB, "client silent"),
    "G6": Plot(_STAGE, 300 * MB, 300 * MB, "cache full", others=()),
    "G7": Plot(_STAGE, 300 * MB, 300 * MB, "media silent"),
    "G8": Plot(_get(1.0, 0.3).with_attributes(restore="YES"), 1, 300 * MB, "client silent"),
    "G8-blind": Plot(_get(0.0, 0.0), 300 * MB, 300 * MB, "both silent", begins_seconds=0.0),
    "G9": Plot(_get(1.0, 0.3), 1, 300 * MB, "all counted"),
    "V1": Plot(_VERIFY, 300 * MB, 300 * MB, "goes on"),
    "V2": Plot(_VERIFY, 300 * MB, 300 * MB, "media silent", HOUR),
    "V3": Plot(_VERIFY, 300 * MB, 300 * MB, "media silent", 12 * HOUR),
    "V4": Plot(_VERIFY, 300 * MB, 300 * MB, "all counted"),
    "M1": Plot(_STAGE, 300 * MB, 300 * MB, "tape ejected"),
    "M1-bad": Plot(_STAGE, 300 * MB, 300 * MB, "tape bad"),
    "M1-busy": Plot(_STAGE, 300 * MB, 300 * MB, "tape inspected"),
    "M2": Plot(_DRAIN, 1, 300 * MB, "partition quiesced"),
    "M2-offline": Plot(_DRAIN, 1, 300 * MB, "partition offline"),
    "M3": Plot(_DRAIN, 1, 300 * MB, "drives in error"),
    "M3-reserved": Plot(_DRAIN, 1, 300 * MB, "drives reserved"),
    "M3-priority": Plot(_LOW, 1, 300 * MB, "drives for higher"),
    "M4": Plot(_DRAIN, 1, 300 * MB, "no free media"),
    "M5": Plot(_DRAIN, 1, 300 * MB, "pool lost"),
    "M6": Plot(_DRAIN, 1, 300 * MB, "target lost"),
    "M7": Plot(_DRAIN, 1, 300 * MB, "task drags"),
    "M7-tape": Plot(_STAGE, 300 * MB, 300 * MB, "task drags"),
    "M7-shared": Plot(_STAGE, 300 * MB, 300 * MB, "tape in use"),
    "M7-overlong": Plot(_DRAIN, 1, 300 * MB, "task drags"),
    "M7-queued": Plot(_DRAIN, 1, 300 * MB, "task queued"),
    "M8": Plot(_STAGE, 300 * MB, 300 * MB, "drives busy"),
    "E1": Plot(_BOTH, 300 * MB, 300 * MB, "backend off"),
    "E2": Plot(_DRAIN, 1, 300 * MB, "all media silent"),
    "E3": Plot(_STAGE, 300 * MB, 300 * MB, "all media silent", others=DOWNLOADS),
    "E4": Plot(_put(0.4, 0.38), 300 * MB, 300 * MB, "all clients silent"),
    "E5": Plot(_BOTH, 300 * MB, 300 * MB, "cache full"),
    "E5-soon": Plot(_BOTH, 300 * MB, 300 * MB, "nearly full"),
    "E6": Plot(_BOTH, 300 * MB, 300 * MB, "partition quiesced"),
    "E6-drives": Plot(_BOTH, 300 * MB, 300 * MB, "drives in error"),
    "E7": Plot(_BOTH, 300 * MB, 300 * MB, "no new jobs"),
    "E7-crowded": Plot(_BOTH, 300 * MB, 300 * MB, "crowded"),
    "E8": Plot(_BOTH, 300 * MB, 300 * MB, "unhealthy"),
    "E8-space": Plot(_BOTH, 300 * MB, 300 * MB, "database low"),
    "E8-verified": Plot(_BOTH, 300 * MB, 300 * MB, "not verified"),
    "E9": Plot(_BOTH, 300 * MB, 300 * MB, "node silent"),
    "E10": Plot(_BOTH, 300 * MB, 300 * MB),
}
"""Plots by the rule they bring about."""

FAULTS: dict[str, tuple[str, ...]] = {
    "rule-X1-unread": ("forbidden:path=/_rest_/*job/*",),
    "rule-E10": (f"reset:from={BEGINS_SECONDS:.0f},for={LASTS_SECONDS:.0f}",),
}
"""What lies between the client and the appliance."""


def populate(appliance: Appliance, rule: str) -> None:
    """The plot of a rule, with two healthy jobs beside it."""
    ended(appliance)
    plot = RULES[rule]
    perform(appliance, plot)
    for role in plot.others:
        play(appliance, role, 200 * MB, 180 * MB)
