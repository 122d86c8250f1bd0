"""What holds of verdicts for every history and all facts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bptui.model.evidence import BlobStoreTask
from bptui.model.verdict import Actor, Grade, Kind, KindClass, Verdict
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.facts import JobFacts, Peers, Policy, RequiredStore
from bptui.monitor.why.history import Instant
from bptui.monitor.why.judge import rule_on
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.rules import RULES
from bptui.monitor.why.sentence import Style, sentence
from bptui.monitor.why.words import WIDTH, word
from bptui.units import duration_text
from tests.monitor.why.scene import (
    GB,
    HOUR,
    JOB_ID,
    MINUTE,
    Story,
    at,
    detail,
    drive,
    facts,
    flat,
    ok,
    partition,
    pool,
    record,
    tape,
    task,
)
from tests.monitor.why.worlds import ALL_SOURCES, stories, without, worlds

LIMITS = Limits()
STANDS = {KindClass.WAITS, KindClass.STOPPED}
RANK = {KindClass.MOVES: 0, KindClass.NORMAL: 1}
NAMED = {Actor.CLIENT, Actor.OPERATOR, Actor.ADMIN, Actor.VENDOR, Actor.YOU}
many = settings(max_examples=100, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


SYSTEM = record(restore="RESTORE")
STAGED = detail(staged_bytes=5 * GB, largest_chunk_bytes=GB)
UNREAD_GET = flat("GET", (1200, 0, 0), 30000, entirely_in_cache=False)
COUNTED_GET = flat("GET", (10, 5, 5), 2 * HOUR)
OUT = ok((partition("A", "OFFLINE"),))
LATE_GET = flat("GET", (5, 0, 0), 2 * HOUR, entirely_in_cache=False)
BUSY_TAPE = tape("PENDING_INSPECTION")
BOTH = ok((partition("A"), partition("B")))
REPLICATED = ok(Policy((RequiredStore("sd", frozenset({"id-B"})),), frozenset({"target"})))
BROKEN = ok((drive("d1", "ERROR", partition_id="id-B"),))
OWN_TASK = ok((task("IN_PROGRESS", job_ids=(JOB_ID,)),))
SMALL_CHUNKS = detail(largest_chunk_bytes=GB)


def case_of(story: Story, facts: JobFacts, later: float = 0) -> Case:
    seconds = story.steps[-1][0] + later
    history = story.history()
    history.seen(seconds)
    return Case(story.last, history, facts, LIMITS, Instant(seconds, at(seconds)))


def shifted(verdict: Verdict, seconds: float) -> Verdict:
    return replace(verdict.ruling, since_seconds=verdict.since_seconds + seconds)


@many
@given(stories(), worlds())
def test_every_case_is_judged_by_a_row_of_the_table_and_always_the_same(story: Story, facts: JobFacts) -> None:
    """The table is total, and the same history and facts give the same verdict."""
    verdict = story.verdict(facts)
    assert verdict == story.verdict(facts)
    assert verdict.rule in {rule.rule for rule in RULES} | {f"M{number}" for number in range(1, 9)}
    assert rule_on(case_of(story, facts)) == verdict.ruling


@many
@given(stories(least=2), worlds())
def test_a_job_that_moves_neither_waits_nor_is_stopped(story: Story, facts: JobFacts) -> None:
    """A counter that changed within the last minute puts a running job in a moving kind."""
    case = case_of(story, facts)
    assume(case.is_any_moving and not case.is_completed and not case.is_canceled)
    assert story.verdict(facts).kind.kind_class is KindClass.MOVES


@many
@given(stories("VERIFY"), worlds())
def test_a_verify_has_no_client_and_is_never_open(story: Story, facts: JobFacts) -> None:
    """VERIFY jobs are never `client` or `open`."""
    assert story.verdict(facts).kind not in {Kind.CLIENT, Kind.OPEN}


@many
@given(stories(), worlds())
def test_nobody_is_called_for_a_job_of_the_system(story: Story, facts: JobFacts) -> None:
    """A job whose client is an appliance is never `client`."""
    assume(case_of(story, facts).is_internal)
    assert story.verdict(facts).kind is not Kind.CLIENT


@many
@given(stories(), worlds(), st.sampled_from(ALL_SOURCES))
@example(UNREAD_GET, facts(partitions=OUT, pools=ok((pool(),)), record=SYSTEM, detail=STAGED), "job detail")
@example(COUNTED_GET, facts(partitions=OUT, record=SYSTEM, detail=detail(staged_bytes=10 * GB)), "job detail")
def test_less_knowledge_never_names_somebody(story: Story, facts: JobFacts, source: str) -> None:
    """A source that cannot be read never turns `unclear` into a named actor, save likely for an unknown client."""
    assume(story.verdict(facts).kind is Kind.UNCLEAR)
    after = story.verdict(without(facts, source))
    assert after.actor not in NAMED or (source == "active_job" and after.grade is Grade.LIKELY)


@many
@given(stories(), worlds(), st.sampled_from(ALL_SOURCES))
@example(flat("PUT", (1200, 1200, 0), 32 * MINUTE), facts(tasks=OWN_TASK, detail=SMALL_CHUNKS), "job detail")
@example(LATE_GET, facts(drives=BROKEN, partitions=ok((partition("A"),)), **BUSY_TAPE), "tape_partition")
@example(LATE_GET, facts(drives=BROKEN, partitions=BOTH, policy=REPLICATED, **BUSY_TAPE), "data policy")
def test_what_is_told_stays_told_without_what_it_did_not_use(story: Story, facts: JobFacts, source: str) -> None:
    """Losing a source changes no kind of grade told that did not use it."""
    before = story.verdict(facts)
    assume(before.grade is Grade.TOLD and source not in before.used)
    assert story.verdict(without(facts, source)).kind is before.kind


@many
@given(stories(), worlds(), st.sampled_from(ALL_SOURCES))
@example(UNREAD_GET, facts(partitions=OUT), "job detail")
@example(flat("PUT", (10, 10, 0), 5), facts(partitions=OUT, pools=ok((pool(),))), "pool")
def test_nothing_rests_on_what_could_not_be_read(story: Story, facts: JobFacts, source: str) -> None:
    """A verdict names no source as its ground that gave no answer."""
    assert source not in story.verdict(without(facts, source)).used


@many
@given(stories(), worlds(), st.integers(-(10**6), 10**6))
def test_only_lengths_of_time_matter(story: Story, facts: JobFacts, shift: int) -> None:
    """Moving all moments by the same time changes nothing."""

    def moved_task(task: BlobStoreTask) -> BlobStoreTask:
        return replace(task, date_started=task.date_started and task.date_started + (at(shift) - at(0)))

    moved = Story([(seconds + shift, job) for seconds, job in story.steps])
    detail = facts.detail and replace(facts.detail, at_seconds=facts.detail.at_seconds + shift)
    dates = {
        name: replace(
            source, value=tuple(replace(item, date=item.date + (at(shift) - at(0))) for item in source.value or ())
        )
        for name, source in facts.endpoint.failures.items()
    }
    tasks = replace(facts.endpoint.tasks, value=tuple(map(moved_task, facts.endpoint.tasks.value or ())))
    later = replace(facts, detail=detail, endpoint=replace(facts.endpoint, failures=dates, tasks=tasks))
    assert moved.verdict(later).ruling == shifted(story.verdict(facts), shift)


@many
@given(stories(least=2), worlds(), st.lists(st.sampled_from([5, 50, 300, 1500, 4000]), min_size=1, max_size=8))
def test_standing_still_only_makes_it_worse(story: Story, facts: JobFacts, waits: list[int]) -> None:
    """Repeating the last sample leads from moving to quiet to waiting, never back."""
    assume(story.history().sample_count > 1)
    ranks, later = [], 0
    for wait in (0, *waits):
        later += wait
        ranks.append(RANK.get(rule_on(case_of(story, facts, later)).kind.kind_class, 2))
    working = rule_on(case_of(story, facts, later)).kind is Kind.WORKING
    assert working or ranks == sorted(ranks)


@many
@given(stories(), worlds(), st.floats(0, 0.99))
def test_a_ruling_holds_as_long_as_it_says(story: Story, facts: JobFacts, share: float) -> None:
    """With the same counters and facts, nothing changes before `holds_until`."""
    case = case_of(story, facts)
    ruling = rule_on(case)
    span = min(case.holds_until - case.now.seconds, 10**6)
    assume(case.history.sample_count > 1)
    later = case_of(story, facts, span * share)
    again = rule_on(later)
    if ruling.kind.kind_class is KindClass.ENDED:
        assert again.kind is ruling.kind
    else:
        assert again == ruling


@many
@given(stories(), worlds(), st.integers(0, 5))
def test_every_sentence_has_a_pause_or_a_state_and_its_limit(story: Story, facts: JobFacts, others: int) -> None:
    """A sentence says for how long or in which state, and up to how long that is normal."""
    verdict = story.verdict(facts, peers=Peers(0, others))
    text = sentence(verdict, Style(story.steps[-1][0]))
    assert text.endswith(".")
    if verdict.limit_seconds is not None:
        assert f"(normal up to {duration_text(verdict.limit_seconds)})" in text
    is_timed = verdict.kind.kind_class not in {KindClass.MOVES, KindClass.ENDED} or verdict.kind is Kind.WORKING
    if is_timed and verdict.kind is not Kind.WATCHING and verdict.limit_seconds is not None:
        assert duration_text(story.steps[-1][0] - verdict.since_seconds) in text
    for banned in ("stuck", "dead", "hung", "lost", "persisted", "client idle", "cache full"):
        assert banned not in text.lower()


@many
@given(stories(), worlds())
def test_the_word_fits_its_column(story: Story, facts: JobFacts) -> None:
    """The short form takes twelve cells at most."""
    assert len(word(story.verdict(facts), story.steps[-1][0])) <= WIDTH


def test_request_types_are_all_covered() -> None:
    """Every type of job ends in a row that always holds."""
    assert {kind for rule in RULES for kind in rule.types} == {RequestType.PUT, RequestType.GET, RequestType.VERIFY}
