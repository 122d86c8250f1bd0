"""What differs between two answers is named, exactly, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bptui.model.diff import TreeChanges
from bptui.model.job import JobId
from bptui.model.tree import JobTree
from bptui.model.tree_diff import tree_changes
from tests.jobs import PLAIN_JOB
from tests.trees import TreeBuilder

Content = dict[int, tuple[str | None, dict[int, tuple[bool | None, int]]]]
"""For each chunk its node and its objects: whether they are in cache, and how long they are."""

objects = st.dictionaries(
    st.integers(0, 30), st.tuples(st.sampled_from([True, False, None]), st.integers(0, 3)), max_size=8
)
contents = st.dictionaries(st.integers(0, 5), st.tuples(st.sampled_from([None, "n1", "n2"]), objects), max_size=5)


def tree(content: Content) -> JobTree:
    builder = TreeBuilder(PLAIN_JOB, segment_objects=3)
    for chunk, (node, held) in sorted(content.items()):
        builder.chunk(f"{chunk:08d}-0000-4000-8000-000000000000", chunk, node)
        for number, (in_cache, length) in sorted(held.items()):
            builder.object(
                f"{chunk}/{number}",
                object_id=f"{chunk:08d}-0000-4000-8000-{number:012d}",
                in_cache=in_cache,
                is_latest=True,
                length_bytes=length,
            )
    return builder.build()


@given(contents, contents)
def test_every_object_that_reads_differently_is_named(before: Content, after: Content) -> None:
    """The named objects are those that are new or different; equal answers are no change."""
    old, new = tree(before), tree(after)
    changes = tree_changes(old, new)
    known = {old.object(position).key: old.object(position) for position in range(old.object_count)}
    differing = {
        position for position in range(new.object_count) if known.get(new.object(position).key) != new.object(position)
    }
    if changes.is_reshaped:
        assert differing <= set(changes.objects)
    else:
        assert tuple(sorted(differing)) == changes.objects
        assert [old.object(at).key for at in range(old.object_count)] == [
            new.object(at).key for at in range(new.object_count)
        ]
    if before == after:
        assert not changes


@given(contents)
def test_a_chunk_that_gets_a_node_is_named(content: Content) -> None:
    """A chunk whose own attributes changed is named, and so is one whose objects did."""
    moved = {chunk: ("other", held) for chunk, (_, held) in content.items()}
    assert tree_changes(tree(content), tree(moved)) == TreeChanges(chunks=tuple(range(len(content))))


def test_another_job_is_new_as_a_whole() -> None:
    """At first sight no positions are listed: everything is new."""
    other = JobTree(replace(PLAIN_JOB, job_id=JobId("1aeef0ed-eb61-4c48-a29d-8680a3fefa6e")))
    whole = TreeChanges(is_reshaped=True, is_job_changed=True)
    assert tree_changes(None, other) == whole
    assert tree_changes(tree({}), other) == whole
