"""What the rules take from a full answer about a job."""

from __future__ import annotations

from dataclasses import replace

from bptui.model.tree import JobTree
from bptui.monitor.why.detail import CHUNKS_LOOKED_AT, detail_of
from tests.monitor.why.scene import job
from tests.trees import TreeBuilder

Listed = list[tuple[int, str | None, list[tuple[int, bool | None]]]]


def chunk_id(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def tree(kind: str, chunks: Listed) -> JobTree:
    """A tree from chunk numbers, nodes, and the length and InCache of each object."""
    builder = TreeBuilder(job(kind, (0, 0, 0)))
    for number, node, objects in chunks:
        builder.chunk(chunk_id(number), number, node)
        for length, in_cache in objects:
            builder.object("name", in_cache=in_cache, length_bytes=length)
    return builder.build()


def test_a_put_waits_for_what_is_missing_in_chunks_that_have_space() -> None:
    """A chunk without a node has no space; one whose objects arrived waits for nothing."""
    found = detail_of(
        tree(
            "PUT",
            [
                (1, "n", [(10, True), (20, True)]),
                (2, "n", [(30, True), (40, False)]),
                (3, None, [(50, False)]),
            ],
        ),
        7.0,
    )
    assert (found.assigned_waiting, found.assigned_waiting_bytes) == (1, 40)
    assert (found.largest_blob_bytes, found.largest_chunk_bytes) == (50, 70)
    assert (found.at_seconds, found.object_count) == (7.0, 5)


def test_a_get_takes_chunks_in_order() -> None:
    """The lowest chunk that is listed is the next to be read, the lowest that is missing the next to be staged."""
    listed: Listed = [(3, "n", [(5, True)]), (2, "n", [(9, False)]), (1, "n", [(6, True), (7, True)])]
    found = detail_of(tree("GET", listed), 0.0)
    assert (found.lowest_chunk_id, found.is_lowest_in_cache) == (chunk_id(1), True)
    assert found.unstaged_chunk_id == chunk_id(2)
    assert found.staged_bytes == 18
    assert (found.largest_blob_bytes, found.largest_chunk_bytes) == (9, 9)


def test_what_is_not_told_is_not_guessed() -> None:
    """Objects without InCache are neither in cache nor missing, and chunks that drained are not outstanding."""
    found = detail_of(tree("GET", [(0, "n", []), (1, "n", [(5, None)])]), 0.0)
    assert (found.lowest_chunk_id, found.is_lowest_in_cache) == (chunk_id(1), None)
    assert found.staged_bytes == 0
    put = detail_of(tree("PUT", [(1, "n", [(5, None)])]), 0.0)
    assert put.assigned_waiting == 0


def test_a_huge_answer_leaves_sizes_to_the_estimate() -> None:
    """Beyond what is looked at, the limits fall back to their own largest sizes."""
    found = detail_of(tree("PUT", [(number, "n", [(1, True)]) for number in range(CHUNKS_LOOKED_AT + 1)]), 0.0)
    assert (found.largest_blob_bytes, found.largest_chunk_bytes) == (None, None)
    assert found.staged_bytes == CHUNKS_LOOKED_AT + 1


def test_an_empty_answer_tells_nothing() -> None:
    """A job without chunks has nothing outstanding."""
    found = detail_of(tree("GET", []), 0.0)
    assert found == replace(found, lowest_chunk_id=None, unstaged_chunk_id=None, largest_blob_bytes=None)
    assert found.chunk_ids == frozenset()
