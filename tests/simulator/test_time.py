"""Jobs move through simulated time in steps, and the same way each time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bptui.simulator.appliance import Appliance
from bptui.simulator.jobs import RequestType, Status
from bptui.simulator.options import SCENARIOS, Options
from bptui.simulator.scenarios import populate

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

START = datetime(2025, 3, 5, 14, 0, tzinfo=UTC)


def appliance(**options: object) -> Appliance:
    made = Appliance(Options(**{"speed": 0.0, "start": START, **options}))  # type: ignore[arg-type]  # a test's options
    populate(made)
    return made


def state(made: Appliance) -> list[object]:
    return [
        (job.id, job.name, job.status, job.original_bytes, job.cached_bytes, job.completed_bytes, job.ended_at)
        for job in made.jobs.values()
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_state_does_not_depend_on_how_often_one_looks(scenario: str) -> None:
    """One step of ten minutes and six hundred of one second lead to the same state."""
    small = {"objects": 2000, "jobs": 200}
    once, often = appliance(scenario=scenario, **small), appliance(scenario=scenario, **small)
    once.advance(600)
    for _ in range(600):
        often.advance(1)
    assert state(often) == state(once)


def test_the_same_seed_gives_the_same_bytes(simulate: Callable[..., Client]) -> None:
    """And another seed gives other jobs."""
    bodies = []
    for seed in (7, 7, 8):
        client = simulate(seed=seed, start=START, clock_tolerance_seconds=float("inf"))
        client.simulator.appliance.advance(120)
        paths = [f"/_rest_/job/{job.id}" for job in client.simulator.appliance.running()]
        bodies.append([client.get(path).body for path in ["/_rest_/job", "/_rest_/active_job", *paths[:4]]])
    assert bodies[0] == bodies[1]
    assert bodies[0] != bodies[2]


def test_something_changes_at_every_poll_and_a_job_completes_within_a_minute() -> None:
    """At normal speed a person who looks every five seconds sees life, and an end within the first minute."""
    busy = appliance()
    before = state(busy)
    for _ in range(36):
        busy.advance(5)
        after = state(busy)
        assert after != before
        before = after
        if busy.moment_seconds == 60:
            assert any(job.status is Status.COMPLETED and (job.ended_at or START) > START for job in busy.jobs.values())


def test_busy_shows_every_fate() -> None:
    """Within two minutes one job was canceled; one stalls for an hour; about a dozen run for as long as one watches."""
    busy = appliance()
    stuck = next(job for job in busy.jobs.values() if job.name == "vfx drop 18")
    busy.advance(120)
    assert any(job.status is Status.CANCELED and (job.ended_at or START) > START for job in busy.jobs.values())
    cached_bytes = stuck.cached_bytes
    for _ in range(60):
        busy.advance(60)
        assert 8 <= len(busy.running()) <= 16
    assert (stuck.is_running, stuck.cached_bytes) == (True, cached_bytes)


def test_counters_stay_within_bounds_and_never_go_back() -> None:
    """0 ≤ completed ≤ cached ≤ original for a PUT, at every moment of half an hour; GETs are read after staging."""
    busy = appliance()
    last: dict[str, tuple[int, int]] = {}
    for _ in range(360):
        busy.advance(5)
        for job in busy.running():
            assert 0 <= job.completed_bytes <= job.original_bytes
            assert job.cached_bytes <= job.original_bytes
            if job.request_type is RequestType.PUT:
                assert job.completed_bytes <= job.cached_bytes
            cached_bytes, completed_bytes = last.get(job.id, (0, 0))
            assert cached_bytes <= job.cached_bytes
            assert completed_bytes <= job.completed_bytes
            last[job.id] = (job.cached_bytes, job.completed_bytes)


def test_a_closed_job_is_written_out_and_completes(simulate: Callable[..., Client]) -> None:
    """An idle aggregating job stands for as long as it is open, and goes to tape once it is closed."""
    client = simulate()
    job = client.simulator.appliance.jobs[client.jobs()["night ingest"].attrib["JobId"]]
    client.simulator.appliance.advance(900)
    assert job.completed_bytes == 0
    client.put(f"/_rest_/job/{job.id}?close_aggregating_job")
    client.simulator.appliance.advance(900)
    assert job.status is Status.COMPLETED


def test_a_fed_job_stops_taking_more_after_half_an_hour_and_is_closed_by_its_program() -> None:
    """New objects come for 30 minutes from its creation; later it closes, is written out, and another follows."""
    busy = appliance()
    feed = busy.named("scanner feed")
    busy.advance(60)
    growing = feed.original_bytes
    busy.advance(17 * 60)
    assert feed.original_bytes > growing
    settled = feed.original_bytes
    busy.advance(5 * 60)
    assert (feed.original_bytes, feed.is_aggregating) == (settled, True)
    busy.advance(60 * 60)
    assert feed.status is Status.COMPLETED
    assert busy.named("scanner feed").id != feed.id


def test_busy_goes_on_with_about_a_dozen_jobs() -> None:
    """Whoever leaves it open sees the same liveliness two hours later."""
    busy = appliance()
    for _ in range(4):
        busy.advance(1800)
        assert 9 <= len(busy.running()) <= 16
    busy.advance(600)
    assert {"PUT", "GET", "VERIFY"} == {job.request_type for job in busy.jobs.values()}


def test_stalled_stands_still() -> None:
    stalled = appliance(scenario="stalled")
    before = state(stalled)
    stalled.advance(3600)
    assert state(stalled) == before


def test_a_fixed_start_is_the_appliances_own_clock(simulate: Callable[..., Client]) -> None:
    """Dates, the `Date` header and `Now` all follow it, so that screenshots repeat."""
    client = simulate(start=START)
    client.simulator.appliance.advance(30)
    reply = client.send("GET", "/_rest_/system_information", headers={"Date": "Wed, 05 Mar 2025 14:00:00 GMT"})
    assert reply.headers["date"] == "Wed, 05 Mar 2025 14:00:30 GMT"
    assert reply.xml.findtext("Now") == str(int(START.timestamp() * 1000) + 30_000)


def test_an_abandoned_put_is_ended_after_a_day_without_transfers() -> None:
    """What arrived is kept and the job goes on with it; with nothing arrived it is canceled; both say why."""
    stalled = appliance(scenario="stalled")
    kept, empty = stalled.named("survey 114 line 7"), stalled.named("vfx drop 18")
    safe = stalled.named("PUT by 10.24.8.61")
    stalled.advance(23 * 3600)
    assert (kept.is_truncated, empty.is_running) == (False, True)
    stalled.advance(2 * 3600)
    assert (kept.is_truncated_due_to_timeout, kept.is_running) == (True, True)
    assert kept.original_bytes == kept.cached_bytes
    assert (empty.status, empty.is_canceled_due_to_timeout) == (Status.CANCELED, True)
    assert not safe.is_truncated


def test_a_protected_put_is_left_alone() -> None:
    stalled = appliance(scenario="stalled")
    stalled.named("vfx drop 18").allows_dead_job_cleanup = False
    stalled.advance(25 * 3600)
    assert stalled.named("vfx drop 18").is_running


def test_ended_jobs_do_not_pile_up() -> None:
    """After days of jobs coming and going, no more than a few thousand ended ones are kept."""
    many = appliance(scenario="many", jobs=1000)
    many.advance(4 * 3600)
    ended_before = sum(not job.is_running for job in many.jobs.values())
    many.advance(4 * 3600)
    assert len(many.running()) == 1000
    assert abs(sum(not job.is_running for job in many.jobs.values()) - ended_before) < 500
