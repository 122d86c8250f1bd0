"""Writes jobs, chunks and objects as JSON with the wire's names in snake_case: ASCII, every key always there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bptui.model.blobs import BlobObject
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, Node
from bptui.model.tree import Chunk, JobTree

encode = json.JSONEncoder(ensure_ascii=True).encode
"""One value as JSON on one line; `\\u` escapes make it exact, and inert on a terminal."""

_OBJECTS_A_PART = 500
"""How many objects are written at a time, so that half a million never stand in memory as text."""


def job_fields(endpoint: EndpointName, job: Job) -> dict[str, Any]:
    """Return what the list and the detail of a job have in common."""
    return {
        "endpoint": endpoint,
        "job_id": job.job_id,
        "name": job.name,
        "bucket_name": job.bucket_name,
        "request_type": job.request_type.value,
        "status": job.status.value,
        "priority": job.priority.value,
        "aggregating": job.is_aggregating,
        "naked": job.is_naked,
        "entirely_in_cache": job.entirely_in_cache,
        "original_size_in_bytes": job.original_size_bytes,
        "cached_size_in_bytes": job.cached_size_bytes,
        "completed_size_in_bytes": job.completed_size_bytes,
        "start_date": iso(job.start_date),
        "user_id": job.user_id,
        "user_name": job.user_name,
        "chunk_client_processing_order_guarantee": job.order_guarantee.value,
    }


def job_parts(endpoint: EndpointName, tree: JobTree, *, has_objects: bool) -> Iterator[str]:
    """Write a job with its chunks as one JSON object, in parts of bounded size."""
    head = job_fields(endpoint, tree.job) | {"nodes": [_node_fields(node) for node in tree.job.nodes]}
    yield encode(head)[:-1] + ', "chunks": ['
    for position in range(tree.chunk_count):
        yield ",\n" if position else "\n"
        yield from _chunk_parts(tree, tree.chunk(position), has_objects=has_objects)
    yield "]}\n"


def iso(at: datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC with its zone, such as `2025-03-05T14:05:10.000Z`."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _chunk_parts(tree: JobTree, chunk: Chunk, *, has_objects: bool) -> Iterator[str]:
    head = encode(_chunk_fields(chunk))
    if not has_objects:
        yield head
        return
    yield head[:-1] + ', "objects": ['
    for first in range(0, chunk.object_count, _OBJECTS_A_PART):
        part = chunk.objects[first : first + _OBJECTS_A_PART]
        lines = ",\n".join(encode(_object_fields(tree.object(position))) for position in part)
        yield (",\n" if first else "\n") + lines
    yield "]}"


def _chunk_fields(chunk: Chunk) -> dict[str, Any]:
    return {
        "chunk_id": chunk.chunk_id or None,
        "chunk_number": chunk.number,
        "node_id": chunk.node_id,
        "object_count": chunk.object_count,
        "in_cache_count": chunk.in_cache_count,
        "latest_count": chunk.latest_count,
        "size_in_bytes": chunk.size_bytes,
    }


def _object_fields(blob: BlobObject) -> dict[str, Any]:
    return {
        "id": blob.object_id,
        "name": blob.name,
        "in_cache": blob.in_cache,
        "latest": blob.is_latest,
        "length": blob.length_bytes,
        "offset": blob.offset_bytes,
        "version": blob.version,
        "version_id": blob.version_id,
    }


def _node_fields(node: Node) -> dict[str, Any]:
    return {
        "id": node.node_id,
        "end_point": node.end_point,
        "http_port": node.http_port,
        "https_port": node.https_port,
    }
