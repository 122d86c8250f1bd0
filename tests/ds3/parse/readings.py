"""What reading an answer says, plainly and incrementally, and the cases in which both must say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from bptui.ds3.parse.blocks import DEFAULT_CUTS, Cuts
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.limits import DEFAULT_LIMITS, ParseError
from bptui.ds3.parse.plain import JobTarget
from bptui.ds3.parse.stream import XmlStream
from bptui.model.tree import JobTree
from tests.ds3.parse.documents import chunks_of, edited, style_of, written
from tests.ds3.parse.mishaps import damaged, in_another_encoding, pieces

SMALL_CUTS = (
    Cuts(b'<Object Id="e', 64, 128, 256, 1024),
    Cuts(b'<Object Id="', 1, 1, 1, 1),
    Cuts(b'<Object Id="e5', 200, 300, 400, 600),
)
"""Cuts that come so often that a document of a few kilobytes has dozens of blocks."""

Reading = tuple[object, ...]


def reading(tree: JobTree) -> Reading:
    """All that a tree says, however it is cut into segments."""
    objects = tuple(tree.object(position) for position in range(tree.object_count))
    chunks = tuple(tree.chunk(position) for position in range(tree.chunk_count))
    owners = tuple(tree.chunk_of(position) for position in range(tree.object_count))
    return (tree.job, chunks, objects, owners)


def plainly(body: bytes) -> JobTree:
    """Read an answer in one go through libxml2."""
    target = JobTarget(segment_objects=7)
    stream = XmlStream(target, DEFAULT_LIMITS)
    stream.feed(body)
    stream.close()
    if target.root is None:
        raise ParseError("the answer holds no job")
    return JobTree(replace(target.root, nodes=tuple(target.nodes)), target.finish())


def incrementally(portions: Iterator[bytes], previous: JobTree | None, cuts: Cuts) -> JobTree:
    """Read an answer as it arrives, sharing with the last one."""
    parser = JobParser(previous, cuts=cuts)
    for portion in portions:
        parser.feed(portion)
    return parser.close()


def outcome(read: Callable[[], JobTree]) -> tuple[JobTree | None, Reading]:
    """What a reading says: the whole of the tree, or the error with its place."""
    try:
        tree = read()
    except ParseError as error:
        return None, ("error", error.message, error.line, error.column)
    return tree, reading(tree)


def check_case(random: Random) -> None:
    """Make up a job and its next states, and hold that reading them incrementally is reading them plainly."""
    is_odd = random.random() < 0.5
    chunks, style, cuts = (
        chunks_of(random, is_odd),
        style_of(random, is_odd),
        random.choice((*SMALL_CUTS, DEFAULT_CUTS)),
    )
    known: list[JobTree | None] = [None]
    for _ in range(3):
        body = written(random, chunks, style)
        is_declaring = style.before_root.startswith("<!DOCTYPE")
        if random.random() < 0.1:
            body = in_another_encoding(random, body)
        if random.random() < 0.3:
            body = damaged(random, body)
        previous = random.choice(known[-2:])
        _, expected = outcome(lambda body=body: plainly(body))  # type: ignore[misc]  # binds the loop's value
        tree, actual = outcome(
            lambda body=body, previous=previous: incrementally(pieces(random, body), previous, cuts)  # type: ignore[misc]
        )
        assert expected == actual, body
        # Whatever else is wrong: nothing is read behind a DOCTYPE, so nothing that it declares is expanded or fetched.
        assert not (is_declaring and tree), body
        if tree:
            known.append(tree)
        chunks = edited(random, chunks, is_odd)
        if random.random() < 0.05:
            style = style_of(random, is_odd)
