"""One measurement of reading an answer, in a process of its own: `python -m tests.benchmarks.reading WHAT FILE [FILE]`."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser, KnownJobs
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.tree import JobTree
from bptui.model.tree_diff import tree_changes
from bptui.monitor.events import JobsChanged
from bptui.monitor.store import Moment, Store

PORTION_BYTES = 64 * 1024
"""What the client feeds at a time."""

Value = TypeVar("Value")


def peak_bytes() -> int:
    """The most memory this process ever had; on Linux not what its parent had when it made this one."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024


def timed(work: Callable[[], Value]) -> tuple[Value, dict[str, float]]:
    """Do it once; tell the seconds of processor time it took and the memory it added at most."""
    gc.collect()
    # Processor time, because everything here is computation, and other processes are not what is measured.
    peak, start = peak_bytes(), time.process_time()
    value = work()
    return value, {"seconds": time.process_time() - start, "bytes": float(peak_bytes() - peak)}


def as_the_vendor_does(body: bytes) -> list[dict[str, str]]:
    """A document of the whole, and every object's attributes out of it."""
    return [element.attrib for element in ET.fromstring(body).iter("Object")]  # noqa: S314  # our own bytes


def portions(path: Path) -> list[bytes]:
    """A body as the network brings it."""
    with path.open("rb") as file:
        return list(iter(lambda: file.read(PORTION_BYTES), b""))


def read_job(body: list[bytes], previous: JobTree | None = None) -> tuple[JobTree, float]:
    """Read as the client does; tell the longest that the event loop had to wait, too."""
    parser, longest = JobParser(previous), 0.0
    for portion in body:
        begun = time.perf_counter()
        parser.feed(portion)
        longest = max(longest, time.perf_counter() - begun)
    begun = time.perf_counter()
    tree = parser.close()
    return tree, max(longest, time.perf_counter() - begun)


def read_jobs(body: list[bytes], known: KnownJobs) -> dict[JobId, Job]:
    """Read a list as the client does."""
    parser = JobsParser(known)
    for portion in body:
        parser.feed(portion)
    return parser.close()


def first(body: list[bytes]) -> dict[str, float]:
    """The first poll of a job."""
    (_, longest), figures = timed(lambda: read_job(body))
    return figures | {"longest": longest}


def again(body: list[bytes], later: list[bytes]) -> dict[str, float]:
    """The next poll of a job, and what it tells about the difference."""
    before, _ = read_job(body)
    (after, longest), figures = timed(lambda: read_job(later, before))
    changes, diff = timed(lambda: tree_changes(before, after))
    return figures | {"longest": longest, "diff": diff["seconds"], "changed": float(len(changes.objects))}


def jobs(body: list[bytes], later: list[bytes]) -> dict[str, float]:
    """The next poll of the job list, with its difference."""
    known, store = KnownJobs(), Store(EndpointName("bench"))

    async def changed_by(answer: dict[JobId, Job], at: float) -> int:
        # The number alone leaves the loop: in its messages asyncio writes out what a task returns.
        events = await store.list_arrived(answer, Moment(datetime.now(UTC), at))
        return sum(len(event.changes.changed) for event in events if isinstance(event, JobsChanged))

    with asyncio.Runner() as runner:
        runner.run(changed_by(read_jobs(body, known), 0.0))
        after, figures = timed(lambda: read_jobs(later, known))
        changed, diff = timed(lambda: runner.run(changed_by(after, 5.0)))
    seconds = figures["seconds"] + diff["seconds"]
    return {"seconds": seconds, "diff": diff["seconds"], "changed": float(changed)}


def main() -> None:
    """Print the figures of one measurement as JSON."""
    what, paths = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    if what == "document":
        body = paths[0].read_bytes()
        figures = timed(lambda: as_the_vendor_does(body))[1]
    elif what == "first":
        figures = first(portions(paths[0]))
    else:
        figures = {"again": again, "jobs": jobs}[what](*map(portions, paths))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
