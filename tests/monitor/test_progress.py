"""Rates, pauses and arrival times follow from the changes that were seen, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.vocabulary import RequestType
from bptui.monitor.progress import (
    CHANGES_KEPT,
    SPARK_CELL_SECONDS,
    WINDOW_SECONDS,
    Counters,
    History,
    Progress,
    counters,
    eta_seconds,
    progress,
    rate,
    with_change,
)

if TYPE_CHECKING:
    from conftest import Make


def watched(samples: list[tuple[float, int, int]], original: int = 10_000) -> History:
    first = samples[0]
    history = History(Counters(original, first[1], first[2]), first[0])
    for at, cached, completed in samples[1:]:
        history.add(Counters(original, cached, completed), at)
    return history


def test_a_rate_is_taken_between_the_first_and_the_last_change() -> None:
    """The steps between them count, the time before and after does not."""
    history = watched([(0, 0, 0), (100, 10, 0), (110, 30, 0), (120, 50, 0), (400, 50, 0)])
    assert rate(history.cached_changes, 400.0) == pytest.approx(2.0)


def test_two_changes_are_too_few_for_a_rate() -> None:
    """Fewer than three changes are no rate."""
    history = watched([(0, 0, 0), (100, 10, 0), (110, 30, 0)])
    assert rate(history.cached_changes, 110.0) is None


def test_changes_older_than_the_window_do_not_count() -> None:
    """A rate of half an hour ago is not a rate of now."""
    history = watched([(0, 0, 0), (10, 10, 0), (20, 20, 0), (30, 30, 0)])
    assert rate(history.cached_changes, 30.0 + WINDOW_SECONDS) is None


def test_a_gap_in_polling_counts_as_the_time_it_took() -> None:
    """A laptop that slept: what came meanwhile came in that time; after more than the window a rate begins anew."""
    slept = 20 * 60.0
    history = watched([(0, 0, 0), (10, 100, 0), (20, 200, 0), (20 + slept, 1400, 0)])
    assert rate(history.cached_changes, 20 + slept) == pytest.approx(1300 / (10 + slept))
    night = 8 * 3600.0
    history = watched([(0, 0, 0), (10, 100, 0), (20, 200, 0), (night, 9000, 0), (night + 5, 9050, 0)])
    assert rate(history.cached_changes, night + 5) is None
    history.add(Counters(10_000, 9100, 0), night + 10)
    assert rate(history.cached_changes, night + 10) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("watched_seconds", "unseen"),
    [(0.0, 7), (59.0, 7), (61.0, 6), (60.0 + 6 * 120, 1), (60.0 + 6 * 120 + 1, 0), (9e5, 0)],
)
def test_cells_before_the_first_look_are_known_as_such(watched_seconds: float, unseen: int) -> None:
    """A cell of time that had passed before anybody looked is no cell in which nothing came; cells begin at even minutes."""
    at = 60.0 + 1_000_000 * SPARK_CELL_SECONDS
    assert Progress(watched_seconds, 0.0, True, False, None, None, None, at_seconds=at).unseen_cells == unseen


def test_counters_that_go_back_end_the_history() -> None:
    """Everything before a counter went back is worthless, and it is said."""
    history = watched([(0, 0, 0), (10, 10, 0), (20, 20, 0), (30, 30, 0)])
    assert not history.add(Counters(10_000, 5, 0), 40.0)
    assert history.cached_changes == ()
    assert history.since == 40.0


def test_a_growing_original_size_is_no_movement(make: Make) -> None:
    """A job that was enlarged has not moved a byte."""
    history = History(Counters(100, 50, 0), 0.0)
    assert history.add(Counters(200, 50, 0), 10.0)
    assert progress(make.job(), history, 100.0, 5.0).pause_is_lower_bound


def test_a_pause_without_any_change_is_a_lower_bound(make: Make) -> None:
    """Before the first change nobody knows how long it has stood."""
    seen = progress(make.job(), watched([(0, 0, 0), (600, 0, 0)]), 600.0, 5.0)
    assert (seen.pause_seconds, seen.pause_is_lower_bound, seen.is_moving) == (600.0, True, False)


def test_a_change_makes_the_pause_exact(make: Make) -> None:
    """After a change the pause is counted from it."""
    seen = progress(make.job(), watched([(0, 0, 0), (100, 10, 0), (300, 10, 5)]), 330.0, 5.0)
    assert (seen.pause_seconds, seen.pause_is_lower_bound, seen.is_moving) == (30.0, False, True)


def test_moving_lasts_three_polls_of_a_slow_interval(make: Make) -> None:
    """With a poll a minute, two polls without a change are not yet a standstill."""
    history = watched([(0, 0, 0), (60, 10, 0)])
    assert progress(make.job(), history, 180.0, 60.0).is_moving
    assert not progress(make.job(), history, 180.0, 5.0).is_moving


@pytest.mark.parametrize(
    ("changes", "cached_rate", "completed_rate", "expected"),
    [
        ({}, 10.0, 5.0, 198.0),
        ({}, 1.0, 50.0, 900.0),
        ({}, None, 5.0, None),
        ({}, 10.0, None, None),
        ({"cached_size_bytes": 1000}, None, 5.0, 198.0),
        ({"cached_size_bytes": 1000, "completed_size_bytes": 1000}, None, None, None),
        ({"request_type": RequestType.GET, "entirely_in_cache": True, "cached_size_bytes": 0}, None, 5.0, 198.0),
        ({"request_type": RequestType.GET, "cached_size_bytes": 0}, None, 5.0, None),
        ({"original_size_bytes": 0, "cached_size_bytes": 0, "completed_size_bytes": 0}, None, None, None),
    ],
)
def test_the_slower_side_decides_when_it_is_done(
    make: Make,
    changes: dict[str, object],
    cached_rate: float | None,
    completed_rate: float | None,
    expected: float | None,
) -> None:
    """An arrival time needs the rate of every side that is not done; what is done needs none."""
    assert expected == eta_seconds(make.job(1, **changes), cached_rate, completed_rate)


def test_a_put_that_has_written_bytes_has_received_them(make: Make) -> None:
    """Counters that contradict each other are made consistent."""
    job = make.job(1, original_size_bytes=5, cached_size_bytes=3, completed_size_bytes=8)
    assert counters(job) == Counters(8, 8, 8)
    assert counters(replace(job, request_type=RequestType.GET)) == Counters(8, 3, 8)


steps = st.lists(st.tuples(st.floats(0.1, 500.0), st.integers(0, 10**12)), min_size=1, max_size=300)


@given(steps)
def test_what_is_kept_of_a_counter_is_bounded(moves: list[tuple[float, int]]) -> None:
    """However long a job is watched, few changes are kept: ordered, the newest among them, none too old."""
    changes: tuple[tuple[float, int], ...] = ()
    at, value = 0.0, 0
    for passed, grown in moves:
        at, value = at + passed, value + grown
        changes = with_change(changes, at, value)
    assert len(changes) <= CHANGES_KEPT
    assert changes[-1] == (at, value)
    assert list(changes) == sorted(changes)
    assert all(at - when <= WINDOW_SECONDS for when, _ in changes)


@given(steps)
def test_a_rate_lies_between_the_slowest_and_the_fastest_step(moves: list[tuple[float, int]]) -> None:
    """A rate is never faster than the fastest step seen, nor below zero."""
    changes: tuple[tuple[float, int], ...] = ()
    at, value = 0.0, 0
    for passed, grown in moves:
        at, value = at + passed, value + grown
        changes = with_change(changes, at, value)
    seen = rate(changes, at)
    if seen is not None:
        fastest = max(grown / passed for passed, grown in moves)
        assert 0.0 <= seen <= fastest * (1 + 1e-6)
