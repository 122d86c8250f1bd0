"""Every sample body of the interface reads as what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bptui.ds3.parse.back_end import bucket_parser
from bptui.ds3.parse.errors import WireError, parse_error
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser
from bptui.ds3.parse.records import record_parser, records_parser
from bptui.ds3.parse.system import (
    nodes_parser,
    service_parser,
    system_health_parser,
    system_information_parser,
)
from bptui.model.blobs import BlobObject, ObjectId
from bptui.model.evidence import Bucket
from bptui.model.job import JobId, JobRecord, Node, RecordKind
from bptui.model.system import ApplianceNode, Service, SystemHealth, SystemInformation
from bptui.model.tree import JobTree
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType
from tests.jobs import PLAIN_JOB

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NODE_ID = "ed6bb2a4-f14b-4e80-9b08-902aa37b02a0"
NODE = Node(NODE_ID, "bp-data.example.test", 80, 443)
MBARROS, OKONKWO = "411dee86-52a6-4a59-9e6b-9356a84e88d6", "fe761bb5-6586-41d0-89f4-79471c7a97a9"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


def tree(name: str) -> JobTree:
    parser = JobParser()
    parser.feed(sample(name))
    return parser.close()


def objects(found: JobTree) -> list[BlobObject]:
    return [found.object(position) for position in range(found.object_count)]


def chunks(found: JobTree) -> list[tuple[int | None, bool, int, int, int, int]]:
    """For each chunk: number, whether it has a node, objects, in cache, latest, bytes."""
    all_chunks = [found.chunk(position) for position in range(found.chunk_count)]
    return [
        (
            chunk.number,
            chunk.node_id == NODE_ID,
            chunk.object_count,
            chunk.in_cache_count,
            chunk.latest_count,
            chunk.size_bytes,
        )
        for chunk in all_chunks
    ]


def test_get_job_put() -> None:
    """A PUT of 4.1: a drained chunk, a cached one, a mixed one with a split object, one without a node."""
    found = tree("get_job_put")
    assert found.job == replace(
        PLAIN_JOB,
        entirely_in_cache=False,
        original_size_bytes=7784837120,
        cached_size_bytes=6637690880,
        completed_size_bytes=734003200,
        start_date=datetime(2025, 3, 5, 13, 41, 22, tzinfo=UTC),
        user_id=MBARROS,
        user_name="mbarros",
        nodes=(NODE,),
    )
    assert chunks(found) == [
        (1, True, 0, 0, 0, 0),
        (2, True, 2, 2, 2, 534773760),
        (3, True, 3, 2, 2, 6442655744),
        (4, False, 2, 0, 2, 73404416),
    ]
    assert found.object(3) == BlobObject(
        object_id=ObjectId("1807249f-d247-4cbc-b6cb-e556c020b7b0"),
        name="reel-07/scene 13/master.mxf",
        in_cache=False,
        is_latest=True,
        length_bytes=1073741824,
        offset_bytes=5368709120,
        version=1,
        version_id=None,
        bucket=None,
    )
    assert found.object(6).name == 'reel-07/lut/grade & <look> "B".cube'


def test_get_job_get() -> None:
    """A GET: two chunks, half in cache, one object superseded, no order."""
    found = tree("get_job_get")
    assert (found.job.request_type, found.job.priority) == (RequestType.GET, Priority.HIGH)
    assert found.job.order_guarantee == OrderGuarantee.NONE
    assert chunks(found) == [(1, True, 2, 2, 2, 390070272), (2, True, 2, 0, 1, 195034112)]
    assert [item.version for item in objects(found)] == [2, 2, 2, 2]


def test_get_job_verify() -> None:
    """A VERIFY: everything in cache although the job says otherwise, chunks counted from 0."""
    found = tree("get_job_verify")
    assert (found.job.request_type, found.job.priority) == (RequestType.VERIFY, Priority.LOW)
    assert found.job.entirely_in_cache is False
    assert chunks(found) == [(0, True, 2, 2, 2, 9437184)]


@pytest.mark.parametrize(("name", "is_aggregating"), [("get_job_aggregating", True), ("close_aggregating_job", False)])
def test_close_answers_with_the_job_as_it_then_is(name: str, is_aggregating: bool) -> None:
    """The answer to a close is the job, no longer aggregating."""
    found = tree(name)
    assert found.job.is_aggregating is is_aggregating
    assert found.job.job_id == "57867dcf-2832-457b-bcee-eaf2c7ddb9cc"
    assert chunks(found) == [(1, True, 3, 2, 3, 125829120)]


def test_get_job_5x_versionid() -> None:
    """From 5.0 on versions are ids; a node may not know its address yet."""
    found = tree("get_job_5x_versionid")
    assert found.job.nodes == (Node(NODE_ID, "NOT_INITIALIZED_YET", None, None),)
    assert [(item.version, item.version_id) for item in objects(found)] == [
        (None, "760eb6ab-2e89-4654-946c-29883254c2a3"),
        (None, "bae8a3d3-b0a9-4404-9df4-bca51da64747"),
    ]
    assert chunks(found) == [(1, True, 1, 1, 1, 12582912), (2, False, 1, 0, 1, 12582912)]


@pytest.mark.parametrize(
    ("name", "status", "cached", "completed"),
    [
        ("get_job_completed", JobStatus.COMPLETED, 1288490188, 1288490188),
        ("get_job_canceled", JobStatus.CANCELED, 10485760, 0),
        ("get_job_completed_bytes_short", JobStatus.COMPLETED, 918552576, 0),
    ],
)
def test_ended_jobs_list_no_chunks(name: str, status: JobStatus, cached: int, completed: int) -> None:
    """The status says how a job ended, whatever the counters say; `Nodes` may be empty or absent."""
    found = tree(name)
    assert (found.job.status, found.job.cached_size_bytes, found.job.completed_size_bytes) == (
        status,
        cached,
        completed,
    )
    assert (found.chunk_count, found.object_count, found.job.nodes) == (0, 0, ())


def test_get_job_legacy_minimal() -> None:
    """Captures from before 3.0 lack most attributes; what is absent is unknown, and sizes are 0."""
    found = tree("get_job_legacy_minimal")
    assert (found.job.name, found.job.user_id, found.job.entirely_in_cache) == (None, None, None)
    assert (found.job.is_aggregating, found.job.is_naked, found.job.original_size_bytes) == (False, False, 0)
    assert found.job.status == JobStatus.IN_PROGRESS
    assert objects(found) == [BlobObject(None, "old/one.bin", False, None, 2048, 0, None, None, None)]


def test_get_job_upper_booleans() -> None:
    """The documentation's upper-case booleans and an XML declaration change nothing."""
    found = tree("get_job_upper_booleans")
    assert (found.job.is_aggregating, found.job.is_naked, found.job.entirely_in_cache) == (True, False, False)
    assert chunks(found) == [(1, True, 3, 2, 3, 125829120)]


