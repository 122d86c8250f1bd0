"""Clients can move data: bulk jobs, plain objects, ranges, and the appliance counts what they do."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as ET

    from conftest import Client

FILES = {
    "a/one%20%2B%3B.txt": b"hello",
    "two.bin": bytes(range(256)) * 8000,
    "dir/": b"",
    "%E6%97%A5.txt": b"x" * 70_000,
}
"""By percent-encoded name."""
NAMES = {"a/one%20%2B%3B.txt": "a/one +;.txt", "%E6%97%A5.txt": "日.txt"}
SIZES = {NAMES.get(key, key): len(body) for key, body in FILES.items()}


def blobs(job: ET.Element) -> list[tuple[str, int, int]]:
    return [
        (each.attrib["Name"], int(each.attrib["Offset"]), int(each.attrib["Length"])) for each in job.iter("Object")
    ]


def upload(client: Client, job: ET.Element) -> None:
    """Send every blob of a PUT job."""
    keys = {NAMES.get(key, key): key for key in FILES}
    for name, offset, length in blobs(job):
        body = FILES[keys[name]][offset : offset + length]
        reply = client.put(f"/bk/{keys[name]}?job={job.attrib['JobId']}&offset={offset}", body)
        assert (reply.status, reply.headers["etag"]) == (
            200,
            f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
        )


@pytest.mark.parametrize("release", ["3.5", "5.8", "6.0"])
def test_a_bulk_put_and_get_bring_back_every_byte(simulate: Callable[..., Client], release: str) -> None:
    """Create a bucket, PUT in parts, see it cached, written and completed, GET it all back and see that complete."""
    client = simulate(scenario="empty", release=release)
    assert client.put("/bk").status == 200
    job = client.start("bk", "start_bulk_put", SIZES, "&max_upload_size=1048576&name=mine&priority=HIGH")
    assert (job.get("Name"), job.get("Priority"), int(job.get("OriginalSizeInBytes", 0))) == (
        "mine",
        "HIGH",
        sum(SIZES.values()),
    )
    upload(client, job)
    path = f"/_rest_/job/{job.attrib['JobId']}"
    cached = client.get(path).xml
    assert (cached.get("CachedSizeInBytes"), cached.get("Status")) == (cached.get("OriginalSizeInBytes"), "IN_PROGRESS")
    client.simulator.appliance.advance(30)
    assert client.get(path).xml.get("Status") == "COMPLETED"

    job = client.start("bk", "START_BULK_GET", SIZES)
    got = {key: bytearray(len(body)) for key, body in FILES.items()}
    keys = {NAMES.get(key, key): key for key in FILES}
    for name, offset, length in blobs(job):
        part = client.get(f"/bk/{keys[name]}?job={job.attrib['JobId']}&offset={offset}").body
        got[keys[name]][offset : offset + length] = part
    assert got == FILES
    assert client.get(f"/_rest_/job/{job.attrib['JobId']}").xml.get("Status") == "COMPLETED"


def test_an_aggregating_create_enlarges_the_same_job_for_30_minutes(simulate: Callable[..., Client]) -> None:
    """Same id and a larger size; another job after 30 minutes, or after the first was closed."""
    client = simulate(scenario="empty")
    client.put("/bk")
    first = client.start("bk", "start_bulk_put", {"a": 10}, "&aggregating=true")
    client.simulator.appliance.advance(29 * 60)
    second = client.start("bk", "start_bulk_put", {"b": 5}, "&aggregating=True")
    assert second.get("JobId") == first.get("JobId")
    assert (first.get("OriginalSizeInBytes"), second.get("OriginalSizeInBytes")) == ("10", "15")
    client.put(f"/_rest_/job/{first.get('JobId')}?close_aggregating_job")
    third = client.start("bk", "start_bulk_put", {"c": 5}, "&aggregating=true")
    assert third.get("JobId") != first.get("JobId")
    client.simulator.appliance.advance(31 * 60)
    fourth = client.start("bk", "start_bulk_put", {"d": 5}, "&aggregating=true")
    assert fourth.get("JobId") != third.get("JobId")


def test_a_plain_put_makes_a_naked_job_that_aggregates(simulate: Callable[..., Client]) -> None:
    """Two plain objects share one naked job, whose size grows; left alone, it is written out and completes."""
    client = simulate(scenario="empty")
    client.put("/bk")
    for key in ("x", "y"):
        assert client.put(f"/bk/{key}", b"abc").status == 200
    jobs = list(client.jobs().values())
    assert [(job.get("Naked"), job.get("Aggregating"), job.get("OriginalSizeInBytes")) for job in jobs] == [
        ("true", "true", "6")
    ]
    client.simulator.appliance.advance(600)
    assert client.get("/_rest_/job").body == b"<Jobs/>"


def test_a_verify_job_checks_what_is_stored(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="empty")
    client.put("/bk")
    client.put("/bk/x", b"abc")
    job = client.start("bk", "start_bulk_verify", {"x": 0})
    assert (job.get("RequestType"), job.get("Priority")) == ("VERIFY", "LOW")
    client.simulator.appliance.advance(60)
    done = client.get(f"/_rest_/job/{job.get('JobId')}").xml
    assert (done.get("Status"), done.get("CompletedSizeInBytes")) == ("COMPLETED", "3")


def test_ranges_and_heads(simulate: Callable[..., Client]) -> None:
    """206 with the bytes asked for; HEAD tells the length and sends no body; metadata come back."""
    client = simulate(scenario="empty")
    client.put("/bk")
    client.send("PUT", "/bk/x", b"0123456789", {"x-amz-meta-k": "v"}, amz="x-amz-meta-k:v\n")
    for text, body in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89")):
        reply = client.get("/bk/x", Range=text)
        assert (reply.status, reply.body) == (206, body)
    head = client.send("HEAD", "/bk/x")
    assert (head.status, head.headers["content-length"], head.headers["x-amz-meta-k"], head.body) == (
        200,
        "10",
        "v",
        b"",
    )
    assert client.get("/bk/x", Range="bytes=20-").status == 416
    assert client.send("HEAD", "/bk/nothing").status == 404


def test_what_is_beyond_the_cap_is_counted_and_read_back_as_filler(simulate: Callable[..., Client]) -> None:
    """The size is right and the bytes are the same each time, whatever part of them is asked for."""
    client = simulate(scenario="empty", body_cap_bytes=1000)
    client.put("/bk")
    client.put("/bk/small", b"s" * 900)
    client.put("/bk/large", b"l" * 50_000)
    assert client.get("/bk/small").body == b"s" * 900
    whole = client.get("/bk/large").body
    assert (len(whole), whole == b"l" * 50_000) == (50_000, False)
    assert client.get("/bk/large").body == whole
    assert client.get("/bk/large", Range="bytes=12345-34567").body == whole[12345:34568]


def test_what_is_replaced_or_removed_takes_no_room(simulate: Callable[..., Client]) -> None:
    """An object that is put again is kept like the first, and a bucket tells what is in it now."""
    client = simulate(scenario="empty", body_cap_bytes=100)
    client.put("/bk")
    for letter in (b"a", b"b", b"c"):
        assert client.put("/bk/key", letter * 80).status == 200
    assert client.get("/bk/key").body == b"c" * 80
    job = client.start("bk", "start_bulk_put", {"other": 10})
    assert client.put(f"/bk/other?job={job.attrib['JobId']}&offset=0", b"d" * 15).status == 400
    assert client.put(f"/bk/other?job={job.attrib['JobId']}&offset=0", b"e" * 10).status == 200
    assert client.get("/bk/other").body == b"e" * 10
    used = [client.get("/_rest_/bucket/bk").xml.findtext("LogicalUsedCapacity")]
    client.delete("/bk/key")
    used.append(client.get("/_rest_/bucket/bk").xml.findtext("LogicalUsedCapacity"))
    assert used == ["90", "10"]


def test_a_body_of_the_wrong_size_is_refused(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="empty")
    client.put("/bk")
    job = client.start("bk", "start_bulk_put", {"x": 10}).get("JobId")
    assert client.put(f"/bk/x?job={job}&offset=0", b"short").status == 400
    assert client.put(f"/bk/other?job={job}&offset=0", b"0123456789").status == 404
    assert client.get("/bk/x").status == 404


def test_an_object_that_exists_is_a_conflict(simulate: Callable[..., Client]) -> None:
    """The code is in upper case here: the style of codes is not uniform on appliances either."""
    client = simulate(scenario="empty")
    client.put("/bk")
    client.put("/bk/x", b"abc")
    reply = client.put("/_rest_/bucket/bk?operation=start_bulk_put", b'<Objects><Object Name="x" Size="3"/></Objects>')
    assert (reply.status, reply.xml.findtext("Code")) == (409, "OBJECT_ALREADY_EXISTS")


@pytest.mark.parametrize("body", [b"", b"<Objects>", b"<Objects/>", b'<Objects><Object Size="3"/></Objects>'])
def test_a_list_that_cannot_be_read_is_400(simulate: Callable[..., Client], body: bytes) -> None:
    client = simulate(scenario="empty")
    client.put("/bk")
    assert client.put("/_rest_/bucket/bk?operation=start_bulk_put", body).status == 400


def test_no_new_jobs_are_taken_when_the_switch_says_so(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="empty")
    client.put("/bk")
    client.simulator.appliance.machine.backend.allows_new_jobs = False
    reply = client.put("/_rest_/bucket/bk?operation=start_bulk_put", b'<Objects><Object Name="x" Size="3"/></Objects>')
    assert (reply.status, reply.headers["retry-after"]) == (503, "300")


def test_expect_100_continue_is_answered_before_the_body(simulate: Callable[..., Client]) -> None:
    """HTTP libraries wait for it before they send a body."""
    client = simulate(scenario="empty")
    client.put("/bk")
    connection = client.connect()
    connection.connect()
    assert connection.sock is not None
    headers = client.sign("PUT", "/bk/x", {"Content-Length": "3", "Expect": "100-continue", "Host": "x"})
    lines = "\r\n".join(f"{name}: {value}" for name, value in headers.items())
    connection.sock.sendall(f"PUT /bk/x HTTP/1.1\r\n{lines}\r\n\r\n".encode())
    assert connection.sock.recv(1000).startswith(b"HTTP/1.1 100")
    connection.sock.sendall(b"abc")
    assert connection.sock.recv(1000).startswith(b"HTTP/1.1 200")
    connection.close()


def test_a_refused_body_does_not_spoil_the_connection(simulate: Callable[..., Client]) -> None:
    """A large PUT that is refused is read to its end, so that the next request on the connection is answered."""
    client = simulate(scenario="empty")
    connection = client.connect()
    for path, status in (("/nowhere/x", 404), ("/", 200)):
        method = "PUT" if status == 404 else "GET"
        connection.request(method, path, b"z" * 3_000_000 if method == "PUT" else None, client.sign(method, path, {}))
        response = connection.getresponse()
        assert response.status == status
        response.read()
    connection.close()
