"""Appliances on which little happens: quiet, empty, stalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.jobs import Priority, RequestType
from bptui.simulator.scenarios import busy
from bptui.simulator.scenarios.casting import Role, cast, generator_for
from bptui.simulator.scenarios.names import GIB

if TYPE_CHECKING:
    from bptui.simulator.appliance import Appliance

HOUR = busy.HOUR


def quiet(appliance: Appliance) -> None:
    """One slow upload and one aggregating job that idles."""
    busy.ended(appliance)
    role = Role("night ingest", "mri-studies", "okonkwo", RequestType.PUT, 90 * GIB, age_seconds=2 * HOUR, cached=1.0)
    idle = cast(appliance, role.with_attributes(is_aggregating=True))
    appliance.begin(stories.persist(appliance, idle, 5e8, generator_for(appliance, "idle")))
    slow = Role("survey 114 line 8", "seismic-north", "lindqvist", RequestType.PUT, 400 * GIB, 40 * GIB, 0.3, 0.2, HOUR)
    busy.play(appliance, slow, 6e7, 4e8)


def empty(appliance: Appliance) -> None:
    """No job at all, and none in the past."""
    appliance.add_bucket("harbor-masters", appliance.add_user("mbarros"), age_days=900)


def stalled(appliance: Appliance) -> None:
    """Jobs of every kind, and nothing moves: the machine's data path is not activated."""
    appliance.machine.backend.is_activated = False
    busy.ended(appliance)
    put, get, verify = RequestType.PUT, RequestType.GET, RequestType.VERIFY
    roles = (
        Role("PUT by 10.24.8.61", "dailies-2026", "mbarros", put, 800 * GIB, 40 * GIB, 1.0, 0.4, 9 * HOUR),
        Role("survey 114 line 7", "seismic-north", "lindqvist", put, 2000 * GIB, 120 * GIB, 0.43, 0.31, 7 * HOUR),
        Role("vfx drop 18", "vfx-plates", "tanaka", put, 64 * GIB, 16 * GIB, 0.0, 0.0, 5 * HOUR),
        Role("restore for edit bay 3", "field-audio", "okonkwo", get, 585 * GIB, 30 * GIB, 0.0, 0.0, 4 * HOUR),
        Role("cohort 12 recall", "genomics-raw", "lindqvist", get, 900 * GIB, 90 * GIB, 0.7, 0.1, 11 * HOUR),
        Role("quarterly verify", "reel-masters", "svc-mam", verify, 3000 * GIB, 300 * GIB, 0.2, 0.2, 30 * HOUR),
        Role("scanner feed", "harbor-masters", "mbarros", put, 9 * GIB, 90 * GIB, 0.8, 0.0, 3 * HOUR).with_attributes(
            is_aggregating=True, priority=Priority.LOW
        ),
    )
    for role in roles:
        cast(appliance, role)