def test_get_job_odd_names() -> None:
    """Names come through exactly: escapes, references, any script, nothing decoded twice."""
    found = tree("get_job_odd_names")
    assert found.job.name == 'odd & "quoted" <name>'
    assert [item.name for item in objects(found)] == [
        "plain.txt",
        "with space  two.txt",
        "plus+percent%20.txt",
        "semi;colon&amp.txt",
        'quote".txt',
        "apos'.txt",
        "lt<gt>.txt",
        "tab\there.txt",
        "newline\nhere.txt",
        "dir/",
        "日本語/ファイル.mov",
        "emoji-🎬.mp4",
        "a?b=c&d#e.txt",
        "back\\slash.txt",
        "combining-e\u0301.txt",
    ]


def test_get_job_summary_6x() -> None:
    """The short form of 6.0 has the job's attributes; its destinations are passed over."""
    found = tree("get_job_summary_6x")
    assert (found.job.name, found.job.entirely_in_cache, found.job.nodes) == ("vfx drop 19", True, (NODE,))
    assert found.chunk_count == 0


def test_get_job_chunks_ready() -> None:
    """The transfer client's pump answers with a job that lists only some chunks."""
    assert chunks(tree("get_job_chunks_ready")) == [(1, True, 1, 1, 1, 201326592)]
    assert chunks(tree("get_job_chunks_none_ready")) == []


