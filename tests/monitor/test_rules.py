"""The verdict of each rule arrives and leaves: the pretend appliance plays, the whole monitor watches over a real socket."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bptui.model.reading import Reading
from bptui.model.verdict import Kind
from bptui.monitor.events import NoteKind
from bptui.monitor.why.endpoint import ENDPOINT_RULES
from bptui.monitor.why.media import MEDIA_RULES
from bptui.monitor.why.rules import RULES
from bptui.simulator.options import NIGHTS
from bptui.simulator.options import RULES as SCENARIOS
from tests.monitor.plays import INGEST, MEDIA_UNSEEN, NIGHT_PLAYS, PLAYS, Play, perform, performed
from tests.monitor.stage import NAME, stage

MOST_STEPS = 80
TOLD = {rule: told for rule, told, _ in ENDPOINT_RULES}
WORK = [play for play in PLAYS if play.kind is not None]
WHOLE = [play for play in PLAYS if play.kind is None]


def test_every_rule_is_played() -> None:
    """No rule is without a scenario, no scenario without a test, and every night has one."""
    rows = {rule.rule for rule in RULES if rule.find is None}
    rows |= {rule.rule for rule in MEDIA_RULES} | {rule for rule, *_ in ENDPOINT_RULES}
    assert {play.rule for play in PLAYS} == rows
    assert [play.scenario for play in PLAYS] == list(SCENARIOS)
    assert {play.scenario for play in NIGHT_PLAYS} == set(NIGHTS)


@pytest.mark.slow
@pytest.mark.parametrize("play", WORK, ids=lambda play: play.scenario)
async def test_a_verdict_arrives_and_leaves(play: Play, tmp_path: Path) -> None:
    """It comes with its cause, neither early nor late by its limit, and goes when the cause has gone."""
    await performed(play, tmp_path, play.step_seconds)


@pytest.mark.slow
@pytest.mark.parametrize("play", WHOLE, ids=lambda play: play.scenario)
async def test_a_verdict_about_the_appliance_arrives_and_leaves(play: Play, tmp_path: Path) -> None:
    """It is told once as an alarm, and that it is over once."""
    async with stage(play.scenario, tmp_path, step_seconds=play.step_seconds) as seen:
        await perform(play, seen)
        over = f"No longer so: {TOLD[play.rule]}."
        alarms = [note for note in seen.notes(NoteKind.ALARM) if note.job_id is None and play.words in note.sentence]
        if play.rule != "E10":  # what went down and came up is told of the connection
            assert len(alarms) == [note.sentence for note in seen.notes(NoteKind.ENDPOINT)].count(over) == 1


@pytest.mark.slow
@pytest.mark.parametrize("play", NIGHT_PLAYS, ids=lambda play: f"{play.scenario}-{play.rule}")
async def test_a_night_is_explained(play: Play, tmp_path: Path) -> None:
    """What the caller complains about gets its verdict, which goes when it is put right."""
    await performed(play, tmp_path, play.step_seconds)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["G6", "G7", "M8", "V3"])
async def test_it_needs_nobody_who_looks(name: str, tmp_path: Path) -> None:
    """Without chunks to go by, the largest are assumed: the same verdict comes, only later."""
    play = next(play for play in PLAYS if play.scenario == f"rule-{name}")
    limit = 2 * MEDIA_UNSEEN if name == "V3" else MEDIA_UNSEEN
    unseen = replace(play, is_looked_at=False, after_seconds=limit)
    await performed(unseen, tmp_path, unseen.step_seconds)


@pytest.mark.parametrize("scenario", ["rule-M7", "rule-M7-queued", "rule-M8"])
@pytest.mark.slow
async def test_a_task_is_known_by_its_job(scenario: str, tmp_path: Path) -> None:
    """From 6.0 on tasks name their jobs: what is found is the same."""
    play = next(play for play in PLAYS if play.scenario == scenario)
    async with stage(scenario, tmp_path, release="6.0") as seen:
        await perform(play, seen)


async def test_who_is_blind_is_told_apart_from_the_jobs(tmp_path: Path) -> None:
    """When the appliance does not answer any more, that is said, and the verdicts on the jobs stay as they were."""
    async with stage("rule-P1", tmp_path, step_seconds=60.0) as seen:
        key = seen.key(INGEST)
        for _ in range(4):
            await seen.step()
        before = seen.ruling(key)
        assert before == ("P1", Kind.RECEIVING_AND_WRITING)
        seen.simulator.stop()
        assert await seen.step_until(lambda: "E10" in seen.endpoint_sentences(), MOST_STEPS)
        assert seen.ruling(key) == before


async def test_a_refused_source_is_named_and_asked_no_more(tmp_path: Path) -> None:
    """With all media calls forbidden, the sentence says what could not be read, and a person's poke asks again."""
    async with stage("rule-P6", tmp_path, faults=("forbidden:path=/_rest_/tape_partition",)) as seen:
        key = seen.key(INGEST)
        await seen.look_at(key)
        assert await seen.step_until(lambda: seen.ruling(key) == ("P6", Kind.MEDIA), MOST_STEPS)
        assert "Not readable: tape_partition (403)" in seen.sentence(key)
        assert seen.monitor.sources(NAME)["tape_partition"].reading is Reading.FORBIDDEN
        assert seen.asked("tape_partition") == 1
        seen.monitor.poke(NAME)
        await seen.step()
        assert seen.asked("tape_partition") == 2


