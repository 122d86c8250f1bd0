"""The media search: the obstacles M1 to M8 in the order in which they are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from bptui.model.media import Pool, PoolHealth, TapeDrive, TapePartition, TapeState
from bptui.model.reading import FailureList
from bptui.model.verdict import Actor, At, Grade, Kind, Phrase
from bptui.monitor.why.derive import Case
from bptui.monitor.why.drives import (
    Candidates,
    any_of,
    candidate_groups,
    drive_fault,
    drives_in,
)
from bptui.monitor.why.failed import find_no_free_media, find_target_failure, newest_failure
from bptui.monitor.why.limits import Side
from bptui.monitor.why.obstacle import Obstacle
from bptui.monitor.why.service import is_partition_out, is_pool_out
from bptui.monitor.why.tasks import find_busy_drives, find_own_task

_BRING = {TapeState.EJECTED, TapeState.OFFLINE, TapeState.LOST}
_BRING_PREFIXES = ("EJECT_", "ONLINE_")
_REPAIR = {
    TapeState.BAD,
    TapeState.UNKNOWN,
    TapeState.FOREIGN,
    TapeState.LTFS_WITH_FOREIGN_DATA,
    TapeState.INCOMPATIBLE,
    TapeState.SERIAL_NUMBER_MISMATCH,
    TapeState.BAR_CODE_MISSING,
}
_REPAIR_PREFIXES = ("DATA_CHECKPOINT_", "CANNOT_FORMAT_")
_BUSY_PREFIXES = ("FORMAT_", "IMPORT_", "RAW_IMPORT_", "AUTO_COMPACTION_")
_FROM_TAPE = frozenset({"tape", "job_chunk_dao"})


def find_tape(case: Case) -> Obstacle | None:
    """M1: the tape that the lowest outstanding chunk is read from."""
    tape = None if case.is_put else case.facts.tape.known
    if tape is None or tape.state is None:
        return None
    word, name = tape.state.value, tape.bar_code or tape.tape_id
    if tape.state == TapeState.PENDING_INSPECTION or word.startswith(_BUSY_PREFIXES):
        cause: Phrase = (f"Tape {name} is busy: {word}",)
        return Obstacle("M1", Kind.QUEUED, Grade.TOLD, Actor.NOBODY, (cause,), _FROM_TAPE)
    needs: Phrase = (f"Needs tape {name}: {word}", *_whereabouts(case))
    if tape.state in _BRING or word.startswith(_BRING_PREFIXES):
        return Obstacle("M1", Kind.BLOCKED, Grade.TOLD, Actor.OPERATOR, (needs,), _FROM_TAPE)
    if tape.state in _REPAIR or word.startswith(_REPAIR_PREFIXES):
        newest = newest_failure(case, FailureList.TAPE, tape.tape_id)
        causes = (needs, newest) if newest else (needs,)
        return Obstacle("M1", Kind.BLOCKED, Grade.TOLD, Actor.ADMIN, causes, _FROM_TAPE)
    return None


def _whereabouts(case: Case) -> Phrase:
    tape = case.facts.tape.known
    if tape is None:
        return ()
    label: Phrase = (f", label “{tape.eject_label}”",) if tape.eject_label else ()
    place: Phrase = (f", place “{tape.eject_location}”",) if tape.eject_location else ()
    since: Phrase = (", since ", At(tape.eject_date)) if tape.eject_date else ()
    return (*label, *place, *since)


def find_partitions(case: Case) -> Obstacle | None:
    """M2: every partition that could do the work is out."""
    for group in candidate_groups(case):
        if group.partitions and all(is_partition_out(partition) for partition in group.partitions):
            causes = tuple(_partition_phrase(case, partition) for partition in group.partitions)
            return _by_certainty("M2", group, causes, "tape_partition")
    return None


def _by_certainty(rule: str, group: Candidates, causes: tuple[Phrase, ...], source: str) -> Obstacle:
    grade = Grade.TOLD if group.is_certain else Grade.LIKELY
    if not group.is_certain:
        causes = (*causes, ("Pools or other copies may do the work; which ones this bucket needs is not known",))
    return Obstacle(rule, Kind.BLOCKED, grade, Actor.ADMIN, causes, group.used | {source})


def _partition_phrase(case: Case, partition: TapePartition) -> Phrase:
    words = partition_words(partition)
    newest = newest_failure(case, FailureList.TAPE_PARTITION, partition.partition_id)
    since = case.facts.endpoint.first_seen.get(partition.partition_id)
    dated: Phrase = (" since we look (", At(since), ")") if since else (" since we look",)
    return (
        f"Tape partition {partition.name or partition.partition_id}: {words}",
        *dated,
        *((f". “{partition.error_message}”",) if partition.error_message else ()),
        *((". ", *newest) if newest else ()),
    )


def partition_words(partition: TapePartition) -> str:
    """What is wrong with a partition, in a few words."""
    state = partition.state.value.lower() if partition.state and partition.state.value != "ONLINE" else ""
    quiesced = partition.quiesced.value if partition.quiesced else "NO"
    service = {"YES": "quiesced", "PENDING": "being quiesced"}.get(quiesced, "")
    return ", ".join(word for word in (state, service) if word) or "online"


def find_drives(case: Case) -> Obstacle | None:
    """M3: there are drives, and none of them can run this job."""
    groups = candidate_groups(case) or (any_of(case, ()),)
    found = (_no_drive(case, group, drives_in(case, group)) for group in groups)
    return next((obstacle for obstacle in found if obstacle), None)


def _no_drive(case: Case, group: Candidates, drives: tuple[TapeDrive, ...]) -> Obstacle | None:
    faults = [drive_fault(case, drive) for drive in drives]
    if None in faults or not case.facts.endpoint.drives.known:
        return None
    why = _faults_words(case, faults) if faults else f"none is in {_named(group.partitions)}"
    cause: Phrase = (f"No drive can run this {case.job.request_type.value}: {why}",)
    obstacle = _by_certainty("M3", group, (cause,), "tape_drive")
    return replace(obstacle, used=obstacle.used | {"tape_partition"})


def _faults_words(case: Case, faults: list[str | None]) -> str:
    named = ", ".join(f"{number} {fault}" for fault, number in Counter(faults).items())
    lowness = f" (this job: {case.job.priority.value})" if "above" in named else ""
    return f"{len(faults)} drive{'s' if len(faults) > 1 else ''}: {named}{lowness}"


def _named(partitions: tuple[TapePartition, ...]) -> str:
    names = ", ".join(partition.name or partition.partition_id for partition in partitions)
    return f"tape partition{'s' if len(partitions) > 1 else ''} {names}"


def find_pool(case: Case) -> Obstacle | None:
    """M5: the pool that the data come from, or every pool of a store that a PUT needs, is out."""
    pools = case.facts.endpoint.pools.known
    if not pools:
        return None
    needed, used = _needed_pools(case, pools)
    if not needed or not all(is_pool_out(pool) for pool in needed):
        return None
    causes = tuple((f"Pool {pool.name or pool.pool_id}: {pool_words(pool)}",) for pool in needed)
    return Obstacle("M5", Kind.BLOCKED, Grade.TOLD, Actor.ADMIN, causes, used | {"pool"})


def _needed_pools(case: Case, pools: tuple[Pool, ...]) -> tuple[tuple[Pool, ...], frozenset[str]]:
    if not case.is_put:
        chunk = case.facts.chunk.known
        named = tuple(pool for pool in pools if chunk and pool.pool_id == chunk.read_from_pool_id)
        return named, frozenset({"job_chunk_dao"})
    policy = case.facts.policy.known
    for store in policy.stores if policy else ():
        found = tuple(pool for pool in pools if pool.partition_id in store.pool_partition_ids)
        if found and not store.tape_partition_ids and all(is_pool_out(pool) for pool in found):
            return found, frozenset({"data policy"})
    return (), frozenset()


def pool_words(pool: Pool) -> str:
    """What is wrong with a pool, in a few words."""
    words = [pool.state.value.lower()] if pool.state and pool.state.value != "NORMAL" else []
    if pool.quiesced and pool.quiesced.value in {"YES", "PENDING"}:
        words.append("quiesced")
    if pool.is_powered_on is False:
        words.append("powered off")
    if pool.health == PoolHealth.DEGRADED:
        words.append("degraded")
    return ", ".join(words) or "normal"


@dataclass(frozen=True, slots=True)
class MediaRule:
    """One row of the media search."""

    rule: str
    types: str
    observations: str
    verdict: str
    grade: str
    actor: str
    find: Callable[[Case], Obstacle | None]


MEDIA_RULES = (
    MediaRule(
        "M1",
        "GET, VERIFY",
        "tape of the lowest outstanding chunk ejected, offline, coming online or lost / bad, foreign, unknown or not "
        "readable / being inspected, formatted, imported or compacted",
        "blocked / blocked / queued",
        "told",
        "operator / admin / nobody",
        find_tape,
    ),
    MediaRule(
        "M2",
        "all",
        "every candidate partition offline, in error or quiesced; a PUT needs one for each permanent store",
        "blocked",
        "told; likely if pools, or a replica for a GET, may do the work",
        "admin",
        find_partitions,
    ),
    MediaRule(
        "M3",
        "all",
        "drives exist, none of them usable for this job or in a candidate partition",
        "blocked",
        "as M2",
        "admin",
        find_drives,
    ),
    MediaRule(
        "M4",
        "PUT",
        "no free media reported for a needed storage domain, dated after the last drain progress less 10 min",
        "blocked",
        "told if the bucket's policy names the domain or there is only one; else likely",
        "operator",
        find_no_free_media,
    ),
    MediaRule(
        "M5",
        "all",
        "the pool read from, or every pool of a needed store without tape, not normal, quiesced or powered off",
        "blocked",
        "told",
        "admin",
        find_pool,
    ),
    MediaRule(
        "M7",
        "all",
        "a task for this job (by job id in 6.0; before: by a chunk id in its text, or its tape) in progress / waiting / "
        "in progress for more than twice the limit",
        "working / queued / media",
        "told / told / follows; likely if only the tape is the same",
        "nobody / nobody / admin",
        find_own_task,
    ),
    MediaRule(
        "M6",
        "PUT",
        "a replication target not online or not writable, dated as M4",
        "blocked",
        "likely; told if the bucket's policy names the target",
        "admin",
        find_target_failure,
    ),
    MediaRule(
        "M8",
        "all",
        "every usable drive has a task in progress",
        "queued",
        "likely",
        "nobody",
        find_busy_drives,
    ),
)
"""The rows in the order of the search: first match wins."""


def search(case: Case) -> Obstacle | None:
    """The first thing found on the media side; what was ruled out before it counts as used."""
    found = next((found for rule in MEDIA_RULES if (found := rule.find(case))), None)
    return replace(found, used=found.used | _RULED_OUT) if found and not found.is_conclusive else found


_RULED_OUT = frozenset({"tape", "job_chunk_dao", "tape_partition", "tape_drive", "pool", "data policy"})


def search_while_unread(case: Case) -> Obstacle | None:
    """GET: what stands in the way of the rest while staged data wait to be read."""
    return search(case) if case.is_over(Side.STAGE) else conclusive(case)


def search_from_media(case: Case) -> Obstacle | None:
    """GET: what stands in the way of staging; who could act is only likely where the rest may be in cache already."""
    found = search(case)
    if found is None or case.is_media_needed or found.actor is Actor.NOBODY:
        return found
    # The other explanation is that the client does not read, and that of a job of the system is nobody to name.
    return None if case.is_internal else replace(found, grade=Grade.LIKELY, cause=(*found.cause, _MAY_BE_STAGED))


_MAY_BE_STAGED: Phrase = ("Whether the rest is in cache already is not told; open the job to see",)


def conclusive(case: Case) -> Obstacle | None:
    """The first obstacle that stops a job whatever the length of its pause."""
    for find in (find_tape, find_partitions, find_drives):
        found = find(case)
        if found and found.is_conclusive:
            return found
    return None
