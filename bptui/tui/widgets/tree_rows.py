"""A job's chunks and objects as rows: found by arithmetic over the few open chunks, at any size."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from rich.style import Style

from bptui.model.blobs import BlobObject, ObjectKey
from bptui.model.tree import Chunk, ChunkId, JobTree
from bptui.text import Align, visible
from bptui.tui.display import Display
from bptui.tui.widgets.bar import bar
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.words import in_cache_glyph, in_cache_words
from bptui.units import UNKNOWN, count_text

PARTS_COUNTED = 64
"""How many neighbours of the same name are looked at to say which part of a large object this is."""


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


@dataclass(frozen=True, slots=True)
class TreeRows:
    """One job tree as rows; an object becomes an instance only when its line is painted."""

    shape: Shape
    display: Display
    has_heading: bool = False

    @property
    def tree(self) -> JobTree:
        """What is shown."""
        return self.shape.tree

    def __len__(self) -> int:
        return len(self.shape)

    def key_at(self, index: int) -> Hashable | None:
        """The identity of a chunk or an object."""
        place = self.shape.place(index)
        if place.object is not None:
            return self.tree.object(place.object).key
        return ChunkKey(self.tree.chunk(place.chunk).chunk_id)

    def index_of(self, key: Hashable, near: int) -> int | None:
        """Where a chunk or an object stands; None when it is gone or hidden."""
        if 0 <= near < len(self) and self.key_at(near) == key:
            return near
        if isinstance(key, ChunkKey):
            chunk = self.tree.index_of_chunk(key.chunk_id)
            return None if chunk is None else self.shape.row_of_chunk(chunk)
        if isinstance(key, ObjectKey):
            position = self.tree.index_of_object(key)
            return None if position is None else self.shape.row_of_object(position)
        return None

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """Chunks and objects have no common columns."""
        return ()

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """One chunk with its roll-up, or one object."""
        place = self.shape.place(index)
        if place.object is None:
            return self._chunk_line(place.chunk, width)
        return self._object_line(place, width)

    def _chunk_line(self, position: int, width: int) -> list[Piece]:
        chunk, look, display = self.tree.chunk(position), self.display.look, self.display
        sign = look.glyphs.open if self.shape.is_open(position) else look.glyphs.shut
        number = UNKNOWN if chunk.number is None else str(chunk.number)
        label_cells = len(f"chunk {self.tree.chunk_count}") + 1
        tail_cells = _tail_cells(width)
        left = width - 2 - label_cells - ROLL_UP_CELLS - SIZE_CELLS - tail_cells
        pieces: list[Piece] = [
            (f"{sign} ", _chunk_style(self, chunk)),
            (display.fit(f"chunk {number}", label_cells), look.strong),
            *self._roll_up(chunk),
        ]
        bar_cells = min(BAR_CELLS, left - 2 - (OLD_CELLS if self.tree.latest_count < self.tree.object_count else 0))
        if bar_cells >= 4:
            pieces += [("  ", look.text), *self._bar(chunk, bar_cells)]
            left -= bar_cells + 2
        old = self._superseded(chunk)
        pieces.append((display.fit(f" {old}" if old else "", left), look.superseded))
        pieces.append((display.fit(display.size(chunk.size_bytes), SIZE_CELLS, Align.RIGHT), look.text))
        return [*pieces, (display.fit(f"  {self._node(chunk)}", tail_cells), look.dim)]

    def _bar(self, chunk: Chunk, cells: int) -> list[Piece]:
        look = self.display.look
        if not chunk.object_count:
            return [(" " * cells, look.text)]
        return bar(look, cells, whole=chunk.size_bytes, cached=chunk.in_cache_bytes, done=0)

    def _roll_up(self, chunk: Chunk) -> list[Piece]:
        look, display = self.display.look, self.display
        if not chunk.object_count:
            return [(display.fit("no objects listed", ROLL_UP_CELLS, Align.RIGHT), look.dim)]
        if not chunk.told_count:
            text = f"{count_text(chunk.object_count)} not told"
            return [(display.fit(text, ROLL_UP_CELLS, Align.RIGHT), look.dim)]
        counts = f"{count_text(chunk.in_cache_count)}/{count_text(chunk.object_count)}"
        word = f" {in_cache_words(self.tree.job)[0]}"
        return [
            (display.fit(counts, ROLL_UP_CELLS - len(word), Align.RIGHT), look.text),
            (word, look.dim),
        ]

    def _superseded(self, chunk: Chunk) -> str:
        old = chunk.object_count - chunk.latest_count if chunk.latest_count else 0
        return f"{self.display.look.glyphs.superseded} {count_text(old)}" if old else ""

    def _node(self, chunk: Chunk) -> str:
        if chunk.node_id is None:
            return "no node"
        node = next((node for node in self.tree.job.nodes if node.node_id == chunk.node_id), None)
        return visible((node and node.end_point) or chunk.node_id)

    def _object_line(self, place: Place, width: int) -> list[Piece]:
        position = place.object or 0
        one, look, display = self.tree.object(position), self.display.look, self.display
        is_old = one.is_latest is False
        old = f" {look.glyphs.superseded} superseded" if is_old else ""
        tail_cells = _tail_cells(width)
        name_cells = max(4, width - 4 - len(old) - SIZE_CELLS - tail_cells)
        return [
            ("  ", look.text),
            in_cache_glyph(look, self.tree.job, in_cache=one.in_cache),
            (" ", look.text),
            (display.foreign(one.name, name_cells, keep_tail=True), look.superseded if is_old else look.text),
            (old, look.superseded),
            (display.fit(display.size(one.length_bytes), SIZE_CELLS, Align.RIGHT), look.text),
            (display.fit(f"  {self.part(position, one)}", tail_cells), look.dim),
        ]

    def part(self, position: int, one: BlobObject) -> str:
        """Which part of a split object this is, such as `part 1/2`; empty for a whole one."""
        before = self._same_named(one, range(position - 1, max(-1, position - PARTS_COUNTED), -1))
        after = self._same_named(one, range(position + 1, min(self.tree.object_count, position + PARTS_COUNTED)))
        if before + after == 0:
            return f"at {self.display.size(one.offset_bytes)}" if one.offset_bytes else ""
        if max(before, after) >= PARTS_COUNTED - 1:
            return f"at {self.display.size(one.offset_bytes)}"
        return f"part {before + 1}/{before + after + 1}"

    def _same_named(self, one: BlobObject, positions: range) -> int:
        """How many neighbours in this direction are parts of the same version of the same object."""
        count, offset = 0, one.offset_bytes
        for position in positions:
            other = self.tree.object(position)
            is_next = other.offset_bytes > offset if positions.step > 0 else other.offset_bytes < offset
            if other.name != one.name or other.version_id != one.version_id or not is_next:
                break
            count, offset = count + 1, other.offset_bytes
        return count


ROLL_UP_CELLS = 23
"""For counts such as `500 000/500 000 arrived`."""
BAR_CELLS = 10
OLD_CELLS = 7
"""For the count of superseded objects."""
SIZE_CELLS = 10


def _tail_cells(width: int) -> int:
    """The room right of the sizes: for a chunk's node, and which part of a large object a row is."""
    return 0 if width < 46 else 10 if width < 66 else 12 if width < 84 else 20


def _chunk_style(rows: TreeRows, chunk: Chunk) -> Style:
    look = rows.display.look
    return look.good if chunk.object_count and chunk.in_cache_count == chunk.object_count else look.accent
