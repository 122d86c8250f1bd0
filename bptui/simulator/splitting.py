"""How the appliance cuts objects into blobs, and puts blobs into chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Chunk

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from bptui.simulator.release import Release

BLOB_BYTES = 64 << 30
"""Larger objects are split into blobs of this size, unless a client wants another."""
CHUNK_BYTES = 112 << 30
"""About 2 % of a cartridge of the smallest generation that counts."""
BLOBS_A_CHUNK = 20_000


def parts_of(name: str, size_bytes: int, rng: random.Random, blob_bytes: int = BLOB_BYTES) -> list[Blob]:
    """An object's blobs: one, or parts that share the version."""
    version_id = new_uuid(rng)
    offsets = range(0, size_bytes, blob_bytes) if size_bytes else range(1)
    return [Blob(new_uuid(rng), name, min(blob_bytes, size_bytes - at), version_id, at) for at in offsets]


def chunks_of(
    release: Release, blobs: Iterable[Blob], rng: random.Random, chunk_bytes: int = CHUNK_BYTES, first: int = 1
) -> list[Chunk]:
    """Blobs in chunks of about this size; from release 6.0 on each blob is its own."""
    groups: list[list[Blob]] = []
    size_bytes = 0
    for blob in blobs:
        is_full = bool(groups) and (size_bytes + blob.length > chunk_bytes or len(groups[-1]) >= BLOBS_A_CHUNK)
        if not groups or is_full or release.has_job_entries:
            groups.append([])
            size_bytes = 0
        groups[-1].append(blob)
        size_bytes += blob.length
    return [Chunk(new_uuid(rng), number, group) for number, group in enumerate(groups, first)]
