"""A job's chunks and objects as rows: what each line says."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style

from bptui.model.job import Node
from bptui.text import Align, cell_width, visible
from bptui.tui.display import Display
from bptui.tui.widgets.bar import bar
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.tree_shape import ChunkKey, Place, Shape
from bptui.tui.widgets.words import done_word, in_cache_glyph, in_cache_words
from bptui.units import UNKNOWN, count_text

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.blobs import BlobObject
    from bptui.model.tree import Chunk, JobTree

PARTS_COUNTED = 64
"""How many neighbours of the same name are looked at to say which part of a large object this is."""


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
        from bptui.model.blobs import ObjectKey  # noqa: PLC0415 - loaded with the tree, but not before

        if isinstance(key, ObjectKey):
            position = self.tree.index_of_object(key)
            return None if position is None else self.shape.row_of_object(position)
        return None

    def heading(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the shape of Rows
        """Chunks and objects have no common columns."""
        return ()

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """One chunk with its roll-up, or one object."""
        place, room = self.shape.place(index), width - 1
        line = self._chunk_line(place.chunk, room) if place.object is None else self._object_line(place, room)
        return [*line, (" ", self.display.look.text)]

    def _chunk_line(self, position: int, width: int) -> list[Piece]:
        chunk, look, display = self.tree.chunk(position), self.display.look, self.display
        sign = look.glyphs.open if self.shape.is_open(position) else look.glyphs.shut
        sign = sign if chunk.object_count else " "
        number = UNKNOWN if chunk.number is None else str(chunk.number)
        label_cells = len(f"chunk {self.tree.chunk_count}") + 1
        tail_cells = self._tail_cells(width)
        size_cells = SIZE_CELLS if width >= 2 + label_cells + ROLL_UP_CELLS + SIZE_CELLS else 0
        left = max(0, width - 2 - label_cells - ROLL_UP_CELLS - size_cells - tail_cells)
        pieces: list[Piece] = [
            (f"{sign} ", _chunk_style(self, chunk)),
            (display.fit(f"chunk {number}", label_cells), look.strong),
            *self._roll_up(chunk),
        ]
        reserved = OLD_CELLS * (self.tree.latest_count < self.tree.object_count) + NODE_CELLS * (not tail_cells)
        bar_cells = min(BAR_CELLS, left - 2 - reserved)
        if bar_cells >= 4:
            pieces += [("  ", look.text), *self._bar(chunk, bar_cells)]
            left -= bar_cells + 2
        old, node = self._superseded(chunk), f"  {self._node(chunk)}"
        before = "" if tail_cells or left < NODE_CELLS else node
        pieces.append((display.fit(f" {old}" if old else "", left - cell_width(before)), look.superseded))
        pieces.append((before, look.dim))
        size = display.size(chunk.size_bytes) if chunk.object_count else UNKNOWN
        pieces.append((display.fit(size, size_cells, Align.RIGHT), look.text if chunk.object_count else look.dim))
        return [*pieces, (display.fit(node, tail_cells), look.dim)]

    def _bar(self, chunk: Chunk, cells: int) -> list[Piece]:
        look = self.display.look
        if chunk.object_count:
            return bar(look, cells, whole=chunk.size_bytes, cached=chunk.in_cache_bytes, done=0)
        return bar(look, cells, whole=1, cached=1, done=1) if self.tree.is_unlisted_done else [(" " * cells, look.text)]

    def _roll_up(self, chunk: Chunk) -> list[Piece]:
        look, display = self.display.look, self.display
        if not chunk.object_count:
            text = done_word(self.tree.job) if self.tree.is_unlisted_done else "no objects listed"
            return [(display.fit(text, ROLL_UP_CELLS, Align.RIGHT), look.dim)]
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
        """Where the chunk is; of the only node nothing, since the pane's border names it once."""
        if chunk.node_id is None:
            return "no node"
        nodes = self.tree.job.nodes
        if len(nodes) == 1 and nodes[0].node_id == chunk.node_id:
            return ""
        return node_name(next((node for node in nodes if node.node_id == chunk.node_id), None), chunk.node_id)

    def _tail_cells(self, width: int) -> int:
        """The room right of the sizes, where there are nodes to tell apart."""
        nodes = self.tree.job.nodes
        if len(nodes) < 2 or width < NARROW_CELLS:
            return 0
        longest = max(cell_width(node_name(node, node.node_id)) for node in nodes)
        return max(PART_CELLS, min(longest + 2, width // 4))

    def _object_line(self, place: Place, width: int) -> list[Piece]:
        position = place.object or 0
        one, look, display = self.tree.object(position), self.display.look, self.display
        is_old = one.is_latest is False
        old = f" {look.glyphs.superseded} superseded" if is_old else ""
        tail_cells = self._tail_cells(width)
        part = f"  {told}" if width >= NARROW_CELLS and (told := self.part(position, one)) else ""
        before = "" if tail_cells else part
        name_cells = max(4, width - 4 - len(old) - len(before) - SIZE_CELLS - tail_cells)
        return [
            ("  ", look.text),
            in_cache_glyph(look, self.tree.job, in_cache=one.in_cache),
            (" ", look.text),
            (display.foreign(one.name, name_cells, keep_tail=True), look.superseded if is_old else look.text),
            (old, look.superseded),
            (before, look.dim),
            (display.fit(display.size(one.length_bytes), SIZE_CELLS, Align.RIGHT), look.text),
            (display.fit(part, tail_cells), look.dim),
        ]

    def part(self, position: int, one: BlobObject) -> str:
        """Which part of a split object this is, such as `part 1/2`; empty for a whole one."""
        before = self._same_named(one, range(position - 1, max(-1, position - PARTS_COUNTED), -1))
        after = self._same_named(one, range(position + 1, min(self.tree.object_count, position + PARTS_COUNTED)))
        if before + after == 0:
            return f"at {self.display.size(one.offset_bytes)}" if one.offset_bytes else ""
        is_begun_elsewhere = self.tree.object(position - before).offset_bytes > 0
        if is_begun_elsewhere or max(before, after) >= PARTS_COUNTED - 1:
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
NODE_CELLS = 9
"""For `no node` before the size, where the nodes have no column of their own."""
PART_CELLS = 12
"""For `part 10/12` in the column of the nodes."""
NARROW_CELLS = 46
"""Below this width neither nodes nor parts are told."""


def node_name(node: Node | None, node_id: str) -> str:
    """What a node is called: its address, else its id; visible text."""
    return visible((node and node.end_point) or node_id)


def _chunk_style(rows: TreeRows, chunk: Chunk) -> Style:
    look = rows.display.look
    return look.good if chunk.object_count and chunk.in_cache_count == chunk.object_count else look.accent
