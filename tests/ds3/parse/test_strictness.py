"""What is not as promised is an error with a place or a name, never a guess; and no answer costs more than its bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bptui.ds3.parse.back_end import blob_store_tasks_parser, cache_state_parser, data_path_backend_parser
from bptui.ds3.parse.document import DocumentParser, ItemsParser
from bptui.ds3.parse.errors import WireError, parse_error
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser
from bptui.ds3.parse.limits import Limits, ParseError
from bptui.ds3.parse.records import record_parser
from bptui.ds3.parse.system import service_parser, system_information_parser
from bptui.ds3.parse.values import date
from bptui.model.evidence import BlobStoreTask, CacheFilesystem, CacheState, DataPathBackend, TaskState
from bptui.model.job import RecordKind
from bptui.model.tree import JobTree
from bptui.model.vocabulary import Priority, RequestType
from tests.ds3.parse.documents import NODES, ROOT

VENDOR = Path(__file__).parents[2] / "data" / "vendor"


def job(body: bytes, limits: Limits | None = None) -> JobTree:
    parser = JobParser(limits=limits or Limits())
    parser.feed(body)
    return parser.close()


def refused(read: Callable[[], object]) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read()
    return caught.value


def wrapped(inside: str) -> bytes:
    return f'{ROOT}>{NODES}<Objects ChunkId="c">{inside}</Objects></MasterObjectList>'.encode()


OPEN = wrapped("").removesuffix(b"</Objects></MasterObjectList>")
"""An answer up to where its first object may stand."""


def test_the_vendors_own_sample_is_refused_with_its_place() -> None:
    """The page's sample lacks a quote: the error names line and column of the slip."""
    # The page indents with spaces that XML does not know.
    page = (VENDOR / "get_job_page.txt").read_text(encoding="utf-8").replace("\u00a0", " ")
    body = page[page.rindex("<MasterObjectList") :]
    body = body[: body.index("</MasterObjectList>") + len("</MasterObjectList>")]
    error = refused(lambda: job(body.encode()))
    assert (error.line, error.column) == (23, 29)
    assert body.splitlines()[22][:29].endswith("Version=1")
    repaired = job(body.replace("Version=1", 'Version="1').encode())
    assert (repaired.object_count, repaired.object(0).version, repaired.object(0).in_cache) == (1, 1, False)


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ('Name="a" Length="abc"', "Length of Object is 'abc', not a whole number from 0 to 2^63-1"),
        ('Name="a" Length="-1"', "Length of Object is '-1', not a whole number from 0 to 2^63-1"),
        ('Name="a" Length="9223372036854775808"', "Length of Object is '9223372036854775808', not a whole number from 0 to 2^63-1"),
        ('Name="a" Length=""', "Length of Object is '', not a whole number from 0 to 2^63-1"),
        ('Name="a" Length="1" Offset="x"', "Offset of Object is 'x', not a whole number from 0 to 2^63-1"),
        ('Name="a" Length="1" InCache="maybe"', "InCache of Object is 'maybe', not true or false"),
        ('Name="a"', "Length of Object is missing"),
        ('Length="1"', "Name of Object is missing"),
    ],
)  # fmt: skip
def test_an_impossible_value_is_named(attributes: str, sentence: str) -> None:
    """The error says which attribute of which element had which text."""
    assert str(refused(lambda: job(wrapped(f"<Object {attributes}/>")))) == sentence


def test_the_largest_sizes_fit() -> None:
    """A size may be anything that the appliance's `long` holds."""
    assert job(wrapped('<Object Length="9223372036854775807" Name="a" Offset="0"/>')).size_bytes == 2**63 - 1


def test_a_job_without_id_is_refused() -> None:
    """Nothing can be done with a job that has no identity."""
    assert str(refused(lambda: job(b"<MasterObjectList/>"))) == "JobId of MasterObjectList is missing"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the answer is empty (line 1, column 1)"),
        (b"<Error><Code>x</Code></Error>", "the answer is a Error, not a MasterObjectList"),
        (b"<html><body>Login</body></html>", "the answer is a html, not a MasterObjectList"),
    ],
)
def test_another_answer_is_named(body: bytes, sentence: str) -> None:
    """A login page or an error in place of a job is called what it is."""
    assert str(refused(lambda: job(body))) == sentence


