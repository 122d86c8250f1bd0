"""What is said of the whole appliance, and which jobs point to it."""

from __future__ import annotations

from typing import Any

from bptui.model.evidence import DataPathBackend, JobCreationFailed
from bptui.model.media import Quiesced
from bptui.model.problem import Problem, ProblemKind
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.system import ApplianceNode, SystemHealth
from bptui.model.verdict import Actor, Kind, Verdict
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.endpoint import Blindness, EndpointCase, SideState, Totals, explains, judge_endpoint
from bptui.monitor.why.facts import EndpointFacts, Source
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Side
from bptui.monitor.why.sentence import Style, endpoint_sentence
from tests.monitor.why.scene import (
    BACKEND_OFF,
    GB,
    HOUR,
    MINUTE,
    PRESSURE_LOW,
    at,
    cache,
    drive,
    failures,
    ok,
    partition,
)

NOW = Instant(HOUR, at(HOUR))


def told(totals: Totals | None = None, blindness: Blindness | None = None, **sources: Any) -> dict[str, str]:
    """The sentence by rule."""
    found = judge_endpoint(EndpointCase(EndpointFacts(**sources), totals or Totals(), NOW, blindness))
    return {item.rule: endpoint_sentence(item, Style(NOW.seconds, is_decimal=True)) for item in found}


def over(side: Side, number: int, **more: Any) -> Totals:
    return Totals({(side, SideState.OVER): number}, {side: 13 * MINUTE}, **more)


def test_a_healthy_appliance_is_not_mentioned() -> None:
    """Silence is the normal state."""
    assert told(cache=PRESSURE_LOW, partitions=ok((partition(),)), drives=ok((drive(),))) == {}


def test_e1_the_data_path_is_off() -> None:
    """It warns before anybody activates a second appliance."""
    assert "two active appliances on one tape partition can damage data" in told(backend=BACKEND_OFF)["E1"]


def test_e2_nothing_reaches_all_copies() -> None:
    """It takes two jobs, and all of them past their limits."""
    text = told(over(Side.DRAIN, 2, waiting_bytes=4100 * GB))["E2"]
    assert text == "No job reached all copies for 47m; 4.10 TB wait in cache."
    assert told(over(Side.DRAIN, 1)) == {}
    assert told(Totals({(Side.DRAIN, SideState.OVER): 2, (Side.DRAIN, SideState.NEW): 1})) == {}


def test_e3_nothing_is_staged() -> None:
    """Two GET jobs that wait for media are the appliance's problem."""
    assert told(over(Side.STAGE, 2))["E3"] == "Nothing was staged for 47m."


def test_e4_no_client_delivers() -> None:
    """Three clients at once are rather the network or the cache."""
    text = told(over(Side.INTAKE, 3), cache=cache(reserved=0.4))["E4"]
    assert text == "No client delivers for 47m. Network or cache? cache 40 % reserved."
    assert told(over(Side.INTAKE, 2)) == {}


def test_e5_the_cache_is_short_or_soon_will_be() -> None:
    """A cache that fills within two hours is said before it throttles."""
    holders = Totals(largest=(("ingest-7", 900 * GB),))
    assert told(holders, cache=cache(reserved=0.84))["E5"] == (
        "Cache 84 % reserved (throttles at 85 %). Most is held by ingest-7; a lower bound."
    )
    soon = told(cache=cache(reserved=0.8), cache_growth_bytes_per_second=2.9 / HOUR)["E5"]
    assert soon == "Cache 80 % reserved (throttles at 85 %); at this rate it throttles in 1h 2m."
    assert told(cache=cache(reserved=0.8), cache_growth_bytes_per_second=1 / HOUR) == {}


def test_e6_no_tape_can_be_used() -> None:
    """Every partition out, or no drive that works."""
    assert told(partitions=ok((partition(state="OFFLINE"),)))["E6"] == "Tape partition LTO8-A: offline."
    assert told(drives=ok((drive("a", "ERROR"), drive("b", quiesced=Quiesced.YES))))["E6"] == (
        "None of 2 tape drives works."
    )
    assert told(drives=ok((drive("a", "ERROR"), drive("b")))) == {}


def test_e7_new_jobs_are_refused() -> None:
    """By a switch, by number, or as seen in the last hour."""
    off = ok(DataPathBackend(is_activated=True, is_new_job_allowed=False))
    assert told(backend=off)["E7"] == "New jobs are refused: switched off (running jobs go on)."
    full = ok(DataPathBackend(is_activated=True, maximum_concurrent_jobs=100))
    assert told(Totals(running=95), backend=full)["E7"] == "New jobs are soon refused: 95 of 100 jobs run."
    refused = ok((JobCreationFailed("1", at(30 * MINUTE), "No cache"),))
    assert told(refused_jobs=refused)["E7"] == "New jobs were refused once in the last hour: “No cache”."
    assert told(refused_jobs=ok((JobCreationFailed("1", at(-HOUR), "No cache"),))) == {}


def test_e8_the_appliance_is_not_well() -> None:
    """Its health check, its database, and grave failures of the last day."""
    sick: Source[Any] = Source(SourceState(Reading.FAILED, why="503", status=503))
    assert told(health=sick)["E8"] == "The appliance says that its data planner is not healthy (503)."
    assert told(health=ok(SystemHealth("LOW", 5)))["E8"] == "Free space for the database: LOW."
    grave = "CRITICAL_DATA_VERIFICATION_ERROR_REQUIRES_USER_CONFIRMATION"
    assert grave in told(**failures(FailureList.SYSTEM, grave, -HOUR))["E8"]
    assert told(**failures(FailureList.SYSTEM, grave, -24 * HOUR)) == {}


def test_e9_a_node_is_silent_by_the_appliances_own_clock() -> None:
    """A clock that is ten minutes ahead does not make a node silent."""
    node = ApplianceNode("n", "bp-02", None, None, None, None, at(HOUR - 12 * MINUTE), None)
    heard = Source(SourceState(Reading.OK, at(HOUR)), (node,))
    assert told(nodes=heard)["E9"] == "Node bp-02 silent since 2026-11-20 22:48 UTC."
    assert told(nodes=heard, clock_ahead_seconds=-10 * MINUTE) == {}


def test_e9_a_node_is_not_silent_because_nobody_asked() -> None:
    """What counts is how old the heartbeat was when it was read, not how long ago that is."""
    node = ApplianceNode("n", "bp-02", None, None, None, None, at(HOUR - 12 * MINUTE), None)
    assert told(nodes=Source(SourceState(Reading.OK, at(HOUR - 11 * MINUTE)), (node,))) == {}


def test_e10_blindness_says_nothing_about_the_jobs() -> None:
    """Not seeing is its own state."""
    blind = Blindness(Problem(ProblemKind.TIMEOUT, "No answer within 30 s."), 15 * MINUTE)
    assert told(blindness=blind)["E10"] == (
        "We are blind since 2026-11-20 22:15 UTC: No answer within 30 s. This says nothing about the jobs."
    )


def test_jobs_point_to_what_explains_them() -> None:
    """Thirty jobs that stand for one reason ring once."""
    blocked = Verdict(Kind.BLOCKED, "M2", 0, actor=Actor.ADMIN)
    assert explains("E6", blocked, RequestType.PUT)
    assert not explains("E3", blocked, RequestType.PUT)
    assert explains("E5", Verdict(Kind.CACHE, "P5", 0), RequestType.PUT)
