"""The rules, one test for each line of the table of expectations; GB are 10^9 bytes and polls 5 s apart."""

from __future__ import annotations

from typing import Any

import pytest

from bptui.model.media import ReservedTaskType
from bptui.model.reading import FailureList
from bptui.model.verdict import Actor, Grade, Kind, Verdict
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority
from bptui.monitor.why.facts import Policy
from bptui.monitor.why.history import Turn, sample_of
from bptui.monitor.why.sentence import Style, sentence
from tests.monitor.why.scene import (
    BACKEND_OFF,
    CHUNK_ID,
    GB,
    HOUR,
    JOB_ID,
    MINUTE,
    PRESSURE_HIGH,
    PRESSURE_LIKELY,
    PRESSURE_LOW,
    detail,
    drive,
    facts,
    failures,
    flat,
    job,
    ok,
    once,
    partition,
    pool,
    record,
    step,
    tape,
    task,
)

TOLD, FOLLOWS, LIKELY = Grade.TOLD, Grade.FOLLOWS, Grade.LIKELY
NO_MEDIA = "WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING"
ONE_DOMAIN = {"storage_domain_names": {"sd": "Archive"}}


def says(verdict: Verdict) -> tuple[Kind, str]:
    return verdict.kind, verdict.rule


def says_all(verdict: Verdict) -> tuple[Kind, Grade | None, Actor | None, str]:
    return verdict.kind, verdict.grade, verdict.actor, verdict.rule


def text(verdict: Verdict, now: float = 0) -> str:
    return sentence(verdict, Style(now))


def test_01_one_sample_is_watching() -> None:
    assert says(once("PUT", 100, 0, 0).verdict()) == (Kind.WATCHING, "X5")


def test_02_bytes_arrive() -> None:
    assert says_all(step("PUT", (100, 0, 0), (100, 1, 0)).verdict()) == (Kind.RECEIVING, TOLD, Actor.NOBODY, "P2")


def test_03_bytes_arrive_and_reach_all_copies() -> None:
    assert says(step("PUT", (100, 10, 0), (100, 11, 1)).verdict()) == (Kind.RECEIVING_AND_WRITING, "P1")


def test_04_a_change_half_a_minute_ago_still_moves() -> None:
    assert says(step("PUT", (100, 100, 0), (100, 100, 50), ago=30).verdict()) == (Kind.WRITING, "P3")


@pytest.mark.parametrize("minutes", [8, 30])
def test_05_a_large_blob_takes_its_time(minutes: int) -> None:
    assert says(flat("PUT", (1200, 0, 0), minutes * MINUTE).verdict()) == (Kind.QUIET, "P4")


def test_06_past_its_limit_with_room_in_the_cache_it_is_likely_the_client() -> None:
    verdict = flat("PUT", (1200, 0, 0), 37 * MINUTE).verdict(facts(cache=PRESSURE_LOW))
    assert says_all(verdict) == (Kind.CLIENT, LIKELY, Actor.CLIENT, "P7")


def test_07_with_unknown_pressure_it_is_unclear() -> None:
    assert says(flat("PUT", (1200, 0, 0), 37 * MINUTE).verdict()) == (Kind.UNCLEAR, "P8")


@pytest.mark.parametrize(("cache", "grade"), [(PRESSURE_HIGH, FOLLOWS), (PRESSURE_LIKELY, LIKELY)])
def test_08_with_a_cache_short_of_space_it_is_the_cache(cache: Any, grade: Grade) -> None:
    verdict = flat("PUT", (1200, 0, 0), 37 * MINUTE).verdict(facts(cache=cache))
    assert says_all(verdict) == (Kind.CACHE, grade, Actor.UNKNOWN, "P5")


def test_09_a_chunk_that_has_space_and_waits_makes_it_the_client() -> None:
    waits = detail(assigned_waiting=1, assigned_waiting_bytes=100 * GB, largest_blob_bytes=5 * GB)
    verdict = flat("PUT", (1200, 0, 0), 11 * MINUTE).verdict(facts(cache=PRESSURE_LOW, detail=waits))
    assert says_all(verdict) == (Kind.CLIENT, FOLLOWS, Actor.CLIENT, "P7")


@pytest.mark.parametrize(("minutes", "expected"), [(20, (Kind.QUIET, "P4")), (32, (Kind.MEDIA, "P6"))])
def test_10_a_small_drain_has_half_an_hour(minutes: int, expected: tuple[Kind, str]) -> None:
    assert says(flat("PUT", (10, 10, 0), minutes * MINUTE).verdict()) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(73, (Kind.QUIET, "P4")), (76, (Kind.MEDIA, "P6"))])
