"""Objects' bodies: kept in a temporary folder up to a cap, counted beyond it and read back as filler."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from datetime import datetime

READ_BYTES = 1 << 18


@dataclass(slots=True)
class Part:
    """One blob of a stored object: where it lies in the object, and its file if its bytes were kept."""

    offset: int
    length: int
    digest: str
    path: Path | None = None
    is_in_cache: bool = True


@dataclass(slots=True)
class StoredObject:
    """An object of a bucket."""

    name: str
    created_at: datetime
    version_id: str
    parts: dict[int, Part] = field(default_factory=dict)
    """By offset."""
    metadata: dict[str, str] = field(default_factory=dict)
    """Headers `x-amz-meta-*` that came with it."""

    @property
    def size_bytes(self) -> int:
        """The size of all parts that arrived."""
        return sum(part.length for part in self.parts.values())

    @property
    def entity_tag(self) -> str:
        """The MD5 of a whole object, in quotes; of several parts, the MD5 of their digests."""
        digests = [self.parts[at].digest for at in sorted(self.parts)]
        if len(digests) == 1:
            return f'"{digests[0]}"'
        return f'"{hashlib.md5("".join(digests).encode(), usedforsecurity=False).hexdigest()}-{len(digests)}"'


def filler(name: str, start: int, length: int) -> Iterator[bytes]:
    """The bytes an object has at a place when its own were not kept: the same each time."""
    pattern = hashlib.shake_256(name.encode()).digest(1 << 12) * (READ_BYTES >> 12)
    at, end = start, start + length
    while at < end:
        shift = at % (1 << 12)
        block = pattern[shift : shift + min(end - at, READ_BYTES - shift)]
        at += len(block)
        yield block


class Storage:
    """The temporary folder and how much of the cap is used."""

    def __init__(self, cap_bytes: int) -> None:
        self._cap_bytes = cap_bytes
        self._used_bytes = 0
        self._files = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            self._folder.cleanup()

    async def take(self, body: AsyncIterator[bytes], offset: int) -> Part:
        """Read a body to its end; keep it if it fits under the cap."""
        digest = hashlib.md5(usedforsecurity=False)
        path = self._new_path()
        length, is_kept = 0, True
        with path.open("wb") as file:
            async for block in body:
                digest.update(block)
                length += len(block)
                is_kept = is_kept and self._used_bytes + length <= self._cap_bytes
                if is_kept:
                    file.write(block)
        if not is_kept:
            path.unlink()
            return Part(offset, length, digest.hexdigest())
        self._used_bytes += length
        return Part(offset, length, digest.hexdigest(), path)

    def _new_path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="pretend-appliance-")
        self._files += 1
        return Path(self._folder.name) / f"{self._files:08d}"

    def drop(self, parts: Iterable[Part]) -> None:
        """Forget the bytes of an object, or of some of its parts."""
        for part in parts:
            if part.path is not None:
                part.path.unlink(missing_ok=True)
                self._used_bytes -= part.length

    def read(self, stored: StoredObject, start: int, length: int) -> Iterator[bytes]:
        """An object's bytes from a place on."""
        end = start + length
        for at in sorted(stored.parts):
            part = stored.parts[at]
            first, last = max(start, at), min(end, at + part.length)
            if first < last:
                yield from self._read_part(stored.name, part, first, last - first)

    def _read_part(self, name: str, part: Part, start: int, length: int) -> Iterator[bytes]:
        if part.path is None:
            yield from filler(name, start, length)
            return
        with part.path.open("rb") as file:
            file.seek(start - part.offset)
            while length > 0 and (block := file.read(min(READ_BYTES, length))):
                length -= len(block)
                yield block
