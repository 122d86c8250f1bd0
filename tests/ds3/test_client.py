"""A client against a pretend appliance on a real socket: every call, and nothing that changes anything but Close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bptui.ds3 import errors, questions
from bptui.ds3.calls import CallName
from bptui.ds3.client import Client
from bptui.model.endpoint import Writes
from bptui.model.job import JobId, RecordKind
from bptui.model.problem import ProblemKind
from bptui.simulator.server import RunningSimulator

UNKNOWN = JobId("00000000-0000-4000-8000-000000000000")

ClientFor = Callable[..., Client]
Simulate = Callable[..., RunningSimulator]


@pytest.fixture
def simulator(simulate: Simulate) -> RunningSimulator:
    return simulate(speed=0)


@pytest.fixture
def client(simulator: RunningSimulator, client_for: ClientFor) -> Client:
    return client_for(simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key)


async def _aggregating(client: Client) -> JobId:
    return next(job.job_id for job in (await client.jobs()).values() if job.is_aggregating)


async def test_every_call_of_a_session_is_a_get_but_close(client: Client, simulator: RunningSimulator) -> None:
    """All calls are answered, and the only other method on the wire is one PUT with exactly its flag."""
    jobs = await client.jobs()
    assert set(jobs) < set(await client.jobs(is_full=True))
    bucket = next(iter(jobs.values())).bucket_name
    assert {job.bucket_name for job in (await client.jobs(bucket_id=bucket)).values()} == {bucket}
    job_id = await _aggregating(client)
    tree = await client.job(job_id)
    assert tree.job.job_id == job_id
    assert tree.object_count > 0
    assert (await client.active_job(job_id)).kind is RecordKind.ACTIVE
    assert set(await client.active_jobs()) == set(jobs)
    assert job_id in await client.active_jobs(is_aggregating=True)
    completed, canceled = await client.completed_jobs(), await client.canceled_jobs()
    assert len(await client.completed_jobs(most=1)) == 1
    assert (await client.completed_job(next(iter(completed)))).kind is RecordKind.COMPLETED
    assert (await client.canceled_job(next(iter(canceled)))).kind is RecordKind.CANCELED
    assert (await client.service()).owner_name
    assert (await client.system_information()).release
    assert (await client.answer(questions.system_health())).required_ms is not None
    assert await client.items(questions.nodes())
    assert (await client.answer(questions.data_path_backend())).is_activated
    assert (await client.answer(questions.cache_state())).filesystems
    assert await client.answer(questions.blob_store_tasks())
    closed = await client.close_aggregating_job(job_id)
    assert (closed.job_id, closed.is_aggregating) == (job_id, False)
    assert not (await client.active_job(job_id)).is_aggregating

    others = [(seen.method, seen.path, seen.query) for seen in simulator.requests if seen.method != "GET"]
    assert others == [("PUT", f"/_rest_/job/{job_id}", "close_aggregating_job")]


async def test_headers_are_those_that_the_appliance_expects(client: Client, simulator: RunningSimulator) -> None:
    """A date in GMT, no content type, no naming convention; a length of 0 on the PUT only; GETs ask for gzip."""
    await client.close_aggregating_job(await _aggregating(client))
    get, put = (dict(seen.headers) for seen in simulator.requests[-2:])
    assert get.keys() == {"host", "user-agent", "accept-encoding", "date", "authorization"}
    assert get["accept-encoding"] == "gzip"
    assert get["date"].endswith(" GMT")
    assert put.keys() == get.keys() | {"content-length", "connection"}
    assert (put["content-length"], put["connection"]) == ("0", "close")


async def test_kept_connection_and_counters(client: Client, simulator: RunningSimulator) -> None:
    """What watching costs is counted per call, and the last answer is there as it came, without the request's headers."""
    for _ in range(3):
        await client.jobs()
    traffic = client.traffic[CallName.JOBS]
    answer = client.last_answer(CallName.JOBS)
    assert answer is not None
    assert (traffic.requests, traffic.failures) == (3, 0)
    assert traffic.received_bytes == 3 * answer.size_bytes
    assert answer.request_line == "GET /_rest_/job"
    assert (answer.status, answer.is_complete) == (200, True)
    assert answer.head.startswith(b"<Jobs")
    assert not [name for name, _ in answer.headers if name.lower() == "authorization"]
    assert client.last_answer(CallName.JOB) is None


async def test_compressed_answers_read_the_same(simulate: Simulate, client_for: ClientFor) -> None:
    """With gzip the same jobs come in fewer bytes."""
    moment = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
    lists, sizes = [], []
    for compresses in (False, True):
        simulator = simulate(speed=0, compresses=compresses, start=moment, clock_tolerance_seconds=1e12)
        client = client_for(simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key)
        lists.append(await client.jobs())
        sizes.append(client.traffic[CallName.JOBS].received_bytes)
    assert lists[0] == lists[1]
    assert sizes[1] < sizes[0] / 2


async def test_a_job_read_again_shares_what_did_not_change(client: Client) -> None:
    """The previous tree is handed to the parser, which keeps its segments."""
    job_id = max((job.original_size_bytes, job.job_id) for job in (await client.jobs()).values())[1]
    before = await client.job(job_id)
    after = await client.job(job_id, previous=before)
    assert after.job == before.job
    assert [id(segment) for segment in after.segments] == [id(segment) for segment in before.segments]