def test_11_a_large_drain_has_as_long_as_its_largest_chunk(minutes: int, expected: tuple[Kind, str]) -> None:
    assert says(flat("PUT", (1200, 1200, 0), minutes * MINUTE).verdict()) == expected


def test_12_a_quiesced_partition_blocks_at_once() -> None:
    verdict = flat("PUT", (10, 10, 0), 5).verdict(facts(partitions=ok((partition(quiesced="YES"),))))
    assert says_all(verdict) == (Kind.BLOCKED, TOLD, Actor.ADMIN, "M2")


def test_13_intake_needs_no_tape() -> None:
    verdict = flat("PUT", (10, 0, 0), 5).verdict(facts(partitions=ok((partition(state="OFFLINE"),))))
    assert says(verdict) == (Kind.QUIET, "P4")


def test_14_one_of_two_partitions_is_enough() -> None:
    both = ok((partition("A", quiesced="YES"), partition("B")))
    assert says(flat("PUT", (10, 10, 0), 32 * MINUTE).verdict(facts(partitions=both))) == (Kind.MEDIA, "P6")


def test_15_drives_that_are_kept_for_higher_priorities() -> None:
    drives = ok(tuple(drive(word, minimum_task_priority=Priority(word)) for word in ("NORMAL", "HIGH")))
    verdict = flat("PUT", (10, 10, 0), 5, priority=Priority.LOW).verdict(facts(drives=drives))
    assert says_all(verdict) == (Kind.BLOCKED, TOLD, Actor.ADMIN, "M3")


def test_16_drives_that_are_reserved_or_broken() -> None:
    drives = ok((drive("a", reserved_task_type=ReservedTaskType.READ), drive("b", "ERROR")))
    told = flat("PUT", (10, 10, 0), 5).verdict(facts(drives=drives))
    likely = flat("PUT", (10, 10, 0), 32 * MINUTE).verdict(facts(drives=drives, pools=ok((pool(),))))
    assert says_all(told) == (Kind.BLOCKED, TOLD, Actor.ADMIN, "M3")
    assert says_all(likely) == (Kind.BLOCKED, LIKELY, Actor.ADMIN, "M3")
    assert "No drive can run this PUT: 2 drives: 1 reserved for READ, 1 error." in text(told)


def test_17_no_free_media_counts_by_its_date() -> None:
    story = flat("PUT", (10, 10, 0), 32 * MINUTE)
    now = facts(**failures(FailureList.STORAGE_DOMAIN, NO_MEDIA, MINUTE, "sd"), **ONE_DOMAIN)
    old = facts(**failures(FailureList.STORAGE_DOMAIN, NO_MEDIA, -24 * HOUR, "sd"), **ONE_DOMAIN)
    assert says_all(story.verdict(now)) == (Kind.BLOCKED, TOLD, Actor.OPERATOR, "M4")
    assert says(story.verdict(old)) == (Kind.MEDIA, "P6")
    assert "Storage domain Archive reported no free media at 2026-11-20 22:01 UTC." in text(story.verdict(now))


def test_18_a_target_that_cannot_be_written_to() -> None:
    seen = failures(FailureList.S3_TARGET, "WRITE_FAILED", 10 * MINUTE, "target-1")
    story = flat("PUT", (10, 10, 0), 32 * MINUTE)
    policy = ok(Policy(target_ids=frozenset({"target-1"})))
    assert says_all(story.verdict(facts(**seen))) == (Kind.BLOCKED, LIKELY, Actor.ADMIN, "M6")
    assert says_all(story.verdict(facts(**seen, policy=policy))) == (Kind.BLOCKED, TOLD, Actor.ADMIN, "M6")


@pytest.mark.parametrize(("state", "kind"), [("IN_PROGRESS", Kind.WORKING), ("PENDING_EXECUTION", Kind.QUEUED)])
def test_19_a_task_that_names_the_job(state: str, kind: Kind) -> None:
    own = ok((task(state, job_ids=(JOB_ID,)),))
    assert says(flat("PUT", (10, 10, 0), 32 * MINUTE).verdict(facts(tasks=own))) == (kind, "M7")


