"""The chunk tree of the job looked at: which chunks are open, what is filtered, and finding names without blocking."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

from bptui.model.filter import ObjectFilter, words_of
from bptui.model.job import JobKey
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import AskWords, GoBack, Said, ShowDetail
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.message_rows import MessageRows
from bptui.tui.widgets.slices import in_slices
from bptui.tui.widgets.tree_rows import TreeRows, node_name
from bptui.tui.widgets.tree_shape import ChunkKey, Shape
from bptui.tui.widgets.virtual_list import VirtualList
from bptui.tui.widgets.words import as_json, in_cache_words
from bptui.units import count_text

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.blobs import BlobObject
    from bptui.model.tree import Chunk, JobTree

COPIED_CELLS = 200
"""How wide a line is when it is copied."""
NO_JOB = ("No job is chosen.",)
"""What stands in the pane before a job is looked at."""

_FILTERS = (
    ObjectFilter(),
    ObjectFilter(is_not_in_cache_only=True),
    ObjectFilter(is_not_latest_only=True),
)


class ChunkTree(VirtualList):
    """The chunks and objects of one job."""

    BINDINGS = bindings(Scope.TREE)

    def __init__(self, display: Display, *, name: str) -> None:
        super().__init__(MessageRows(NO_JOB, display, 60), display.look, Frame(2, "Chunks"), name=name)
        self._display = display
        self._key: JobKey | None = None
        self._tree: JobTree | None = None
        self._open: dict[ChunkKey, None] = {}
        self._shown: ObjectFilter = _FILTERS[0]
        self._matches: array[int] | None = None
        self._found: ObjectFilter = ObjectFilter()

    @property
    def job_tree(self) -> JobTree | None:
        """What is shown; None while nothing was read."""
        return self._tree

    @property
    def key(self) -> JobKey | None:
        """The job looked at."""
        return self._key

    @property
    def is_filtered(self) -> bool:
        """Whether only some objects are shown."""
        return bool(self._shown)

    # What is shown.

    def look_at(self, key: JobKey | None, job_name: str | None, waiting: tuple[str, ...]) -> None:
        """Begin with another job, of which nothing was read yet."""
        if key != self._key:
            self._key, self._tree = key, None
            self._open, self._shown, self._matches = {}, _FILTERS[0], None
            self.workers.cancel_node(self)
        self.frame = replace(self.frame, subject=visible(job_name or "Chunks"))
        if self._tree is None:
            self.say(waiting)

    def say(self, lines: tuple[str, ...]) -> None:
        """Show sentences in place of a tree that was not read."""
        if self._tree is None:
            self.frame = replace(self.frame, summary="", aside="")
            self.show(MessageRows(lines, self._display, self.size.width - 2))

    def take(self, tree: JobTree) -> None:
        """Show a newer answer about the job looked at."""
        is_first, self._tree = self._tree is None, tree
        if is_first and tree.chunk_count == 1:
            self._open = {ChunkKey(tree.chunk(0).chunk_id): None}
        if self._shown:
            self._filter_again()
        else:
            self._show()

    def on_resize(self) -> None:
        """Wrap sentences anew."""
        if isinstance(self.rows, MessageRows):
            self.show(self.rows.at(self.size.width - 2))

    def set_display(self, display: Display) -> None:
        """Write values in another way."""
        self._display = display
        self._show()
        self.set_look(display.look)

    def _show(self) -> None:
        if self._tree is None:
            return
        self.frame = replace(self.frame, summary=self._summary(self._tree), aside=_only_node(self._tree))
        if self._matches is not None and not self._matches:
            self.show(MessageRows(("No object of this job is so.", "Esc shows all again."), self._display, 60))
            return
        if not self._tree.chunk_count:
            lines = ("This job lists no chunks.", "They are listed while the appliance works on them.")
            self.show(MessageRows(lines, self._display, self.size.width - 2))
            return
        self.show(TreeRows(Shape.of(self._tree, self._open, self._matches), self._display))

    def _summary(self, tree: JobTree) -> str:
        between = f" {self.look.glyphs.between} "
        parts = [f"{count_text(tree.chunk_count)} chunk{'' if tree.chunk_count == 1 else 's'}"]
        if self._matches is not None:
            parts = [f"{count_text(len(self._matches))} of {count_text(tree.object_count)} {self._filter_word(tree)}"]
        elif tree.told_count:
            cached = f"{count_text(tree.in_cache_count)} of {count_text(tree.object_count)}"
            parts.append(f"{cached} {in_cache_words(tree.job)[0]}")
        else:
            parts.append(f"{count_text(tree.object_count)} objects")
        return between.join(parts)

    def _filter_word(self, tree: JobTree) -> str:
        return in_cache_words(tree.job)[1] if self._shown.is_not_in_cache_only else "superseded"

    # What stands under the cursor.

    def pointed_at(self) -> tuple[Chunk, BlobObject | None, str] | None:
        """The chunk under the cursor, or the object with its chunk and which part of a large one it is."""
        rows = self.rows
        if not isinstance(rows, TreeRows) or self.cursor.key is None:
            return None
        place = rows.shape.place(self.cursor.row)
        chunk = rows.tree.chunk(place.chunk)
        if place.object is None:
            return chunk, None, ""
        one = rows.tree.object(place.object)
        return chunk, one, rows.part(place.object, one)

    def texts(self) -> dict[str, str]:
        """What can be copied of the chunk or object under the cursor, by the names of the copy menu."""
        pointed = self.pointed_at()
        if pointed is None:
            return {}
        chunk, one, _ = pointed
        line = "".join(text for text, _ in self.rows.line(self.cursor.row, COPIED_CELLS))
        if one is None:
            return {"ID": chunk.chunk_id, "JSON": as_json(chunk), "LINE": " ".join(line.split())}
        return {"ID": one.object_id or one.name, "NAME": one.name, "JSON": as_json(one), "LINE": " ".join(line.split())}

    def action_open_row(self) -> None:
        """Open or shut the chunk; show the object, or a chunk that lists none, in detail."""
        key, pointed = self.acted_on(), self.pointed_at()
        if isinstance(key, ChunkKey) and pointed and pointed[0].object_count:
            self._toggle(key)
        elif key is not None:
            self.wish(ShowDetail())

    def _toggle(self, key: ChunkKey) -> None:
        if key in self._open:
            del self._open[key]
        else:
            self._open[key] = None
        self._show()

    def action_close_row(self) -> None:
        """Shut the chunk the cursor is in; from a shut one go back to the job list."""
        rows = self.rows
        if not isinstance(rows, TreeRows) or self._matches is not None or self.cursor.key is None:
            self.wish(GoBack())
            return
        key = ChunkKey(rows.tree.chunk(rows.shape.place(self.cursor.row).chunk).chunk_id)
        if key in self._open:
            self.point_at(key)
            self._toggle(key)
        else:
            self.wish(GoBack())

    # Narrowing and finding, in slices.

    def action_cycle_filter(self) -> None:
        """Show only what is not in cache, then only what is superseded, then all."""
        self._shown = _FILTERS[(_FILTERS.index(self._shown) + 1) % len(_FILTERS)]
        self._filter_again()

    def clear_filter(self) -> bool:
        """Show all objects again; False when all are shown."""
        was_filtered = self.is_filtered
        self._shown = _FILTERS[0]
        if was_filtered:
            self._filter_again()
        return was_filtered

    def _filter_again(self) -> None:
        self.run_worker(self._filter(), group="filter", exclusive=True)

    async def _filter(self) -> None:
        """Collect the wanted objects of the tree that is shown."""
        from bptui.model.finding import matching_objects  # noqa: PLC0415 - once there is a tree

        tree, wanted = self._tree, self._shown
        matches: array[int] | None = None
        if tree is not None and wanted:
            matches = array("q")
            async for found in in_slices(matching_objects(tree, wanted)):
                matches.extend(found)
        self._matches = matches
        self._show()

    def action_find(self, words: str = "") -> None:
        """Let the person type words, or take those told to the palette."""
        if words:
            self.typed(words, True)
        else:
            self.wish(AskWords("Find", " ".join(self._found.words), self.typed))

    def typed(self, words: str, is_complete: bool) -> None:  # noqa: FBT001 - what Prompt tells
        """Go to the next object in whose name these words occur, once they are complete."""
        if not is_complete:
            return
        self._found = replace(ObjectFilter(), words=words_of(words))
        if self._found:
            self.run_worker(self._find(is_backward=False, is_counting=True), group="find", exclusive=True)

    def action_find_next(self) -> None:
        """Go to the next object found."""
        self._find_again(is_backward=False)

    def action_find_previous(self) -> None:
        """Go to the object found before."""
        self._find_again(is_backward=True)

    def _find_again(self, *, is_backward: bool) -> None:
        if self._found:
            self.run_worker(self._find(is_backward=is_backward, is_counting=False), group="find", exclusive=True)
        else:
            self.action_find()

    async def _find(self, *, is_backward: bool, is_counting: bool) -> None:
        """Go to the nearest object found, then count all of them."""
        from bptui.model.finding import matching_objects, nearest_object  # noqa: PLC0415 - once there is a tree

        tree = self._tree
        if tree is None:
            return
        wanted = replace(self._shown, words=self._found.words)
        words = visible(" ".join(wanted.words))
        position: int | None = None
        async for step in in_slices(nearest_object(tree, wanted, self._position(), is_backward=is_backward)):
            position = step
        if position is None:
            self.post_message(Said(f"No object's name has {words}."))
            return
        self._go_to(tree, position)
        if is_counting:
            count = 0
            async for found in in_slices(matching_objects(tree, wanted)):
                count += len(found)
            self.post_message(Said(f"{count_text(count)} found with {words}: n next, N previous."))

    def _position(self) -> int:
        """Where a search begins: at the object under the cursor, or just before a chunk's first."""
        rows = self.rows
        if not isinstance(rows, TreeRows) or self.cursor.key is None:
            return -1
        place = rows.shape.place(self.cursor.row)
        return rows.tree.object_range(place.chunk).start - 1 if place.object is None else place.object

    def _go_to(self, tree: JobTree, position: int) -> None:
        """Open the chunk of an object of this tree and put the cursor on it."""
        key = tree.object(position).key
        if self._matches is None:
            self._open.setdefault(ChunkKey(tree.chunk(tree.chunk_of(position)).chunk_id))
            self._show()
        rows = self.rows
        if isinstance(rows, TreeRows):
            row = rows.shape.row_of_object(position) if rows.tree is tree else rows.index_of(key, 0)
            if row is not None:
                self.move_to(row)


def _only_node(tree: JobTree) -> str:
    """The node that the job is on, when there is no other."""
    nodes = tree.job.nodes
    return f"node {node_name(nodes[0], nodes[0].node_id)}" if len(nodes) == 1 else ""
