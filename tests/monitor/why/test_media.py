"""What the media search finds beyond the table of expectations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bptui.model.evidence import ChunkRecord
from bptui.model.media import PoolHealth, Quiesced
from bptui.model.reading import FailureList
from bptui.model.verdict import Actor, Grade, Kind, Verdict
from bptui.monitor.why.facts import Policy, RequiredStore
from bptui.monitor.why.sentence import Style, sentence
from tests.monitor.why.scene import (
    CHUNK_ID,
    GB,
    HOUR,
    JOB_ID,
    MINUTE,
    PRESSURE_LOW,
    TAPE_ID,
    at,
    detail,
    drive,
    facts,
    failures,
    flat,
    ok,
    partition,
    pool,
    record,
    tape,
    task,
)

LATE_PUT = flat("PUT", (10, 10, 0), 32 * MINUTE)
LATE_GET = flat("GET", (5, 0, 0), 2 * HOUR, entirely_in_cache=False)
NO_MEDIA = "WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING"


def says(verdict: Verdict) -> tuple[Kind, Grade | None, str]:
    return verdict.kind, verdict.grade, verdict.rule


def text(verdict: Verdict) -> str:
    return sentence(verdict, Style(2 * HOUR))


def policy(*stores: tuple[str, str], pools: str = "") -> dict[str, object]:
    required = tuple(RequiredStore(name, frozenset({f"id-{member}"}), frozenset(pools)) for name, member in stores)
    return {"policy": ok(Policy(required))}


def test_a_put_needs_every_store_of_its_policy() -> None:
    """One copy's partition that is out stops completion, whatever the other copy's does."""
    both = ok((partition("A"), partition("B", "OFFLINE")))
    needed = policy(("one", "A"), ("two", "B"))
    assert says(LATE_PUT.verdict(facts(partitions=both, **needed))) == (Kind.BLOCKED, Grade.TOLD, "M2")
    assert says(LATE_PUT.verdict(facts(partitions=both, **policy(("one", "A"))))) == (Kind.MEDIA, Grade.FOLLOWS, "P6")


def test_a_get_can_be_read_from_any_copy() -> None:
    """One of two copies that is out stops nothing."""
    both = ok((partition("A"), partition("B", "OFFLINE")))
    needed = policy(("one", "A"), ("two", "B"))
    assert LATE_GET.verdict(facts(partitions=both, **needed)).kind is Kind.MEDIA


def test_a_get_needs_the_partition_of_its_tape() -> None:
    """The named tape decides which partition counts."""
    both = ok((partition("A"), partition("B", "OFFLINE")))
    known = facts(partitions=both, **tape("NORMAL", partition_id="id-B"))
    assert says(LATE_GET.verdict(known)) == (Kind.BLOCKED, Grade.TOLD, "M2")


def test_pools_make_a_partition_only_likely() -> None:
    """Where pools may do the work, a partition that is out is no proof, and does not stop a job at once."""
    known = facts(partitions=ok((partition(state="ERROR"),)), pools=ok((pool(),)))
    assert says(flat("PUT", (10, 10, 0), 5).verdict(known)) == (Kind.QUIET, None, "P4")
    assert says(LATE_PUT.verdict(known)) == (Kind.BLOCKED, Grade.LIKELY, "M2")


def test_a_state_that_nobody_knows_proves_nothing() -> None:
    """Words of a later release neither block nor clear."""
    assert LATE_PUT.verdict(facts(partitions=ok((partition(state="MYSTERIOUS"),)))).kind is Kind.MEDIA
    assert LATE_PUT.verdict(facts(drives=ok((drive(state="MYSTERIOUS"),)))).kind is Kind.MEDIA


def test_the_pool_that_is_read_from() -> None:
    """A GET whose chunk comes from a pool that is off needs the pool."""
    chunk = ok(ChunkRecord(CHUNK_ID, JOB_ID, 1, read_from_pool_id="pool-1"))
    off = facts(chunk=chunk, pools=ok((pool(is_powered_on=False),)))
    verdict = LATE_GET.verdict(off)
    assert says(verdict) == (Kind.BLOCKED, Grade.TOLD, "M5")
    assert "Pool nearline: powered off." in text(verdict)
    assert LATE_GET.verdict(facts(chunk=chunk, pools=ok((pool(),)))).kind is Kind.MEDIA


def test_a_degraded_pool_is_a_note_and_no_reason() -> None:
    """A pool that lost a disk still reads."""
    chunk = ok(ChunkRecord(CHUNK_ID, JOB_ID, 1, read_from_pool_id="pool-1"))
    verdict = LATE_GET.verdict(facts(chunk=chunk, pools=ok((pool(health=PoolHealth.DEGRADED),))))
    assert verdict.kind is Kind.MEDIA
    assert "Pool nearline, which it is read from, is degraded." in text(verdict)


def test_the_pools_that_a_put_needs() -> None:
    """A store with nothing but pools that are out stops a PUT; one with tape beside them does not."""
    out = ok((pool("LOST", partition_id="pp", quiesced=Quiesced.NO),))
    only = ok(Policy((RequiredStore("sd", frozenset(), frozenset({"pp"})),)))
    mixed = ok(Policy((RequiredStore("sd", frozenset({"id-A"}), frozenset({"pp"})),)))
    assert says(LATE_PUT.verdict(facts(pools=out, policy=only))) == (Kind.BLOCKED, Grade.TOLD, "M5")
    assert LATE_PUT.verdict(facts(pools=out, policy=mixed)).kind is Kind.MEDIA


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({"tape_id": TAPE_ID}, Grade.LIKELY),
        ({"description": f"Read chunk {CHUNK_ID.upper()}"}, Grade.TOLD),
    ],
)
def test_before_6_0_a_task_is_known_by_its_tape_or_a_chunk_id(changes: dict[str, str], grade: Grade) -> None:
    """A task that names one of the job's chunks is its own; one on its tape may also be somebody else's."""
    own = replace(task("IN_PROGRESS", drive_id="a", date_started=at(1.5 * HOUR)), **changes)  # type: ignore[arg-type]
    known = facts(tasks=ok((own,)), drives=ok((drive("a"),)), **tape("NORMAL"))
    verdict = LATE_GET.verdict(known)
    assert says(verdict) == (Kind.WORKING, grade, "M7")
    assert ("not told by this release" in text(verdict)) is (grade is Grade.LIKELY)
    assert "runs on drive SN-a since 2026-11-20 23:30 UTC; counters move when its chunk is finished." in text(verdict)


def test_an_own_task_that_waits_counts_before_another_that_holds_the_tape() -> None:
    """What surely works for the job says more than what may."""
    own = replace(task("PENDING_EXECUTION"), description=f"Read chunk {CHUNK_ID}")
    other = task("IN_PROGRESS", tape_id=TAPE_ID, drive_id="a")
    verdict = LATE_GET.verdict(facts(tasks=ok((other, own)), **tape("NORMAL")))
    assert says(verdict) == (Kind.QUEUED, Grade.TOLD, "M7")


def test_a_task_that_never_ends_is_no_excuse() -> None:
    """A task explains a pause for twice its limit; from then on it is what is waited for, and somebody has to look."""
    own = replace(task("IN_PROGRESS", drive_id="a", date_started=at(0)), job_ids=(JOB_ID,))
    known = facts(tasks=ok((own,)), drives=ok((drive("a"),)))
    story = flat("PUT", (10, 10, 0), 31 * MINUTE)
    assert says(story.verdict(known, now=59 * MINUTE)) == (Kind.WORKING, Grade.TOLD, "M7")
    late = story.verdict(known, now=61 * MINUTE)
    assert says(late) == (Kind.MEDIA, Grade.FOLLOWS, "M7")
    assert late.actor is Actor.ADMIN
    assert "runs on drive SN-a since 2026-11-20 22:00 UTC, more than twice as long as is normal." in text(late)
    slow_clock = replace(known, endpoint=replace(known.endpoint, clock_ahead_seconds=-5 * MINUTE))
    assert story.verdict(slow_clock, now=61 * MINUTE).kind is Kind.WORKING


def test_tasks_of_others_are_no_reason() -> None:
    """A task that names another chunk says nothing about this job, unless it holds the last drive."""
    other = task("IN_PROGRESS", tape_id="another", drive_id="a")
    two = facts(tasks=ok((other,)), drives=ok((drive("a"), drive("b"))), **tape("NORMAL"))
    assert LATE_GET.verdict(two).kind is Kind.MEDIA


def test_a_system_job_that_is_not_read_may_still_need_media() -> None:
    """Staged data of a job of the system wait for nobody to call, so what stops the rest of them is said."""
    staged = detail(staged_bytes=5 * GB, largest_chunk_bytes=GB)
    story = flat("GET", (1200, 0, 0), 20 * MINUTE, entirely_in_cache=False)
    system = facts(record=record(restore="RESTORE"), detail=staged)
    out = replace(system, endpoint=replace(system.endpoint, partitions=ok((partition(state="OFFLINE"),))))
    known = replace(out, policy=ok(Policy()))
    assert says(story.verdict(system)) == (Kind.UNCLEAR, None, "G8")
    assert says(story.verdict(known)) == (Kind.BLOCKED, Grade.TOLD, "M2")
    assert says(story.verdict(out)) == (Kind.UNCLEAR, None, "G8")
    assert says(story.verdict(out, now=HOUR)) == (Kind.BLOCKED, Grade.LIKELY, "M2")


def test_what_is_not_counted_may_be_in_cache_already() -> None:
    """A GET that counted some bytes need not have its others on media: without a detail nobody is named for sure."""
    story = flat("GET", (10, 5, 5), 2 * HOUR)
    out = facts(partitions=ok((partition(state="OFFLINE"),)), policy=ok(Policy()))
    verdict = story.verdict(out)
    assert says(verdict) == (Kind.BLOCKED, Grade.LIKELY, "M2")
    assert "Whether the rest is in cache already is not told; open the job to see." in text(verdict)
    assert story.verdict(out, now=5).kind is Kind.QUIET
    seen = replace(out, detail=detail(staged_bytes=5 * GB))
    assert says(story.verdict(seen, now=5)) == (Kind.BLOCKED, Grade.TOLD, "M2")
    system = story.verdict(replace(out, record=record(restore="RESTORE")))
    assert says(system) == (Kind.UNCLEAR, None, "G8")
    assert "Whether the rest is in cache already is not told; open the job to see." in text(system)


def test_a_get_may_be_read_from_a_replica() -> None:
    """Partitions that are out stop a GET for sure only if its bucket is known to have no copy elsewhere."""
    out = facts(partitions=ok((partition(state="OFFLINE"),)))
    alone, replicated = ok(Policy()), ok(Policy((), frozenset({"target"})))
    assert says(LATE_GET.verdict(out)) == (Kind.BLOCKED, Grade.LIKELY, "M2")
    assert says(LATE_GET.verdict(replace(out, policy=replicated))) == (Kind.BLOCKED, Grade.LIKELY, "M2")
    assert says(LATE_GET.verdict(replace(out, policy=alone))) == (Kind.BLOCKED, Grade.TOLD, "M2")


def test_a_partition_without_a_drive_runs_nothing() -> None:
    """Drives of other partitions are of no use, whether they work or not."""
    two = ok((partition("A"), partition("B")))
    other = facts(partitions=two, drives=ok((drive("d", partition_id="id-B"),)), **policy(("one", "A")))
    verdict = flat("PUT", (10, 10, 0), 5).verdict(other)
    assert says(verdict) == (Kind.BLOCKED, Grade.TOLD, "M3")
    assert "No drive can run this PUT: none is in tape partition A." in text(verdict)


def test_a_verdict_says_what_it_rests_on() -> None:
    """What was read and made the difference is its ground; what was not read cannot be."""
    out = facts(partitions=ok((partition(state="OFFLINE"),)))
    assert LATE_GET.verdict(out).used == {"tape_partition", "pool"}
    seen = replace(out, detail=detail(staged_bytes=0), policy=ok(Policy()))
    assert LATE_GET.verdict(seen).used == {"tape_partition", "pool", "data policy", "job detail"}
    own = facts(tasks=ok((replace(task("IN_PROGRESS"), job_ids=(JOB_ID,)),)), detail=detail(largest_chunk_bytes=GB))
    assert flat("PUT", (1200, 1200, 0), 32 * MINUTE).verdict(own).used == {"blob_store_task", "job detail", "pool"}


def test_media_reported_for_another_domain_is_no_reason() -> None:
    """With a policy the domain is told; without one it is likely at most."""
    seen = failures(FailureList.STORAGE_DOMAIN, NO_MEDIA, MINUTE, "two")
    assert says(LATE_PUT.verdict(facts(**seen))) == (Kind.BLOCKED, Grade.LIKELY, "M4")
    assert says(LATE_PUT.verdict(facts(**seen, **policy(("one", "A"))))) == (Kind.MEDIA, Grade.FOLLOWS, "P6")
    assert says(LATE_PUT.verdict(facts(**seen, **policy(("two", "A"))))) == (Kind.BLOCKED, Grade.TOLD, "M4")


def test_dates_are_read_by_the_appliances_own_clock() -> None:
    """A clock that is an hour slow does not make a failure an old one."""
    seen = failures(FailureList.STORAGE_DOMAIN, NO_MEDIA, MINUTE - HOUR, "sd")
    named = {"storage_domain_names": {"sd": "Archive"}}
    assert LATE_PUT.verdict(facts(**seen, **named)).kind is Kind.MEDIA
    assert LATE_PUT.verdict(facts(**seen, **named, clock_ahead_seconds=-HOUR)).rule == "M4"


def test_a_chunk_that_drained_does_not_wait_for_the_client() -> None:
    """Objects may be missing from the cache because they are safe; then more is missing than can still come."""
    drained = detail(assigned_waiting=1, assigned_waiting_bytes=900 * GB)
    story = flat("PUT", (1200, 1100, 1100), HOUR)
    verdict = story.verdict(facts(cache=PRESSURE_LOW, detail=drained))
    assert says(verdict) == (Kind.CLIENT, Grade.LIKELY, "P7")


def test_a_bad_tape_comes_with_its_newest_failure() -> None:
    """An administrator sees what happened to the tape, with its date."""
    seen = failures(FailureList.TAPE, "READ_FAILED", HOUR, TAPE_ID)
    verdict = LATE_GET.verdict(facts(**tape("BAD"), **seen))
    assert verdict.actor is Actor.ADMIN
    assert "Needs tape LT0017L8: BAD. READ_FAILED at 2026-11-20 23:00 UTC." in text(verdict)


def test_a_verify_that_compared_everything_needs_no_tape() -> None:
    """A VERIFY may compare without counting what it read, so what is compared counts as read."""
    broken = facts(partitions=ok((partition(state="ERROR"),)))
    assert flat("VERIFY", (9, 0, 9), 5).verdict(broken).kind is Kind.QUIET
    assert flat("VERIFY", (9, 0, 4), 5).verdict(broken).rule == "M2"
