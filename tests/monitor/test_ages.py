"""Ages count what has passed, whatever the computer and its clock did meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bptui.monitor.ages import Elapsed, Freshness, freshness

if TYPE_CHECKING:
    from conftest import HandClock


def test_a_laptop_that_slept_grows_older_data(clock: HandClock) -> None:
    """Eight hours of sleep count, although the monotonic clock stood."""
    elapsed = Elapsed(clock)
    clock.seconds += 10
    clock.jump_seconds += 8 * 3600
    assert elapsed.seconds() == 8 * 3600 + 10


def test_a_clock_set_back_does_not_make_data_younger(clock: HandClock) -> None:
    """When the time of day jumps back an hour, the monotonic clock counts."""
    elapsed = Elapsed(clock)
    clock.seconds += 10
    clock.jump_seconds -= 3600
    assert elapsed.seconds() == 10
    clock.seconds += 5
    assert elapsed.seconds() == 15


@pytest.mark.parametrize(
    ("age_seconds", "expected"),
    [
        (None, Freshness.NEVER),
        (0.0, Freshness.FRESH),
        (9.9, Freshness.FRESH),
        (10.0, Freshness.LATE),
        (24.9, Freshness.LATE),
        (25.0, Freshness.STALE),
    ],
)
def test_data_are_late_by_one_planned_delay_and_stale_by_four(age_seconds: float | None, expected: Freshness) -> None:
    """With an answer planned every 5 s, 10 s are late and 25 s are stale."""
    assert freshness(age_seconds, 5.0) is expected
