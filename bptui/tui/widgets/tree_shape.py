"""Which rows a job's chunks and objects are: found by arithmetic over the few open chunks, at any size; pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.tree import ChunkId, JobTree


class ChunkKey(NamedTuple):
    """What makes a chunk the same chunk in two answers."""

    chunk_id: ChunkId


class Place(NamedTuple):
    """What a row shows: a chunk, or an object in it."""

    chunk: int
    object: int | None


@dataclass(frozen=True, slots=True)
class Shape:
    """Which rows there are: every chunk, and the objects of the open ones; or the objects that a filter wants."""

    tree: JobTree
    open_chunks: tuple[int, ...] = ()
    """The positions of the open chunks, rising."""
    matches: array[int] | None = None
    """The positions of the wanted objects, rising; None: no filter, all chunks."""
    rows_before: tuple[int, ...] = (0,)
    """How many object rows come before each open chunk, and in all."""

    @classmethod
    def of(cls, tree: JobTree, open_keys: Iterable[ChunkKey], matches: array[int] | None = None) -> Shape:
        """The shape of a tree with these chunks open; those that are gone are left out."""
        found = {tree.index_of_chunk(key.chunk_id) for key in open_keys}
        positions = tuple(sorted(position for position in found if position is not None))
        counts = (len(tree.object_range(position)) for position in positions)
        return cls(tree, positions, matches, (0, *accumulate(counts)))

    def __len__(self) -> int:
        if self.matches is not None:
            return len(self.matches)
        return self.tree.chunk_count + self.rows_before[-1]

    def place(self, row: int) -> Place:
        """What stands in a row; IndexError outside."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        if self.matches is not None:
            return Place(self.tree.chunk_of(self.matches[row]), self.matches[row])
        index = self._open_at_or_before(row)
        if index < 0:
            return Place(row, None)
        chunk = self.open_chunks[index]
        below = row - chunk - self.rows_before[index]
        inside = self.rows_before[index + 1] - self.rows_before[index]
        if below == 0:
            return Place(chunk, None)
        if below <= inside:
            return Place(chunk, self.tree.object_range(chunk).start + below - 1)
        return Place(chunk + below - inside, None)

    def _open_at_or_before(self, row: int) -> int:
        """The last open chunk whose own row is at or before this one; -1 when there is none."""
        low, high = 0, len(self.open_chunks)
        while low < high:
            middle = (low + high) // 2
            if self.open_chunks[middle] + self.rows_before[middle] <= row:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def row_of_chunk(self, chunk: int) -> int | None:
        """The row of a chunk; None when a filter hides chunks."""
        if self.matches is not None:
            return None
        return chunk + self.rows_before[bisect_left(self.open_chunks, chunk)]

    def row_of_object(self, position: int) -> int | None:
        """The row of an object; None when its chunk is shut or a filter hides it."""
        if self.matches is not None:
            row = bisect_left(self.matches, position)
            return row if row < len(self.matches) and self.matches[row] == position else None
        chunk = self.tree.chunk_of(position)
        if not self.is_open(chunk):
            return None
        row_of_chunk = self.row_of_chunk(chunk)
        return None if row_of_chunk is None else row_of_chunk + 1 + position - self.tree.object_range(chunk).start

    def is_open(self, chunk: int) -> bool:
        """Whether the objects of a chunk are shown."""
        index = bisect_right(self.open_chunks, chunk) - 1
        return index >= 0 and self.open_chunks[index] == chunk