def test_a_cut_answer_is_incomplete() -> None:
    """A body that ends early is never taken for a smaller job."""
    whole = wrapped('<Object Length="1" Name="a"/>' * 3)
    for end in range(len(whole) - 1):
        refused(lambda end=end: job(whole[:end]))  # type: ignore[misc]  # binds the loop's value
    assert job(whole).object_count == 3


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE MasterObjectList>",
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://dtd.example.test/a.dtd">',
    ],
)
@pytest.mark.parametrize("feed_bytes", [1, 10**6])
def test_a_doctype_is_refused(doctype: str, feed_bytes: int) -> None:
    """No entity is declared, expanded or fetched: the answer ends where its DOCTYPE begins."""
    body = doctype.encode() + wrapped('<Object Length="1" Name="&x;"/>')
    parser = JobParser()
    error = refused(lambda: [parser.feed(body[at : at + feed_bytes]) for at in range(0, len(body), feed_bytes)])
    assert "DOCTYPE" in error.message


def test_bounds_act_while_reading() -> None:
    """Depth, attributes, the length of a tag and of the whole are bounded, and the error says by how much."""
    deep = wrapped("<a>" * 40 + "</a>" * 40)
    assert "nested deeper than 32" in refused(lambda: job(deep)).message
    many = wrapped("<a " + " ".join(f'a{number}=""' for number in range(65)) + "/>")
    assert "more than 64 attributes" in refused(lambda: job(many)).message
    assert "larger than 100 bytes" in refused(lambda: job(wrapped(""), Limits(total_bytes=100))).message


@pytest.mark.parametrize("start", [b'<MasterObjectList JobId="', OPEN + b'<Object Name="', b"<!--", b"<a>"])
def test_an_endless_tag_is_refused_in_time(start: bytes) -> None:
    """A tag or text without an end costs at most its bound, whatever it is made of."""
    parser = JobParser(limits=Limits(tag_bytes=200_000))
    parser.feed(start)
    fed = 0

    def feed_on() -> None:
        nonlocal fed
        while fed < 10_000_000:
            parser.feed(b">" * 10_000)
            fed += 10_000

    refused(feed_on)
    assert fed <= 600_000


