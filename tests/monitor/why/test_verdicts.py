"""All verdicts of an endpoint: judged again only when they can have changed, and never wrong for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bptui.model.diff import JobsChanges
from bptui.model.job import EndedJob, Ending, Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Kind
from bptui.model.vocabulary import JobStatus
from bptui.monitor.why import verdicts as module
from bptui.monitor.why.derive import Case
from bptui.monitor.why.facts import EndpointFacts, Evidence, JobFacts, Looked
from bptui.monitor.why.history import History, Instant, Turn, sample_of
from bptui.monitor.why.judge import rule_on
from bptui.monitor.why.limits import HOUR, MINUTE, Limits
from bptui.monitor.why.recorded import Recorded
from bptui.monitor.why.stability import NewsKind, Ringing, Steady, reads_differently, settle
from bptui.monitor.why.verdicts import Outcome, Verdicts
from tests.monitor.why.polls import NAME, ONE, THREE, TWO, Polls, named
from tests.monitor.why.scene import BACKEND_ON, GB, PRESSURE_HIGH, at, detail, endpoint, ok, partition, record


def test_a_job_from_the_first_poll_to_the_end() -> None:
    """Watching, moving, quiet, waiting, done: each when the design says, and each told as a change."""
    polls, standing = Polls(), named(ONE, "PUT", 10, 10, 0)
    assert polls.poll(0, named(ONE, "PUT", 10, 5, 0)).changed.keys() == {ONE}
    assert polls.kind() is Kind.WATCHING
    polls.poll(5, standing)
    assert polls.kind() is Kind.RECEIVING
    polls.poll(70, standing)
    polls.poll(75, standing)
    assert polls.kind() is Kind.QUIET
    polls.poll(31 * MINUTE, standing)
    outcome = polls.poll(31 * MINUTE + 5, standing)
    assert polls.kind() is Kind.MEDIA
    assert [(job_id, item.kind) for job_id, item in outcome.news] == [(ONE, NewsKind.PAST_LIMIT)]
    polls.poll(32 * MINUTE, ended={ONE: EndedJob(standing, Ending.COMPLETED, at(32 * MINUTE))})
    assert polls.kind() is Kind.DONE
    assert polls.poll(33 * MINUTE).removed == (ONE,)
    assert polls.kind() is None


def test_a_poll_without_news_judges_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot have changed is not looked at."""
    polls, jobs = Polls(), [named(ONE, "PUT", 10, 10, 0), named(TWO, "GET", 500, 50, 0)]
    for seconds in (0, 5, 10):
        polls.poll(seconds, *jobs)
    judged: list[Case] = []
    monkeypatch.setattr(module, "rule_on", judged.append)
    assert polls.poll(15, *jobs) == Outcome()
    assert judged == []


