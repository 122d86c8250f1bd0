"""Verdicts about the whole appliance, E1 to E10: shown once, and the jobs they explain point to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from bptui.model.evidence import FailureType
from bptui.model.media import TapeDriveState
from bptui.model.problem import Problem
from bptui.model.reading import FailureList, Reading
from bptui.model.verdict import Actor, At, EndpointVerdict, Kind, Phrase, Since, Size, Span, Verdict
from bptui.model.vocabulary import Priority, RequestType
from bptui.monitor.why.causes import STANDBY
from bptui.monitor.why.explain import share_words, silence
from bptui.monitor.why.facts import EndpointFacts
from bptui.monitor.why.failed import failure_phrase, newest
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import HOUR, Side
from bptui.monitor.why.media import partition_words
from bptui.monitor.why.pressure import MARGIN, cache_pressure
from bptui.monitor.why.service import is_partition_out

PROJECTION_SECONDS = 2 * HOUR
CROWDED_SHARE = 0.95


class SideState(Enum):
    """How one side of a job stands."""

    DONE = "nothing to do"
    NEW = "nothing seen yet"
    ACTIVE = "changed within its limit"
    OVER = "past its limit"


@dataclass(frozen=True, slots=True)
class Totals:
    """All jobs of an endpoint in a few numbers."""

    counts: Mapping[tuple[Side, SideState], int] = field(default_factory=dict)
    pause_starts: Mapping[Side, float] = field(default_factory=dict)
    """Since when no job with something to do on a side has moved there, where all are past their limits."""
    waiting_bytes: int = 0
    """Received by PUT jobs and not yet on all copies."""
    largest: tuple[tuple[str, int], ...] = ()
    """The jobs with most of that, by name."""
    running: int = 0

    def with_work(self, side: Side) -> int:
        """How many jobs have something to do on a side."""
        states = (SideState.NEW, SideState.ACTIVE, SideState.OVER)
        return sum(self.counts.get((side, state), 0) for state in states)

    def is_standing(self, side: Side, least: int) -> bool:
        """Whether at least so many jobs have something to do on a side, and all are past their limits."""
        return self.with_work(side) >= least and self.counts.get((side, SideState.OVER), 0) == self.with_work(side)


@dataclass(frozen=True, slots=True)
class Blindness:
    """Why we see nothing, and since when."""

    problem: Problem
    since_seconds: float


Found = tuple[Actor, tuple[Phrase, ...]] | None


@dataclass(frozen=True, slots=True)
class EndpointCase:
    """What the endpoint rules look at."""

    facts: EndpointFacts
    totals: Totals
    now: Instant
    blindness: Blindness | None = None

    @property
    def appliance_seconds(self) -> float:
        """How far the appliance's clock is ahead of ours."""
        return self.facts.clock_ahead_seconds


def find_off(case: EndpointCase) -> Found:
    """E1: the data path is not activated."""
    backend, system = case.facts.backend.known, case.facts.system.known
    said = (backend and backend.is_activated, system and system.is_backend_activated)
    return (Actor.ADMIN, ((STANDBY,),)) if any(word is False for word in said) else None


def find_no_drain(case: EndpointCase) -> Found:
    """E2: no PUT job reaches all copies."""
    if not case.totals.is_standing(Side.DRAIN, 2):
        return None
    cause: Phrase = (
        "No job reached all copies",
        *_for(case, Side.DRAIN),
        "; ",
        Size(case.totals.waiting_bytes),
        " wait in cache",
    )
    return Actor.UNKNOWN, (cause,)


def find_no_staging(case: EndpointCase) -> Found:
    """E3: nothing is staged for any GET job."""
    if not case.totals.is_standing(Side.STAGE, 2):
        return None
    return Actor.UNKNOWN, (("Nothing was staged", *_for(case, Side.STAGE)),)


