"""Puts the evidence to a ruling: what stands, why, what else was seen, what was checked, what could not be read."""

from __future__ import annotations

from dataclasses import replace

from bptui.model.media import PoolHealth
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.verdict import Actor, At, Kind, KindClass, Phrase, Span, Unreadable, Verdict
from bptui.monitor.why.causes import causes
from bptui.monitor.why.derive import Case
from bptui.monitor.why.drives import drive_fault
from bptui.monitor.why.facts import EndpointFacts, Peers
from bptui.monitor.why.failed import SLACK_SECONDS, failure_phrase, newest, seconds_of
from bptui.monitor.why.limits import HOUR, Side
from bptui.monitor.why.obstacle import Obstacle
from bptui.monitor.why.pressure import Level, Pressure
from bptui.monitor.why.rules import Rule
from bptui.monitor.why.service import is_partition_out, is_pool_out, silent_nodes
from bptui.monitor.why.stands import is_learned, stands

_READINGS = {Reading.FORBIDDEN, Reading.NOT_IN_RELEASE, Reading.FAILED}
_NEEDS_CACHE = {Kind.CACHE, Kind.CLIENT, Kind.UNCLEAR, Kind.MEDIA, Kind.OPEN}
CLEANUP_SECONDS = 24 * HOUR


def explained(case: Case, rule: Rule, obstacle: Obstacle | None, peers: Peers, verdict: Verdict) -> Verdict:
    """The verdict with all its evidence."""
    return replace(
        verdict,
        stands=stands(case, verdict, rule.side(case) if rule.side else None),
        cause=obstacle.cause if obstacle else causes(case, verdict),
        facts=_facts(case, verdict, peers),
        checked=_checked(case, verdict),
        unreadable=_unreadable(case),
        who=_who(case, verdict),
        used=(rule.used | (obstacle.used if obstacle else frozenset())) & case.facts.known,
    )


def _who(case: Case, verdict: Verdict) -> str:
    if verdict.actor is None:
        return ""
    if verdict.actor is Actor.CLIENT:
        doing = "sending" if case.is_put else "reading"
        name = f" ({case.job.user_name})" if case.job.user_name else ""
        return f"Owner of the {doing} program{name}"
    return _WHO[verdict.actor]


_WHO = {
    Actor.NOBODY: "No action",
    Actor.OPERATOR: "Operator of the library",
    Actor.ADMIN: "Appliance admin",
    Actor.VENDOR: "Vendor support, with the message and the request id",
    Actor.YOU: "You can end aggregation from here",
    Actor.UNKNOWN: "Not known who can act",
}


def _facts(case: Case, verdict: Verdict, peers: Peers) -> tuple[Phrase, ...]:
    if verdict.kind.kind_class is KindClass.ENDED:
        return ()
    found = [_peers(case, verdict, peers), _rechunked(case), _longest_pause(case, verdict), _clean_up(case, verdict)]
    found.append(_degraded_pool(case))
    if verdict.rule == "M8" and peers.higher_priority:
        found.append((f"{peers.higher_priority} active jobs have a higher priority",))
    if verdict.kind.kind_class not in {KindClass.MOVES, KindClass.NORMAL}:
        found += [*_recent_failures(case), *silence(case.facts.endpoint)]
    return tuple(phrase for phrase in found if phrase)


_PEERS = {Side.INTAKE: "PUT jobs receive", Side.DRAIN: "PUT jobs write", Side.STAGE: "GET jobs stage"}
_PEERS_SEND, _PEERS_CHECK = "GET jobs send", "VERIFY jobs move"


def side_of(case: Case, verdict: Verdict) -> Side:
    """The direction in which a verdict's job is compared with others."""
    if case.is_put:
        return Side.INTAKE if verdict.rule in {"P2", "P5", "P7", "P8"} or case.drain_backlog == 0 else Side.DRAIN
    if case.is_get:
        return Side.SEND if case.is_takeable else Side.STAGE
    return Side.CHECK


def _peers(case: Case, verdict: Verdict, peers: Peers) -> Phrase:
    if not peers.total or verdict.kind in {Kind.WATCHING, Kind.QUIET} or verdict.kind.kind_class is KindClass.MOVES:
        return ()
    side = side_of(case, verdict)
    doing = _PEERS.get(side) or (_PEERS_SEND if side is Side.SEND else _PEERS_CHECK)
    return (f"{peers.moving} of {peers.total} other {doing}",)


def _rechunked(case: Case) -> Phrase:
    at = case.facts.record.rechunked if case.facts.record else None
    return ("Re-planned onto other media at ", At(at)) if at else ()