def test_20_a_backend_that_is_off_blocks_what_does_not_move() -> None:
    off = facts(backend=BACKEND_OFF)
    moving = step("PUT", (100, 0, 0), (100, 1, 0)).verdict(off)
    assert says_all(flat("PUT", (10, 0, 0), 5).verdict(off)) == (Kind.BLOCKED, TOLD, Actor.ADMIN, "X4")
    assert says(moving) == (Kind.RECEIVING, "P2")
    assert "data path is not activated" in text(moving)
    assert says(once("PUT", 10, 0, 0).verdict(off)) == (Kind.BLOCKED, "X4")


def test_21_an_error_message_decides_only_when_nothing_moves() -> None:
    told = facts(record=record(error_message="No space"))
    moving = step("PUT", (100, 0, 0), (100, 1, 0)).verdict(told)
    assert says_all(flat("PUT", (10, 0, 0), 5 * MINUTE).verdict(told)) == (Kind.ERROR, TOLD, Actor.UNKNOWN, "X6")
    assert says(moving) == (Kind.RECEIVING, "P2")
    assert "The appliance says: “No space”." in text(moving)


def test_22_the_root_cause_goes_before_the_full_cache() -> None:
    off = facts(cache=PRESSURE_HIGH, partitions=ok((partition(state="OFFLINE"),)))
    assert says(flat("PUT", (1200, 600, 0), 2 * HOUR).verdict(off)) == (Kind.BLOCKED, "M2")


def test_23_without_a_root_cause_it_is_the_cache() -> None:
    assert says(flat("PUT", (1200, 600, 0), 2 * HOUR).verdict(facts(cache=PRESSURE_HIGH))) == (Kind.CACHE, "P5")


@pytest.mark.parametrize(("minutes", "kind"), [(10, Kind.QUIET), (16, Kind.OPEN)])
def test_24_an_aggregating_job_with_everything_arrived_is_open(minutes: int, kind: Kind) -> None:
    assert says(flat("PUT", (10, 10, 0), minutes * MINUTE, is_aggregating=True).verdict()) == (kind, "A2")


def test_25_an_aggregating_job_has_its_space_so_it_is_the_client() -> None:
    blobs = detail(largest_blob_bytes=GB)
    verdict = flat("PUT", (10, 5, 5), 11 * MINUTE, is_aggregating=True).verdict(facts(detail=blobs))
    assert says_all(verdict) == (Kind.CLIENT, FOLLOWS, Actor.CLIENT, "P7")


def test_26_a_job_that_grew_is_quiet() -> None:
    verdict = step("PUT", (10, 10, 0), (20, 10, 0), ago=100, is_aggregating=True).verdict()
    assert verdict.kind is Kind.QUIET


def test_27_no_bytes_at_all() -> None:
    assert says(flat("PUT", (0, 0, 0), 12 * MINUTE).verdict()) == (Kind.UNCLEAR, "X7")
    assert says_all(flat("PUT", (0, 0, 0), 16 * MINUTE, is_aggregating=True).verdict()) == (
        Kind.OPEN,
        FOLLOWS,
        Actor.YOU,
        "A1",
    )


def test_28_everything_counted_and_not_called_completed() -> None:
    assert says(flat("PUT", (1, 1, 1), 32 * MINUTE).verdict()) == (Kind.UNCLEAR, "P9")


def test_29_the_word_of_the_appliance_decides() -> None:
    verdict = flat("PUT", (1, 1, 0), 5, status=JobStatus.COMPLETED).verdict()
    assert says(verdict) == (Kind.DONE, "X3")
    assert "Counters say 0 B of 954 MiB; the appliance says completed." in text(verdict)


def test_30_counters_that_go_back_start_again() -> None:
    story = step("PUT", (100, 50, 0), (100, 40, 0))
    history = once("PUT", 100, 50, 0).history()
    assert history.add(sample_of(job("PUT", (100, 40, 0)), 5)) == (Turn.WENT_BACK,)
    assert says(story.verdict()) == (Kind.WATCHING, "X5")


def test_31_equal_counters_on_both_sides_of_a_gap_prove_the_pause() -> None:
    assert says(flat("PUT", (10, 10, 0), 8 * HOUR).verdict()) == (Kind.MEDIA, "P6")


def test_32_everything_is_staged_and_nobody_reads() -> None:
    verdict = flat("GET", (5, 5, 0), 12 * MINUTE, entirely_in_cache=True).verdict()
    assert says_all(verdict) == (Kind.CLIENT, FOLLOWS, Actor.CLIENT, "G5")


def test_33_one_large_blob_is_read_for_half_an_hour() -> None:
    verdict = flat("GET", (64, 64, 0), 30 * MINUTE, entirely_in_cache=True).verdict()
    assert says(verdict) == (Kind.QUIET, "G4")


