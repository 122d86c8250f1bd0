"""Who applies each told difference to what they had has exactly what the store has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Ending, Job, JobId, JobRecord
from bptui.model.tree import JobTree
from bptui.model.vocabulary import JobStatus
from bptui.monitor.events import Event, JobsChanged, Noted
from bptui.monitor.store import ENDED_KEPT, SLICE_JOBS, Moment, Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conftest import Make

    from bptui.model.snapshot import JobsSnapshot

Reading = tuple[Job | None, EndedJob | None, JobRecord | None]


def reading(snapshot: JobsSnapshot, job_id: JobId) -> Reading:
    return snapshot.jobs.get(job_id), snapshot.ended.get(job_id), snapshot.records.get(job_id)


@dataclass
class Mirror:
    """Keeps a copy by differences alone."""

    seen: dict[JobId, Reading] = field(default_factory=dict)
    revision: int | None = None

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            if not isinstance(event, JobsChanged):
                continue
            assert event.since_revision == self.revision
            assert event.changes or event.since_revision is None
            assert event.snapshot.revision > (self.revision or 0)
            changes = event.changes
            assert not set(changes.added) & self.seen.keys()
            assert set(changes.removed) | set(changes.changed) <= self.seen.keys()
            for job_id in changes.removed:
                del self.seen[job_id]
            for job_id in (*changes.added, *changes.changed):
                self.seen[job_id] = reading(event.snapshot, job_id)
            self.revision = event.snapshot.revision


numbers = st.integers(0, 5)
lists = st.dictionaries(numbers, st.integers(0, 2))
single_steps = st.one_of(
    st.tuples(st.just("list"), lists),
    st.tuples(st.just("end"), st.sets(numbers)),
    st.tuples(st.just("older"), st.sets(numbers)),
    st.tuples(st.just("canceled"), st.sets(numbers)),
    st.tuples(st.just("records"), lists),
    st.tuples(st.just("record"), lists),
)
steps = st.lists(single_steps, max_size=12)


def check(snapshot: JobsSnapshot, mirror: Mirror) -> None:
    """The store tells of each job what the differences told, and nothing of others."""
    ids = {*snapshot.jobs, *snapshot.ended}
    assert mirror.seen == {job_id: reading(snapshot, job_id) for job_id in ids}
    assert not snapshot.jobs.keys() & snapshot.ended.keys()
    assert snapshot.records.keys() <= snapshot.jobs.keys()


async def play(store: Store, make: Make, kind: str, what: dict[int, int] | set[int], at: float) -> list[Event]:
    moment = Moment(make.start, at)
    if kind == "list":
        assert isinstance(what, dict)
        jobs = [make.job(number, cached_size_bytes=size) for number, size in what.items()]
        return await store.list_arrived({job.job_id: job for job in jobs}, moment)
    if kind in ("record", "records"):
        assert isinstance(what, dict)
        records = [make.record(make.job(number), error_message=str(size)) for number, size in what.items()]
        return await store.records_arrived({record.job_id: record for record in records}, is_all=kind == "records")
    ended = [EndedJob(make.job(number, status=JobStatus.COMPLETED), Ending.COMPLETED, make.start) for number in what]
    if kind == "end":
        return list(store.ended(ended, moment))
    arrived = store.older_arrived if kind == "older" else store.canceled_arrived
    return list(arrived({one.job.job_id: one for one in ended}))


@given(steps)
@example([("list", {0: 0, 1: 0}), ("records", {0: 0}), ("list", {1: 0}), ("end", {0})])
@example([("list", {0: 0}), ("list", {}), ("older", {0}), ("list", {})])
def test_differences_lead_to_the_whole(make: Make, steps: list[tuple[str, dict[int, int] | set[int]]]) -> None:
    """Lists, endings, older jobs and records in any order: the differences tell it all, and nothing twice."""
    store, mirror = Store(EndpointName("lab")), Mirror()

    async def run() -> None:
        for at, (kind, what) in enumerate(steps):
            mirror.take(await play(store, make, kind, what, float(at)))
            snapshot = store.snapshot
            if snapshot is None:
                assert mirror.seen == {}
                continue
            check(snapshot, mirror)

    asyncio.run(run())


RETURNS_WHILE_IT_ENDS: Any = [
    [(0, ("list", {0: 0, 1: 0}))],
    [(0, ("list", {1: 0}))],
    [(0, ("list", {0: 0, 1: 0})), (1, ("end", {0}))],
]


@example(RETURNS_WHILE_IT_ENDS)
@given(st.lists(st.lists(st.tuples(st.integers(0, 4), single_steps), max_size=4), max_size=4))
def test_differences_lead_to_the_whole_when_answers_meet(
    make: Make, rounds: list[list[tuple[int, tuple[str, dict[int, int] | set[int]]]]]
) -> None:
    """The same while a long answer is compared in slices and others arrive in between."""
    store, mirror = Store(EndpointName("lab")), Mirror()

    async def arrive(turns: int, kind: str, what: dict[int, int] | set[int], at: float) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        mirror.take(await play(store, make, kind, what, at))

    async def run() -> None:
        for at, answers in enumerate(rounds):
            lists = [answer for answer in answers if answer[1][0] == "list"]
            others = [answer for answer in answers if answer[1][0] != "list"]
            # The list is asked for by one task, so that no two of them meet.
            await asyncio.gather(*(arrive(turns, *what, float(at)) for turns, what in (*lists[:1], *others)))
            if store.snapshot is not None:
                check(store.snapshot, mirror)

    with patch("bptui.monitor.store.SLICE_JOBS", 1):
        asyncio.run(run())


async def test_jobs_that_ended_do_not_fill_the_memory(make: Make) -> None:
    """In a session of weeks the oldest ended jobs make room for new ones, and no history is left of any."""
    store = Store(EndpointName("lab"))
    for batch in range(3):
        jobs = [make.job(batch * 1000 + number) for number in range(1000)]
        await store.list_arrived({job.job_id: job for job in jobs}, Moment(make.start, batch))
        grown = [replace(job, original_size_bytes=5000, cached_size_bytes=500) for job in jobs]
        await store.list_arrived({job.job_id: job for job in grown}, Moment(make.start, batch))
        await store.list_arrived({}, Moment(make.start, batch))
        gone = [EndedJob(replace(job, status=JobStatus.COMPLETED), Ending.COMPLETED, make.start) for job in jobs]
        list(store.ended(gone, Moment(make.start, batch)))
    assert store.snapshot
    assert len(store.snapshot.ended) == ENDED_KEPT
    assert make.id(2999) in store.snapshot.ended
    assert make.id(0) not in store.snapshot.ended
    assert store.history(make.job(0)) is None
    assert store.history(make.job(2999)) is None
    assert (store._seen_at, store._histories, store._growth_noted) == ({}, {}, {})


async def test_a_record_keeps_what_it_adds(make: Make) -> None:
    """Records of some jobs leave those of the others; records of all replace them."""
    store = Store(EndpointName("lab"))
    jobs = [make.job(1), make.job(2)]
    await store.list_arrived({job.job_id: job for job in jobs}, Moment(make.start, 0))
    for job in jobs:
        record = make.record(job, error_message="No media.")
        await store.records_arrived({job.job_id: record}, is_all=False)
    assert store.snapshot
    assert set(store.snapshot.records) == {make.id(1), make.id(2)}
    await store.records_arrived({make.id(1): make.record(jobs[0])}, is_all=True)
    assert set(store.snapshot.records) == {make.id(1)}


async def test_equal_jobs_are_shared_between_snapshots(make: Make) -> None:
    """A job that reads the same is the same instance, so that 40,000 of them cost nothing twice."""
    store = Store(EndpointName("lab"))
    first, second = make.job(1), make.job(1)
    await store.list_arrived({first.job_id: first}, Moment(make.start, 0))
    assert await store.list_arrived({second.job_id: second}, Moment(make.start, 5)) == []
    assert store.snapshot
    assert store.snapshot.jobs[first.job_id] is first


async def test_a_long_list_lets_others_go_on(make: Make) -> None:
    """While thousands of jobs are compared, every other task gets its turns."""
    store, turns = Store(EndpointName("lab")), 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    jobs = [make.job(number) for number in range(5 * SLICE_JOBS)]
    await store.list_arrived({job.job_id: job for job in jobs}, Moment(make.start, 0))
    task.cancel()
    assert turns >= 5


async def test_growth_is_noted_once_in_a_while(make: Make) -> None:
    """A job that grows with every poll makes one line in a quarter of an hour."""
    store, noted = Store(EndpointName("lab")), []
    for poll in range(400):
        job = make.job(1, original_size_bytes=1000 + poll)
        events = await store.list_arrived({job.job_id: job}, Moment(make.start, poll * 5.0))
        noted += [poll * 5 for event in events if isinstance(event, Noted)]
    assert noted == [5, 905, 1805]


def test_a_tree_is_told_when_it_reads_differently(make: Make) -> None:
    """The first is told as a whole, an equal one not at all, and a newer one with the revision it applies to."""
    store = Store(EndpointName("lab"))
    told = [
        event for size in (100, 100, 200) for event in store.tree_arrived(JobTree(make.job(1, cached_size_bytes=size)))
    ]
    assert [(event.since_revision, event.tree.revision) for event in told] == [(None, 1), (1, 2)]
    assert told[1].changes.is_job_changed
