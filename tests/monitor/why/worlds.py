"""Generated jobs, histories and facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bptui.model.job import Job
from bptui.model.media import Quiesced, ReservedTaskType
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority
from bptui.monitor.why.facts import JobFacts, Policy, RequiredStore, Source
from tests.monitor.why.scene import (
    BACKEND_OFF,
    BACKEND_ON,
    GB,
    JOB_ID,
    TAPE_ID,
    Story,
    at,
    cache,
    denied,
    detail,
    drive,
    facts,
    failures,
    job,
    ok,
    partition,
    pool,
    record,
    tape,
    task,
)

TYPES = ("PUT", "GET", "VERIFY")
NOTHING: Source[Any] = Source()


@st.composite
def jobs(draw: st.DrawFn, kind: str | None = None) -> Job:
    """A job without counters."""
    request_type = kind or draw(st.sampled_from(TYPES))
    return job(
        request_type,
        (0, 0, 0),
        is_aggregating=request_type == "PUT" and draw(st.booleans()),
        entirely_in_cache=draw(st.sampled_from([None, None, True, False])),
        order_guarantee=draw(st.sampled_from([OrderGuarantee.NONE, OrderGuarantee.IN_ORDER])),
        priority=draw(st.sampled_from([Priority.LOW, Priority.NORMAL, Priority.URGENT])),
        status=draw(st.sampled_from([JobStatus.IN_PROGRESS] * 12 + [JobStatus.COMPLETED, JobStatus.CANCELED])),
    )


@st.composite
def stories(draw: st.DrawFn, kind: str | None = None, least: int = 1) -> Story:
    """A job sampled a few times, at whole seconds; counters mostly grow."""
    plain = draw(jobs(kind))
    moment, sizes = 0, [draw(st.sampled_from([0, 5, 10, 600, 1200])), 0, 0]
    steps: list[tuple[float, Job]] = []
    for _ in range(draw(st.integers(least, 5))):
        original, cached, completed = sizes
        counted = replace(
            plain,
            original_size_bytes=original * GB,
            cached_size_bytes=min(cached, original) * GB,
            completed_size_bytes=min(completed, original) * GB,
        )
        steps.append((moment, counted))
        moment += draw(st.sampled_from([5, 5, 60, 600, 1500, 2000, 5000, 30000]))
        sizes = [
            original + draw(st.sampled_from([0, 0, 0, 10])),
            max(0, cached + draw(st.sampled_from([0, 0, 0, 5, 300, 1200, -1]))),
            completed + draw(st.sampled_from([0, 0, 0, 5, 300])),
        ]
    return Story(steps)


@st.composite
def worlds(draw: st.DrawFn) -> JobFacts:
    """What may be known about a job; every source may be missing."""
    quiesced = st.sampled_from(["NO", "NO", "YES", "PENDING"])
    named = st.sampled_from(["A", "B"])
    state = st.sampled_from(["ONLINE", "ONLINE", "OFFLINE", "ERROR"])
    partitions = st.lists(
        st.builds(partition, named, state, quiesced), min_size=1, max_size=2, unique_by=lambda p: p.name
    )
    drives = st.lists(
        st.builds(
            drive,
            st.sampled_from(["d1", "d2"]),
            st.sampled_from(["NORMAL", "NORMAL", "ERROR"]),
            partition_id=st.sampled_from([None, "id-A", "id-B"]),
            quiesced=st.sampled_from([None, Quiesced.NO, Quiesced.YES]),
            reserved_task_type=st.sampled_from([None, *ReservedTaskType]),
            minimum_task_priority=st.sampled_from([None, Priority.NORMAL, Priority.HIGH]),
        ),
        max_size=2,
        unique_by=lambda d: d.drive_id,
    )
    tasks = st.lists(
        st.builds(
            task,
            st.sampled_from(["READY", "IN_PROGRESS", "COMPLETED"]),
            job_ids=st.sampled_from([None, (), (JOB_ID,)]),
            drive_id=st.sampled_from([None, "d1", "d2"]),
            tape_id=st.sampled_from([None, TAPE_ID]),
            date_started=st.sampled_from([None, at(0), at(2500), at(-20000)]),
        ),
        max_size=2,
    )
    store = RequiredStore("sd", frozenset({"id-A"}), frozenset())
    policies = [ok(Policy((store,), frozenset({"t"}))), ok(Policy((), frozenset())), denied()]

    def source(values: st.SearchStrategy[Any]) -> Any:
        return draw(st.one_of(st.just(NOTHING), values.map(lambda found: ok(tuple(found)))))

    found: dict[str, Any] = {
        "backend": draw(st.sampled_from([NOTHING, BACKEND_ON, BACKEND_ON, BACKEND_ON, BACKEND_OFF, denied()])),
        "cache": draw(st.sampled_from([NOTHING, cache(reserved=0.3), cache(reserved=0.9), cache(used=0.9), denied()])),
        "partitions": source(partitions),
        "drives": source(drives),
        "tasks": source(tasks),
        "pools": draw(st.sampled_from([NOTHING, ok(()), ok(()), ok((pool(),))])),
        "policy": draw(st.sampled_from([NOTHING, *policies])),
        "record": draw(
            st.sampled_from(
                [
                    None,
                    None,
                    record(),
                    record(error_message="no"),
                    record(restore="RESTORE"),
                    record(is_replicating=True),
                ]
            )
        ),
        "detail": draw(
            st.sampled_from(
                [
                    None,
                    None,
                    detail(assigned_waiting=1, largest_blob_bytes=GB),
                    detail(staged_bytes=5 * GB, lowest_chunk_id="c", is_lowest_in_cache=False, largest_chunk_bytes=GB),
                    detail(staged_bytes=600 * GB, lowest_chunk_id="c", is_lowest_in_cache=True),
                ]
            )
        ),
    }
    if draw(st.booleans()):
        found |= tape(draw(st.sampled_from(["NORMAL", "EJECTED", "BAD", "PENDING_INSPECTION"])))
    if draw(st.booleans()):
        kind = "WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING"
        found |= failures(FailureList.STORAGE_DOMAIN, kind, draw(st.integers(-50000, 50000)), "sd")
        found |= {"storage_domain_names": draw(st.sampled_from([{}, {"sd": "Archive"}]))}
    return facts(**found)


UNREADABLE = SourceState(Reading.FORBIDDEN)
SOURCES = {
    "data_path_backend": "backend",
    "cache_state": "cache",
    "tape_partition": "partitions",
    "tape_drive": "drives",
    "pool": "pools",
    "blob_store_task": "tasks",
}


def without(known: JobFacts, source: str) -> JobFacts:
    """The same facts with one source that could not be read."""
    lost: Source[Any] = Source(UNREADABLE)
    endpoint = known.endpoint
    if source in SOURCES:
        return replace(known, endpoint=replace(endpoint, **{SOURCES[source]: lost}))
    changes: dict[str, dict[str, Any]] = {
        "active_job": {"record": None, "endpoint": replace(endpoint, active_jobs=UNREADABLE)},
        "job detail": {"detail": None, "detail_state": UNREADABLE},
        "tape": {"tape": lost},
        "job_chunk_dao": {"chunk": lost, "tape": lost},
        "data policy": {"policy": lost},
        "storage_domain_failure": {"endpoint": replace(endpoint, failures={})},
    }
    return replace(known, **changes[source])


ALL_SOURCES = (*SOURCES, "active_job", "job detail", "tape", "job_chunk_dao", "data policy", "storage_domain_failure")
