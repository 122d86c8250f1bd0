"""Every rule has a scenario in which its cause comes and goes, and every night what the caller complains about."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bptui.simulator.appliance import Appliance
from bptui.simulator.jobs import Job, RequestType, Status
from bptui.simulator.options import BEGINS_SECONDS, NIGHTS, SCENARIOS, Options
from bptui.simulator.scenarios import POPULATE, populate
from bptui.simulator.scenarios.plots import RULES
from bptui.simulator.scenarios.troubles import TROUBLES, happen

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

WATCHED = (
    "tape_partition",
    "tape_drive",
    "tape",
    "pool",
    "data_path_backend",
    "cache_state",
    "system_health",
    "node",
    "blob_store_task",
)
LOGS = ("storage_domain_failure", "ds3_target_failure")
NOISE = re.compile(rb"<(PreviousState|ResourceId)>[^<]*</\1>|<PreviousState/>")
"""What differs without any trouble."""


def appliance(scenario: str) -> Appliance:
    made = Appliance(Options(speed=0, scenario=scenario))
    populate(made)
    return made


def moved_bytes(job: Job) -> int:
    """What media moved: written for a PUT, staged for a GET."""
    return job.completed_bytes if job.request_type is RequestType.PUT else job.cached_bytes


def test_the_names_that_can_be_chosen_are_those_that_are_there() -> None:
    assert set(SCENARIOS) == set(POPULATE)


def test_every_trouble_belongs_to_a_plot() -> None:
    """Nothing is there that no scenario brings about."""
    assert {plot.trouble for plot in RULES.values()} == set(TROUBLES)


@pytest.mark.parametrize(
    ("trouble", "rule"),
    [
        (plot.trouble, rule)
        for rule, plot in RULES.items()
        if plot.trouble.split()[0]
        in ("backend", "no", "partition", "drives", "tape", "target", "pool", "cache", "task")
        or plot.trouble in ("unhealthy", "database low")
    ],
)
def test_a_trouble_shows_in_the_answers_and_leaves_them(
    simulate: Callable[..., Client], trouble: str, rule: str
) -> None:
    """Some answer about the machine differs while it lasts; failure lists, which are a log, keep their entries."""
    client = simulate(scenario="empty", start=datetime(2025, 3, 5, tzinfo=UTC), clock_tolerance_seconds=float("inf"))
    made = client.simulator.appliance
    other = appliance(f"rule-{rule}")
    job = next(job for job in other.running() if job.name not in ("survey 114 line 7", "evening package"))
    made.add(job)

    def seen(*calls: str) -> list[bytes]:
        return [NOISE.sub(b"", client.get(f"/_rest_/{call}").body) for call in calls]

    before = seen(*WATCHED, *LOGS)
    TROUBLES[trouble].cause(made, job)
    during = seen(*WATCHED, *LOGS)
    assert during != before
    TROUBLES[trouble].cure(made, job)
    after = seen(*WATCHED, *LOGS)
    assert after != during or trouble in ("no free media", "target lost")
    if trouble == "pool lost":
        assert b"<State>NORMAL</State>" in after[WATCHED.index("pool")]
    else:
        assert after[: len(WATCHED)] == before[: len(WATCHED)]


def test_a_silent_node_keeps_its_last_heartbeat(simulate: Callable[..., Client]) -> None:
    """Heartbeats stand still from the cause to the cure, while the clock goes on."""
    client = simulate(scenario="rule-E9", start=datetime(2025, 3, 5, tzinfo=UTC), clock_tolerance_seconds=float("inf"))

    def heartbeat() -> str | None:
        return client.get("/_rest_/node").xml.findtext("Node/LastHeartbeat")

    seen = []
    for seconds in (0, BEGINS_SECONDS, 600, RULES["E9"].lasts_seconds):
        client.simulator.appliance.advance(seconds)
        seen.append(heartbeat())
    assert seen[1] == seen[2] == "2025-03-05T00:01:30.000Z"
    assert len(set(seen)) == 3


def test_no_drive_works_for_a_job_that_waits() -> None:
    """While data cannot be read, no task stands in the list as if they were; when they can, there is one again."""
    made = appliance("rule-M1")
    job = made.named("restore for edit bay 3")

    def own_tasks() -> int:
        return sum(job.id in task.job_ids for task in made.machine.tasks.values())

    seen = set()
    for _ in range(20):
        made.advance(BEGINS_SECONDS / 20 - 0.01)
        seen.add(own_tasks())
    assert seen == {0, 1}
    made.advance(120)
    assert own_tasks() == 0
    made.advance(RULES["M1"].lasts_seconds)
    assert own_tasks() == 1


def test_nothing_is_read_from_a_tape_that_is_written() -> None:
    """A tape on which a job waits is not in a drive for somebody else's upload."""
    made = appliance("busy")
    for _ in range(40):
        made.advance(30)
        tapes = {task.tape_id for task in made.machine.tasks.values() if task.name == "WriteChunkToTapeTask"}
        assert not tapes & {chunk.tape_id for job in made.running() for chunk in job.chunks}


