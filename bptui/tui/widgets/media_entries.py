"""What the media room says of an appliance: each thing with its state, a reason and an age; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.style import Style

from bptui.model.evidence import CacheFilesystem, CacheState, Failure
from bptui.model.job import JobId
from bptui.model.media import Pool, PoolHealth, Tape, TapeDrive, TapeDriveState, TapePartition, TapeState
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.system import ApplianceNode
from bptui.model.verdict import EndpointVerdict
from bptui.model.vocabulary import Priority
from bptui.monitor.expense import Expense
from bptui.monitor.why.explain import share_words
from bptui.monitor.why.facts import Evidence, Source
from bptui.monitor.why.history import Instant
from bptui.monitor.why.media import partition_words, pool_words
from bptui.monitor.why.pressure import cache_pressure
from bptui.monitor.why.sentence import state_text
from bptui.monitor.why.service import OUT_OF_SERVICE, is_partition_out, is_pool_out, silent_nodes
from bptui.tui.display import Display
from bptui.tui.theme import Look
from bptui.tui.widgets.why import endpoint_text, policy_words
from bptui.units import UNKNOWN, short_duration

NEWEST = 40
"""How many failures are listed one by one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing; its texts may hold the appliance's words and are escaped when they are laid out."""

    section: str
    id: str
    """What tells it from others of its section."""
    name: str
    state: str = ""
    style: Style | None = None
    reason: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the media room is made of."""

    evidence: Evidence
    verdicts: tuple[EndpointVerdict, ...]
    sources: Mapping[str, SourceState]
    expenses: Mapping[str, Expense]
    job_name: Callable[[JobId], str]
    display: Display
    now: Instant
    blind: tuple[str, ...] = ()
    """Why nothing can be read, what was tried, and when it is tried next."""
    tape_names: Mapping[str, str] = field(default_factory=dict)
    """Bar codes by id of the tape, as far as they are known."""

    @property
    def look(self) -> Look:
        """How it is drawn."""
        return self.display.look

    @property
    def appliance_now(self) -> datetime:
        """What the appliance's clock says."""
        return self.now.utc + timedelta(seconds=self.evidence.endpoint.clock_ahead_seconds)

    def age(self, at: datetime | None) -> str:
        """How long ago something was, by the appliance's clock."""
        return "" if at is None else short_duration((self.appliance_now - at).total_seconds())

    def seen(self, thing_id: str) -> str:
        """For how long something has read as it does: at least so long, since we look."""
        at = self.evidence.endpoint.first_seen.get(thing_id)
        return "" if at is None else f">{short_duration((self.now.utc - at).total_seconds())}"


def entries(room: Room) -> list[Entry]:
    """Every section, what is wrong first."""
    facts = room.evidence.endpoint
    return [
        *_appliance(room),
        *_listed(room, "Cache", facts.cache, _cache),
        *_listed(room, "Nodes", facts.nodes, _nodes),
        *_listed(room, "Tape partitions", facts.partitions, _partitions),
        *_listed(room, "Tape drives", facts.drives, _drives),
        *_listed(room, "Pools", facts.pools, _pools),
        *_tapes(room),
        *_copies(room),
        *_failures(room),
        *_sources(room),
    ]


def _listed(room: Room, section: str, source: Source, make: Callable) -> Iterator[Entry]:  # type: ignore[type-arg]
    """One section of things that a single call tells; why it is empty where it is."""
    if source.known is None:
        text = "not read yet" if source.state.reading is Reading.NOT_ASKED else _source_words(source.state)
        yield Entry(section, "", UNKNOWN, text, room.look.dim)
        return
    found = list(make(room, section, source.known))
    yield from found or [Entry(section, "", UNKNOWN, "none", room.look.dim)]


def _appliance(room: Room) -> Iterator[Entry]:
    section = "Appliance"
    for number, line in enumerate(room.blind):
        yield Entry(section, f"blind {number}", line, style=room.look.warn)
    for verdict in room.verdicts:
        text = endpoint_text(verdict, room.display, room.now)
        yield Entry(section, verdict.rule, f"{room.look.glyphs.problem} {text}", style=room.look.bad)
    if not room.verdicts and not room.blind:
        yield Entry(section, "", "Nothing is wrong with the appliance as a whole.", style=room.look.dim)


def _cache(room: Room, section: str, cache: CacheState) -> Iterator[Entry]:
    for number, one in enumerate(cache.filesystems):
        pressure = cache_pressure(CacheState((one,)), Priority.NORMAL)
        style = room.look.bad if pressure.is_high else room.look.text
        name = one.path or one.filesystem_id or f"file system {number + 1}"
        yield Entry(section, str(number), name, share_words(pressure), style, _cache_words(room, one))


