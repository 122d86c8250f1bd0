"""Job trees of every shape answer the same questions the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.blobs import BlobObject, IdColumn, ObjectId, ObjectKey, Sums
from bptui.model.tree import Chunk, ChunkId, JobTree
from tests.jobs import PLAIN_JOB
from tests.trees import TreeBuilder


def identity(number: int) -> str:
    """A canonical UUID for a small number."""
    return f"{number * 2654435761 % 2**32:08x}-0000-4000-8000-{number:012x}"


def built(shape: list[int], segment_objects: int = 3) -> JobTree:
    """A tree with as many objects in each chunk as `shape` says; every third object is not in cache."""
    builder = TreeBuilder(PLAIN_JOB, segment_objects=segment_objects)
    number = 0
    for chunk, count in enumerate(shape):
        builder.chunk(identity(1000 + chunk), chunk + 1, "node" if chunk % 2 else None)
        for _ in range(count):
            in_cache = (True, True, False, None)[number % 4]
            builder.object(
                f"dir/{number}.mov",
                object_id=identity(number),
                in_cache=in_cache,
                is_latest=number % 5 != 0,
                length_bytes=number,
            )
            number += 1
    return builder.build()


SHAPES = st.lists(st.integers(0, 7), max_size=9)


@given(SHAPES, st.integers(1, 12))
def test_every_position_is_answered_as_a_plain_list_would(shape: list[int], segment_objects: int) -> None:
    """Chunks, ranges and roll-ups are the same however the objects are cut into segments."""
    tree = built(shape, segment_objects)
    owners = [chunk for chunk, count in enumerate(shape) for _ in range(count)]
    assert tree.object_count == len(owners)
    assert tree.chunk_count == len(shape)
    assert [tree.chunk_of(position) for position in range(len(owners))] == owners
    for chunk, count in enumerate(shape):
        first = sum(shape[:chunk])
        numbers = range(first, first + count)
        assert tree.object_range(chunk) == numbers
        assert tree.chunk(chunk) == Chunk(
            chunk_id=ChunkId(identity(1000 + chunk)),
            number=chunk + 1,
            node_id="node" if chunk % 2 else None,
            first_object=first,
            object_count=count,
            in_cache_count=sum(number % 4 < 2 for number in numbers),
            told_count=sum(number % 4 < 3 for number in numbers),
            latest_count=sum(number % 5 != 0 for number in numbers),
            size_bytes=sum(numbers),
            in_cache_bytes=sum(number for number in numbers if number % 4 < 2),
        )
    assert tree.sums(range(len(owners))) == Sums(
        tree.in_cache_count, tree.told_count, tree.latest_count, tree.size_bytes, tree.in_cache_bytes
    )


@given(SHAPES, st.integers(1, 12))
def test_ids_lead_back_to_positions(shape: list[int], segment_objects: int) -> None:
    """Every chunk and object is found by its identity, and a stranger is not."""
    tree = built(shape, segment_objects)
    positions = range(tree.object_count)
    assert [tree.index_of_object(tree.object(position).key) for position in positions] == list(positions)
    chunks = range(tree.chunk_count)
    assert [tree.index_of_chunk(tree.chunk(chunk).chunk_id) for chunk in chunks] == list(chunks)
    assert tree.index_of_object(ObjectKey(ObjectId(identity(999)))) is None
    assert tree.index_of_chunk(ChunkId("")) is None


def test_positions_outside_are_refused() -> None:
    """A position beyond the end is an error, never a wrong object."""
    tree = built([2])
    for ask in (tree.object, tree.chunk, tree.chunk_of, tree.object_range):
        with pytest.raises(IndexError):
            ask(2)
        with pytest.raises(IndexError):
            ask(-1)


def test_an_object_without_id_is_known_by_name_version_and_offset() -> None:
    """Parts and versions of one name are told apart."""
    builder = TreeBuilder(PLAIN_JOB).chunk("c")
    builder.object("a", version=1).object("a", version=1, offset_bytes=10).object("a", version_id="v").object("aa")
    tree = builder.build()
    keys = [tree.object(position).key for position in range(4)]
    assert keys == [
        ObjectKey(None, "a", "1", 0),
        ObjectKey(None, "a", "1", 10),
        ObjectKey(None, "a", "v", 0),
        ObjectKey(None, "aa", None, 0),
    ]
    assert [tree.index_of_object(key) for key in keys] == [0, 1, 2, 3]
    assert tree.index_of_object(ObjectKey(None, "b", "1", 0)) is None


def test_an_object_comes_back_exactly() -> None:
    """Nothing of an object is lost in its columns."""
    expected = BlobObject(ObjectId("NOT-A-UUID"), "日本/é\u200d.mov", None, None, 2**62, 5, 0, "vid", "bucket")
    builder = TreeBuilder(PLAIN_JOB).chunk(None)
    builder.object("plain")
    builder.object(
        expected.name,
        object_id=expected.object_id,
        length_bytes=expected.length_bytes,
        offset_bytes=5,
        version=0,
        version_id="vid",
        bucket="bucket",
    )
    tree = builder.build()
    assert tree.object(1) == expected
    assert tree.object(0) == BlobObject(None, "plain", None, None, 0, 0, None, None, None)
    assert tree.chunk(0).chunk_id == ""


def test_duplicate_ids_lead_to_the_first_or_to_the_one_nearby() -> None:
    """An answer with the same id twice confuses nobody."""
    builder = TreeBuilder(PLAIN_JOB).chunk("c").object("a", object_id=identity(1)).object("b", object_id=identity(1))
    tree = builder.build()
    key = ObjectKey(ObjectId(identity(1)))
    assert tree.index_of_object(key) == 0
    assert tree.index_of_object(key, near=1) == 1
    assert tree.index_of_object(key, near=7) == 0


@given(st.lists(st.one_of(st.none(), st.uuids().map(str), st.uuids().map(lambda u: str(u).upper()), st.text())))
def test_ids_keep_their_exact_text(texts: list[str | None]) -> None:
    """Only canonical ids are packed; any other text, or none, is kept as it is."""
    column = IdColumn.of(texts)
    assert [column[position] for position in range(len(column))] == texts


def test_a_tree_without_objects_answers_too() -> None:
    """A finished job lists no chunks at all."""
    tree = JobTree(PLAIN_JOB)
    assert (tree.object_count, tree.chunk_count, tree.size_bytes, tree.in_cache_count) == (0, 0, 0, 0)
    assert tree.sums(range(0)) == Sums()


def test_numbering_a_tree_shares_everything_else() -> None:
    """A revision is a label, not a copy."""
    tree = built([5, 5])
    numbered = tree.with_revision(7)
    assert (tree.revision, numbered.revision) == (0, 7)
    assert numbered.segments is tree.segments