@pytest.mark.parametrize(
    "rule", ["P6", "M2", "M2-offline", "M3", "M3-reserved", "M3-priority", "M4", "M5", "M6", "M8", "X4"]
)
def test_a_drain_stops_and_goes_on(rule: str) -> None:
    """From the moment the trouble begins no media move; after it has gone, they do again."""
    made = appliance(f"rule-{rule}")
    job = next(job for job in made.running() if job.name in ("ingest 7", "restore for edit bay 3"))
    made.advance(BEGINS_SECONDS + 60)
    before = moved_bytes(job)
    made.advance(RULES[rule].lasts_seconds - 120)
    assert (moved_bytes(job), job.is_running) == (before, True)
    made.advance(1800)
    assert moved_bytes(job) > before


def test_a_trouble_lasts_as_long_as_it_says() -> None:
    made = appliance("busy")
    job = made.named("survey 114 line 7")
    made.begin(happen(made, job, TROUBLES["backend off"], 30, 60))
    states = []
    for _ in range(4):
        made.advance(29)
        states.append(made.machine.backend.is_activated)
    assert states == [True, False, False, True]


@pytest.mark.parametrize("night", NIGHTS[:9])
def test_a_night_goes_on_until_the_morning(simulate: Callable[..., Client], night: str) -> None:
    """Every answer a client may ask for is there, at the start and two hours later."""
    client = simulate(scenario=night)
    for hours in (0, 2):
        client.simulator.appliance.advance(hours * 3600)
        for call in ("job", "active_job", "canceled_job", *WATCHED):
            assert client.get(f"/_rest_/{call}").status == 200


def test_on_the_seventh_night_the_upload_is_in_the_canceled_list() -> None:
    made = appliance("night-7")
    job = made.ended(Status.CANCELED)[0]
    assert (job.name, job.is_canceled_due_to_timeout, job.cached_bytes > 0) == ("vfx drop 18", True, True)


def test_on_the_tenth_night_the_appliance_falls_silent(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="night-10")
    assert client.get("/_rest_/job").status == 200
    client.simulator.appliance.advance(31)
    with pytest.raises(ConnectionError):
        client.get("/_rest_/job")


def test_a_refused_job_is_noted(simulate: Callable[..., Client]) -> None:
    """While new jobs are not taken, the list of failures to create one grows; running jobs go on."""
    client = simulate(scenario="rule-E7")
    assert client.get("/_rest_/job_creation_failed").xml.find("JobCreationFailed") is None
    client.simulator.appliance.advance(BEGINS_SECONDS + 1)
    client.put(
        "/_rest_/bucket/dailies-2026?operation=start_bulk_put", b'<Objects><Object Name="x" Size="1"/></Objects>'
    )
    refused = client.get("/_rest_/job_creation_failed").xml
    assert [each.findtext("UserName") for each in refused] == ["demo", "svc-arc"]
    assert len(client.jobs()) == 3
