"""Read a block of the layout that appliances emit without libxml2, at the speed of splitting bytes.

A block is a run of whole tags: the end of a chunk, chunks, the beginning of a chunk. Split at its double quotes, a
regular block is markup, value, markup, value …, and the markup repeats from object to object. When it does, exactly,
and no value holds what XML gives a meaning to, the values stand at fixed distances and become columns as slices.
Whatever is not exactly so is `IrregularError`, and goes through libxml2.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from bptui.ds3.parse.columns import (
    IrregularError,
    canonical_id,
    joined_names,
    numbers,
    packed_ids,
    sparse_numbers,
    tristates,
)
from bptui.model.blobs import ChunkColumns, IdColumn, Origin, Segment
from bptui.model.joining import absent_ids

OPENING = b"<Objects "
"""How a chunk begins."""

_CLOSING = b"</Objects>"
_SPACE = rb"[ \t\r\n]"
_CHUNK = re.compile(
    rb'ChunkId="([0-9a-f-]{36})"'
    rb"(?:" + _SPACE + rb'+ChunkNumber="([0-9]{1,18})")?'
    rb"(?:" + _SPACE + rb'+NodeId="([0-9a-f-]{36})")?' + _SPACE + rb"*(/?)>"
)
_FIRST = re.compile(rb"<Object" + _SPACE + rb"+([A-Za-z]+)=")
_NEXT = re.compile(_SPACE + rb"+([A-Za-z]+)=")
_JOINT = re.compile(_SPACE + rb"*/>" + _SPACE + rb"*<Object" + _SPACE + rb"+([A-Za-z]+)=")
_LAST = re.compile(_SPACE + rb"*/>" + _SPACE + rb"*(</Objects>" + _SPACE + rb"*)?")
_CHUNK_FIRST = re.compile(rb"<Objects" + _SPACE + rb"+([A-Za-z]+)=")
_CHUNK_TO_OBJECT = re.compile(_SPACE + rb"*>" + _SPACE + rb"*<Object" + _SPACE + rb"+([A-Za-z]+)=")
_CHUNK_JOINT = re.compile(
    _SPACE + rb"*/>" + _SPACE + rb"*</Objects>" + _SPACE + rb"*<Objects" + _SPACE + rb"+([A-Za-z]+)="
)
_CHUNK_LAST = re.compile(_SPACE + rb"*/>" + _SPACE + rb"*</Objects>" + _SPACE + rb"*")

_OBJECT_NAMES = frozenset(
    {b"Bucket", b"Id", b"InCache", b"Latest", b"Length", b"Name", b"Offset", b"Version", b"VersionId"}
)
_CHUNK_NAMES = frozenset({b"ChunkId", b"ChunkNumber", b"NodeId"})
_MOST_MARKUPS = 2 * (len(_OBJECT_NAMES) + len(_CHUNK_NAMES))
_SOON_BYTES = 8 * 1024
"""Where another chunk begins later than that, a block usually ends."""
_DENSE_BYTES = 2048
"""Below this average, chunks are read together rather than one by one."""


@dataclass(slots=True)
class _Values:
    """The raw values of a block, attribute by attribute."""

    layout: frozenset[bytes] | None = None
    objects: dict[bytes, list[bytes]] = field(default_factory=dict)
    count: int = 0
    chunk_starts: array[int] = field(default_factory=lambda: array("I"))
    chunk_ids: list[bytes] = field(default_factory=list)
    chunk_numbers: list[bytes | None] = field(default_factory=list)
    node_ids: list[bytes | None] = field(default_factory=list)

    def extend(self, name: bytes, texts: list[bytes]) -> None:
        """Add the values of one attribute."""
        if self.count:
            self.objects[name] += texts
        else:
            self.objects[name] = texts

    def take_layout(self, names: frozenset[bytes]) -> None:
        """All objects of a block have the same attributes."""
        if self.layout is None:
            self.layout = names
            self.objects = {name: [] for name in names}
        elif self.layout != names:
            raise IrregularError


def read_block(block: bytes, origin: Origin | None, *, is_in_chunk: bool) -> Segment:
    """Make a segment of a block that begins right before a tag; IrregularError when it must go another way."""
    if OPENING not in block[len(OPENING) : _SOON_BYTES]:
        with suppress(IrregularError):
            return _read_one_chunk(block, origin, is_in_chunk=is_in_chunk)
    values = _Values()
    pieces = block.split(OPENING)
    is_open = _continue_chunk(values, pieces[0], is_open=is_in_chunk) if pieces[0] else is_in_chunk
    rest = pieces[1:]
    if len(rest) > 2 and len(block) < _DENSE_BYTES * len(rest):
        if is_open:
            raise IrregularError
        _dense_chunks(values, block[len(pieces[0]) : len(block) - len(rest[-1]) - len(OPENING)])
        rest = rest[-1:]
    for piece in rest:
        is_open = _chunk(values, piece, is_open=is_open)
    return _frozen(values, origin, is_continuing=is_in_chunk, is_continued=is_open)


def _read_one_chunk(block: bytes, origin: Origin | None, *, is_in_chunk: bool) -> Segment:
    """Make a segment of a block that has no other chunk after its beginning: the greater part of a large job."""
    values = _Values()
    if block.startswith(OPENING):
        is_open = _chunk(values, block[len(OPENING) :], is_open=is_in_chunk)
    else:
        is_open = _continue_chunk(values, block, is_open=is_in_chunk)
    return _frozen(values, origin, is_continuing=is_in_chunk, is_continued=is_open)


def _chunk(values: _Values, piece: bytes, *, is_open: bool) -> bool:
    """Read what follows the opening of a chunk; tell whether the chunk is still open at the end."""
    match = _CHUNK.match(piece)
    if match is None or is_open:
        raise IrregularError
    chunk_id, number, node_id, is_empty = match.groups()
    values.chunk_starts.append(values.count)
    values.chunk_ids.append(chunk_id)
    values.chunk_numbers.append(number)
    values.node_ids.append(node_id)
    inside = piece[match.end() :]
    if is_empty:
        if inside.strip(b" \t\r\n"):
            raise IrregularError
        return False
    return _continue_chunk(values, inside.lstrip(b" \t\r\n"), is_open=True)


def _continue_chunk(values: _Values, inside: bytes, *, is_open: bool) -> bool:
    """Read objects, and perhaps the end of their chunk; tell whether the chunk is still open at the end."""
    if not is_open:
        raise IrregularError
    if inside.startswith(_CLOSING):
        if inside[len(_CLOSING) :].strip(b" \t\r\n"):
            raise IrregularError
        return False
    return not inside or _objects(values, inside)


def _objects(values: _Values, region: bytes) -> bool:
    """Read object after object, all with the same markup; tell whether their chunk is still open at the end."""
    parts = region.split(b'"')
    markups, last = _repeated(parts, b"<Object", _LAST)
    names = _object_names(tuple(markups[:-1]), markups[-1])
    count = len(parts) // (2 * len(names))
    is_open = last[1] is None
    values.take_layout(frozenset(names))
    for index, name in enumerate(names):
        values.extend(name, parts[2 * index + 1 :: 2 * len(names)])
    values.count += count
    return is_open


def _dense_chunks(values: _Values, region: bytes) -> None:
    """Read chunk after chunk with one object each, all with the same markup."""
    parts = region.split(b'"')
    markups, _ = _repeated(parts, b"<Objects", _CHUNK_LAST)
    chunk_names, names = _dense_names(tuple(markups[:-1]), markups[-1])
    width = len(chunk_names) + len(names)
    count = len(parts) // (2 * width)
    values.take_layout(frozenset(names))
    columns = {name: parts[2 * index + 1 :: 2 * width] for index, name in enumerate(chunk_names)}
    for index, name in enumerate(names, len(chunk_names)):
        values.extend(name, parts[2 * index + 1 :: 2 * width])
    absent: list[bytes | None] = [None] * count
    values.chunk_starts.extend(range(values.count, values.count + count))
    values.chunk_ids += columns[b"ChunkId"]
    values.chunk_numbers += columns.get(b"ChunkNumber", absent)
    values.node_ids += columns.get(b"NodeId", absent)
    values.count += count


def _repeated(parts: list[bytes], first: bytes, last: re.Pattern[bytes]) -> tuple[list[bytes], re.Match[bytes]]:
    """The markups of one period with the one that leads to the next (empty when there is only one), and the last.

    Takes the last markup off `parts`, so that markup and value alternate. IrregularError unless all repeat exactly.
    """
    ending = last.fullmatch(parts.pop())
    if not ending or len(parts) % 2:
        raise IrregularError
    markups = parts[::2]
    begins = re.compile(first + _SPACE).search
    nexts = (index for index in range(1, min(len(markups), _MOST_MARKUPS)) if begins(markups[index]))
    width = next(nexts, len(markups))
    period, rest = markups[:width], markups[1:width]
    joint = markups[width] if width < len(markups) else b""
    count, odd = divmod(len(markups), width)
    if odd or markups != period + [joint, *rest] * (count - 1):
        raise IrregularError
    return [*period, joint], ending


@lru_cache(maxsize=256)
def _object_names(period: tuple[bytes, ...], joint: bytes) -> tuple[bytes, ...]:
    """The attribute before each value of an object; IrregularError when the markup is anything else."""
    names = (_name(_FIRST, period[0]), *(_name(_NEXT, markup) for markup in period[1:]))
    if joint and _name(_JOINT, joint) != names[0]:
        raise IrregularError
    _check_names(names, _OBJECT_NAMES, {b"Name", b"Length"})
    return names


@lru_cache(maxsize=256)
def _dense_names(period: tuple[bytes, ...], joint: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The attributes before the values of a chunk and of its one object."""
    turn = next((index for index, markup in enumerate(period) if _CHUNK_TO_OBJECT.fullmatch(markup)), 0)
    if not turn:
        raise IrregularError
    chunk_names = (_name(_CHUNK_FIRST, period[0]), *(_name(_NEXT, markup) for markup in period[1:turn]))
    names = (_name(_CHUNK_TO_OBJECT, period[turn]), *(_name(_NEXT, markup) for markup in period[turn + 1 :]))
    if joint and _name(_CHUNK_JOINT, joint) != chunk_names[0]:
        raise IrregularError
    _check_names(chunk_names, _CHUNK_NAMES, {b"ChunkId"})
    _check_names(names, _OBJECT_NAMES, {b"Name", b"Length"})
    return chunk_names, names


