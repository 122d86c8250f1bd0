"""The garbage collector never holds up the loop for long, however much stays."""

from __future__ import annotations

import gc

import pytest

from bptui.cli.loading import LONG_SECONDS, keeping_short

FULL = {"generation": 2}
PARTIAL = {"generation": 1}


@pytest.mark.parametrize(
    ("details", "seconds", "is_kept"),
    [(FULL, 2 * LONG_SECONDS, True), (FULL, LONG_SECONDS / 2, False), (PARTIAL, 2 * LONG_SECONDS, False)],
)
def test_what_survives_a_long_collection_is_not_looked_at_again(
    details: dict[str, int], seconds: float, *, is_kept: bool
) -> None:
    """A full collection that took long puts everything aside; a short or partial one puts nothing aside."""
    times = iter([100.0, 100.0 + seconds])
    notice = keeping_short(lambda: next(times))
    gc.unfreeze()
    try:
        notice("start", details)
        notice("stop", details)
        assert bool(gc.get_freeze_count()) == is_kept
    finally:
        gc.unfreeze()
