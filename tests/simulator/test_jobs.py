"""Jobs are listed, shown, closed, changed and ended as the DS3 API reference says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

UNKNOWN = "1aeef0ed-eb61-4c48-a29d-8680a3fefa6e"


def test_answers_carry_the_headers_seen_on_appliances(simulate: Callable[..., Client]) -> None:
    """The headers of every answer, with a request id that rises."""
    client = simulate()
    first, second = client.get("/_rest_/job"), client.get("/_rest_/job")
    assert first.headers["content-type"] == "text/xml;charset=UTF-8"
    assert first.headers["server"] == "Apache-Coyote/1.1"
    assert first.headers["content-language"] == "en"
    assert int(first.headers["content-length"]) == len(first.body)
    assert int(second.headers["x-amz-request-id"]) == int(first.headers["x-amz-request-id"]) + 1
    version, _, digest = first.headers["requesthandler-version"].partition(".")
    assert version.isdecimal()
    assert len(digest) == 32


def test_the_list_shows_running_jobs_and_with_full_details_ended_ones(simulate: Callable[..., Client]) -> None:
    """`full_details`, with or without a value, adds what completed or was canceled."""
    client = simulate()
    running = {job.get("Status") for job in client.get("/_rest_/job").xml}
    for flag in ("full_details", "full_details=", "full_details=True"):
        everything = {job.get("Status") for job in client.get(f"/_rest_/job?{flag}").xml}
        assert everything == {"IN_PROGRESS", "COMPLETED", "CANCELED"}
    assert running == {"IN_PROGRESS"}


def test_the_list_can_be_narrowed_to_a_bucket(simulate: Callable[..., Client]) -> None:
    """By the bucket's id, and by its name too."""
    client = simulate()
    bucket = client.simulator.appliance.buckets["reel-masters"]
    for word in (bucket.id, bucket.name):
        names = {job.get("BucketName") for job in client.get(f"/_rest_/job?bucket_id={word}").xml}
        assert names == {"reel-masters"}


def test_an_appliance_without_jobs_answers_an_empty_list(simulate: Callable[..., Client]) -> None:
    assert simulate(scenario="empty").get("/_rest_/job").body == b"<Jobs/>"


def test_busy_has_every_kind_of_job(simulate: Callable[..., Client]) -> None:
    """About a dozen jobs: each type, aggregating, naked, split objects, superseded versions."""
    client = simulate()
    jobs = client.jobs()
    details = [client.get(f"/_rest_/job/{job.attrib['JobId']}").xml for job in jobs.values()]
    objects = [each.attrib for job in details for each in job.iter("Object")]
    assert 11 <= len(jobs) <= 15
    assert {job.get("RequestType") for job in jobs.values()} == {"PUT", "GET", "VERIFY"}
    assert {job.get("Aggregating") for job in jobs.values()} == {"true", "false"}
    assert {job.get("Naked") for job in jobs.values()} == {"true", "false"}
    assert {each["Latest"] for each in objects} == {"true", "false"}
    assert any(int(each["Offset"]) > 0 for each in objects)
    assert any(len(chunk) == 0 for job in details for chunk in job.iter("Objects")), "no chunk has drained"


def test_close_ends_aggregation_and_nothing_else(simulate: Callable[..., Client]) -> None:
    """The answer is the job after the close; its other attributes are as before, and the list agrees."""
    client = simulate()
    before = client.jobs()["scanner feed"].attrib
    reply = client.put(f"/_rest_/job/{before['JobId']}?close_aggregating_job")
    assert (reply.status, reply.xml.tag) == (200, "MasterObjectList")
    assert {**reply.xml.attrib, "EntirelyInCache": ""} == {**before, "Aggregating": "false", "EntirelyInCache": ""}
    assert client.jobs()["scanner feed"].get("Aggregating") == "false"


@pytest.mark.parametrize("form", ["close_aggregating_job=", "CLOSE_AGGREGATING_JOB", "close_aggregating_job=true"])
def test_close_is_known_in_every_spelling(simulate: Callable[..., Client], form: str) -> None:
    """Any case, with or without `=` and value, with or without a slash before the question mark."""
    client = simulate()
    job = client.jobs()["scanner feed"].attrib["JobId"]
    assert client.put(f"/_rest_/job/{job}/?{form}").xml.get("Aggregating") == "false"


def test_close_of_an_unknown_or_ended_job_is_404(simulate: Callable[..., Client]) -> None:
    client = simulate()
    ended = client.get("/_rest_/completed_job").xml[0].findtext("Id")
    for job in (UNKNOWN, ended):
        reply = client.put(f"/_rest_/job/{job}?close_aggregating_job")
        assert (reply.status, reply.xml.findtext("Code")) == (404, "NotFound")


@pytest.mark.parametrize(("refuses", "status"), [(False, 200), (True, 409)])
def test_close_of_a_job_that_does_not_aggregate(simulate: Callable[..., Client], refuses: bool, status: int) -> None:
    """Changes nothing and answers 200, or 409 with the switch: no source says what appliances do."""
    client = simulate(close_refuses_idle=refuses)
    job = client.jobs()["survey 114 line 7"].attrib["JobId"]
    assert client.put(f"/_rest_/job/{job}?close_aggregating_job").status == status