FLOODS = {
    "objects": (OPEN, b'<Object Name="" Length="0"/>'),
    "odd objects": (OPEN, b"<Object Name='' Length='0'/>"),
    "chunks": (OPEN, b'</Objects><Objects ChunkId="">'),
    "empty chunks": (wrapped("").partition(b"<Objects")[0], b"<Objects/>"),
    "nodes": (f"{ROOT}><Nodes>".encode(), b'<Node Id=""/>'),
    "objects behind a comment": (OPEN + b"<!-- -->", b'<Object Name="" Length="0"/>'),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_small_things_is_refused_in_time(flood: str) -> None:
    """What is a few bytes on the way, and fewer compressed, is a hundred in memory: it is counted as it comes."""
    start, item = FLOODS[flood]
    parser = JobParser(limits=Limits(items=10_000))
    parser.feed(start)
    parser.feed(item * 5_000)
    error = refused(lambda: [parser.feed(item * 1_000) for _ in range(30)])
    assert error.message == "the answer lists more than 10000 things"


@pytest.mark.parametrize(
    ("start", "item"),
    [
        (b"<Jobs>", b'<Job JobId="1"/>'),
        (b"<Jobs><Job JobId='1'/>", b"<Job JobId='1'/>"),
        (b"<Jobs><Job JobId='1'><Nodes>", b"<Node/>"),
    ],
)
def test_a_flood_of_jobs_is_refused_in_time(start: bytes, item: bytes) -> None:
    """The same job again and again is a flood, too."""
    parser = JobsParser(limits=Limits(items=1_000))
    parser.feed(start)
    error = refused(lambda: [parser.feed(item * 1_000) for _ in range(40)])
    assert error.message == "the answer lists more than 1000 things"


def test_a_flood_of_elements_is_refused_in_time() -> None:
    """Small answers are kept as elements, and lists as values: neither without end."""
    parser = DocumentParser("Data", lambda root: root.name, limits=Limits(items=1_000))
    parser.feed(b"<Data>" + b"<a/>" * 999)
    assert refused(lambda: parser.feed(b"<a/>")).message == "the answer lists more than 1000 things"
    items = ItemsParser("Data", "Job", lambda job: job.name, limits=Limits(items=1_000))
    items.feed(b"<Data>" + b"<Job><Id/></Job><Other/>" * 1_000)
    assert refused(lambda: items.feed(b"<Job/>")).message == "the answer lists more than 1000 things"


def test_a_text_in_many_pieces_is_read_in_time() -> None:
    """A text may be cut by comments into a million pieces; reading it costs each of them once."""
    parser = DocumentParser("Data", lambda root: root.fields.text("Message"))
    parser.feed(b"<Data><Message>")
    for _ in range(40):
        parser.feed(b"ab<!---->" * 25_000)
    parser.feed(b"</Message></Data>")
    assert parser.close() == "ab" * 1_000_000


def test_a_slice_is_never_large() -> None:
    """Who feeds a megabyte at once gets the same answer."""
    body = wrapped('<Object Length="1" Name="a" Offset="0"/>\n' * 40_000)
    assert job(body).object_count == 40_000


def test_root_is_known_before_the_rest_arrives() -> None:
    """The answer to a close is read only up to its root tag."""
    parser = JobParser()
    parser.feed(ROOT.encode())
    assert parser.root is None
    parser.feed(b"><Nodes>")
    assert parser.root is not None
    assert parser.root.name == "über <name>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-08-30T22:14:49.000Z", datetime(2016, 8, 30, 22, 14, 49, tzinfo=UTC)),
        ("2013-12-11T23:20:09", datetime(2013, 12, 11, 23, 20, 9, tzinfo=UTC)),
        ("2015-03-11T16:23:29.741", datetime(2015, 3, 11, 16, 23, 29, 741000, tzinfo=UTC)),
        ("2015-08-26 16:11:51.643", datetime(2015, 8, 26, 16, 11, 51, 643000, tzinfo=UTC)),
        ("2015-08-26T16:11:51+02:00", datetime(2015, 8, 26, 14, 11, 51, tzinfo=UTC)),
        ("9999-12-31T23:59:59-05:00", None),
        ("0000-01-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
    ],
)
def test_every_form_of_date_is_read(text: str, expected: datetime | None) -> None:
    """All forms seen on the wire are UTC; what is no date is unknown."""
    assert date(text) == expected


def test_an_error_may_be_incomplete() -> None:
    """What is odd or missing does not cost the rest of an explanation; a page that is no error is no error."""
    error = parse_error(b"<Error><Code>X</Code><HttpErrorCode>abc</HttpErrorCode><RequestId>7</RequestId></Error>")
    assert error == WireError("X", None, "7")
    refused(lambda: parse_error(b"<html>\n<body>&nbsp;</body></html>"))
    refused(lambda: parse_error(b""))


def test_namespaces_are_looked_through() -> None:
    """The S3 half may carry a namespace: local names count."""
    parser = service_parser()
    parser.feed(
        b'\xef\xbb\xbf<?xml version="1.0"?><ListAllMyBucketsResult xmlns="http://s3.example.test/doc">'
        b"<Owner><ID>o</ID></Owner><Buckets><Bucket><Name>a &amp; b</Name></Bucket></Buckets></ListAllMyBucketsResult>"
    )
    found = parser.close()
    assert (found.owner_id, found.owner_name, found.bucket_names) == ("o", None, ("a & b",))


def test_unknown_words_are_kept() -> None:
    """A request type or priority that nobody has seen yet does not cost the job."""
    parser = JobsParser()
    parser.feed(b'<Jobs><Job JobId=" ABC " RequestType="stage" Priority="" Future="1"><New><Nodes/></New></Job></Jobs>')
    (found,) = parser.close().values()
    assert (found.job_id, found.request_type, found.priority) == ("abc", RequestType("STAGE"), Priority(""))


def test_two_jobs_with_one_id_are_one() -> None:
    """The later one counts, and nothing falls over."""
    parser = JobsParser()
    parser.feed(b'<Jobs><Job JobId="a" Name="1"/><Job JobId="b"/><Job JobId="a" Name="2"/></Jobs>')
    assert [(job_id, found.name) for job_id, found in parser.close().items()] == [("a", "2"), ("b", None)]