def _cache_words(room: Room, one: CacheFilesystem) -> str:
    pressure = cache_pressure(CacheState((one,)), Priority.NORMAL)
    parts = [f"throttles at {100 * pressure.threshold:.0f} %"]
    if one.used_bytes is not None and one.total_bytes:
        parts.append(f"{room.display.size(one.used_bytes)} of {room.display.size(one.total_bytes)} used")
    if one.job_locked_bytes is not None:
        parts.append(f"{room.display.size(one.job_locked_bytes)} reserved")
    return ", ".join([*parts, *filter(None, [one.summary])])


def _nodes(room: Room, section: str, nodes: tuple[ApplianceNode, ...]) -> Iterator[Entry]:
    silent = silent_nodes(room.evidence.endpoint)
    for node in nodes:
        heard, is_silent = node.last_heartbeat, node in silent
        state = "not told" if heard is None else "silent" if is_silent else "alive"
        style = room.look.bad if is_silent else room.look.good if heard else room.look.dim
        age = room.age(heard) if is_silent else ""
        address = node.data_path_ip_address or node.dns_name or ""
        yield Entry(section, node.node_id, node.name or node.node_id, state, style, address, age)


def _partitions(room: Room, section: str, partitions: tuple[TapePartition, ...]) -> Iterator[Entry]:
    for one in sorted(partitions, key=lambda each: not is_partition_out(each)):
        style = room.look.bad if is_partition_out(one) else room.look.good
        name, age = one.name or one.partition_id, room.seen(one.partition_id)
        yield Entry(section, one.partition_id, name, partition_words(one), style, one.error_message or "", age)


def _drives(room: Room, section: str, drives: tuple[TapeDrive, ...]) -> Iterator[Entry]:
    partitions = {one.partition_id: one.name for one in room.evidence.endpoint.partitions.known or ()}
    for drive in sorted(drives, key=lambda each: not _is_drive_out(each)):
        style = room.look.bad if _is_drive_out(drive) else room.look.good
        words = [partitions.get(drive.partition_id or ""), drive.drive_type, *_drive_limits(drive), drive.error_message]
        reason = ", ".join(word for word in words if word)
        name = drive.serial_number or drive.drive_id
        yield Entry(section, drive.drive_id, name, _drive_words(drive), style, reason, room.seen(drive.drive_id))


def _is_drive_out(drive: TapeDrive) -> bool:
    return drive.state != TapeDriveState.NORMAL or drive.quiesced in OUT_OF_SERVICE


def _drive_words(drive: TapeDrive) -> str:
    state = "" if drive.state is None else drive.state.value.lower().replace("_", " ")
    if drive.quiesced in OUT_OF_SERVICE:
        return ", ".join(filter(None, ["" if state == "normal" else state, "quiesced"]))
    return state or "not told"


def _drive_limits(drive: TapeDrive) -> Iterator[str]:
    reserved = drive.reserved_task_type
    if reserved is not None and reserved.value != "ANY":
        yield f"reserved for {reserved.value}"
    if drive.minimum_task_priority is not None:
        yield f"only for {drive.minimum_task_priority.value} and above"
    if drive.is_cleaning_required:
        yield "needs cleaning"


def _pools(room: Room, section: str, pools: tuple[Pool, ...]) -> Iterator[Entry]:
    for pool in sorted(pools, key=lambda each: not is_pool_out(each)):
        is_degraded = pool.health == PoolHealth.DEGRADED
        style = room.look.bad if is_pool_out(pool) else room.look.warn if is_degraded else room.look.good
        reason = "degraded" if is_degraded else ""
        yield Entry(
            section, pool.pool_id, pool.name or pool.pool_id, pool_words(pool), style, reason, room.seen(pool.pool_id)
        )


def _tapes(room: Room) -> Iterator[Entry]:
    """The tapes that the jobs on screen need next, with where they are."""
    section = "Tapes wanted by the jobs on screen"
    for job_id, looked in room.evidence.looked.items():
        name = room.job_name(job_id)
        if tape := looked.tape.known:
            style = room.look.good if tape.state == TapeState.NORMAL else room.look.bad
            state = tape.state.value.replace("_", " ") if tape.state else "not told"
            yield Entry(section, job_id, tape.bar_code or tape.tape_id, state, style, _place(room, tape, name))
        elif looked.tape.state.reading not in (Reading.NOT_ASKED, Reading.OK):
            yield Entry(section, job_id, UNKNOWN, state_text(looked.tape.state), room.look.dim, f"for {name}")


