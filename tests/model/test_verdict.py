"""A verdict as a value."""

from __future__ import annotations

from bptui.model.reading import Reading, SourceState
from bptui.model.verdict import Grade, Kind, Unreadable, Verdict


def test_a_ruling_is_small() -> None:
    """What is kept for every job has no evidence, and shares the empty set with all others."""
    state = SourceState(Reading.FORBIDDEN)
    whole = Verdict(
        Kind.MEDIA,
        "P6",
        12.0,
        Grade.FOLLOWS,
        limit_seconds=60.0,
        stands=("It stands",),
        cause=(("Why",),),
        facts=(("Also",),),
        checked=(("Fine",),),
        unreadable=(Unreadable("tape", state),),
        who="Nobody",
        used=frozenset({"tape"}),
    )
    bare = Verdict(Kind.MEDIA, "P6", 12.0, Grade.FOLLOWS, limit_seconds=60.0)
    assert whole.ruling == bare
    assert whole.ruling.used is bare.used
