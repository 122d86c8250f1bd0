"""The order of the list, brought up to date by differences, is the order that sorting all jobs gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.diff import JobsChanges, snapshot_changes
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.vocabulary import Priority
from bptui.tui.widgets.sorting import Sort, SortColumn, running_ids, updated_ids
from tests.tui.scripted import DENVER, NOW, job, job_id

STEADY = [column for column in SortColumn if column.is_steady]
values = st.tuples(st.integers(0, 3), st.sampled_from([Priority.LOW, Priority.URGENT]), st.sampled_from("ab"))
lists = st.dictionaries(st.integers(1, 8), values)


def listed(found: dict[int, tuple[int, Priority, str]]) -> JobsSnapshot:
    jobs: dict[JobId, Job] = {}
    for number, (minutes, priority, name) in found.items():
        start = None if minutes == 3 else NOW - timedelta(minutes=minutes)
        jobs[job_id(number)] = replace(job(number), start_date=start, priority=priority, name=name)
    return JobsSnapshot(DENVER, 1, NOW, jobs)


@given(st.lists(lists, min_size=1, max_size=5), st.sampled_from(STEADY), st.booleans())
def test_an_order_kept_by_differences_is_the_order(
    story: list[dict[int, tuple[int, Priority, str]]], column: SortColumn, is_inverted: bool
) -> None:
    """Jobs that come, go and change their values stand where sorting anew would put them."""
    sort, before = Sort(column, is_inverted), listed({})
    order: Sequence[JobId] = running_ids(before, None, sort, None, lambda _: None)
    for found in story:
        after = listed(found)
        changes = snapshot_changes(before, after)
        order = updated_ids(order, before, after, changes, sort, lambda _: None)
        before = after
        assert list(order) == running_ids(after, None, sort, None, lambda _: None)


@pytest.mark.parametrize("column", [SortColumn.SIZE, SortColumn.WHY])
def test_by_a_value_that_moves_nothing_moves(column: SortColumn) -> None:
    """Those listed keep their places, new ones come last, those that are gone leave no gap."""
    first, last = listed({1: (0, Priority.LOW, "a"), 2: (1, Priority.LOW, "a")}), listed({2: (1, Priority.LOW, "b")})
    later = replace(first, jobs={**last.jobs, **listed({3: (2, Priority.LOW, "a")}).jobs})
    changes = JobsChanges((job_id(3),), (job_id(1),), (job_id(2),))
    order = [job_id(1), job_id(2)]
    assert updated_ids(order, first, later, changes, Sort(column), lambda _: None) == [job_id(2), job_id(3)]
