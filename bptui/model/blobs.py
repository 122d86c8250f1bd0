"""A job's objects as columns: a run of the answer takes some 80 bytes an object, and no instance until one is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple, NewType

ObjectId = NewType("ObjectId", str)
"""The id of a blob: a whole object, or one part of it."""

NO = 0
YES = 1
NOT_TOLD = 2
"""The three values in the columns `in_cache` and `latest`; an absent attribute is not a no."""

ABSENT = -1
"""Stands for an absent number in columns whose numbers are never negative."""

SEPARATOR = b"\0"
"""Stands between names; no XML document can hold it, so no name can."""

_ID_BYTES = 16
_TRISTATE: tuple[bool | None, ...] = (False, True, None)


class ObjectKey(NamedTuple):
    """What makes an object the same object in two answers: its id, or else name, version and offset."""

    object_id: ObjectId | None
    name: str = ""
    version: str | None = None
    offset_bytes: int = 0


@dataclass(frozen=True, slots=True)
class BlobObject:
    """An `Object` element: a whole object, or one part of a large one (DS3 API, releases 3.0 to 6.0)."""

    object_id: ObjectId | None
    name: str
    """Exactly as the appliance gave it: other people's input, to be escaped before it is shown."""
    in_cache: bool | None
    """None when the answer does not tell."""
    is_latest: bool | None
    """None when the answer does not tell, as before 3.0."""
    length_bytes: int
    offset_bytes: int
    """Where this part begins in the object."""
    version: int | None
    """Up to 4.1; None later."""
    version_id: str | None
    """From 5.0 on; None before."""
    bucket: str | None

    @property
    def key(self) -> ObjectKey:
        """The identity that a cursor or a mark is bound to."""
        if self.object_id is not None:
            return ObjectKey(self.object_id)
        version = self.version_id if self.version is None else str(self.version)
        return ObjectKey(None, self.name, version, self.offset_bytes)


def packed_id(text: str) -> bytes | None:
    """The 16 bytes of a canonical lower-case UUID; None for any other text."""
    try:
        packed = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        return None
    return packed if len(packed) == _ID_BYTES and text_of_id(packed) == text else None


def text_of_id(packed: bytes) -> str:
    """The canonical text of a packed UUID."""
    digits = packed.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_NONE_ODD: Mapping[int, str | None] = {}


