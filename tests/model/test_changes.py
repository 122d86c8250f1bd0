"""Differences name exactly what reads differently, and nothing when nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bptui.model.diff import JobsChanges, TreeChanges, snapshot_changes
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.tree import JobTree
from bptui.model.tree_diff import tree_changes
from tests.ds3.parse.documents import Style, chunks_of, edited, written
from tests.ds3.parse.readings import SMALL_CUTS, incrementally
from tests.jobs import PLAIN_JOB
from tests.model.test_tree import built


def listed(jobs: Mapping[JobId, Job]) -> JobsSnapshot:
    return JobsSnapshot(EndpointName("lab"), 1, datetime(2026, 3, 1, tzinfo=UTC), jobs)


def test_a_new_list_with_the_same_content_is_no_change() -> None:
    """Equal jobs are the same news, in whatever order and instance they come."""
    jobs = {JobId(name): replace(PLAIN_JOB, job_id=JobId(name)) for name in "abc"}
    again = {job_id: replace(job) for job_id, job in reversed(jobs.items())}
    assert snapshot_changes(listed(jobs), listed(again)) == JobsChanges()
    assert not snapshot_changes(listed(jobs), listed(again))


def test_jobs_that_came_went_and_changed_are_told_apart() -> None:
    """Each id is in the list that says what happened to it."""
    jobs = {JobId(name): replace(PLAIN_JOB, job_id=JobId(name)) for name in "abc"}
    later = {JobId("c"): jobs[JobId("c")], JobId("b"): replace(jobs[JobId("b")], name="x"), JobId("d"): PLAIN_JOB}
    assert snapshot_changes(listed(jobs), listed(later)) == JobsChanges((JobId("d"),), (JobId("a"),), (JobId("b"),))
    assert snapshot_changes(listed({}), listed(jobs)) == JobsChanges(added=tuple(jobs))
    assert snapshot_changes(listed(jobs), listed({})) == JobsChanges(removed=tuple(jobs))


def test_a_first_tree_and_another_job_are_all_new() -> None:
    """There is nothing to compare with."""
    tree = built([3])
    expected = TreeChanges(is_reshaped=True, is_job_changed=True)
    assert tree_changes(None, tree) == expected
    assert tree_changes(JobTree(replace(PLAIN_JOB, job_id=JobId("x"))), tree) == expected


def test_only_the_attributes_of_the_job_changed() -> None:
    """The objects are not painted again because a counter moved."""
    tree = built([3])
    assert tree_changes(tree, JobTree(replace(PLAIN_JOB, cached_size_bytes=9), tree.segments)) == TreeChanges(
        is_job_changed=True
    )
    assert not tree_changes(tree, tree.with_revision(2))


@given(st.randoms(use_true_random=False))
def test_every_difference_is_named(random: Random) -> None:
    """What `tree_changes` leaves out reads as before: by position, or, where positions moved, by identity."""
    cuts = random.choice(SMALL_CUTS)
    chunks = chunks_of(random, is_odd=False)
    before = incrementally(iter([written(random, chunks, Style())]), None, cuts)
    chunks = edited(random, chunks, is_odd=False)
    after = incrementally(iter([written(random, chunks, Style())]), before, cuts)
    changes = tree_changes(before, after)
    new = [after.object(position) for position in range(after.object_count)]
    old = [before.object(position) for position in range(before.object_count)]
    new_chunks = [after.chunk(position) for position in range(after.chunk_count)]
    old_chunks = [before.chunk(position) for position in range(before.chunk_count)]
    if changes.is_reshaped:
        known = set(old)
        assert all(found in known for position, found in enumerate(new) if position not in changes.objects)
    else:
        assert changes.objects == tuple(place for place, found in enumerate(new) if found != old[place])
        assert [chunk.chunk_id for chunk in old_chunks] == [chunk.chunk_id for chunk in new_chunks]
        expected = {place for place, chunk in enumerate(new_chunks) if chunk != old_chunks[place]}
        assert expected <= set(changes.chunks)
