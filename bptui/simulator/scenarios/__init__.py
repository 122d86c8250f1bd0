"""The scenarios by name: each fills an appliance and starts what moves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.scenarios import busy, calm, hostile, large, nights, plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from bptui.simulator.appliance import Appliance

POPULATE: dict[str, Callable[[Appliance], None]] = {
    "busy": busy.populate,
    "quiet": calm.quiet,
    "empty": calm.empty,
    "stalled": calm.stalled,
    "hostile": hostile.populate,
    "huge": large.huge,
    "huge-flat": large.huge_flat,
    "many": large.many,
    **{name: partial(nights.populate, name=name) for name in nights.NIGHTS},
    **{f"rule-{rule}": partial(plots.populate, rule=rule) for rule in plots.RULES},
}
"""Every scenario: the everyday ones, the ten nights, and one for each rule by which standing still is explained."""

FAULTS = {**nights.FAULTS, **plots.FAULTS}
"""What a scenario brings with it that lies between the client and the appliance."""


def populate(appliance: Appliance) -> None:
    """Play the scenario that the appliance's options name."""
    POPULATE[appliance.options.scenario](appliance)
    appliance.begin(stories.clean_up(appliance))
    appliance.catch_up()