@pytest.mark.parametrize("told", [{}, {"partitions": ok((partition(state="OFFLINE"),))}])
def test_34_counters_of_nothing_tell_nothing(told: dict[str, Any]) -> None:
    assert says(flat("GET", (5, 0, 0), 2 * HOUR).verdict(facts(**told))) == (Kind.UNCLEAR, "G8")


def test_35_a_detail_with_all_in_cache_makes_it_the_client() -> None:
    cached = detail(staged_bytes=5 * GB)
    assert says(flat("GET", (5, 0, 0), 2 * HOUR).verdict(facts(detail=cached))) == (Kind.CLIENT, "G5")


def test_36_told_not_to_be_in_cache_it_is_the_media() -> None:
    assert says(flat("GET", (5, 0, 0), 2 * HOUR, entirely_in_cache=False).verdict()) == (Kind.MEDIA, "G7")


@pytest.mark.parametrize(
    ("state", "span", "expected"),
    [
        ("EJECTED", 5, (Kind.BLOCKED, TOLD, Actor.OPERATOR, "M1")),
        ("BAD", 5, (Kind.BLOCKED, TOLD, Actor.ADMIN, "M1")),
        ("PENDING_INSPECTION", 2 * HOUR, (Kind.QUEUED, TOLD, Actor.NOBODY, "M1")),
    ],
)
def test_37_the_tape_that_is_needed(state: str, span: float, expected: Any) -> None:
    verdict = flat("GET", (5, 0, 0), span, entirely_in_cache=False).verdict(facts(**tape(state)))
    assert says_all(verdict) == expected


def test_38_staged_in_any_order_and_not_read_is_the_client() -> None:
    assert says_all(flat("GET", (500, 50, 0), 2 * HOUR).verdict()) == (Kind.CLIENT, FOLLOWS, Actor.CLIENT, "G5")


def test_39_in_order_it_depends_on_the_next_chunk() -> None:
    story = flat("GET", (500, 50, 0), 2 * HOUR, order_guarantee=OrderGuarantee.IN_ORDER)
    missing = detail(staged_bytes=50 * GB, lowest_chunk_id=CHUNK_ID, is_lowest_in_cache=False)
    assert says_all(story.verdict()) == (Kind.CLIENT, LIKELY, Actor.CLIENT, "G5")
    assert says(story.verdict(facts(detail=missing))) == (Kind.MEDIA, "G7")


def test_40_nothing_staged_because_of_the_cache_or_busy_drives() -> None:
    story = flat("GET", (500, 50, 50), 2 * HOUR)
    busy = facts(drives=ok((drive("a"),)), tasks=ok((task("IN_PROGRESS", drive_id="a"),)))
    assert says_all(story.verdict(facts(cache=PRESSURE_HIGH))) == (Kind.CACHE, FOLLOWS, Actor.UNKNOWN, "G6")
    assert says_all(story.verdict(busy)) == (Kind.QUEUED, LIKELY, Actor.NOBODY, "M8")


def test_41_an_appliance_as_client_is_nobody_to_call() -> None:
    internal = facts(record=record(restore="RESTORE"))
    verdict = flat("GET", (5, 5, 0), 2 * HOUR).verdict(internal)
    assert says_all(verdict) == (Kind.UNCLEAR, None, Actor.UNKNOWN, "G8")


def test_42_verify_moves_rests_and_waits() -> None:
    assert says(step("VERIFY", (9, 9, 0), (9, 9, 1)).verdict()) == (Kind.VERIFYING, "V1")
    assert says(flat("VERIFY", (9, 9, 0), HOUR).verdict()) == (Kind.QUIET, "V2")
    assert says(flat("VERIFY", (9, 9, 0), 3 * HOUR).verdict()) == (Kind.MEDIA, "V3")


def test_43_a_verify_with_everything_staged_needs_no_tape_until_it_is_late() -> None:
    broken = facts(partitions=ok((partition(state="ERROR"),)))
    assert says(flat("VERIFY", (9, 9, 0), 5).verdict(broken)) == (Kind.QUIET, "V2")
    assert says(flat("VERIFY", (9, 9, 0), 3 * HOUR).verdict(broken)) == (Kind.BLOCKED, "M2")


def test_44_drives_that_are_reserved_still_verify() -> None:
    drives = ok((drive("a", reserved_task_type=ReservedTaskType.WRITE),))
    assert says(flat("VERIFY", (9, 0, 0), 3 * HOUR).verdict(facts(drives=drives))) == (Kind.MEDIA, "V3")
