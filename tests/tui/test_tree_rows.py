"""Chunks and objects as rows: arithmetic that agrees with a plain list of them."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from bptui.model.building import TreeBuilder
from bptui.model.tree import JobTree
from bptui.tui.widgets.tree_rows import ChunkKey, Place, Shape
from tests.tui.scripted import job


def tree(counts: list[int]) -> JobTree:
    """A tree with that many objects in each chunk."""
    builder, number = TreeBuilder(job(1), segment_objects=3), 0
    for chunk, count in enumerate(counts):
        builder.chunk(f"chunk-{chunk}", chunk)
        for _ in range(count):
            builder.object(f"object {number}", object_id=f"object-{number}")
            number += 1
    return builder.build()


counts = st.lists(st.integers(0, 5), max_size=8)


@given(counts, st.sets(st.integers(0, 7)))
def test_rows_agree_with_a_plain_list(sizes: list[int], opened: set[int]) -> None:
    """Each row is what writing all rows down would give, and each chunk and object is found in its row."""
    whole = tree(sizes)
    shape = Shape.of(whole, [key(whole, chunk) for chunk in opened if chunk < len(sizes)])
    plain: list[Place] = []
    first = 0
    for chunk, count in enumerate(sizes):
        plain.append(Place(chunk, None))
        if chunk in opened:
            plain += [Place(chunk, first + inside) for inside in range(count)]
        first += count
    assert [shape.place(row) for row in range(len(shape))] == plain
    for row, place in enumerate(plain):
        found = shape.row_of_chunk(place.chunk) if place.object is None else shape.row_of_object(place.object)
        assert found == row


@given(counts, st.sets(st.integers(0, 39)))
def test_filtered_rows_are_the_matches(sizes: list[int], wanted: set[int]) -> None:
    """With a filter the rows are the wanted objects, and no others are found."""
    whole = tree(sizes)
    matches = array("q", sorted(position for position in wanted if position < whole.object_count))
    shape = Shape.of(whole, [], matches)
    assert [shape.place(row).object for row in range(len(shape))] == list(matches)
    for position in range(whole.object_count):
        assert shape.row_of_object(position) == (matches.index(position) if position in matches else None)


def key(whole: JobTree, chunk: int) -> ChunkKey:
    """The identity of a chunk by its position."""
    return ChunkKey(whole.chunk(chunk).chunk_id)


def test_half_a_million_chunks_cost_nothing_to_place() -> None:
    """A shape holds only the open chunks, however many there are."""
    whole = tree([1] * 50)
    shape = Shape.of(whole, [key(whole, 7)])
    assert (shape.open_chunks, shape.rows_before) == ((7,), (0, 1))