def test_cache_state_without_its_entries() -> None:
    """The list of every blob in cache is passed over, however long; thresholds are fractions."""
    entries = b"<Entries><BlobId>x</BlobId><Filesystems/></Entries>" * 1000
    parser = cache_state_parser()
    parser.feed(
        b"<Data><Filesystems><AvailableCapacityInBytes>10</AvailableCapacityInBytes><CacheFilesystem>"
        b"<BurstThreshold>0.85</BurstThreshold><CacheSafetyEnabled>false</CacheSafetyEnabled><Id>f</Id>"
        b"<MaxCapacityInBytes/><NodeId>n</NodeId><Path>/pool/cache</Path></CacheFilesystem>"
        + entries
        + b"<Summary>fine"
        b"</Summary><TotalCapacityInBytes>100</TotalCapacityInBytes><UsedCapacityInBytes>90</UsedCapacityInBytes>"
        b"</Filesystems></Data>"
    )
    expected = CacheFilesystem(
        filesystem_id="f",
        node_id="n",
        path="/pool/cache",
        total_bytes=100,
        used_bytes=90,
        burst_threshold=0.85,
        summary="fine",
    )
    assert parser.close() == CacheState((expected,))


def test_blob_store_tasks_of_both_kinds() -> None:
    """Up to 5.8 a task does not tell its jobs; from 6.0 on it does."""
    parser = blob_store_tasks_parser()
    parser.feed(
        b"<Data><Tasks><DateScheduled>2025-03-05T14:05:10.000Z</DateScheduled><Description/><Id>7</Id><Name>Write</Name>"
        b"<Priority>HIGH</Priority><State>IN_PROGRESS</State></Tasks><Tasks><Id>8</Id><JobIds>A</JobIds><JobIds>b</JobIds>"
        b"</Tasks><Tasks><JobIds/></Tasks></Data>"
    )
    first, second, third = parser.close()
    assert first == BlobStoreTask(
        task_id=7,
        name="Write",
        description=None,
        state=TaskState.IN_PROGRESS,
        priority=Priority.HIGH,
        date_scheduled=datetime(2025, 3, 5, 14, 5, 10, tzinfo=UTC),
    )
    assert (second.job_ids, third.job_ids, third.state) == (("a", "b"), (), None)


def test_data_path_backend() -> None:
    """The switches that explain why nothing moves."""
    parser = data_path_backend_parser()
    parser.feed(
        b"<Data><Activated>true</Activated><AllowNewJobRequests>FALSE</AllowNewJobRequests><AutoActivateTimeoutInMins/>"
        b"<MaxNumberOfConcurrentJobs>40000</MaxNumberOfConcurrentJobs></Data>"
    )
    expected = DataPathBackend(is_activated=True, is_new_job_allowed=False, maximum_concurrent_jobs=40000)
    assert parser.close() == expected


def test_a_clock_out_of_this_calendar_is_no_clock() -> None:
    """A number too large for a date does not cost the version."""
    parser = system_information_parser()
    parser.feed(
        b"<Data><BuildInformation><Version>6.0.0</Version></BuildInformation><Now>9223372036854775807</Now></Data>"
    )
    found = parser.close()
    assert (found.version, found.now) == ("6.0.0", None)


def test_a_fraction_is_a_plain_number() -> None:
    """A threshold is never NaN or infinite."""
    parser = cache_state_parser()
    parser.feed(
        b"<Data><Filesystems><CacheFilesystem><BurstThreshold>nan</BurstThreshold></CacheFilesystem></Filesystems></Data>"
    )
    assert str(refused(parser.close)) == "BurstThreshold of CacheFilesystem is 'nan', not a number"


def test_a_record_without_id_is_refused() -> None:
    """Elements are named in errors as attributes are."""
    parser = record_parser(RecordKind.ACTIVE)
    parser.feed(b"<Data><Name>x</Name></Data>")
    assert str(refused(parser.close)) == "Id of Data is missing"


def test_small_answers_have_a_cap_of_their_own() -> None:
    """Answers that are read as a tree of elements are refused beyond their total, however they arrive."""
    parser = DocumentParser("Data", lambda root: root.name, limits=Limits(total_bytes=100))
    parser.feed(b"<Data>" + b" " * 90)
    with pytest.raises(ParseError, match="larger than 100 bytes"):
        parser.feed(b"     ")