async def test_a_whole_session_asks_for_nobodys_secrets(tmp_path: Path) -> None:
    """Watching a blocked job with all its evidence makes GETs only, and never asks for users or targets."""
    async with stage("rule-M6", tmp_path) as seen:
        key = seen.key(INGEST)
        await seen.look_at(key)
        assert await seen.step_until(lambda: seen.ruling(key) == ("M6", Kind.BLOCKED), MOST_STEPS)
        resources = {request.path.removeprefix("/_rest_/").split("/")[0] for request in seen.simulator.requests}
        assert {"tape_drive", "ds3_target_failure", "bucket", "ds3_data_replication_rule"} <= resources
        assert not resources & {"user", "ds3_target", "s3_target", "azure_target"}
        assert {request.method for request in seen.simulator.requests} == {"GET"}


async def test_what_watching_costs_is_counted(tmp_path: Path) -> None:
    """Requests and bytes a minute for each kind of call are those that the appliance has received."""
    async with stage("rule-P1", tmp_path, step_seconds=5.0) as seen:
        for _ in range(24):
            await seen.step()
        expenses = {name.value: expense for name, expense in seen.monitor.traffic(NAME).items()}
        assert expenses["jobs"].requests == seen.asked("job")
        assert expenses["jobs"].requests_a_minute == pytest.approx(12, rel=0.1)
        assert expenses["cache_state"].requests_a_minute == pytest.approx(1.5, abs=0.5)
        assert expenses["cache_state"].received_bytes > 0
        assert seen.asked("tape_drive") == 0


async def test_jobs_canceled_before_watching_began_are_shown(tmp_path: Path) -> None:
    """What was canceled in the last 12 hours is there with reason, user and bytes; what was canceled before is not."""
    async with stage("night-7", tmp_path) as seen:
        snapshot = seen.monitor.latest(NAME)
        assert snapshot
        canceled = {ended.job.name: ended for ended in snapshot.ended.values()}
        assert set(canceled) == {"vfx drop 18", "GET by null"}
        job = canceled["vfx drop 18"]
        assert (job.job.user_name, job.job.bucket_name) == ("tanaka", "vfx-plates")
        assert job.record
        assert job.record.is_canceled_due_to_timeout is True
        assert job.job.cached_size_bytes > 0
        await seen.step()
        assert seen.ruling(seen.key("vfx drop 18")) == ("X2", Kind.CANCELED)
        assert len([one for one in seen.simulator.requests if one.query == "full_details"]) == 1
        assert not seen.notes(NoteKind.ALARM)
