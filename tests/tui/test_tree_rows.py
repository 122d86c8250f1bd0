"""Chunks and objects as rows: arithmetic that agrees with a plain list of them."""

from __future__ import annotations

from array import array
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.job import Node
from bptui.model.tree import JobTree
from bptui.text import cell_width
from bptui.tui.options import view_options
from bptui.tui.widgets.tree_rows import TreeRows
from bptui.tui.widgets.tree_shape import ChunkKey, Place, Shape
from tests.trees import TreeBuilder
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


def chunk_lines(*end_points: str, width: int) -> list[str]:
    """The lines of one chunk on each of these nodes, and of one on none."""
    nodes = tuple(Node(f"node-{place}", end_point, None, 443) for place, end_point in enumerate(end_points))
    builder = TreeBuilder(job(1, nodes=nodes))
    for place, node in enumerate([*nodes, None]):
        builder.chunk(f"chunk-{place}", place, node.node_id if node else None)
        builder.object(f"object {place}", object_id=f"object-{place}", length_bytes=1 << 30)
    display = view_options({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, UTC).display
    rows = TreeRows(Shape.of(builder.build(), []), display)
    return ["".join(text for text, _ in rows.line(row, width)).rstrip() for row in range(len(rows))]


def test_the_only_node_is_not_repeated() -> None:
    """Where all chunks are on one node, their lines say only which is on none."""
    lines = chunk_lines("bp-data.example.test", width=70)
    assert lines[0].endswith("1.00 GiB")
    assert lines[1].endswith("no node  1.00 GiB")


def test_several_nodes_are_named_whole_where_there_is_room() -> None:
    """Of two nodes each chunk's is named, as long as the names are; in a narrow pane with a mark where they are cut."""
    names = ("bp-data-1.example.test", "bp-data-2.example.test")
    assert [line.split()[-1] for line in chunk_lines(*names, width=100)[:2]] == list(names)
    assert all("…" in line for line in chunk_lines(*names, width=60)[:2])


def test_parts_are_numbered_from_the_beginning() -> None:
    """Parts that follow one another are numbered; those whose first part is not among them tell where they begin."""
    builder = TreeBuilder(job(1))
    builder.chunk("chunk-0", 0)
    for name, gib in (("whole", 0), ("split", 0), ("split", 64), ("tail", 128), ("tail", 192)):
        builder.object(name, object_id=f"{name}-{gib}", length_bytes=1 << 30, offset_bytes=gib << 30)
    tree = builder.build()
    display = view_options({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, UTC).display
    rows = TreeRows(Shape.of(tree, []), display)
    parts = [rows.part(position, tree.object(position)) for position in range(5)]
    assert parts == ["", "part 1/2", "part 2/2", "at 128 GiB", "at 192 GiB"]


@pytest.mark.parametrize("width", [*range(36, 130)])
def test_no_number_is_cut(width: int) -> None:
    """A chunk's line is never wider than the pane; where its size does not fit whole, the size is left out."""
    lines = chunk_lines("bp-data.example.test", width=width)
    assert max(map(cell_width, lines)) < width
    assert [line for line in lines if not line.endswith(("1.00 GiB", "not told", "no node"))] == []
