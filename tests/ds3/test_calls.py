"""Every call is built here or not at all: exact paths, and no id that could turn one job into all of them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

import bptui
from bptui.ds3 import calls
from bptui.ds3.calls import Call, Method
from bptui.ds3.errors import Delivery, InvalidIdError
from bptui.model.job import JobId, RecordKind
from bptui.model.reading import FailureList

JOB_ID = "5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30"

EVERY_CALL: list[tuple[Call, str]] = [
    (calls.service(), "GET /"),
    (calls.jobs(), "GET /_rest_/job"),
    (calls.jobs(is_full=True), "GET /_rest_/job?full_details"),
    (calls.jobs(bucket_id="my bucket"), "GET /_rest_/job?bucket_id=my%20bucket"),
    (calls.jobs(is_full=True, bucket_id="b"), "GET /_rest_/job?full_details&bucket_id=b"),
    (calls.job(JOB_ID), f"GET /_rest_/job/{JOB_ID}"),
    (calls.close_aggregating_job(JOB_ID), f"PUT /_rest_/job/{JOB_ID}?close_aggregating_job"),
    (calls.job_record(RecordKind.ACTIVE, JOB_ID), f"GET /_rest_/active_job/{JOB_ID}"),
    (calls.job_record(RecordKind.COMPLETED, JOB_ID), f"GET /_rest_/completed_job/{JOB_ID}"),
    (calls.job_record(RecordKind.CANCELED, JOB_ID), f"GET /_rest_/canceled_job/{JOB_ID}"),
    (
        calls.page(calls.job_records(RecordKind.ACTIVE, {"aggregating": True, "name": None, "bucket_id": "b+c"}), 1000),
        "GET /_rest_/active_job?aggregating=true&bucket_id=b%2Bc&page_length=1000&page_offset=1000",
    ),
    (
        calls.page(calls.job_records(RecordKind.COMPLETED, {}), 0, 5),
        "GET /_rest_/completed_job?page_length=5&page_offset=0",
    ),
    (
        calls.page(calls.job_records(RecordKind.CANCELED, {}), 0, 5),
        "GET /_rest_/canceled_job?page_length=5&page_offset=0",
    ),
    (calls.system_information(), "GET /_rest_/system_information"),
    (calls.system_health(), "GET /_rest_/system_health"),
    (calls.nodes(), "GET /_rest_/node"),
    (calls.data_path_backend(), "GET /_rest_/data_path_backend"),
    (calls.cache_state(), "GET /_rest_/cache_state"),
    (calls.blob_store_tasks(), "GET /_rest_/blob_store_task"),
    (calls.blob_store_tasks(job_id=JobId(JOB_ID)), f"GET /_rest_/blob_store_task?job={JOB_ID}"),
    (calls.tape_partitions(), "GET /_rest_/tape_partition"),
    (calls.tape_drives(), "GET /_rest_/tape_drive"),
    (calls.pools(), "GET /_rest_/pool"),
    (calls.tape(JOB_ID), f"GET /_rest_/tape/{JOB_ID}"),
    (calls.failures(FailureList.DS3_TARGET), "GET /_rest_/ds3_target_failure"),
    (calls.last_page(calls.failures(FailureList.TAPE), 250), "GET /_rest_/tape_failure?page_length=250&last_page"),
    (calls.chunk_record(JOB_ID), f"GET /_rest_/job_chunk_dao/{JOB_ID}"),
    (calls.job_entries(JOB_ID), f"GET /_rest_/job_chunk_dao?job_id={JOB_ID}"),
    (calls.bucket("a b+c;d/é"), "GET /_rest_/bucket/a%20b%2Bc%3Bd%2F%C3%A9"),
    (calls.persistence_rules(JOB_ID), f"GET /_rest_/data_persistence_rule?data_policy_id={JOB_ID}"),
    (
        calls.replication_rules(FailureList.S3_TARGET, JOB_ID),
        f"GET /_rest_/s3_data_replication_rule?data_policy_id={JOB_ID}",
    ),
    (calls.storage_domains(), "GET /_rest_/storage_domain"),
    (calls.storage_domain_members(JOB_ID), f"GET /_rest_/storage_domain_member?storage_domain_id={JOB_ID}"),
    (calls.job_creation_failures(), "GET /_rest_/job_creation_failed"),
]


@pytest.mark.parametrize(("call", "expected"), EVERY_CALL, ids=[line for _, line in EVERY_CALL])
def test_request_lines(call: Call, expected: str) -> None:
    """Each call has the path, flags and parameter forms of the API reference."""
    assert expected == f"{call.method.value} {call.target}"


def test_one_call_changes_something() -> None:
    """Close is the only call that is no GET, and the only one that is not repeatable."""
    changing = [call for call, _ in EVERY_CALL if call.method is not Method.GET]
    assert changing == [calls.close_aggregating_job(JOB_ID)]
    assert changing == [call for call, _ in EVERY_CALL if not call.is_repeatable]


def test_every_call_of_the_table_is_in_this_test() -> None:
    """Who adds a call adds its request line here."""
    assert set(calls.CallName) == {call.name for call, _ in EVERY_CALL}


@pytest.mark.parametrize(
    "make",
    [
        calls.job,
        calls.close_aggregating_job,
        lambda text: calls.job_record(RecordKind.ACTIVE, text),
        calls.tape,
        calls.chunk_record,
        calls.job_entries,
        calls.persistence_rules,
        calls.storage_domain_members,
        lambda text: calls.blob_store_tasks(job_id=text),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "7",
        "all",
        "../job",
        f"{JOB_ID}/x",
        f"{JOB_ID}?force",
        f"{JOB_ID[:-1]}",
        f"{JOB_ID}0",
        "\uff15" + JOB_ID[1:],
    ],
)
def test_what_is_no_uuid_makes_no_url(make: Callable[[str], Call], text: str) -> None:
    """An empty, shortened or decorated id is refused before there is anything to send."""
    with pytest.raises(InvalidIdError) as caught:
        make(text)
    assert caught.value.delivery is Delivery.NOT_SENT


@pytest.mark.parametrize("text", ["", "  ", ".", ".."])
def test_a_bucket_needs_a_name(text: str) -> None:
    """An empty name would list all buckets, dots would climb to another resource."""
    with pytest.raises(InvalidIdError):
        calls.bucket(text)


def test_ids_are_trimmed_and_lowered() -> None:
    """An id pasted in capitals or with spaces is the id meant."""
    assert calls.job(f" {JOB_ID.upper()} ") == calls.job(JOB_ID)


def test_lists_with_secrets_are_never_called() -> None:
    """No path names users or targets, whose answers carry secret keys; nowhere in the package, not even in a text."""
    forbidden = {"user", "ds3_target", "s3_target", "azure_target"}
    assert not forbidden & {call.path.rpartition("/_rest_/")[2].partition("/")[0] for call, _ in EVERY_CALL}
    source = Path(inspect.getfile(bptui)).parent / "ds3"
    texts = {
        node.value
        for file in source.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not forbidden & texts
    assert not [text for text in texts if any(f"/{name}" in text for name in forbidden)]