@dataclass(frozen=True, slots=True)
class IdColumn:
    """Many ids in 16 bytes each, with the exact text of those that are absent or not canonical UUIDs."""

    packed: bytes
    """Sixteen bytes an id; zeros where `odd` knows better."""
    odd: Mapping[int, str | None] = field(default_factory=lambda: _NONE_ODD)

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> IdColumn:
        """Pack ids as they are written in an answer."""
        parts: list[bytes] = []
        odd: dict[int, str | None] = {}
        for position, text in enumerate(texts):
            packed = None if text is None else packed_id(text)
            if packed is None:
                odd[position] = text
            parts.append(packed or bytes(_ID_BYTES))
        return cls(b"".join(parts), odd or _NONE_ODD)

    def __len__(self) -> int:
        return len(self.packed) // _ID_BYTES

    def __getitem__(self, position: int) -> str | None:
        if position in self.odd:
            return self.odd[position]
        return text_of_id(self.packed[position * _ID_BYTES : (position + 1) * _ID_BYTES])

    def position_of(self, text: str, packed: bytes | None) -> int | None:
        """Where an id stands first; `packed` is `packed_id(text)`, computed once by who asks many columns."""
        if packed is None:
            return next((position for position, odd in self.odd.items() if odd == text), None)
        place = self.packed.find(packed)
        while place != -1:
            position, rest = divmod(place, _ID_BYTES)
            if rest == 0 and position not in self.odd:
                return position
            place = self.packed.find(packed, place + 1)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class ChunkColumns:
    """The chunks that begin in a segment."""

    starts: array[int]
    """For each chunk, how many objects of the segment come before it."""
    ids: IdColumn
    numbers: array[int]
    """ABSENT where the answer has none."""
    node_ids: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Origin:
    """Stands for a run of bytes of an answer, so that the same run is recognised in the next one."""

    fingerprint: int
    """Python's keyed hash of the bytes: two runs of one size that differ share it once in 2^64 comparisons."""
    size_bytes: int
    newlines: int
    tail_characters: int
    """How many characters follow the last newline, or all when there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A run of consecutive objects of an answer, and the chunks that begin in it; never changed once made.

    A segment may hold a part of one large chunk, or thousands of chunks. Segments are shared between the
    trees of successive polls; two that are the same instance hold the same objects.
    """

    count: int
    ids: IdColumn
    names: bytes
    """UTF-8, joined by SEPARATOR."""
    in_cache: bytes
    latest: bytes
    lengths: array[int]
    offsets: array[int] | None
    """None when all are 0."""
    versions: array[int] | None
    """None when all are absent."""
    version_ids: IdColumn | None
    buckets: tuple[str | None, ...] | None
    chunks: ChunkColumns
    is_continuing: bool = False
    """Whether a chunk that began in an earlier segment is still open at the beginning."""
    is_continued: bool = False
    """Whether a chunk is still open at the end."""
    origin: Origin | None = None
    """The bytes that the segment was read from; None when they were not kept track of."""
    in_cache_count: int = field(init=False)
    told_count: int = field(init=False)
    latest_count: int = field(init=False)
    size_bytes: int = field(init=False)
    in_cache_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        sums = self.sums(0, self.count)
        for name, value in zip(Sums._fields, sums, strict=True):
            object.__setattr__(self, name, value)

    def sums(self, first: int, end: int) -> Sums:
        """Roll up the objects from `first` to before `end`."""
        cached = self.in_cache[first:end]
        lengths = self.lengths[first:end]
        in_cache_count = cached.count(YES)
        size_bytes = sum(lengths)
        if in_cache_count == len(cached):
            in_cache_bytes = size_bytes
        else:
            in_cache_bytes = sum(compress(lengths, cached.translate(_ONLY_YES))) if in_cache_count else 0
        return Sums(
            in_cache_count,
            len(cached) - cached.count(NOT_TOLD),
            self.latest.count(YES, first, end),
            size_bytes,
            in_cache_bytes,
        )

    def name(self, position: int) -> str:
        """The name of one object."""
        return self.names.split(SEPARATOR, position + 1)[position].decode()

    def name_texts(self) -> list[str]:
        """All names, in order."""
        return self.names.decode().split("\0") if self.count else []

    def object(self, position: int) -> BlobObject:
        """Make the instance of one object."""
        version = ABSENT if self.versions is None else self.versions[position]
        object_id = self.ids[position]
        return BlobObject(
            object_id=None if object_id is None else ObjectId(object_id),
            name=self.name(position),
            in_cache=_TRISTATE[self.in_cache[position]],
            is_latest=_TRISTATE[self.latest[position]],
            length_bytes=self.lengths[position],
            offset_bytes=0 if self.offsets is None else self.offsets[position],
            version=None if version == ABSENT else version,
            version_id=None if self.version_ids is None else self.version_ids[position],
            bucket=None if self.buckets is None else self.buckets[position],
        )

    def objects(self) -> Iterator[BlobObject]:
        """Make the instances of all objects, in order; for comparisons and export, not for lists on screen."""
        return (self.object(position) for position in range(self.count))

    def positions_of_name(self, name: str) -> Iterator[int]:
        """Where objects with exactly this name stand."""
        sought = name.encode()
        if sought in self.names:
            names = self.names.split(SEPARATOR) if self.count else []
            yield from (position for position, candidate in enumerate(names) if candidate == sought)


class Sums(NamedTuple):
    """The roll-up of a run of objects."""

    in_cache_count: int = 0
    told_count: int = 0
    """How many objects the answer told about, whether yes or no."""
    latest_count: int = 0
    size_bytes: int = 0
    in_cache_bytes: int = 0


_ONLY_YES = bytes([NO, YES, NO]) + bytes(253)