def _place(room: Room, tape: Tape, job_name: str) -> str:
    parts = [
        f"label “{tape.eject_label}”" if tape.eject_label else "",
        f"place “{tape.eject_location}”" if tape.eject_location else "",
        f"ejected {room.age(tape.eject_date)} ago" if tape.eject_date else "",
        "write-protected" if tape.is_write_protected else "",
        f"for {job_name}",
    ]
    return ", ".join(part for part in parts if part)


def _copies(room: Room) -> Iterator[Entry]:
    """What the buckets with waiting jobs need before a PUT is complete."""
    section, names = "Copies that buckets with waiting jobs need", room.evidence.endpoint.storage_domain_names
    for bucket, source in room.evidence.policies.items():
        if (policy := source.known) is None:
            yield Entry(section, bucket, bucket, state_text(source.state), room.look.dim)
            continue
        count = len(policy.stores) + len(policy.target_ids)
        state = f"{count} cop{'y' if count == 1 else 'ies'}"
        yield Entry(section, bucket, bucket, state, room.look.text, policy_words(policy, names))


def _failures(room: Room) -> Iterator[Entry]:
    facts = room.evidence.endpoint
    for kind, source in facts.failures.items():
        if source.known is None and source.state.reading not in (Reading.NOT_ASKED, Reading.NOT_IN_RELEASE):
            yield Entry("Failures", kind.value, _list_name(kind), state_text(source.state), room.look.dim)
    found = [failure for kind in FailureList for failure in facts.failures_of(kind)]
    found.sort(key=lambda failure: failure.date or datetime.min.replace(tzinfo=room.now.utc.tzinfo), reverse=True)
    yield from _grouped(room, found)
    for number, failure in enumerate(found[:NEWEST]):
        yield _failure(room, "Newest failures", failure.failure_id or str(number), failure, _list_name(failure.source))


def _grouped(room: Room, found: Iterable[Failure]) -> Iterator[Entry]:
    """How many failures there are of each tape, drive, partition, pool and target, with the newest of them."""
    by_thing: dict[str, list[Failure]] = defaultdict(list)
    for failure in found:
        for thing in _things(room, failure):
            by_thing[thing].append(failure)
    for thing, of_it in by_thing.items():
        yield _failure(room, "Failures by thing", thing, of_it[0], f"{thing}: {len(of_it)}")


def _things(room: Room, failure: Failure) -> Iterator[str]:
    """By which names a failure is counted: its tape and its drive, or its partition, pool, domain or target."""
    facts = room.evidence.endpoint
    if failure.subject_id is not None:
        names = {one.partition_id: one.name for one in facts.partitions.known or ()}
        names |= {one.pool_id: one.name for one in facts.pools.known or ()}
        known = names.get(failure.subject_id) or facts.storage_domain_names.get(failure.subject_id)
        known = known or room.tape_names.get(failure.subject_id)
        yield f"{_list_name(failure.source)} {known or failure.subject_id[:8]}"
    if failure.drive_id is not None:
        serials = {one.drive_id: one.serial_number for one in facts.drives.known or ()}
        yield f"drive {serials.get(failure.drive_id) or failure.drive_id[:8]}"


def _failure(room: Room, section: str, thing: str, failure: Failure, name: str) -> Entry:
    kind = failure.failure_type.value if failure.failure_type else "failure"
    reason = f"“{failure.error_message}”" if failure.error_message else ""
    return Entry(section, thing, name, kind, room.look.warn, reason, room.age(failure.date))


def _list_name(kind: FailureList) -> str:
    return kind.value.removesuffix("_failure").replace("_", " ")


def _sources(room: Room) -> Iterator[Entry]:
    section = "What is asked, and what it costs the appliance each minute"
    for call in sorted({*room.sources, *room.expenses}):
        state, cost = room.sources.get(call), room.expenses.get(call)
        word = "" if state is None else "ok" if state.is_ok else _source_words(state)
        style = room.look.good if state is None or state.is_ok else room.look.dim
        age = "" if state is None or state.at is None else short_duration((room.now.utc - state.at).total_seconds())
        yield Entry(section, call, call, word, style, _cost_words(room, cost), age)


def _source_words(state: SourceState) -> str:
    return "forbidden" if state.reading is Reading.FORBIDDEN else state_text(state)


def _cost_words(room: Room, cost: Expense | None) -> str:
    if cost is None:
        return ""
    return f"{cost.requests_a_minute:.1f} requests, {room.display.size(cost.bytes_a_minute)}"
