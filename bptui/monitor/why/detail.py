"""Takes from a full Get Job the few numbers that the rules look at."""

from __future__ import annotations

from collections.abc import Iterator

from bptui.model.tree import Chunk, JobTree
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.facts import Detail

CHUNKS_LOOKED_AT = 1000
OBJECTS_LOOKED_AT = 1000
"""A detail may list half a million; what is not looked at is estimated by the limits instead."""


def detail_of(tree: JobTree, at_seconds: float) -> Detail:
    """The digest of one answer, read at a moment of the samples' clock; takes some milliseconds at any size."""
    chunks = [chunk for chunk in _first_chunks(tree) if chunk.object_count]
    is_put = tree.job.request_type == RequestType.PUT
    waiting = [chunk for chunk in chunks if chunk.node_id and is_put and _missing(chunk)]
    is_whole = tree.chunk_count <= CHUNKS_LOOKED_AT
    missing = [chunk for chunk in chunks if not is_in_cache(chunk)]
    lowest = min(chunks, key=_number, default=None)
    unstaged = min(missing, key=_number, default=None)
    # A PUT waits for blobs that are missing and writes any chunk; a GET reads any blob and waits for missing chunks.
    of_blobs, of_chunks = (missing, chunks) if is_put else (chunks, missing)
    return Detail(
        at_seconds=at_seconds,
        staged_bytes=tree.in_cache_bytes,
        lowest_chunk_id=lowest.chunk_id if lowest else None,
        is_lowest_in_cache=is_in_cache(lowest) if lowest else None,
        unstaged_chunk_id=unstaged.chunk_id if unstaged else None,
        assigned_waiting=len(waiting),
        assigned_waiting_bytes=sum(chunk.size_bytes - chunk.in_cache_bytes for chunk in waiting),
        largest_blob_bytes=_largest_blob(tree, of_blobs) if is_whole else None,
        largest_chunk_bytes=max((chunk.size_bytes for chunk in of_chunks), default=None) if is_whole else None,
        object_count=tree.object_count,
        chunk_ids=frozenset(chunk.chunk_id for chunk in chunks if chunk.chunk_id),
    )


def is_in_cache(chunk: Chunk) -> bool | None:
    """Whether all objects of a chunk are in cache; None when the answer does not tell of any of them."""
    return None if chunk.told_count == 0 else chunk.in_cache_count == chunk.object_count


def _first_chunks(tree: JobTree) -> Iterator[Chunk]:
    return (tree.chunk(position) for position in range(min(tree.chunk_count, CHUNKS_LOOKED_AT)))


def _missing(chunk: Chunk) -> bool:
    return chunk.told_count > chunk.in_cache_count


def _number(chunk: Chunk) -> tuple[bool, int]:
    return chunk.number is None, chunk.number or 0


def _largest_blob(tree: JobTree, chunks: list[Chunk]) -> int | None:
    if sum(chunk.object_count for chunk in chunks) > OBJECTS_LOOKED_AT:
        return None
    lengths = (tree.object(position).length_bytes for chunk in chunks for position in chunk.objects)
    return max(lengths, default=None)