def test_get_jobs() -> None:
    """The list has all types and states, with and without nodes."""
    parser = JobsParser()
    parser.feed(sample("get_jobs"))
    jobs = list(parser.close().values())
    assert [(job.job_id[:8], job.request_type.value, job.status.value, job.is_aggregating) for job in jobs] == [
        ("57867dcf", "PUT", "IN_PROGRESS", True),
        ("15fbc664", "GET", "IN_PROGRESS", False),
        ("91eb66f6", "PUT", "IN_PROGRESS", False),
        ("cb2ca50a", "VERIFY", "IN_PROGRESS", False),
        ("d9b9684b", "PUT", "IN_PROGRESS", True),
        ("c627543b", "PUT", "COMPLETED", False),
        ("4e00e301", "GET", "CANCELED", False),
    ]
    assert [job.entirely_in_cache for job in jobs] == [None, None, False, None, None, None, None]
    assert [job.nodes for job in jobs] == [(NODE,), (NODE,), (), (), (), (), ()]
    assert (jobs[4].is_naked, jobs[4].original_size_bytes) == (True, 0)


def test_get_jobs_empty() -> None:
    """No jobs is an answer too."""
    parser = JobsParser()
    parser.feed(sample("get_jobs_empty"))
    assert parser.close() == {}


AGGREGATING = JobRecord(
    kind=RecordKind.ACTIVE,
    job_id=JobId("57867dcf-2832-457b-bcee-eaf2c7ddb9cc"),
    name="scanner feed",
    bucket_id="0d657e21-eefc-4172-b8dd-3083e7375821",
    user_id=MBARROS,
    request_type=RequestType.PUT,
    priority=Priority.NORMAL,
    order_guarantee=OrderGuarantee.IN_ORDER,
    original_size_bytes=125829120,
    cached_size_bytes=83886080,
    completed_size_bytes=0,
    created_at=datetime(2025, 3, 5, 14, 5, 10, tzinfo=UTC),
    is_aggregating=True,
    is_truncated=False,
    is_truncated_due_to_timeout=False,
    is_replicating=False,
    is_dead_job_cleanup_allowed=True,
    is_protected=False,
    is_verify_after_write=False,
    is_minimize_spanning=False,
    is_implicit_job_id_resolution=False,
    restore="NO",
)


def test_get_active_job() -> None:
    """An empty element is a null, never an empty text."""
    parser = record_parser(RecordKind.ACTIVE)
    parser.feed(sample("get_active_job"))
    assert parser.close() == AGGREGATING


def test_get_active_jobs() -> None:
    """A page is in the order of the answer."""
    parser = records_parser(RecordKind.ACTIVE)
    parser.feed(sample("get_active_jobs"))
    first, second = parser.close()
    assert first == AGGREGATING
    assert (second.job_id[:8], second.is_aggregating, second.rechunked is None) == ("15fbc664", False, False)


def test_get_completed_jobs() -> None:
    """A completed job tells when, and none of the flags that only active ones have."""
    parser = records_parser(RecordKind.COMPLETED)
    parser.feed(sample("get_completed_jobs"))
    (record,) = parser.close()
    assert (record.kind, record.is_aggregating, record.is_protected) == (RecordKind.COMPLETED, None, None)
    assert record.date_completed == datetime(2025, 3, 1, 11, 2, 9, tzinfo=UTC)
    assert record.date_canceled is None


def test_get_canceled_jobs() -> None:
    """A canceled job tells when, and whether the idle timer did it."""
    parser = records_parser(RecordKind.CANCELED)
    parser.feed(sample("get_canceled_jobs"))
    (record,) = parser.close()
    assert (record.kind, record.is_canceled_due_to_timeout) == (RecordKind.CANCELED, True)
    assert record.date_canceled == datetime(2025, 3, 3, 19, 44, 10, tzinfo=UTC)