def _name(pattern: re.Pattern[bytes], markup: bytes) -> bytes:
    match = pattern.fullmatch(markup)
    if match is None:
        raise IrregularError
    return match[1]


def _check_names(names: Sequence[bytes], known: frozenset[bytes], needed: set[bytes]) -> None:
    found = set(names)
    if len(found) != len(names) or not needed <= found <= known:
        raise IrregularError


def _frozen(values: _Values, origin: Origin | None, *, is_continuing: bool, is_continued: bool) -> Segment:
    columns, count = values.objects, values.count
    offsets = columns.get(b"Offset", [])
    versions = columns.get(b"Version")
    version_ids = columns.get(b"VersionId")
    if columns.get(b"Bucket"):
        raise IrregularError
    return Segment(
        count=count,
        ids=packed_ids(columns[b"Id"]) if columns.get(b"Id") else absent_ids(count),
        names=joined_names(columns.get(b"Name", [])),
        in_cache=tristates(columns.get(b"InCache"), count),
        latest=tristates(columns.get(b"Latest"), count),
        lengths=numbers(columns.get(b"Length", [])),
        offsets=None if offsets.count(b"0") == len(offsets) else numbers(offsets),
        versions=numbers(versions) if versions else None,
        version_ids=packed_ids(version_ids) if version_ids else None,
        buckets=None,
        chunks=ChunkColumns(
            values.chunk_starts,
            packed_ids(values.chunk_ids) if values.chunk_ids else IdColumn(b""),
            sparse_numbers(values.chunk_numbers),
            tuple([None if node_id is None else canonical_id(node_id) for node_id in values.node_ids]),
        ),
        is_continuing=is_continuing,
        is_continued=is_continued,
        origin=origin,
    )
