"""Line 13: what it costs to say why 40,000 jobs move or stand; `python -m tests.benchmarks.judging` measures once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bptui.model.diff import JobsChanges
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.why.facts import Evidence
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.verdicts import Verdicts
from tests.benchmarks.figures import Figure, at_most, median_fresh
from tests.monitor.why.scene import at, cache, drive, endpoint, job, ok, partition

JOBS = 40_000
POLL_SECONDS = 5
QUIET_MS = 50
SOME_MS = 150


def jobs() -> dict[JobId, Job]:
    """PUTs that move and that have all arrived, a GET, a VERIFY, in turn."""
    made = [job("PUT", (1200, 600, 300)), job("PUT", (10, 10, 0)), job("GET", (500, 50, 0)), job("VERIFY", (9, 9, 0))]
    ids = [JobId(f"{number:08x}-0000-4000-8000-000000000000") for number in range(JOBS)]
    return {job_id: replace(made[number % len(made)], job_id=job_id) for number, job_id in enumerate(ids)}


def measured() -> dict[str, float]:
    """Milliseconds of processor time for polls of three kinds."""
    found, verdicts = jobs(), Verdicts(Limits())
    drives = ok(tuple(drive(f"d{number}", partition_id="id-LTO8-A") for number in range(8)))
    evidence = Evidence(endpoint(cache=cache(reserved=0.4), partitions=ok((partition(),)), drives=drives))

    def poll(number: int, changed: tuple[JobId, ...] = ()) -> float:
        seconds = number * POLL_SECONDS
        snapshot = JobsSnapshot(EndpointName("bench"), 2 if changed else 1, at(seconds), found)
        changes = JobsChanges(changed=changed) if number else None
        now = Instant(seconds, at(seconds))
        return milliseconds(
            lambda: (verdicts.update(snapshot, changes, evidence, now), verdicts.endpoint_verdicts(now))
        )

    poll(0)
    everybody = poll(1)
    poll(2)
    quiet = poll(3)
    some = tuple(found)[::100]
    for job_id in some:
        found[job_id] = replace(found[job_id], completed_size_bytes=found[job_id].completed_size_bytes + 1)
    return {"everybody": everybody, "quiet": quiet, "some": poll(4, some)}


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time, because everything here is computation."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def run(lines: AbstractSet[int]) -> list[Figure]:
    """Beside judging every job anew, as the second poll does."""
    found = median_fresh("tests.benchmarks.judging")
    everybody = found["everybody"]
    return [
        at_most(13, f"judging {JOBS:,} jobs, a poll without news", found["quiet"], everybody, "ms", QUIET_MS),
        at_most(13, f"judging {JOBS:,} jobs, 1 % changed", found["some"], everybody, "ms", SOME_MS),
    ]


if __name__ == "__main__":
    print(json.dumps(measured()))
