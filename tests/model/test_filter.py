"""Filters and searches say what a naive reading of every job and object would say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.filter import JobFilter, ObjectFilter, words_of
from bptui.model.finding import matching_objects, nearest_object
from bptui.model.job import JobRecord, RecordKind
from bptui.model.tree import JobTree
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType
from tests.jobs import PLAIN_JOB
from tests.trees import TreeBuilder

JOB = replace(PLAIN_JOB, name="Straße nach Rom", user_name="mbarros")
RECORD = JobRecord(
    kind=RecordKind.ACTIVE,
    job_id=JOB.job_id,
    name=None,
    bucket_id=None,
    user_id=None,
    request_type=RequestType.PUT,
    priority=Priority.NORMAL,
    order_guarantee=OrderGuarantee.NONE,
    original_size_bytes=0,
    cached_size_bytes=0,
    completed_size_bytes=0,
    created_at=None,
    error_message="no free media",
)


@pytest.mark.parametrize(
    "text", ["", "STRASSE", "rom straße", "harbor put", "MBARROS", "91eb66f6", "normal in_progress"]
)
def test_all_words_must_occur_somewhere(text: str) -> None:
    """Words are found in any order, any case and any of the searched columns."""
    assert JobFilter(words_of(text)).matches(JOB)
    assert not JobFilter((*words_of(text), "elsewhere")).matches(JOB)


def test_words_do_not_reach_across_columns() -> None:
    """The end of a name and the beginning of a bucket are not a word."""
    assert not JobFilter(words_of("romharbor")).matches(JOB)


def test_aggregating_only() -> None:
    """`A` keeps the jobs that could be closed."""
    wanted = JobFilter(is_aggregating_only=True)
    assert [wanted.matches(JOB), wanted.matches(replace(JOB, is_aggregating=True))] == [False, True]


def test_problems_only() -> None:
    """`!` keeps canceled jobs and those with the appliance's own error message."""
    wanted = JobFilter(is_problems_only=True)
    assert not wanted.matches(JOB)
    assert not wanted.matches(JOB, replace(RECORD, error_message=None))
    assert wanted.matches(JOB, RECORD)
    assert wanted.matches(replace(JOB, status=JobStatus("CANCELLED")))


def test_an_empty_filter_is_false() -> None:
    """Nobody filters when nothing was asked for."""
    assert not JobFilter(words_of("  "))
    assert not ObjectFilter(())
    assert ObjectFilter(is_not_latest_only=True)


OBJECTS = st.lists(
    st.tuples(
        st.text("aAbßİ/ ", min_size=1, max_size=5),
        st.sampled_from([True, False, None]),
        st.sampled_from([True, False, None]),
    ),
    max_size=20,
)
WANTED = st.builds(
    ObjectFilter, st.lists(st.text("abs", min_size=1, max_size=2), max_size=2).map(tuple), st.booleans(), st.booleans()
)


def planted(objects: list[tuple[str, bool | None, bool | None]], segment_objects: int) -> JobTree:
    builder = TreeBuilder(JOB, segment_objects=segment_objects).chunk("c")
    for name, in_cache, is_latest in objects:
        builder.object(name, in_cache=in_cache, is_latest=is_latest)
    return builder.build()


def naive(tree: JobTree, wanted: ObjectFilter) -> list[int]:
    found = []
    for position in range(tree.object_count):
        seen = tree.object(position)
        is_found = all(word in seen.name.casefold() for word in wanted.words)
        is_found = is_found and not (wanted.is_not_in_cache_only and seen.in_cache is not False)
        if is_found and not (wanted.is_not_latest_only and seen.is_latest is not False):
            found.append(position)
    return found


@given(OBJECTS, WANTED, st.integers(1, 5))
def test_all_wanted_objects_are_found(
    objects: list[tuple[str, bool | None, bool | None]], wanted: ObjectFilter, segment_objects: int
) -> None:
    """The columns are searched as if every object were looked at."""
    tree = planted(objects, segment_objects)
    assert [place for places in matching_objects(tree, wanted) for place in places] == naive(tree, wanted)


@given(OBJECTS, WANTED, st.integers(1, 5), st.integers(-1, 20), st.booleans())
def test_the_next_object_is_the_nearest_that_way_round(
    objects: list[tuple[str, bool | None, bool | None]],
    wanted: ObjectFilter,
    segment_objects: int,
    start: int,
    is_backward: bool,
) -> None:
    """`n` and `N` go round the end once, and come back to where they began last."""
    tree = planted(objects, segment_objects)
    found = naive(tree, wanted)
    ahead = [place for place in found if place < start] if is_backward else [place for place in found if place > start]
    candidates = ahead or found
    expected = (candidates[-1] if is_backward else candidates[0]) if candidates else None
    places = list(nearest_object(tree, wanted, start, is_backward=is_backward))
    assert (places[-1] if places else None) == expected
    assert not any(place is not None for place in places[:-1])