async def test_an_unknown_job_is_gone(client: Client) -> None:
    """404 says so, with the request id for support; the older 410 means the same."""
    for ask in (client.job, client.active_job, client.completed_job, client.canceled_job, client.close_aggregating_job):
        with pytest.raises(errors.GoneError) as caught:
            await ask(UNKNOWN)
        assert caught.value.problem.kind is ProblemKind.GONE
        assert caught.value.problem.request_id
        assert caught.value.delivery is errors.Delivery.ANSWERED
    assert client.traffic[CallName.JOB].failures == 1


async def test_a_wrong_key_is_told_from_a_wrong_clock(simulate: Simulate, client_for: ClientFor) -> None:
    """403 is split by its code; a skew names both clocks."""
    simulator = simulate(speed=0)
    wrong = client_for(simulator.endpoint, secret="not the key", access_id=simulator.access_key)
    with pytest.raises(errors.AuthenticationError) as caught:
        await wrong.jobs()
    assert "not the key" not in str(caught.value)

    late = simulate(speed=0, start=datetime(2020, 1, 1, tzinfo=UTC))
    skewed = client_for(late.endpoint, secret=late.secret_key, access_id=late.access_key)
    with pytest.raises(errors.ClockSkewError) as skew:
        await skewed.jobs()
    problem = skew.value.problem
    assert problem.appliance_clock is not None
    assert problem.our_clock is not None
    assert problem.appliance_clock.year == 2020
    assert "2020-01-01" in problem.sentence


async def test_an_endpoint_starts_locked_unless_it_says_otherwise(
    simulator: RunningSimulator, client_for: ClientFor
) -> None:
    """While locked the transport refuses Close; unlocking lets it pass, locking again does not."""
    client = client_for(
        simulator.endpoint, secret=simulator.secret_key, access_id=simulator.access_key, writes=Writes.ASK
    )
    job_id = await _aggregating(client)
    assert client.is_locked
    with pytest.raises(errors.NotAllowedError) as caught:
        await client.close_aggregating_job(job_id)
    assert caught.value.delivery is errors.Delivery.NOT_SENT
    client.unlock()
    await client.close_aggregating_job(job_id)
    client.lock()
    with pytest.raises(errors.NotAllowedError):
        await client.close_aggregating_job(job_id)
    assert [seen.method for seen in simulator.requests].count("PUT") == 1


@pytest.mark.parametrize(("writes", "is_read_only"), [(Writes.NO, False), (Writes.YES, True), (Writes.ASK, True)])
async def test_read_only_cannot_be_unlocked(
    simulator: RunningSimulator, client_for: ClientFor, writes: Writes, *, is_read_only: bool
) -> None:
    """`writes = "no"` and `--read-only` hold for the whole session."""
    client = client_for(
        simulator.endpoint,
        secret=simulator.secret_key,
        access_id=simulator.access_key,
        writes=writes,
        is_read_only=is_read_only,
    )
    with pytest.raises(errors.NotAllowedError):
        client.unlock()
    with pytest.raises(errors.NotAllowedError):
        await client.close_aggregating_job(await _aggregating(client))
    assert {seen.method for seen in simulator.requests} == {"GET"}


async def test_two_calls_at_once_open_one_session(client: Client) -> None:
    """The list and the job looked at do not wait for one another, nor load anything twice."""
    first, second = await asyncio.gather(client.jobs(), client.active_jobs())
    assert set(first) == set(second)


async def test_a_closed_client_opens_again(client: Client) -> None:
    """Closing ends connections, not the client."""
    await client.jobs()
    await client.aclose()
    assert await client.jobs()


async def test_a_record_of_another_job_is_no_answer(client: Client, simulator: RunningSimulator) -> None:
    """A small record decides whether a close took effect, so it has to be about that job; Get Job may warn instead."""
    first, second = list(await client.jobs())[:2]
    simulator.prepared[f"/_rest_/active_job/{first}"] = [f"<Data><Id>{second}</Id></Data>".encode()]
    simulator.prepared[f"/_rest_/job/{first}"] = [f'<MasterObjectList JobId="{second}"/>'.encode()]
    with pytest.raises(errors.BadAnswerError, match=second):
        await client.active_job(first)
    assert (await client.job(first)).job.job_id == second


async def test_jobs_that_did_not_change_are_not_read_again(simulate: Simulate, client_for: ClientFor) -> None:
    """A poll costs what changed: in a long list nearly every job is the value of the last list."""
    many = simulate(scenario="many", jobs=2000, speed=0)
    client = client_for(many.endpoint, secret=many.secret_key, access_id=many.access_key)
    before, after = await client.jobs(), await client.jobs()
    assert before == after
    assert sum(after[job_id] is job for job_id, job in before.items()) > 1900


async def test_jobs_of_thirty_days_are_not_kept(client: Client) -> None:
    """Who asks for all jobs holds them as long as they are wanted: none is the value of the last such list."""
    before, after = await client.jobs(is_full=True), await client.jobs(is_full=True)
    assert before == after
    assert [job_id for job_id, job in before.items() if after[job_id] is job] == []


async def test_jobs_share_the_words_that_they_have_in_common(client: Client) -> None:
    """A user, a bucket or a node is one text, however many jobs name it, in the list and in the records."""
    jobs, records = (await client.jobs(is_full=True)).values(), (await client.active_jobs()).values()
    words = [word for job in jobs for word in (job.bucket_name, job.user_id, job.user_name)]
    words += [word for job in jobs for node in job.nodes for word in (node.node_id, node.end_point)]
    words += [word for record in records for word in (record.bucket_id, record.user_id)]
    told = [word for word in words if word is not None]
    assert len({id(word) for word in told}) == len(set(told)) < len(told)
