"""The garbage collector never holds up the loop for long, however much stays."""

from __future__ import annotations

import gc
import weakref

import pytest

from bptui.cli.loading import LONG_SECONDS, MANY_OBJECTS, begin_loading, end_loading, keeping_short

FULL = {"generation": 2}
PARTIAL = {"generation": 1}


@pytest.mark.parametrize(
    ("details", "seconds", "survivors", "is_kept"),
    [
        (FULL, 2 * LONG_SECONDS, MANY_OBJECTS + 1, True),
        (FULL, 2 * LONG_SECONDS, MANY_OBJECTS, False),
        (FULL, LONG_SECONDS / 2, MANY_OBJECTS + 1, False),
        (PARTIAL, 2 * LONG_SECONDS, MANY_OBJECTS + 1, False),
    ],
)
def test_what_survives_a_long_collection_is_not_looked_at_again(
    details: dict[str, int], seconds: float, survivors: int, *, is_kept: bool
) -> None:
    """A full collection that took long puts many objects aside; few, or by a short or partial one, stay in sight."""
    times = iter([100.0, 100.0 + seconds])
    notice = keeping_short(lambda: next(times), lambda: survivors)
    gc.unfreeze()
    try:
        notice("start", details)
        notice("stop", details)
        assert bool(gc.get_freeze_count()) == is_kept
    finally:
        gc.unfreeze()


def test_loading_ends_once() -> None:
    """A command that asks several appliances in turn, or opens one screen after another, has one watcher of collections."""
    before = len(gc.callbacks)
    begin_loading()
    assert not gc.isenabled()
    for _ in range(3):
        end_loading()
    assert gc.isenabled()
    assert len(gc.callbacks) == before + 1


def test_what_is_made_after_loading_is_freed() -> None:
    """Who ends loading once more, as with each list that is painted, puts nothing aside: a day's answers would stay."""

    class Answer:
        """Holds itself, as a parser and its target hold each other."""

        def __init__(self) -> None:
            self.itself = self

    begin_loading()
    end_loading()
    answer = Answer()
    is_there = weakref.ref(answer)
    end_loading()
    del answer
    gc.collect()
    assert is_there() is None
