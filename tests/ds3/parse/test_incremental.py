"""Reading block by block, sharing with the last answer, is reading plainly: the same job or the same error."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bptui.ds3.parse.jobs import JobsParser, KnownJobs
from bptui.ds3.parse.limits import ParseError
from bptui.model.blobs import Segment
from bptui.model.job import Job, JobId
from bptui.model.tree import JobTree
from tests.ds3.parse.documents import Chunk, Style, a_chunk, chunks_of, style_of, written
from tests.ds3.parse.lists import check_list_case
from tests.ds3.parse.mishaps import pieces
from tests.ds3.parse.readings import SMALL_CUTS, check_case, incrementally, outcome, plainly, reading

RANDOM = st.randoms(use_true_random=False)
MANY = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@MANY
@given(RANDOM)
def test_incremental_is_plain(random: Random) -> None:
    """Over generated answers, edits, odd layouts, damage and portions both ways say the same."""
    check_case(random)


@MANY
@given(RANDOM)
def test_incremental_is_plain_for_lists(random: Random) -> None:
    """The job list keeps the same promise."""
    check_list_case(random)


@given(RANDOM)
def test_plain_is_what_another_parser_reads(random: Random) -> None:
    """The plain way says what the standard library's parser finds in the same bytes."""
    style = replace(style_of(random, is_odd=True), odd_rate=0.0, prefix="", before_root="", after_root="")
    body = written(random, chunks_of(random, is_odd=False), style)
    tree = plainly(body)
    root = ET.fromstring(body)  # noqa: S314  # the bytes are ours
    found = [tree.object(position) for position in range(tree.object_count)]
    assert [(item.object_id, item.name, item.length_bytes, item.offset_bytes, item.version_id) for item in found] == [
        (
            item.get("Id"),
            item.get("Name"),
            int(item.get("Length", "")),
            int(item.get("Offset", "")),
            item.get("VersionId"),
        )
        for item in root.iter("Object")
    ]
    assert [item.in_cache for item in found] == [item.get("InCache") == "true" for item in root.iter("Object")]
    chunks = [tree.chunk(position) for position in range(tree.chunk_count)]
    assert [(chunk.chunk_id, str(chunk.number), chunk.node_id, chunk.object_count) for chunk in chunks] == [
        (chunk.get("ChunkId"), chunk.get("ChunkNumber"), chunk.get("NodeId"), len(chunk))
        for chunk in root.iter("Objects")
    ]


@pytest.mark.parametrize("newline", ["", "\n  "])
def test_every_portion_gives_the_same(newline: str) -> None:
    """Wherever the network cuts, the answer is the same."""
    random = Random(5)
    chunks = [a_chunk(random, count, is_odd=False) for count in (3, 0, 1, 2)]
    body = written(random, chunks, Style(newline=newline))
    expected = reading(plainly(body))
    for at in range(len(body)):
        assert reading(incrementally(iter([body[:at], body[at:]]), None, SMALL_CUTS[0])) == expected


def test_every_damage_is_told_the_same_way() -> None:
    """A `<` or a quote too many at any byte gives the same error, with the same place, both ways."""
    random = Random(6)
    chunks = [a_chunk(random, count, is_odd=False) for count in (1, 0, 1)]
    body = written(random, chunks, Style(newline="\n"))
    known = incrementally(iter([body]), None, SMALL_CUTS[0])
    for at in range(len(body)):
        for damage in (b"<", b'"'):
            damaged = body[:at] + damage + body[at:]
            _, expected = outcome(lambda damaged=damaged: plainly(damaged))  # type: ignore[misc]  # binds the loop's value
            _, actual = outcome(
                lambda damaged=damaged: incrementally(iter([damaged]), known, SMALL_CUTS[0])  # type: ignore[misc]
            )
            assert expected == actual


