"""How many jobs have each word is known at any time, without counting them again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bptui.model.job import JobId
from bptui.model.verdict import Kind
from bptui.tui.widgets.kinds import Kinds, kinds_of, many_kinds_of

ids = st.sampled_from([JobId(each) for each in "abcd"])
kinds = st.sampled_from([None, Kind.QUIET, Kind.BLOCKED, Kind.WRITING])


@given(st.lists(st.tuples(st.dictionaries(ids, kinds), st.sets(ids)), max_size=8))
def test_counts_follow_the_kinds(story: list[tuple[dict[JobId, Kind | None], set[JobId]]]) -> None:
    """After any changes the counts are those of the words that the jobs have now, and news are told as such."""
    shown: dict[JobId, Kind] = {}
    taken = Kinds()
    for changed, removed in story:
        before = dict(shown)
        for job_id, kind in {**dict.fromkeys(removed), **changed}.items():
            shown.pop(job_id, None)
            if kind is not None:
                shown[job_id] = kind
        assert taken.take(changed, removed) == (shown != before)
        assert {job_id: taken.of(job_id) for job_id in shown} == shown
        for kind in Kind:
            assert taken.count(kind) == list(shown.values()).count(kind)


async def test_looked_up_in_slices_is_looked_up_at_once() -> None:
    """Whoever is not judged yet has no word."""
    many = [JobId(str(number)) for number in range(5000)]
    assert await many_kinds_of(many, lambda _: None) == kinds_of(many, lambda _: None) == dict.fromkeys(many)
