"""JSON for scripts: every key, exact text, ASCII only, and half a million objects in bounded parts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bptui.cli.wire_names import encode, iso, job_fields, job_parts
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId, Node
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType
from tests.trees import TreeBuilder

NAME = EndpointName("prod")
JOB_ID = JobId("5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30")
CHUNK = "11111111-2222-4333-8444-555555555555"
BLOB = "aaaaaaaa-2222-4333-8444-555555555555"
HOSTILE = 'a\x1b[31m\u202e\u2028é日\U0001f600"\\'


def job(**changes: Any) -> Job:
    fields: dict[str, Any] = {
        "job_id": JOB_ID,
        "name": HOSTILE,
        "bucket_name": None,
        "request_type": RequestType("PUT"),
        "status": JobStatus("IN_PROGRESS"),
        "priority": Priority("ODD"),
        "is_aggregating": True,
        "is_naked": False,
        "entirely_in_cache": None,
        "original_size_bytes": 3,
        "cached_size_bytes": 2,
        "completed_size_bytes": 1,
        "start_date": datetime(2025, 3, 5, 14, 5, 10, tzinfo=UTC),
        "user_id": "u",
        "user_name": None,
        "order_guarantee": OrderGuarantee("IN_ORDER"),
    }
    return Job(**(fields | changes))


FIELDS = {
    "endpoint": "prod",
    "job_id": JOB_ID,
    "name": HOSTILE,
    "bucket_name": None,
    "request_type": "PUT",
    "status": "IN_PROGRESS",
    "priority": "ODD",
    "aggregating": True,
    "naked": False,
    "entirely_in_cache": None,
    "original_size_in_bytes": 3,
    "cached_size_in_bytes": 2,
    "completed_size_in_bytes": 1,
    "start_date": "2025-03-05T14:05:10.000Z",
    "user_id": "u",
    "user_name": None,
    "chunk_client_processing_order_guarantee": "IN_ORDER",
}


def test_a_job_has_every_key() -> None:
    """The wire's names in snake_case; what the answer does not tell is null, an unknown word is kept."""
    assert job_fields(NAME, job()) == FIELDS


def test_text_is_exact_and_inert() -> None:
    """What is printed is ASCII without a control character, and reads back as the very same text."""
    line = encode(job_fields(NAME, job()))
    assert [character for character in line if not " " <= character <= "~"] == []
    assert json.loads(line)["name"] == HOSTILE


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, None),
        (datetime(2025, 3, 5, 15, 5, 10, 741000, tzinfo=timezone(timedelta(hours=1))), "2025-03-05T14:05:10.741Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59.000Z"),
    ],
)
def test_dates_have_a_zone(at: datetime | None, expected: str | None) -> None:
    """ISO 8601 in UTC, whatever zone the value was in."""
    assert iso(at) == expected


def tree_with(objects: int) -> TreeBuilder:
    builder = TreeBuilder(job(nodes=(Node("n", "10.24.8.61", 80, None),))).chunk(CHUNK, 1, "n")
    for number in range(objects):
        builder.object(
            f"{HOSTILE}{number}",
            length_bytes=10,
            object_id=None if number else BLOB,
            in_cache=number % 2 == 0,
            is_latest=True,
        )
    return builder


def test_a_job_with_chunks_and_objects() -> None:
    """`objects` only when asked for; the rest always."""
    tree = tree_with(2).chunk(None).build()
    read = json.loads("".join(job_parts(NAME, tree, has_objects=True)))
    plain = json.loads("".join(job_parts(NAME, tree, has_objects=False)))
    objects = [
        {"id": BLOB, "name": f"{HOSTILE}0", "in_cache": True, "latest": True, "length": 10, "offset": 0}
        | {"version": None, "version_id": None},
        {"id": None, "name": f"{HOSTILE}1", "in_cache": False, "latest": True, "length": 10, "offset": 0}
        | {"version": None, "version_id": None},
    ]
    counts = {"object_count": 2, "in_cache_count": 1, "latest_count": 2, "size_in_bytes": 20}
    first = {"chunk_id": CHUNK, "chunk_number": 1, "node_id": "n"} | counts
    second = {"chunk_id": None, "chunk_number": None, "node_id": None} | dict.fromkeys(counts, 0)
    nodes = [{"id": "n", "end_point": "10.24.8.61", "http_port": 80, "https_port": None}]
    assert plain == FIELDS | {"nodes": nodes, "chunks": [first, second]}
    assert read == FIELDS | {"nodes": nodes, "chunks": [first | {"objects": objects}, second | {"objects": []}]}


def test_a_large_job_comes_in_bounded_parts() -> None:
    """No part holds more than some hundred objects, however many the chunk has."""
    parts = list(job_parts(NAME, tree_with(5000).build(), has_objects=True))
    assert max(part.count('"length"') for part in parts) <= 500
    assert len(json.loads("".join(parts))["chunks"][0]["objects"]) == 5000