@pytest.mark.parametrize("newline", ["", "\r\n"])
@pytest.mark.parametrize("size", [1, 10**6])
def test_every_truncation_is_told_the_same_way(newline: str, size: int) -> None:
    """An answer that breaks off at any byte is never a smaller job, and the place is the same both ways."""
    random = Random(8)
    chunks = [a_chunk(random, count, is_odd=False) for count in (2, 0, 1)]
    chunks[2].objects[0]["Name"] = "日本語 🎬"
    body = written(random, chunks, Style(newline=newline))
    known = incrementally(iter([body]), None, SMALL_CUTS[1])
    for end in range(len(body.rstrip()) - 1):
        cut = body[:end]
        portions = (cut[at : at + size] for at in range(0, end, size))
        _, expected = outcome(lambda cut=cut: plainly(cut))  # type: ignore[misc]  # binds the loop's value
        _, actual = outcome(lambda portions=portions: incrementally(portions, known, SMALL_CUTS[1]))  # type: ignore[misc]
        assert expected == actual
        assert expected[0] == "error"


def shared(before: JobTree, after: JobTree) -> list[Segment]:
    known = {id(segment) for segment in before.segments}
    return [segment for segment in after.segments if id(segment) in known]


def job_of(shape: list[int]) -> tuple[Random, list[Chunk]]:
    random = Random(7)
    return random, [a_chunk(random, count, is_odd=False) for count in shape]


@pytest.mark.parametrize("shape", [[60] * 20, [1200], [1] * 1200], ids=["chunks", "one chunk", "one object a chunk"])
@pytest.mark.parametrize("change", ["nothing", "one object", "first chunk vanishes", "an object comes first"])
def test_what_did_not_change_is_shared(shape: list[int], change: str) -> None:
    """A poll shares all but the blocks around what changed, whatever moved before them."""
    random, chunks = job_of(shape)
    cuts = replace(SMALL_CUTS[0], least_bytes=200, run_bytes=1000, chunk_bytes=4000, most_bytes=40_000)
    before = incrementally(iter([written(random, chunks, Style())]), None, cuts)
    if change == "one object":
        item = chunks[-1].objects[-1]
        item["InCache"] = "true" if item["InCache"] == "false" else "false"
    elif change == "first chunk vanishes" and len(chunks) > 1:
        chunks.pop(0)
    elif change == "an object comes first":
        chunks[0].objects.insert(0, dict(chunks[0].objects[0], Id="00000000-0000-4000-8000-000000000000"))
    body = written(random, chunks, Style())
    after = incrementally(pieces(random, body), before, cuts)
    assert reading(after) == reading(plainly(body))
    kept = len(shared(before, after))
    assert kept >= len(after.segments) * 9 // 10 - 4
    if change == "nothing":
        assert kept == len(after.segments)


def test_chunks_that_change_places_are_shared() -> None:
    """An appliance may list chunks in any order."""
    random, chunks = job_of([60] * 20)
    cuts = replace(SMALL_CUTS[0], chunk_bytes=200)
    before = incrementally(iter([written(random, chunks, Style())]), None, cuts)
    body = written(random, chunks[10:] + chunks[:10], Style())
    after = incrementally(iter([body]), before, cuts)
    assert reading(after) == reading(plainly(body))
    assert len(shared(before, after)) >= len(after.segments) * 8 // 10


def test_the_tree_of_another_job_does_no_harm() -> None:
    """Blocks are known by their bytes, so a wrong predecessor costs speed, not truth."""
    random, chunks = job_of([5, 5])
    _, others = Random(1), [a_chunk(Random(1), 9, is_odd=False)]
    other = incrementally(iter([written(random, others, Style())]), None, SMALL_CUTS[1])
    body = written(random, chunks, Style())
    assert reading(incrementally(iter([body]), other, SMALL_CUTS[1])) == reading(plainly(body))


def test_a_failed_answer_leaves_the_known_jobs_alone() -> None:
    """After half an answer the next whole one still shares with the last whole one."""
    body = b'<Jobs><Job JobId="a" Name="1"><Nodes/></Job><Job JobId="b"></Job><Job JobId="c"/></Jobs>'
    known = KnownJobs()
    first = listed(body, known)
    with pytest.raises(ParseError):
        listed(body[:-3], known)
    again = listed(body, known)
    assert again == first
    assert again[JobId("a")] is first[JobId("a")]
    assert again[JobId("b")] is first[JobId("b")]


def listed(body: bytes, known: KnownJobs) -> dict[JobId, Job]:
    parser = JobsParser(known)
    parser.feed(body)
    return parser.close()