def find_no_intake(case: EndpointCase) -> Found:
    """E4: no client delivers."""
    if not case.totals.is_standing(Side.INTAKE, 3):
        return None
    pressure = cache_pressure(case.facts.cache.known, Priority.NORMAL)
    is_told = pressure.reserved_share is not None or pressure.used_share is not None
    room = f"cache {share_words(pressure)}" if is_told else "how full the cache is, is not told"
    return Actor.UNKNOWN, (("No client delivers", *_for(case, Side.INTAKE), ". Network or cache? ", room),)


def _for(case: EndpointCase, side: Side) -> Phrase:
    start = case.totals.pause_starts.get(side)
    return () if start is None else (" for ", Since(start))


def find_cache(case: EndpointCase) -> Found:
    """E5: the cache is short of space, or soon will be."""
    pressure = cache_pressure(case.facts.cache.known, Priority.NORMAL)
    holders = ", ".join(name for name, _ in case.totals.largest)
    most: tuple[Phrase, ...] = ((f"Most is held by {holders}; a lower bound",),) if holders else ()
    throttle = f"(throttles at {100 * pressure.threshold:.0f} %)"
    if pressure.is_high:
        return Actor.UNKNOWN, ((f"Cache {share_words(pressure)} {throttle}",), *most)
    left = _seconds_left(case)
    if left is None or left > PROJECTION_SECONDS:
        return None
    return Actor.UNKNOWN, (
        (f"Cache {share_words(pressure)} {throttle}; at this rate it throttles in ", Span(left)),
        *most,
    )


def _seconds_left(case: EndpointCase) -> float | None:
    growth, cache = case.facts.cache_growth_bytes_per_second, case.facts.cache.known
    if not growth or growth <= 0 or cache is None:
        return None
    threshold = cache_pressure(cache, Priority.NORMAL).threshold
    rooms = [
        filesystem.total_bytes * ((filesystem.burst_threshold or threshold) - MARGIN) - filesystem.job_locked_bytes
        for filesystem in cache.filesystems
        if filesystem.total_bytes and filesystem.job_locked_bytes is not None
    ]
    return max(0.0, min(rooms)) / growth if rooms else None


def find_no_tape(case: EndpointCase) -> Found:
    """E6: every partition is out, or no drive works."""
    partitions, drives = case.facts.partitions.known, case.facts.drives.known
    if partitions and all(is_partition_out(partition) for partition in partitions):
        named = ((f"Tape partition {item.name or item.partition_id}: {partition_words(item)}",) for item in partitions)
        return Actor.ADMIN, tuple(named)
    if not drives:
        return None
    broken = [drive for drive in drives if drive.state in _BROKEN or (drive.quiesced and drive.quiesced.value != "NO")]
    return (Actor.ADMIN, ((f"None of {len(drives)} tape drives works",),)) if len(broken) == len(drives) else None


_BROKEN = {TapeDriveState.ERROR, TapeDriveState.OFFLINE, TapeDriveState.NOT_COMPATIBLE}


def find_refusals(case: EndpointCase) -> Found:
    """E7: new jobs are refused; jobs that run go on."""
    backend, reasons = case.facts.backend.known, list[Phrase]()
    if backend and backend.is_new_job_allowed is False:
        reasons.append(("New jobs are refused: switched off (running jobs go on)",))
    most = backend.maximum_concurrent_jobs if backend else None
    if most and case.totals.running >= CROWDED_SHARE * most:
        reasons.append((f"New jobs are soon refused: {case.totals.running} of {most} jobs run",))
    now = case.now.utc + timedelta(seconds=case.appliance_seconds)
    recent = [
        item for item in case.facts.refused_jobs.known or () if item.date and (now - item.date).total_seconds() < HOUR
    ]
    if recent:
        text = recent[-1].error_message or "no reason given"
        times = "once" if len(recent) == 1 else f"{len(recent)} times"
        reasons.append((f"New jobs were refused {times} in the last hour: “{text}”",))
    return (Actor.ADMIN, tuple(reasons)) if reasons else None


