"""Measures what verdicts cost: `python -m tests.monitor.why.measure [JOBS]`; prints milliseconds, median of five."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from statistics import median
from time import perf_counter

from bptui.model.diff import JobsChanges
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.why.facts import Evidence
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.verdicts import Verdicts
from tests.monitor.why.scene import at, cache, drive, endpoint, job, ok, partition

POLL = 5


def main(number: int) -> None:
    jobs = {name: replace(made, job_id=name) for name, made in _jobs(number)}
    verdicts, evidence = Verdicts(Limits()), _evidence()
    tracemalloc.start()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    first = _took(lambda: verdicts.update(_snapshot(jobs, 1, 0), None, evidence, _now(0)))
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    verdicts = Verdicts(Limits())
    first = _took(lambda: verdicts.update(_snapshot(jobs, 1, 0), None, evidence, _now(0)))
    second = _took(lambda: verdicts.update(_snapshot(jobs, 1, 5), JobsChanges(), evidence, _now(POLL)))
    third = _took(lambda: verdicts.update(_snapshot(jobs, 1, 10), JobsChanges(), evidence, _now(2 * POLL)))
    quiet = [_took(lambda k=k: _poll(verdicts, jobs, evidence, k)) for k in range(3, 8)]  # type: ignore[misc]
    diffed = [
        _took(lambda k=k: verdicts.update(_snapshot(jobs, 1, k * POLL), None, evidence, _now(k * POLL)))
        for k in range(8, 13)
    ]  # type: ignore[misc]
    some = [_took(lambda k=k: _change(verdicts, jobs, evidence, k)) for k in range(13, 18)]  # type: ignore[misc]
    whole = [_took(lambda k=k: verdicts.endpoint_verdicts(_now(k * POLL))) for k in range(5)]  # type: ignore[misc]
    rows = [
        ("first poll", first),
        ("second poll: every job judged", second),
        ("third poll", third),
        ("a poll without news", median(quiet)),
        ("a poll without news, difference not given", median(diffed)),
        ("a poll with 1 % changed", median(some)),
        ("endpoint verdicts", median(whole)),
    ]
    for name, seconds in rows:
        sys.stdout.write(f"{name:45} {1000 * seconds:9.2f} ms\n")
    sys.stdout.write(f"{'memory a job':45} {grown / number:9.0f} B\n")


def _jobs(number: int) -> list[tuple[JobId, Job]]:
    shapes = [("PUT", (1200, 600, 300)), ("PUT", (10, 10, 0)), ("GET", (500, 50, 0)), ("VERIFY", (9, 9, 0))]
    made = [job(*shape) for shape in shapes]  # type: ignore[arg-type]
    return [(JobId(f"{k:08x}-0000-4000-8000-000000000000"), made[k % len(made)]) for k in range(number)]


def _evidence() -> Evidence:
    drives = ok(tuple(drive(f"d{k}", partition_id="id-LTO8-A") for k in range(8)))
    return Evidence(endpoint(cache=cache(reserved=0.4), partitions=ok((partition(),)), drives=drives))


def _snapshot(jobs: dict[JobId, Job], revision: int, seconds: float) -> JobsSnapshot:
    return JobsSnapshot(EndpointName("bench"), revision, _utc(seconds), jobs)


def _utc(seconds: float) -> datetime:
    return at(seconds)


def _now(seconds: float) -> Instant:
    return Instant(seconds, at(seconds))


def _poll(verdicts: Verdicts, jobs: dict[JobId, Job], evidence: Evidence, k: int) -> None:
    verdicts.update(_snapshot(jobs, 1, k * POLL), JobsChanges(), evidence, _now(k * POLL))


def _change(verdicts: Verdicts, jobs: dict[JobId, Job], evidence: Evidence, k: int) -> None:
    names = list(jobs)[k::100]
    for name in names:
        jobs[name] = replace(jobs[name], completed_size_bytes=jobs[name].completed_size_bytes + 1)
    changes = JobsChanges(changed=tuple(names))
    verdicts.update(_snapshot(jobs, 1 + k, k * POLL), changes, evidence, _now(k * POLL))


def _took(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