def test_flowing_figures_turn_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The age of an answer, or a few more bytes in the cache, are no reason to judge again."""
    polls, jobs = Polls(), [named(ONE, "PUT", 10, 10, 0)]
    for seconds in (0, 5, 10):
        polls.poll(seconds, *jobs, evidence=Evidence(endpoint(backend=BACKEND_ON)))
    monkeypatch.setattr(module, "rule_on", lambda _case: pytest.fail("judged"))
    later = replace(BACKEND_ON, state=replace(BACKEND_ON.state, at=at(60)))
    polls.poll(15, *jobs, evidence=Evidence(endpoint(backend=later)))


def test_facts_turn_a_quiet_job_at_the_next_poll() -> None:
    """A partition that is quiesced stops the job that needs it, and its return lets it go."""
    polls, standing = Polls(), named(ONE, "PUT", 10, 10, 0)
    for seconds in (0, 5, 10):
        polls.poll(seconds, standing)
    out = Evidence(endpoint(partitions=ok((partition(quiesced="YES"),))))
    polls.poll(15, standing, evidence=out)
    assert polls.kind() is Kind.BLOCKED
    assert NewsKind.ALARM in [item.kind for _, item in polls.poll(20, standing, evidence=out).news]
    polls.poll(25, standing)
    polls.poll(30, standing)
    assert polls.kind() is Kind.QUIET


def test_pressure_turns_only_what_is_late() -> None:
    """A cache that fills up explains a pause that was unclear."""
    polls, standing = Polls(), named(ONE, "PUT", 1200, 0, 0)
    for seconds in (0, 5, 40 * MINUTE, 40 * MINUTE + 5):
        polls.poll(seconds, standing)
    assert polls.kind() is Kind.UNCLEAR
    full = Evidence(endpoint(cache=PRESSURE_HIGH))
    polls.poll(41 * MINUTE, standing, evidence=full)
    polls.poll(41 * MINUTE + 5, standing, evidence=full)
    assert polls.kind() is Kind.CACHE


def test_a_record_with_an_error_is_seen() -> None:
    """The slow list of active jobs counts when it arrives, though the list of jobs brings no news."""
    polls, standing = Polls(), named(ONE, "PUT", 10, 10, 0)
    for seconds in (0, 5, 10):
        polls.poll(seconds, standing)
    polls.poll(15, standing, records={ONE: record(error_message="No space")})
    assert polls.kind() is Kind.ERROR


def test_looking_at_a_job_tells_more() -> None:
    """A detail that shows all data in cache names the client, and one that shows progress is movement."""
    polls, standing = Polls(), named(ONE, "GET", 5, 0, 0)
    for seconds in (0, 5, 2 * HOUR, 2 * HOUR + 5):
        polls.poll(seconds, standing)
    assert polls.kind() is Kind.UNCLEAR
    for seconds, staged in ((2 * HOUR + 10, 3), (2 * HOUR + 15, 3)):
        polls.poll(seconds, standing, evidence=looked(seconds, staged))
    assert polls.kind() is Kind.CLIENT
    polls.poll(2 * HOUR + 20, standing, evidence=looked(2 * HOUR + 20, 5))
    assert polls.kind() is Kind.STAGING


def looked(seconds: float, staged: int) -> Evidence:
    found = replace(detail(staged_bytes=staged * GB), at_seconds=seconds)
    return Evidence(endpoint(), {ONE: Looked(found)})


def test_counters_that_go_back_are_told() -> None:
    """A reset is an event, and what was known before it is dropped."""
    polls = Polls()
    polls.poll(0, named(ONE, "PUT", 10, 10, 5))
    assert polls.poll(5, named(ONE, "PUT", 10, 10, 4)).turns == ((ONE, Turn.WENT_BACK),)
    assert polls.kind() is Kind.WATCHING


def test_peers_come_before_blame() -> None:
    """The sentence says how many others of the same direction move."""
    polls = Polls()
    jobs = [named(ONE, "PUT", 1200, 10, 10), named(TWO, "PUT", 1200, 10, 10), named(THREE, "PUT", 1200, 0, 0)]
    polls.poll(0, *jobs)
    for seconds in (5, 37 * MINUTE, 37 * MINUTE + 5):
        moved = [named(ONE, "PUT", 1200, 10, 10), named(TWO, "PUT", 1200, 11 + seconds / 100, 11), jobs[2]]
        polls.poll(seconds, *moved, evidence=Evidence(endpoint(cache=PRESSURE_HIGH)))
    assert polls.kind(THREE) is Kind.CACHE
    assert "1 of 2 other PUT jobs receive." in polls.text(THREE, 37 * MINUTE + 5)


def test_one_verdict_for_the_appliance_silences_the_jobs_it_explains() -> None:
    """Thirty jobs before one quiesced partition ring once, for the appliance."""
    polls, standing = Polls(), named(ONE, "PUT", 10, 10, 0)
    out = Evidence(endpoint(partitions=ok((partition(quiesced="YES"),))))
    polls.poll(0, standing, evidence=out)
    assert [item.rule for item in polls.verdicts.endpoint_verdicts(Instant(0, at(0)))] == ["E6"]
    news = [polls.poll(seconds, standing, evidence=out).news for seconds in (5, 10, 15)]
    assert NewsKind.ALARM not in {item.kind for found in news for _, item in found}
    pointed = polls.verdicts.explained_by(ONE)
    assert pointed is not None
    assert pointed.rule == "E6"


def test_two_jobs_past_their_limits_are_the_appliances_problem() -> None:
    """Totals follow from the jobs one by one."""
    polls, jobs = Polls(), [named(name, "PUT", 10, 10, 0) for name in (ONE, TWO)]
    for seconds in (0, 5, 40 * MINUTE):
        polls.poll(seconds, *jobs)
    now = Instant(40 * MINUTE, at(40 * MINUTE))
    assert [item.rule for item in polls.verdicts.endpoint_verdicts(now)] == ["E2"]
    polls.poll(41 * MINUTE, jobs[0], named(TWO, "PUT", 10, 10, 5))
    assert polls.verdicts.endpoint_verdicts(Instant(41 * MINUTE, at(41 * MINUTE))) == ()


def test_a_recording_is_where_pauses_begin() -> None:
    """With what another session saw, the first poll can tell what took hours."""
    standing = named(ONE, "PUT", 10, 10, 0)
    history = History(standing.request_type, sample_of(standing, -3 * HOUR))
    history.seen(-MINUTE)
    polls = Polls(Verdicts(Limits(), Recorded({ONE: history}, "watch", 0)))
    polls.poll(0, standing)
    assert polls.kind() is Kind.MEDIA
    assert "Recorded since 2026-11-20 19:00 UTC by watch." in polls.text(ONE, 0)


def test_a_large_change_is_taken_in_slices() -> None:
    """One call judges no more jobs than it may; what is left is said."""
    verdicts = Verdicts(Limits())
    jobs = {name: named(name, "PUT", 10, 10, 0) for name in (ONE, TWO, THREE)}
    now = Instant(0, at(0))
    first = verdicts.update(JobsSnapshot(NAME, 1, at(0), jobs), None, Evidence(), now, most=2)
    assert (len(first.changed), first.is_behind) == (2, True)
    second = verdicts.catch_up(now, most=2)
    assert (second.changed.keys(), second.is_behind) == ({THREE}, False)


counters = st.tuples(st.just(1200), st.sampled_from([0, 10, 600, 1200]), st.sampled_from([0, 10, 600]))
pauses = st.sampled_from([5, 5, 5, 30, 300, 1500, 2500, 6000])
worlds = st.sampled_from(
    [
        endpoint(),
        endpoint(backend=BACKEND_ON),
        endpoint(cache=PRESSURE_HIGH),
        endpoint(partitions=ok((partition(quiesced="YES"),))),
        endpoint(partitions=ok((partition("A"), partition("B", "ERROR")))),
    ]
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(pauses, worlds, st.dictionaries(st.sampled_from([ONE, TWO, THREE]), counters)), max_size=12),
    st.sampled_from([None, 1, 2]),
)
def test_judging_only_what_can_have_changed_is_the_same_as_judging_all(
    story: list[tuple[int, EndpointFacts, dict[JobId, tuple[int, int, int]]]], most: int | None
) -> None:
    """Polls with and without changes, facts that come and go, in slices: the shortcut never shows another verdict."""
    kinds = {ONE: "PUT", TWO: "GET", THREE: "VERIFY"}
    jobs: dict[JobId, Job] = {name: named(name, kind, 1200, 0, 0) for name, kind in kinds.items()}
    polls, plain, seconds = Polls(most=most), Plain(), 0
    with patch("bptui.monitor.why.verdicts.GATHERED_JOBS", 1):
        for pause, facts, changed in story:
            seconds += pause
            jobs |= {name: named(name, kinds[name], *sizes) for name, sizes in changed.items()}
            outcome = polls.poll(seconds, *jobs.values(), evidence=Evidence(facts))
            before = {name: steady.shown for name, steady in plain.steady.items()}
            plain.poll(seconds, jobs, facts)
            for name in jobs:
                shown = polls.verdicts.verdict(name)
                assert shown is not None
                assert not reads_differently(plain.steady[name].shown, shown)
                told = name not in before or reads_differently(before[name], plain.steady[name].shown)
                assert (name in outcome.changed) == told


class Plain:
    """Judges every job at every poll."""

    def __init__(self) -> None:
        self.histories: dict[JobId, History] = {}
        self.steady: dict[JobId, Steady] = {}

    def poll(self, seconds: float, jobs: Mapping[JobId, Job], facts: EndpointFacts) -> None:
        now = Instant(seconds, at(seconds))
        for name, found in jobs.items():
            if name in self.histories:
                self.histories[name].add(sample_of(found, seconds))
            else:
                self.histories[name] = History(found.request_type, sample_of(found, seconds))
            verdict = rule_on(Case(found, self.histories[name], JobFacts(facts), Limits(), now))
            self.steady[name], _ = settle(self.steady.get(name), verdict, seconds, Ringing())


def test_changes_that_were_missed_are_found_out() -> None:
    """A revision that is not the next one is compared as a whole."""
    verdicts = Verdicts(Limits())
    verdicts.update(
        JobsSnapshot(NAME, 1, at(0), {ONE: named(ONE, "PUT", 10, 1, 0)}), None, Evidence(), Instant(0, at(0))
    )
    later = JobsSnapshot(NAME, 5, at(5), {ONE: named(ONE, "PUT", 10, 2, 0)})
    verdicts.update(later, JobsChanges(), Evidence(), Instant(5, at(5)))
    shown = verdicts.verdict(ONE)
    assert shown is not None
    assert shown.kind is Kind.RECEIVING


def test_the_media_side_is_asked_only_for_a_reason() -> None:
    """Partitions, drives and tasks are worth a request from half a limit on; policies for buckets that wait."""
    polls, standing = Polls(), named(ONE, "PUT", 10, 10, 0)
    for seconds in (0, 5, 10 * MINUTE):
        polls.poll(seconds, standing)
    assert [polls.verdicts.needs_media(Instant(m * MINUTE, at(m * MINUTE))) for m in (14, 15)] == [False, True]
    assert polls.verdicts.waiting_buckets() == frozenset()
    for seconds in (31 * MINUTE, 31 * MINUTE + 5):
        polls.poll(seconds, standing)
    assert polls.verdicts.waiting_buckets() == {"archive"}


def test_a_job_that_pauses_again_and_again_is_planned_once() -> None:
    """Half its limit is put off with each pause; when it stands at last, the media side is asked in time."""
    polls = Polls()
    for number in range(420):
        polls.poll(5 * number, named(ONE, "PUT", 10**6, 2000 + number // 30, 1000))
    assert len(polls.verdicts._tally._half_late) == 1
    shown = polls.verdicts.verdict(ONE)
    assert shown is not None
    assert shown.limit_seconds is not None
    late = shown.since_seconds + shown.limit_seconds / 2
    assert [polls.verdicts.needs_media(Instant(late + s, at(late + s))) for s in (-1, 1)] == [False, True]


def test_only_a_job_that_was_seen_running_rings_when_the_idle_timer_takes_it() -> None:
    """The list of jobs canceled tonight is shown at the start, and wakes nobody once more."""
    last = replace(named(ONE, "PUT", 10, 5, 0), status=JobStatus.CANCELED)
    ended = EndedJob(last, Ending.CANCELED, at(0), record(is_canceled_due_to_timeout=True))
    watched, late = Polls(), Polls()
    watched.poll(0, named(ONE, "PUT", 10, 5, 0))
    assert [item.kind for _, item in watched.poll(5, ended={ONE: ended}).news] == [NewsKind.ALARM]
    assert late.poll(5, ended={ONE: ended}).news == ()
    assert late.kind() is Kind.CANCELED