def test_close_is_modify_before_4_0(simulate: Callable[..., Client]) -> None:
    """3.5 does not know the flag: 200, the job still aggregates, and its idle timer was reset."""
    client = simulate(release="3.5")
    job = client.jobs()["night ingest"].attrib["JobId"]
    client.simulator.appliance.advance(60)
    reply = client.put(f"/_rest_/job/{job}?close_aggregating_job")
    assert (reply.status, reply.xml.get("Aggregating")) == (200, "true")
    assert client.simulator.appliance.jobs[job].last_activity_seconds == 60


def test_modify_sets_name_and_priority(simulate: Callable[..., Client]) -> None:
    """Values in any case; the system's own priorities are refused, unknown words are bad requests."""
    client = simulate()
    job = client.jobs()["survey 114 line 7"].attrib["JobId"]
    reply = client.put(f"/_rest_/job/{job}?name=renamed%20it&priority=urgent")
    assert (reply.xml.get("Name"), reply.xml.get("Priority")) == ("renamed it", "URGENT")
    assert client.put(f"/_rest_/job/{job}?priority=CRITICAL").status == 403
    assert client.put(f"/_rest_/job/{job}?priority=URGENTLY").status == 400


def test_cancel_takes_the_job_off_the_list_and_works_once(simulate: Callable[..., Client]) -> None:
    """204, then 404; the job is still there by id, canceled, without chunks, and with an empty `Nodes`."""
    client = simulate()
    job = client.jobs()["feature conform"].attrib["JobId"]
    assert client.delete(f"/_rest_/job/{job}?force").status == 204
    assert "feature conform" not in client.jobs()
    assert client.delete(f"/_rest_/job/{job}?force").status == 404
    shown = client.get(f"/_rest_/job/{job}").xml
    assert (shown.get("Status"), shown.get("EntirelyInCache"), len(shown.findall("Objects"))) == ("CANCELED", None, 0)
    assert [child.tag for child in shown] == ["Nodes"]
    assert client.get(f"/_rest_/active_job/{job}").status == 404
    assert client.get(f"/_rest_/canceled_job/{job}").xml.findtext("CanceledDueToTimeout") == "false"


def test_truncate_keeps_what_arrived(simulate: Callable[..., Client]) -> None:
    """The job lives on and its size drops to what is in cache."""
    client = simulate()
    before = client.jobs()["vfx drop 18"].attrib
    assert client.delete(f"/_rest_/job/{before['JobId']}").status == 204
    after = client.jobs()["vfx drop 18"].attrib
    assert after["OriginalSizeInBytes"] == before["CachedSizeInBytes"]


def test_a_delete_without_an_id_ends_every_job_and_says_so_loudly(simulate: Callable[..., Client]) -> None:
    """The classic mistake is honoured as appliances honour it, with a warning nobody can miss."""
    client = simulate()
    assert client.delete("/_rest_/job/?force").status == 204
    assert client.get("/_rest_/job").body == b"<Jobs/>"
    assert "JOBS WERE CANCELED" in client.alarm.getvalue()


def test_cleared_jobs_are_unknown(simulate: Callable[..., Client]) -> None:
    client = simulate()
    job = client.get("/_rest_/completed_job").xml[0].findtext("Id")
    assert client.delete("/_rest_/completed_job").status == 204
    assert client.get(f"/_rest_/job/{job}").status == 404


def test_ended_jobs_are_forgotten_after_30_days(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="quiet")
    job = client.get("/_rest_/completed_job").xml[0].findtext("Id")
    client.simulator.appliance.advance(31 * 86_400)
    assert client.get(f"/_rest_/job/{job}").status == 404


@pytest.mark.parametrize(("release", "status"), [("3.5", 410), ("4.1", 404), ("5.8", 404), ("6.0", 404)])
def test_an_unknown_job_is_404_or_in_3_x_410(simulate: Callable[..., Client], release: str, status: int) -> None:
    assert simulate(release=release).get(f"/_rest_/job/{UNKNOWN}").status == status


@pytest.mark.parametrize("path", ["/_rest_/_rest_/job", "/_rest_/nonsense", "/_rest_/job/a/b"])
def test_what_is_not_there_is_404(simulate: Callable[..., Client], path: str) -> None:
    assert simulate().get(path).status == 404


def test_the_idle_timer_is_not_reset_by_looking(simulate: Callable[..., Client]) -> None:
    """Get Job leaves the idle timer alone; only Modify and transfers reset it."""
    client = simulate()
    job = client.jobs()["night ingest"].attrib["JobId"]
    client.simulator.appliance.advance(60)
    client.get(f"/_rest_/job/{job}")
    assert client.simulator.appliance.jobs[job].last_activity_seconds == 0


def test_summary_exists_from_6_0(simulate: Callable[..., Client]) -> None:
    """`?summary` chooses another call from 6.0 on and is ignored before; from 6.0 on every blob is its own chunk."""
    for release, root in (("5.8", "MasterObjectList"), ("6.0", "JobSummary")):
        client = simulate(release=release)
        job = client.jobs()["evening package"].attrib["JobId"]
        assert client.get(f"/_rest_/job/{job}?summary").xml.tag == root
    detail = client.get(f"/_rest_/job/{job}").xml
    assert max(len(chunk) for chunk in detail.findall("Objects")) == 1
