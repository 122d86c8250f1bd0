"""The sentences: what stands, for how long, why, peers, what was checked, what could not be read, who."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bptui.model.job import EndedJob, Ending
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.verdict import Grade, Kind, Verdict
from bptui.model.vocabulary import JobStatus, Priority
from bptui.monitor.why.facts import Peers, Source
from bptui.monitor.why.limits import Limits, Side
from bptui.monitor.why.sentence import Style, evidence_text, sentence
from bptui.monitor.why.words import word
from tests.monitor.why.scene import (
    BACKEND_ON,
    GB,
    HOUR,
    MINUTE,
    START,
    Story,
    at,
    cache,
    detail,
    facts,
    flat,
    job,
    ok,
    partition,
    record,
    step,
    tape,
)


def text(verdict: Verdict, now: float) -> str:
    return sentence(verdict, Style(now, is_decimal=True))


def test_a_drain_that_stands_before_a_quiesced_partition() -> None:
    """Pause, limit, cause, peers, what was checked, what could not be read, and who: in this order."""
    steps = [(0, job("PUT", (1200, 1200, 300))), (5, job("PUT", (1200, 1200, 388)))]
    story = Story([*steps, (5 + 130 * MINUTE, steps[-1][1])])  # type: ignore[list-item]
    known = facts(
        backend=BACKEND_ON,
        cache=cache(reserved=0.41),
        partitions=ok((partition(quiesced="YES"),)),
        failures={FailureList.STORAGE_DOMAIN: Source(SourceState(Reading.FORBIDDEN))},
    )
    verdict = story.verdict(known, peers=Peers(0, 3))
    assert text(verdict, 5 + 130 * MINUTE) == (
        "Nothing reached all copies for 2h 10m (normal up to 1h 15m); 812 GB wait in cache. "
        "Tape partition LTO8-A: quiesced since we look. 0 of 3 other PUT jobs write. "
        "Checked: data path active, cache 41 % reserved. Not readable: storage_domain_failure (403). Appliance admin."
    )


def test_a_client_that_does_not_deliver() -> None:
    """A lower bound carries its mark, and the owner of the sending program has a name."""
    waits = detail(assigned_waiting=2, assigned_waiting_bytes=100 * GB)
    known = facts(cache=cache(reserved=0.38), detail=waits)
    verdict = flat("PUT", (1200, 0, 0), 41 * MINUTE).verdict(known, peers=Peers(5, 5))
    assert text(verdict, 41 * MINUTE) == (
        "No bytes from the client for >41m (normal up to 35m); 2 chunks have space and wait for data. "
        "The cache has room (38 % reserved). 5 of 5 other PUT jobs receive. "
        "Owner of the sending program (svc-arc)."
    )


def test_a_tape_is_named_with_the_place_where_it_is() -> None:
    """Who brings a tape needs its bar code, label, place and since when it is out."""
    away = tape("EJECTED", eject_label="Offsite 7", eject_location="Vault B", eject_date=START)
    verdict = flat("GET", (5, 0, 0), 5, entirely_in_cache=False).verdict(facts(**away))
    assert "Needs tape LT0017L8: EJECTED, label “Offsite 7”, place “Vault B”, since 2026-11-20 22:00 UTC." in text(
        verdict, 5
    )
    assert text(verdict, 5).endswith("Operator of the library.")


def test_a_job_that_is_gone_says_where_it_was_last_seen() -> None:
    """Nothing is said of how it ended, because nothing is known."""
    last = job("PUT", (10, 10, 4))
    story = flat("PUT", (10, 10, 4), 60)
    verdict = story.verdict(facts(ended=EndedJob(last, Ending.GONE, at(60))))
    assert text(verdict, 60) == (
        "No longer known to the appliance; last seen 2026-11-20 22:01 UTC with 4.00 GB of 10.0 GB written. No action."
    )


def test_a_job_whose_ending_cannot_be_read_says_so() -> None:
    """It does not run any more, whatever its last counters would mean; who can act is not known."""
    last = job("PUT", (10, 10, 4))
    story = flat("PUT", (10, 10, 4), 3 * HOUR)
    verdict = story.verdict(facts(ended=EndedJob(last, Ending.UNKNOWN, at(3 * HOUR))))
    assert (verdict.kind, verdict.rule, verdict.grade) == (Kind.GONE, "X1", Grade.FOLLOWS)
    assert text(verdict, 3 * HOUR) == (
        "No longer in the list, and how it ended cannot be read; last seen 2026-11-21 01:00 UTC with 4.00 GB of 10.0 GB written. "
        "Not known who can act."
    )


def test_a_canceled_job_says_when_why_and_how_far() -> None:
    """The idle timer is named when it was that."""
    told = record(date_canceled=at(HOUR), is_canceled_due_to_timeout=True, error_message="Idle for 24 h")
    last = job("PUT", (10, 6, 4), status=JobStatus.CANCELED)
    ended = EndedJob(last, Ending.CANCELED, at(HOUR), told)
    verdict = flat("PUT", (10, 6, 4), 60, status=JobStatus.CANCELED).verdict(facts(ended=ended))
    assert text(verdict, 60) == (
        "Canceled 2026-11-20 23:00 UTC, by the idle timer. 6.00 GB of 10.0 GB had arrived, 4.00 GB written. "
        "The appliance says: “Idle for 24 h”. No action."
    )


@pytest.mark.parametrize(
    ("request_type", "words"),
    [
        ("GET", "6.00 GB of 10.0 GB had been staged, 4.00 GB sent"),
        ("VERIFY", "6.00 GB of 10.0 GB had been staged, 4.00 GB verified"),
    ],
)
def test_what_a_canceled_job_had_done_is_said_in_its_words(request_type: str, words: str) -> None:
    """Nothing arrives for a GET: its bytes are staged and sent, those of a VERIFY staged and compared."""
    story = flat(request_type, (10, 6, 4), 60, status=JobStatus.CANCELED)
    assert words in text(story.verdict(), 60)


def test_a_receiving_job_notes_that_its_other_side_stands() -> None:
    """What moves is not a problem, and what does not move beside it is said."""
    first, later = job("PUT", (1200, 600, 0)), job("PUT", (1200, 601, 0))
    story = Story([(0, first), (2 * HOUR, first), (2 * HOUR + 5, later)])
    verdict = story.verdict()
    assert (verdict.kind, verdict.rule) == (Kind.RECEIVING, "P2")
    assert "Nothing reached all copies for 2h." in text(verdict, 2 * HOUR + 5)


def test_a_learned_limit_is_longer_and_says_why() -> None:
    """What was normal here in the last days is normal now; a limit is never shortened."""
    story = flat("PUT", (10, 10, 0), 50 * MINUTE)
    longer = Limits(learned={(Side.DRAIN, Priority.NORMAL): 52 * MINUTE})
    shorter = Limits(learned={(Side.DRAIN, Priority.NORMAL): MINUTE})
    assert story.verdict(limits=longer).kind is Kind.QUIET
    assert story.verdict(limits=shorter).kind is Kind.MEDIA
    assert "Longest normal pause here: 52m." in text(story.verdict(limits=longer), 50 * MINUTE)


def test_the_clean_up_is_announced_only_from_a_byte_that_was_seen() -> None:
    """The idle timer starts at the last counted change at the earliest."""
    story = step("PUT", (100, 0, 0), (100, 1, 1), ago=2 * HOUR)
    allowed = facts(cache=cache(reserved=0.2), record=record(is_dead_job_cleanup_allowed=True))
    verdict = story.verdict(allowed)
    assert verdict.kind is Kind.CLIENT
    assert "may clean this job up, not before 2026-11-21 22:00 UTC." in text(verdict, 2 * HOUR + 5)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict(Kind.CLIENT, "P7", 0, Grade.LIKELY), "client? 41m"),
        (Verdict(Kind.CLIENT, "P7", 0, Grade.LIKELY, is_since_lower_bound=True), "client? >41m"),
        (Verdict(Kind.BLOCKED, "M6", 0, Grade.LIKELY, is_since_lower_bound=True), "blocked?>41m"),
        (Verdict(Kind.QUIET, "P4", 0), "quiet 41m"),
        (Verdict(Kind.RECEIVING_AND_WRITING, "P1", 0, Grade.TOLD), "recv+write"),
        (Verdict(Kind.WATCHING, "X5", 0), "watching"),
    ],
)
def test_the_word_for_the_column(verdict: Verdict, expected: str) -> None:
    """A kind, a question mark when likely, a pause, and a mark when it may be longer."""
    assert word(verdict, 41 * MINUTE) == expected


def test_a_job_of_an_unknown_type_is_not_guessed_at() -> None:
    """A type that nobody knows moves or is unclear."""
    assert flat("STAGE", (5, 0, 0), 2 * HOUR).verdict().rule == "X9"
    assert step("STAGE", (5, 0, 0), (5, 1, 0)).verdict().kind is Kind.WORKING


def test_a_hidden_origin_makes_a_client_only_likely() -> None:
    """Without the list of active jobs, the client may be the system itself."""
    story = flat("GET", (5, 5, 0), HOUR, entirely_in_cache=True)
    refused = facts(active_jobs=SourceState(Reading.FORBIDDEN))
    assert (story.verdict().grade, story.verdict(refused).grade) == (Grade.FOLLOWS, Grade.LIKELY)
    assert "Whether a person's program or the system is its client is not told." in text(story.verdict(refused), HOUR)


def test_staging_is_late_only_from_when_the_client_read() -> None:
    """Unread data hold staging back, so a client that comes back after hours does not make the media late."""
    first = job("GET", (500, 50, 0))
    read = replace(first, completed_size_bytes=50 * GB)
    story = Story([(0, first), (4 * HOUR, first), (4 * HOUR + 5, read), (4 * HOUR + 10 * MINUTE, read)])
    assert story.verdict().kind is Kind.QUIET


def test_the_evidence_for_a_ticket() -> None:
    """Ids, exact counters, the rule and every observation, a line for each."""
    story = flat("PUT", (10, 10, 0), 32 * MINUTE)
    refused = facts(backend=BACKEND_ON, drives=Source(SourceState(Reading.FAILED, why="timeout")))
    style = Style(32 * MINUTE, is_decimal=True, now_utc=at(32 * MINUTE))
    assert evidence_text(story.last, story.verdict(refused), style).splitlines() == [
        "Job 0b0b0b0b-0000-4000-8000-000000000001 (PUT, NORMAL) nightly",
        "Bucket archive, user svc-arc",
        "Original 10000000000 B, cached 10000000000 B, completed 0 B",
        "Why: media (rule P6, follows)",
        "Nothing reached all copies for >32m (normal up to 30m); 10.0 GB wait in cache.",
        "The media side; no obstacle was found there.",
        "Checked: data path active",
        "Not readable: tape_drive (failed: timeout)",
        "Who: Not known who can act",
        "As of 2026-11-20 22:32 UTC",
    ]
