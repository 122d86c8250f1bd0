"""Record lists page and filter; the calls about the appliance answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client


def _page(client: Client, query: str) -> tuple[list[str], int, int]:
    reply = client.get(f"/_rest_/active_job?{query}")
    ids = [job.findtext("Id") or "" for job in reply.xml]
    return ids, int(reply.headers["page-truncated"]), int(reply.headers["total-result-count"])


def test_pages_count_items_and_tell_what_is_left(simulate: Callable[..., Client]) -> None:
    """The offset counts items; `page-truncated` is 0 on the last page; the marker continues after an id."""
    client = simulate()
    everything, left, total = _page(client, "")
    assert (left, total) == (0, len(everything))
    first, left, _ = _page(client, "page_length=5")
    assert (first, left) == (everything[:5], total - 5)
    second, _, _ = _page(client, "page_length=5&page_offset=5")
    assert second == everything[5:10]
    after, _, _ = _page(client, f"page_length=5&page_start_marker={everything[4]}")
    assert after == second
    last, left, _ = _page(client, "page_length=5&last_page")
    assert (last, left) == (everything[(total - 1) // 5 * 5 :], 0)


def test_an_offset_and_a_marker_together_are_an_error(simulate: Callable[..., Client]) -> None:
    reply = simulate().get("/_rest_/active_job?page_offset=1&page_start_marker=x")
    assert reply.status == 400


def test_pages_are_told_of_once_and_only_where_lists_page(simulate: Callable[..., Client]) -> None:
    """Exactly one of each paging header on record lists, none on the job list."""
    client = simulate()
    connection = client.connect()
    connection.request("GET", "/_rest_/completed_job", headers=client.sign("GET", "/_rest_/completed_job", {}))
    headers = [name.lower() for name, _ in connection.getresponse().getheaders()]
    connection.close()
    assert headers.count("page-truncated") == headers.count("total-result-count") == 1
    assert "total-result-count" not in client.get("/_rest_/job").headers


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("aggregating=TRUE", {"scanner feed", "night ingest", "Untitled"}),
        ("request_type=verify", {"quarterly verify"}),
        ("priority=URGENT", {"evening package"}),
        ("name=vfx%20drop%2018", {"vfx drop 18"}),
    ],
)
def test_active_jobs_are_filtered(simulate: Callable[..., Client], query: str, names: set[str]) -> None:
    """Filters combine with a list; values in any case."""
    reply = simulate().get(f"/_rest_/active_job?{query}")
    assert {job.findtext("Name") for job in reply.xml} == names


def test_record_lists_are_newest_first(simulate: Callable[..., Client]) -> None:
    client = simulate()
    for call, element in (
        ("active_job", "CreatedAt"),
        ("completed_job", "DateCompleted"),
        ("canceled_job", "DateCanceled"),
    ):
        dates = [job.findtext(element) for job in client.get(f"/_rest_/{call}").xml]
        assert len(dates) > 1
        assert dates == sorted(dates, key=str, reverse=True)


def test_an_unhealthy_appliance_answers_503(simulate: Callable[..., Client]) -> None:
    client = simulate()
    assert client.get("/_rest_/system_health").xml.findtext("DatabaseFilesystemFreeSpace") == "NORMAL"
    client.simulator.appliance.machine.is_healthy = False
    assert client.get("/_rest_/system_health").status == 503


def test_tasks_name_their_jobs_only_from_6_0(simulate: Callable[..., Client]) -> None:
    """Up to 5.8 a task does not say which job it works for."""
    for release, is_named in (("5.8", False), ("6.0", True)):
        client = simulate(release=release)
        client.simulator.appliance.advance(5)
        tasks = client.get("/_rest_/blob_store_task").xml.findall("Tasks")
        assert tasks
        assert all((task.find("JobIds") is not None) is is_named for task in tasks)


def test_chunks_ready_always_tells_when_to_ask_again(simulate: Callable[..., Client]) -> None:
    """SDKs fail without `Retry-After`, also when nothing is ready."""
    client = simulate()
    for name in ("feature conform", "offsite full week 47"):
        job = client.jobs()[name].attrib["JobId"]
        reply = client.get(f"/_rest_/job_chunk?job={job}")
        assert (reply.status, reply.headers["retry-after"]) == (200, "60")


def test_a_chunk_of_an_aggregating_job_cannot_be_allocated(simulate: Callable[..., Client]) -> None:
    """They are allocated in advance: 404. Others get a node."""
    client = simulate()
    jobs = client.simulator.appliance.jobs
    by_name = {job.name: job for job in jobs.values() if job.is_running}
    chunk = by_name["scanner feed"].chunks[0]
    assert client.put(f"/_rest_/job_chunk/{chunk.id}?operation=allocate").status == 404
    chunk = by_name["survey 114 line 7"].chunks[-1]
    assert chunk.node_id is None
    assert client.put(f"/_rest_/job_chunk/{chunk.id}?operation=allocate").xml.get("NodeId")


def test_releases_differ_in_what_they_know(simulate: Callable[..., Client]) -> None:
    old, new = simulate(release="3.5"), simulate(release="5.8")
    assert old.get("/_rest_/data_path_backend").xml.find("AllowNewJobRequests") is None
    assert new.get("/_rest_/data_path_backend").xml.findtext("AllowNewJobRequests") == "true"
    assert old.get("/_rest_/job_creation_failed").status == 404
    assert new.get("/_rest_/job_creation_failed").status == 200
    assert old.get("/_rest_/job").xml[0].get("EntirelyInCache") is not None
    assert new.get("/_rest_/job").xml[0].get("EntirelyInCache") is None


def test_a_full_cache_refuses_chunks_with_503(simulate: Callable[..., Client]) -> None:
    client = simulate()
    client.simulator.appliance.machine.cache.unavailable_bytes = client.simulator.appliance.machine.cache.total_bytes
    chunk = client.simulator.appliance.named("survey 114 line 7").chunks[-1]
    reply = client.put(f"/_rest_/job_chunk/{chunk.id}?operation=allocate")
    assert (reply.status, reply.headers["retry-after"]) == (503, "60")


@pytest.mark.parametrize(
    "path",
    [
        "/_rest_/active_job?page_length=x",
        "/_rest_/job_chunk",
        "/_rest_/job_chunk?job={job}&preferred_number_of_chunks=x",
        "/harbor-masters?max-keys=x",
    ],
)
def test_what_cannot_be_read_is_a_bad_request(simulate: Callable[..., Client], path: str) -> None:
    client = simulate()
    job = client.simulator.appliance.named("scanner feed").id
    reply = client.get(path.replace("{job}", job))
    assert (reply.status, reply.xml.findtext("HttpErrorCode")) == (400, "400")