_GRAVE = {FailureType.DATABASE_RUNNING_OUT_OF_SPACE, FailureType.CRITICAL_DATA_VERIFICATION_ERROR}


def find_ill_health(case: EndpointCase) -> Found:
    """E8: the appliance is not well by its own account."""
    state, health, found = case.facts.health.state, case.facts.health.known, list[Phrase]()
    if state.reading is Reading.FAILED and state.status == 503:
        found.append(("The appliance says that its data planner is not healthy (503)",))
    if health and health.database_free_space in {"LOW", "CRITICAL"}:
        found.append((f"Free space for the database: {health.database_free_space}",))
    now = case.now.utc + timedelta(seconds=case.appliance_seconds)
    entries = case.facts.failures_of(FailureList.SYSTEM)
    grave = [entry for entry in entries if entry.failure_type in _GRAVE and entry.date]
    latest = newest(entry for entry in grave if entry.date and (now - entry.date).total_seconds() < 24 * HOUR)
    if latest:
        found.append(failure_phrase(latest))
    is_vendors = latest is not None and latest.failure_type == FailureType.CRITICAL_DATA_VERIFICATION_ERROR
    return (Actor.VENDOR if is_vendors else Actor.ADMIN, tuple(found)) if found else None


def find_silent_nodes(case: EndpointCase) -> Found:
    """E9: a node has sent no heartbeat, by the appliance's own clock."""
    silent = silence(case.facts)
    return (Actor.ADMIN, silent) if silent else None


def find_blindness(case: EndpointCase) -> Found:
    """E10: we cannot see, which says nothing about the jobs."""
    if case.blindness is None:
        return None
    since = At(case.now.utc_of(case.blindness.since_seconds).replace(microsecond=0))
    reason = case.blindness.problem.sentence.rstrip(".")
    return Actor.UNKNOWN, (("We are blind since ", since, f": {reason}"), ("This says nothing about the jobs",))


ENDPOINT_RULES: tuple[tuple[str, str, Callable[[EndpointCase], Found]], ...] = (
    ("E10", "we cannot see: login, TLS, clock, name, timeout, wrong interface", find_blindness),
    ("E1", "data path not activated", find_off),
    ("E6", "every tape partition out, or no drive works", find_no_tape),
    ("E2", "two or more PUT jobs with data in cache, and none reached all copies for its limit", find_no_drain),
    ("E3", "two or more GET jobs to stage, and nothing staged for their limits", find_no_staging),
    ("E5", "cache pressure high, or within 2 h at the current rate", find_cache),
    ("E4", "three or more PUT jobs with data to come, and none received for its limit", find_no_intake),
    ("E7", "new jobs refused or nearly so", find_refusals),
    ("E8", "health 503; database space low; grave system failure within 24 h", find_ill_health),
    ("E9", "a node silent for 5 min by the appliance's clock", find_silent_nodes),
)
"""The rules by urgency; unlike the rules for jobs, all that hold are said."""


def judge_endpoint(case: EndpointCase) -> tuple[EndpointVerdict, ...]:
    """Everything that is wrong with the appliance as a whole, the most urgent first."""
    found = ((rule, find(case)) for rule, _, find in ENDPOINT_RULES)
    return tuple(EndpointVerdict(rule, *answer) for rule, answer in found if answer)


def explains(rule: str, verdict: Verdict, request_type: RequestType) -> bool:
    """Whether a verdict about the appliance explains one about a job, which then points to it and does not ring."""
    return verdict.rule in _JOB_RULES.get(rule, ()) or (request_type, verdict.kind) in _JOB_KINDS.get(rule, ())


_JOB_RULES = {"E1": {"X4"}, "E6": {"M2", "M3"}, "E2": {"P6", "M4", "M6"}, "E3": {"G7"}, "E4": {"P7", "P8"}}
_JOB_KINDS = {
    "E5": {(RequestType.PUT, Kind.CACHE), (RequestType.GET, Kind.CACHE), (RequestType.VERIFY, Kind.CACHE)},
}
