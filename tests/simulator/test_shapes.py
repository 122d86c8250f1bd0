"""What is emitted has the names, order and escapes of the bodies in the API reference."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bptui.simulator.scenarios.hostile import JOB_NAMES, OBJECT_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Client


def shape(element: ET.Element) -> object:
    """Names of an element: its attributes, and one shape for each kind of child."""
    children = {child.tag: shape(child) for child in element}
    return (element.tag, sorted(element.attrib), children)


def names(element: ET.Element) -> list[str]:
    return [child.tag for child in element]


def sample(samples: Path, name: str) -> ET.Element:
    return ET.fromstring((samples / f"{name}.xml").read_bytes())  # noqa: S314 - a file of this checkout


def job_like(client: Client, request_type: str, *, aggregates: bool = False) -> ET.Element:
    for job in client.jobs().values():
        if job.get("RequestType") == request_type and job.get("Aggregating") == str(aggregates).lower():
            detail = client.get(f"/_rest_/job/{job.attrib['JobId']}").xml
            if all(chunk.get("NodeId") for chunk in detail.findall("Objects")) or not aggregates:
                return detail
    raise AssertionError(request_type)


@pytest.mark.parametrize(
    ("name", "release", "request_type", "aggregates"),
    [
        ("get_job_put", "4.1", "PUT", False),
        ("get_job_get", "4.1", "GET", False),
        ("get_job_verify", "4.1", "VERIFY", False),
        ("get_job_aggregating", "4.1", "PUT", True),
        ("get_job_5x_versionid", "5.8", "PUT", False),
    ],
)
def test_a_job_has_the_names_of_the_sample(
    simulate: Callable[..., Client], samples: Path, name: str, release: str, request_type: str, aggregates: bool
) -> None:
    """Root, nodes, chunks and objects carry the same attributes, for the release the sample shows."""
    emitted = job_like(simulate(release=release), request_type, aggregates=aggregates)
    shown = sample(samples, name)
    assert sorted(emitted.attrib) == sorted(shown.attrib)
    assert set(names(emitted)) == set(names(shown))
    object_names = sorted(next(iter(shown.iter("Object"))).attrib)
    assert all(sorted(each.attrib) == object_names for each in emitted.iter("Object"))
    chunk_names = {*next(iter(shown.iter("Objects"))).attrib} | {"NodeId"}
    assert all({*each.attrib} <= chunk_names for each in emitted.iter("Objects"))


def test_the_list_has_the_names_of_the_sample(simulate: Callable[..., Client], samples: Path) -> None:
    """`EntirelyInCache` is absent in the list from 4.0 on."""
    shown = sample(samples, "get_jobs")[0]
    for job in simulate().get("/_rest_/job?full_details").xml:
        assert sorted(job.attrib) == sorted(shown.attrib)
        assert names(job) == ["Nodes"]


@pytest.mark.parametrize(
    ("path", "name", "release"),
    [
        ("/_rest_/active_job", "get_active_jobs", "5.8"),
        ("/_rest_/completed_job", "get_completed_jobs", "5.8"),
        ("/_rest_/canceled_job", "get_canceled_jobs", "5.8"),
        ("/_rest_/node", "get_nodes", "5.8"),
        ("/_rest_/user", "get_users", "4.1"),
    ],
)
def test_records_have_the_elements_of_the_sample_in_order(
    simulate: Callable[..., Client], samples: Path, path: str, name: str, release: str
) -> None:
    """Elements in alphabetical order, null ones there and empty."""
    records = simulate(release=release).get(path).xml
    shown = sample(samples, name)[0]
    assert records[0].tag == shown.tag
    assert names(records[0]) == names(shown) == sorted(names(shown))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/_rest_/system_information", "get_system_information"),
        ("/_rest_/system_health", "verify_system_health"),
        ("/", "get_service"),
    ],
)
def test_singletons_have_the_shape_of_the_sample(
    simulate: Callable[..., Client], samples: Path, path: str, name: str
) -> None:
    assert shape(simulate().get(path).xml) == shape(sample(samples, name))


def test_the_summary_has_the_shape_of_the_sample(simulate: Callable[..., Client], samples: Path) -> None:
    client = simulate(release="6.0")
    job = client.jobs()["survey 114 line 7"].attrib["JobId"]
    assert shape(client.get(f"/_rest_/job/{job}?summary").xml) == shape(sample(samples, "get_job_summary_6x"))


def test_an_ended_job_has_the_names_of_the_sample(simulate: Callable[..., Client], samples: Path) -> None:
    client = simulate()
    ended = client.get("/_rest_/canceled_job").xml[0].findtext("Id")
    assert shape(client.get(f"/_rest_/job/{ended}").xml) == shape(sample(samples, "get_job_canceled"))


def test_an_error_has_the_shape_of_the_sample(simulate: Callable[..., Client], samples: Path) -> None:
    """With a number in `HttpErrorCode` and `ResourceId`, on which SDKs insist."""
    error = simulate().get("/_rest_/job/nonsense").xml
    assert shape(error) == shape(sample(samples, "error_404"))
    assert (error.findtext("HttpErrorCode"), (error.findtext("ResourceId") or "").isdecimal()) == ("404", True)


def test_attributes_come_in_alphabetical_order_in_one_line(simulate: Callable[..., Client]) -> None:
    body = simulate().get("/_rest_/job").body
    job = ET.fromstring(body)[0]  # noqa: S314 - our own appliance made it
    assert list(job.attrib) == sorted(job.attrib)
    assert not body.startswith(b"<?xml")
    assert b"\n" not in body


def test_upper_booleans_and_indents_are_switches(simulate: Callable[..., Client]) -> None:
    """The documentation's spelling of booleans, and a layout in lines, mean the same."""
    start = datetime(2025, 3, 5, 14, 0, tzinfo=UTC)
    endless = {"start": start, "clock_tolerance_seconds": float("inf")}
    plain = simulate(**endless).get("/_rest_/job")
    upper = simulate(**endless, has_upper_booleans=True).get("/_rest_/job")
    indented = simulate(**endless, is_indented=True).get("/_rest_/job")
    assert {job.get("Naked") for job in upper.xml} == {"TRUE", "FALSE"}
    assert b"\n  <Job " in indented.body
    assert [job.attrib for job in indented.xml] == [job.attrib for job in plain.xml]


def test_hostile_names_arrive_exactly(simulate: Callable[..., Client]) -> None:
    """Every name, with tabs and newlines, survives any XML parser unchanged."""
    client = simulate(scenario="hostile")
    jobs = client.get("/_rest_/job").xml
    assert {job.get("Name") for job in jobs} == set(JOB_NAMES)
    job_id = next(job.attrib["JobId"] for job in jobs if job.get("Name") == JOB_NAMES[0])
    reply = client.get(f"/_rest_/job/{job_id}")
    assert [each.get("Name") for each in reply.xml.iter("Object")] == list(OBJECT_NAMES)
    assert b"tab&#9;here" in reply.body
    assert b"newline&#10;here" in reply.body
    assert b"return&#13;here" in reply.body
