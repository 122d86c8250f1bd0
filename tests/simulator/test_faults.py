"""Faults do to a connection what they say, and only to the requests they are meant for."""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bptui.simulator.faults import FaultError, Faults, Kind, parse_fault
from tests.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client


def raw(client: Client, path: str = "/_rest_/job", method: str = "GET") -> socket.socket:
    """A bare socket on which a signed request has been sent."""
    connection = client.connect()
    connection.connect()
    assert isinstance(connection.sock, socket.socket)
    lines = [f"{name}: {value}" for name, value in {**client.sign(method, path, {}), "Host": "x"}.items()]
    connection.sock.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + "\r\n".join([*lines, "", ""]).encode())
    return connection.sock


def all_of(sock: socket.socket) -> bytes:
    """Everything until the peer ends the connection in an orderly way."""
    parts = []
    with sock:
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "text",
    [
        "nope",
        "503:retry=soon",
        "slow",
        "slow:rate=0",
        "cut:retry=3",
        "garbage:pdf",
        "503:when=later",
        "skew:x",
        "skew",
        "skew:9,p=0.5",
        "500:p=nan",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    """A fault that does not follow the syntax is an error that quotes it, never ignored."""
    with pytest.raises(FaultError):
        parse_fault(text)


def test_a_fault_is_read_with_all_its_keys() -> None:
    fault = parse_fault("503:retry=30,p=0.5,from=10,for=20,times=3,path=/_rest_/job/*,method=put,when=after")
    assert (fault.kind, fault.retry_seconds, fault.probability, fault.times) == (Kind.UNAVAILABLE, 30, 0.5, 3)
    assert (fault.from_seconds, fault.for_seconds, fault.is_after) == (10, 20, True)
    assert fault.fits("PUT", "/_rest_/job/x", "/_rest_/job/x?a")
    assert not fault.fits("GET", "/_rest_/job/x", "/_rest_/job/x")


def test_a_probability_strikes_about_as_often_as_it_says() -> None:
    faults = Faults([parse_fault("500:p=0.2")], random.Random(1))
    struck = sum(bool(faults.striking("GET", "/", "/", 0)) for _ in range(1000))
    assert 150 < struck < 250


def test_503_says_when_to_come_back(simulate: Callable[..., Client]) -> None:
    reply = simulate(faults=("503:retry=30",)).get("/_rest_/job")
    assert (reply.status, reply.headers["retry-after"], reply.xml.findtext("HttpErrorCode")) == (503, "30", "503")


@pytest.mark.parametrize(("fault", "status"), [("307", 307), ("500", 500), ("forbidden", 403)])
def test_statuses(simulate: Callable[..., Client], fault: str, status: int) -> None:
    assert simulate(faults=(fault,)).get("/_rest_/job").status == status


def test_a_storm_of_307_points_back_at_the_same_target(simulate: Callable[..., Client]) -> None:
    """And ends when its count is used up."""
    client = simulate(faults=("307:times=2",))
    replies = [client.get("/_rest_/job?full_details") for _ in range(3)]
    assert [reply.status for reply in replies] == [307, 307, 200]
    assert replies[0].headers["location"] == "/_rest_/job?full_details"


def test_a_schedule_follows_simulated_time(simulate: Callable[..., Client]) -> None:
    client = simulate(faults=("500:from=10,for=5",))
    statuses = []
    for _ in range(4):
        statuses.append(client.get("/_rest_/job").status)
        client.simulator.appliance.advance(5)
    assert statuses == [200, 200, 500, 200]


def test_gone_hits_a_single_job_but_not_the_list(simulate: Callable[..., Client]) -> None:
    """A job vanishes between list and detail."""
    client = simulate(faults=("gone",))
    job = client.jobs()["scanner feed"].attrib["JobId"]
    assert client.get(f"/_rest_/job/{job}").status == 404
    assert client.get(f"/_rest_/active_job/{job}").status == 404


def test_management_answers_as_the_wrong_interface(simulate: Callable[..., Client]) -> None:
    reply = simulate(faults=("management",)).get("/_rest_/job")
    assert reply.status == 404
    assert "spectra-data-path-request-made-on-management-path" in reply.headers
    assert reply.body.startswith(b"<!DOCTYPE html>")


def test_garbage_is_what_it_says(simulate: Callable[..., Client]) -> None:
    client = simulate()
    for word in ("html", "xml", "empty"):
        client.simulator.set_faults([f"garbage:{word}"])
        reply = client.get("/_rest_/job")
        assert reply.status == 200
        with pytest.raises(ET.ParseError):
            _ = reply.xml


def test_skew_moves_the_appliances_clock(simulate: Callable[..., Client]) -> None:
    """Requests are refused as skewed and the answer's date shows by how much."""
    client = simulate(faults=("skew:3600",))
    reply = client.get("/_rest_/job")
    assert (reply.status, reply.xml.findtext("Code")) == (403, "RequestTimeTooSkewed")
    shown = parsedate_to_datetime(reply.headers["date"]).timestamp()
    assert 3600 - WAIT_SECONDS < shown - time.time() < 3610


def test_cut_ends_the_body_early(simulate: Callable[..., Client]) -> None:
    """The length promised is that of the whole; the connection ends in an orderly way before it."""
    client = simulate(faults=("cut",))
    head, _, body = all_of(raw(client)).partition(b"\r\n\r\n")
    promised = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert len(body) == promised // 2
    with pytest.raises(http.client.IncompleteRead):
        client.get("/_rest_/job")


def test_cut_can_be_exact(simulate: Callable[..., Client]) -> None:
    assert all_of(raw(simulate(faults=("cut:at=1000",)))).partition(b"\r\n\r\n")[2].startswith(b"<Jobs>")
    assert len(all_of(raw(simulate(faults=("cut:at=1000",)))).partition(b"\r\n\r\n")[2]) == 1000


def test_reset_breaks_the_connection(simulate: Callable[..., Client]) -> None:
    """The peer sees a reset, not an end."""
    with pytest.raises(ConnectionResetError):
        all_of(raw(simulate(faults=("reset",))))


def test_hang_answers_nothing(simulate: Callable[..., Client]) -> None:
    """No byte comes; other requests are answered meanwhile."""
    client = simulate(faults=("hang:path=/_rest_/job",))
    with raw(client) as sock:
        sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert client.get("/_rest_/node").status == 200


def test_slow_delays_the_first_byte_and_then_drips(simulate: Callable[..., Client]) -> None:
    """The bytes of the answer are the same, only later."""
    client = simulate(scenario="empty")
    whole = client.get("/_rest_/data_path_backend").body
    client.simulator.set_faults(["slow:first=0.2,rate=2000"])
    began = time.monotonic()
    slow = client.get("/_rest_/data_path_backend").body
    assert len(slow) == len(whole)
    assert time.monotonic() - began > 0.2 + len(whole) / 2000 * 0.8


def test_a_break_before_leaves_the_appliance_alone(simulate: Callable[..., Client]) -> None:
    """`when=before`, the default: the request was not acted on."""
    client = simulate()
    job = client.jobs()["scanner feed"].attrib["JobId"]
    client.simulator.set_faults(["reset:method=PUT,path=*close_aggregating_job*"])
    with pytest.raises(ConnectionError):
        client.put(f"/_rest_/job/{job}?close_aggregating_job")
    assert client.jobs()["scanner feed"].get("Aggregating") == "true"


@pytest.mark.parametrize("fault", ["reset", "500", "cut:at=0", "garbage:empty"])
def test_a_break_after_hides_what_was_done(simulate: Callable[..., Client], fault: str) -> None:
    """`when=after`: the job is closed although the client never hears of it."""
    client = simulate()
    job = client.jobs()["scanner feed"].attrib["JobId"]
    client.simulator.set_faults(
        [f"{fault}{',' if ':' in fault else ':'}method=PUT,path=*close_aggregating_job*,when=after"]
    )
    with contextlib.suppress(ConnectionError, http.client.HTTPException):
        assert client.put(f"/_rest_/job/{job}?close_aggregating_job").body != b"<MasterObjectList"
    assert client.jobs()["scanner feed"].get("Aggregating") == "false"


def test_faults_combine(simulate: Callable[..., Client]) -> None:
    """A slow 503 is slow and a 503."""
    client = simulate(faults=("slow:first=0.2", "503:retry=7"))
    began = time.monotonic()
    reply = client.get("/_rest_/job")
    assert (reply.status, reply.headers["retry-after"]) == (503, "7")
    assert time.monotonic() - began > 0.2


def test_an_appliance_that_hangs_still_stops_at_once(simulate: Callable[..., Client]) -> None:
    """Whoever waits for an answer sees the connection break, instead of holding up the end."""
    client = simulate(faults=("hang",))
    with raw(client) as sock:
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        client.simulator.stop()
        sock.settimeout(5)
        with contextlib.suppress(ConnectionError):
            assert sock.recv(1) == b""
