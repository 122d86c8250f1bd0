"""Chunks that list no objects: done with where the counters of the same answer agree, else not told."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from bptui.model.tree import JobTree
from bptui.model.vocabulary import RequestType
from bptui.tui.options import view_options
from bptui.tui.widgets.detail_rows import DetailRows
from bptui.tui.widgets.facts import chunk_facts
from bptui.tui.widgets.tree_rows import TreeRows
from bptui.tui.widgets.tree_shape import Shape
from bptui.units import UNKNOWN
from tests.trees import TreeBuilder
from tests.tui.scripted import GIB, job, job_id
from tests.tui.test_main_screen import JOBS, screen

DISPLAY = view_options({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, UTC).display


def tree(completed_gib: int, **values: Any) -> JobTree:
    """A job of 6 GiB in three chunks, of which only the second lists objects: 2 GiB, half of it in cache."""
    attributes: dict[str, Any] = {
        "original_size_bytes": 6 * GIB,
        "cached_size_bytes": 5 * GIB,
        "completed_size_bytes": completed_gib * GIB,
        "nodes": (),
    }
    builder = TreeBuilder(job(1, **attributes | values))
    for number in range(3):
        builder.chunk(f"chunk-{number}", number, "node")
        if number == 1:
            for place in range(2):
                builder.object(f"o{place}", object_id=f"{place}", in_cache=place == 0, length_bytes=GIB)
    return builder.build()


def picture(of: JobTree, width: int = 66) -> str:
    """The lines of the chunks, as a person reads them."""
    rows = TreeRows(Shape.of(of, []), DISPLAY)
    return "\n".join("".join(text for text, _ in rows.line(row, width)).rstrip() for row in range(len(rows)))


def detail(of: JobTree, width: int = 60) -> str:
    """The detail of the first chunk."""
    facts = chunk_facts(of, of.chunk(0), DISPLAY)
    rows = DetailRows("chunk", facts, DISPLAY, width)
    return "\n".join("".join(text for text, _ in rows.line(row, width)).rstrip() for row in range(len(rows)))


def test_what_is_not_listed_is_written() -> None:
    """The counters complete as many bytes as are not listed: such a chunk is written, and cannot be opened."""
    assert picture(tree(4)) == (
        f"  chunk 0                 written  ━━━━            node         {UNKNOWN}\n"
        "▸ chunk 1             1/2 arrived  ╍╍──            node  2.00 GiB\n"
        f"  chunk 2                 written  ━━━━            node         {UNKNOWN}"
    )


def test_what_the_counters_do_not_cover_is_not_told() -> None:
    """When fewer bytes are completed than are not listed, nobody can say which chunk is done with."""
    assert picture(tree(3)) == (
        f"  chunk 0       no objects listed                  node         {UNKNOWN}\n"
        "▸ chunk 1             1/2 arrived  ╍╍──            node  2.00 GiB\n"
        f"  chunk 2       no objects listed                  node         {UNKNOWN}"
    )


@pytest.mark.parametrize(
    ("request_type", "word"),
    [(RequestType.PUT, "written"), (RequestType.GET, "sent"), (RequestType.VERIFY, "verified")],
)
def test_the_word_is_that_of_the_job(request_type: RequestType, word: str) -> None:
    """Done with means written, sent or verified, as the detail of the job says it."""
    assert word in picture(tree(4, request_type=request_type)).splitlines()[0]


def test_bytes_that_are_all_listed_say_nothing() -> None:
    """Where no byte is missing from the list, an empty chunk may hold empty objects: nothing is claimed."""
    assert "no objects listed" in picture(tree(2, original_size_bytes=2 * GIB))


def test_the_detail_says_from_what_it_follows() -> None:
    """In place of zeros the detail says what is known of such a chunk, and from which numbers."""
    assert detail(tree(4)) == (
        "Chunk      0\n"
        "Id         chunk-0\n"
        "\n"
        "Objects    none listed\n"
        "State      written (follows)\n"
        "           The appliance stops listing a chunk's objects\n"
        "           when it is done with them, and the counters\n"
        "           agree: 4.00 GiB of the job are on all copies,\n"
        "           4.00 GiB are not listed.\n"
        "\n"
        "Node       node"
    )
    assert "State      not told" in detail(tree(3))


async def test_enter_explains_a_chunk_that_cannot_be_opened() -> None:
    """Enter on a chunk without objects shows it in detail; on one with objects it opens that."""
    async with screen(*JOBS, size=(80, 24)) as shown:
        await shown.until(lambda: job_id(1) in shown.feed.watched)
        shown.feed.tell_tree(tree(4))
        await shown.shows("written")
        await shown.press("2", "enter")
        await shown.shows("Objects    none listed")
        await shown.press("h", "j", "enter")
        await shown.shows("● o0")