def test_get_nodes() -> None:
    """A node with an empty DNS name has none."""
    parser = nodes_parser()
    parser.feed(sample("get_nodes"))
    assert parser.close() == (
        ApplianceNode(
            node_id=NODE_ID,
            name="bp-lab-1",
            dns_name=None,
            data_path_ip_address="10.24.8.20",
            data_path_http_port=80,
            data_path_https_port=443,
            last_heartbeat=datetime(2025, 3, 5, 14, 12, 1, tzinfo=UTC),
            serial_number="XN0042A7",
        ),
    )


def test_get_system_information() -> None:
    """The version is the build's, and the clock is in milliseconds."""
    parser = system_information_parser()
    parser.feed(sample("get_system_information"))
    found = parser.close()
    assert found == SystemInformation(
        version="5.8.1",
        api_version="4D0C8E1B7A2F93655E11C0DE9B8A7766.0F1E2D3C4B5A69788796A5B4C3D2E1F0",
        is_backend_activated=True,
        instance_id="584b14f1-6f1d-4182-8ab6-76796fe73da5",
        serial_number="XN0042A7",
        now=datetime(2025, 3, 5, 14, 12, 9, tzinfo=UTC),
    )
    assert found.release == (5, 8, 1)


def test_verify_system_health() -> None:
    """Health tells the free space of the database in a word."""
    parser = system_health_parser()
    parser.feed(sample("verify_system_health"))
    assert parser.close() == SystemHealth("NORMAL", 3)


def test_get_service() -> None:
    """One's own buckets tell whose key it is."""
    parser = service_parser()
    parser.feed(sample("get_service"))
    assert parser.close() == Service("mbarros", MBARROS, ("field-audio", "harbor-masters"))


def test_get_buckets() -> None:
    """Buckets lead to their data policy."""
    policy = "50db7cb5-621c-408b-8d01-8520d2ebc33d"
    expected = (
        Bucket("d4898e41-f90b-4a94-ae5b-d1356ad44e41", "field-audio", policy),
        Bucket("0d657e21-eefc-4172-b8dd-3083e7375821", "harbor-masters", policy),
    )
    for bucket, body in zip(expected, sample("get_buckets").split(b"<Bucket>")[1:], strict=True):
        parser = bucket_parser()
        parser.feed(b"<Data>" + body.partition(b"</Bucket>")[0] + b"</Data>")
        assert parser.close() == bucket


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "error_400",
            WireError(
                "BadRequest",
                "BadRequest[400]: 'URGENTLY' is not a legal value for priority.",
                "4717",
            ),
        ),
        (
            "error_403",
            WireError(
                "AccessDenied",
                "AccessDenied[403]: User okonkwo may not act on jobs in bucket harbor-masters.",
                "4712",
            ),
        ),
        (
            "error_403_bad_credentials",
            WireError(
                "InvalidSecurity",
                "InvalidSecurity[403]: The supplied security credentials are not valid.",
                "4713",
            ),
        ),
        (
            "error_403_clock",
            WireError(
                "RequestTimeTooSkewed",
                "RequestTimeTooSkewed[403]: Client clock is not synchronized with server clock.",
                "4714",
            ),
        ),
        (
            "error_404",
            WireError(
                "NotFound",
                "NotFound[404]: No job is known under the identifier '1aeef0ed-eb61-4c48-a29d-8680a3fefa6e'.",
                "4711",
            ),
        ),
        (
            "error_409",
            WireError(
                "Conflict",
                "Conflict[409]: Job c627543b-35f2-4473-a861-9de072d91697 cannot be changed in its present state.",
                "4715",
            ),
        ),
        (
            "error_503",
            WireError(
                "ServiceUnavailable",
                "ServiceUnavailable[503]: The data planner is not answering; try again later.",
                "4716",
            ),
        ),
    ],
)
def test_errors(name: str, expected: WireError) -> None:
    """The appliance's own explanation is kept word for word."""
    assert parse_error(sample(name)) == expected


def test_no_sample_is_forgotten() -> None:
    """Every sample has a test here but the users' answer: it carries secret keys, and bptui never asks for it."""
    tested = Path(__file__).read_text(encoding="utf-8")
    names = {path.stem for path in SAMPLES.glob("*.xml")} - {"get_users"}
    assert {name for name in names if f'"{name}"' not in tested} == set()