def _longest_pause(case: Case, verdict: Verdict) -> Phrase:
    longest = is_learned(case, verdict.limit_seconds)
    return ("Longest normal pause here: ", Span(longest)) if longest else ()


def _clean_up(case: Case, verdict: Verdict) -> Phrase:
    record, changed = case.facts.record, case.history.last_change_at
    is_waiting = verdict.kind in {Kind.CLIENT, Kind.OPEN, Kind.UNCLEAR, Kind.CACHE}
    if not (
        case.is_put
        and is_waiting
        and record
        and record.is_dead_job_cleanup_allowed is not False
        and changed is not None
    ):
        return ()
    earliest = case.now.utc_of(changed + CLEANUP_SECONDS)
    return ("The appliance may clean this job up, not before ", At(earliest.replace(microsecond=0)))


def _degraded_pool(case: Case) -> Phrase:
    chunk = case.facts.chunk.known
    source = next(
        (pool for pool in case.facts.endpoint.pools.known or () if chunk and pool.pool_id == chunk.read_from_pool_id),
        None,
    )
    is_degraded = source is not None and source.health == PoolHealth.DEGRADED and not is_pool_out(source)
    return (
        (f"Pool {source.name or source.pool_id}, which it is read from, is degraded",) if source and is_degraded else ()
    )


_LISTS = (FailureList.TAPE, FailureList.TAPE_PARTITION, FailureList.POOL, FailureList.SYSTEM)


def _recent_failures(case: Case) -> list[Phrase]:
    start = case.pause_start(Side.WHOLE)[0] - SLACK_SECONDS
    found: list[Phrase] = []
    for source in _LISTS:
        dated = [(failure, seconds_of(case, failure)) for failure in case.facts.endpoint.failures_of(source)]
        latest = newest(failure for failure, seconds in dated if seconds is not None and seconds >= start)
        if latest:
            found.append((f"Newest {source.value.replace('_', ' ')}: ", *failure_phrase(latest)))
    return found


def silence(facts: EndpointFacts) -> tuple[Phrase, ...]:
    """Which nodes are silent, and since when."""
    return tuple(
        (f"Node {node.name or node.node_id} silent since ", At(node.last_heartbeat))
        for node in silent_nodes(facts)
        if node.last_heartbeat
    )


def _checked(case: Case, verdict: Verdict) -> tuple[Phrase, ...]:
    if verdict.kind.kind_class in {KindClass.ENDED, KindClass.MOVES}:
        return ()
    found = [_checked_backend(case), _checked_cache(case, verdict), *_checked_media(case, verdict)]
    return tuple((text,) for text in found if text)


def _checked_backend(case: Case) -> str:
    backend = case.facts.endpoint.backend.known
    return "data path active" if backend and backend.is_activated else ""


def _checked_cache(case: Case, verdict: Verdict) -> str:
    is_told_already = verdict.kind in {Kind.CACHE, Kind.CLIENT} or verdict.rule == "P8"
    return "" if is_told_already or case.pressure.level is not Level.LOW else f"cache {share_words(case.pressure)}"


def share_words(pressure: Pressure) -> str:
    """How full the cache is, such as `38 % reserved`."""
    if pressure.reserved_share is not None:
        return f"{100 * pressure.reserved_share:.0f} % reserved"
    return f"{100 * (pressure.used_share or 0):.0f} % used"


def _checked_media(case: Case, verdict: Verdict) -> list[str]:
    if verdict.kind not in _NEEDS_CACHE | {Kind.QUEUED, Kind.WORKING, Kind.BLOCKED}:
        return []
    endpoint = case.facts.endpoint
    found: list[str] = []
    partitions = endpoint.partitions.known
    if partitions and verdict.rule != "M2":
        fine = sum(not is_partition_out(partition) for partition in partitions)
        found.append(f"{fine} of {len(partitions)} tape partitions work")
    drives = endpoint.drives.known
    if drives and verdict.rule not in {"M2", "M3", "M8"}:
        fine = sum(drive_fault(case, drive) is None for drive in drives)
        found.append(f"{fine} of {len(drives)} drives usable")
    if endpoint.tasks.known is not None and verdict.rule not in {"M7", "M8"}:
        found.append(_tasks_words(case))
    return found


def _tasks_words(case: Case) -> str:
    tasks = case.facts.endpoint.tasks.known or ()
    if any(task.job_ids is None for task in tasks):
        return f"{len(tasks)} tasks run or wait; which jobs they serve is not told by this release"
    return "no task for this job"


def _unreadable(case: Case) -> tuple[Unreadable, ...]:
    states = case.facts.sources()
    return tuple(Unreadable(name, state) for name, state in states.items() if _is_unreadable(state))


def _is_unreadable(state: SourceState) -> bool:
    return state.reading in _READINGS
