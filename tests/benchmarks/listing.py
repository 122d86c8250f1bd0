"""One measurement of line 5, in a process of its own: `python -m tests.benchmarks.listing FILE LATER`.

Two answers of Get Jobs go the way of a poll: parsed as they arrive, compared in the monitor's store, shown by the job
list, painted by a headless application. The second is measured, in seconds of processor time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bptui.ds3.parse.jobs import KnownJobs
from bptui.model.endpoint import EndpointName
from bptui.monitor.events import JobsChanged
from bptui.monitor.store import Moment, Store
from bptui.monitor.why.history import Instant
from bptui.tui.display import Display
from bptui.tui.theme import Depth, ThemeName, look
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.job_rows import Lookup
from bptui.tui.widgets.kinds import Kinds
from tests.benchmarks.baselines import Host
from tests.benchmarks.reading import portions, read_jobs

NOW = datetime(2025, 3, 5, 16, 0, tzinfo=UTC)


def job_list() -> JobList:
    """A job list that knows no verdicts."""
    display = Display(look(ThemeName.DARK, Depth.TRUECOLOR), UTC)
    lookup = Lookup(progress=lambda _: None, verdict=lambda _: None)
    return JobList(display, lookup, Kinds(), lambda: (Instant(0.0, NOW), False), name="jobs")


async def poll(body: list[bytes], known: KnownJobs, store: Store, shown: JobList) -> int:
    """Do what one answer asks for, up to the list on screen; tell how many jobs read differently."""
    news = await store.list_arrived(read_jobs(body, known), Moment(NOW, 0.0))
    changed = 0
    for event in news:
        if isinstance(event, JobsChanged):
            changed += len(event.changes.changed)
            shown.take(event.snapshot, event.changes)
    return changed


async def measured(body: list[bytes], later: list[bytes]) -> dict[str, float]:
    """Show the first answer, then take the time that the second one needs."""
    app = Host(job_list)
    async with app.run_test(size=(120, 40)) as pilot:
        shown, store, known = app.query_one(JobList), Store(EndpointName("bench")), KnownJobs()
        await poll(body, known, store, shown)
        await pilot.pause()
        start = time.process_time()
        changed = await poll(later, known, store, shown)
        await pilot.pause()
        return {"seconds": time.process_time() - start, "changed": float(changed)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(*(portions(Path(name)) for name in sys.argv[1:])))))
