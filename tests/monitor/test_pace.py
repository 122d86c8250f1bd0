"""The next delay follows from the situation alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.monitor.pace import (
    BACKOFF_CAP_SECONDS,
    COST_MULTIPLE,
    RETRY_AFTER_CAP_SECONDS,
    Situation,
    delay_seconds,
    detail_due_seconds,
)

situations = st.builds(
    Situation,
    interval_seconds=st.floats(0.0, 600.0),
    cost_seconds=st.floats(0.0, 200.0),
    failures=st.integers(0, 100),
    retry_after_seconds=st.none() | st.floats(-10.0, 1e9),
    waits_for_person=st.booleans(),
    is_poked=st.booleans(),
)
jitters = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(5.0), 5.0),
        (Situation(0.2), 1.0),
        (Situation(5.0, cost_seconds=3.0), 12.0),
        (Situation(5.0, failures=1), 10.0),
        (Situation(5.0, failures=3), 40.0),
        (Situation(5.0, failures=50), 300.0),
        (Situation(5.0, failures=1, retry_after_seconds=45.0), 45.0),
        (Situation(5.0, failures=1, retry_after_seconds=86400.0), 300.0),
        (Situation(5.0, failures=4, retry_after_seconds=45.0), 80.0),
        (Situation(5.0, failures=1, waits_for_person=True), None),
        (Situation(5.0, failures=1, waits_for_person=True, is_poked=True), 0.0),
        (Situation(5.0, failures=1, retry_after_seconds=45.0, is_poked=True), 0.0),
    ],
)
def test_delays_that_were_promised(situation: Situation, expected: float | None) -> None:
    """Interval, cost, failures, Retry-After, a person and a poke each count as they should."""
    assert expected == delay_seconds(situation)


@given(situations, jitters)
def test_a_delay_keeps_its_bounds(situation: Situation, jitter: float) -> None:
    """No delay is shorter than what protects the appliance, nor longer than what keeps the data of use."""
    delay = delay_seconds(replace(situation, is_poked=False, waits_for_person=False), jitter)
    assert delay is not None
    assert delay >= max(1.0, situation.interval_seconds, COST_MULTIPLE * situation.cost_seconds)
    assert delay >= min(situation.retry_after_seconds or 0.0, RETRY_AFTER_CAP_SECONDS)
    longest_of_its_own = max(situation.interval_seconds, 1.0, COST_MULTIPLE * situation.cost_seconds)
    assert delay <= max(longest_of_its_own, BACKOFF_CAP_SECONDS, RETRY_AFTER_CAP_SECONDS)


@given(situations, jitters)
def test_more_failures_never_mean_a_shorter_delay(situation: Situation, jitter: float) -> None:
    """Backing off only ever slows down, and a jitter takes off a fifth at most."""
    sober = replace(situation, is_poked=False, waits_for_person=False)
    fewer = delay_seconds(sober, jitter)
    more = delay_seconds(replace(sober, failures=sober.failures + 1), jitter)
    assert fewer is not None
    assert more is not None
    assert more >= fewer
    without = delay_seconds(sober, 0.0)
    assert without is not None
    assert 0.8 * without <= fewer * (1 + 1e-9)


@given(situations, jitters)
def test_a_poke_always_asks_at_once(situation: Situation, jitter: float) -> None:
    """Whoever pokes is answered now, whatever went before."""
    assert delay_seconds(replace(situation, is_poked=True), jitter) == 0.0


@pytest.mark.parametrize(
    ("size_bytes", "took_seconds", "has_moved", "is_ended", "expected"),
    [
        (50_000, 0.1, False, False, 30.0),
        (50_000, 0.1, True, False, 0.4),
        (107_000_000, 4.0, False, False, 80.0),
        (107_000_000, 4.0, True, False, 30.0),
        (107_000_000, 10.0, True, False, 40.0),
        (9_000_000, 10.0, False, False, 40.0),
        (2_000, 0.1, False, True, 300.0),
    ],
)
def test_when_the_whole_job_is_due(
    size_bytes: int, took_seconds: float, has_moved: bool, is_ended: bool, expected: float
) -> None:
    """Thirty seconds, at once when it moved, and a large answer throttles itself."""
    due = detail_due_seconds(size_bytes=size_bytes, took_seconds=took_seconds, has_moved=has_moved, is_ended=is_ended)
    assert expected == due
