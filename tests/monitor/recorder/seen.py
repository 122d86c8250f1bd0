"""Feeds a recorder with what watching sees, and turns the hands of its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bptui.model.diff import JobsChanges, snapshot_changes
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.job import EndedJob, Ending, Job, JobId
from bptui.model.problem import Problem, ProblemKind
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.appliance import Watched
from bptui.monitor.events import JobsChanged, Pane, Polled, PollFailed
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.shelf import RingFolder
from bptui.monitor.why.history import Instant
from tests.monitor.why.scene import job as make_job
from tests.waiting import wait_for

START = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
ENDPOINT = Endpoint(EndpointName("lab"), "http://lab.example.test", "access-id")


def job_id(number: int) -> JobId:
    return JobId(f"{number:08x}-0000-4000-8000-000000000000")


def job(number: int, kind: str, *counters: float, **changes: Any) -> Job:
    return replace(make_job(kind, counters), job_id=job_id(number), name=f"job {number}", **changes)  # type: ignore[arg-type]


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    @property
    def instant(self) -> Instant:
        return Instant(self.seconds, self.now())


class Silent:
    """An appliance that nobody asks."""


class Session:
    """One session of bptui over an endpoint, without the asking."""

    def __init__(self, folder: Path, *, by: str = "watch", clock: Hands | None = None, **limits: Any) -> None:
        self.clock = clock or Hands()
        self.shelf = RingFolder(folder, **limits)
        self.recorder = Recorder(self.shelf, by, self.clock)
        self.watched = self.recorder.around(Watched(ENDPOINT, Silent))  # type: ignore[arg-type]
        self.appliance = self.watched.connect()
        self.recorder.start()
        self.snapshot = JobsSnapshot(ENDPOINT.name, 0, START)
        self._polls = 0

    def poll(self, seconds: float, *jobs: Job, **more: Any) -> None:
        """The answer to a poll, some seconds after the start."""
        self.clock.seconds = seconds
        found = {one.job_id: one for one in jobs}
        ended = dict(self.snapshot.ended) | {
            gone: EndedJob(left, Ending.COMPLETED, self.clock.now())
            for gone, left in self.snapshot.jobs.items()
            if gone not in found
        }
        before = self.snapshot
        fresh = JobsSnapshot(ENDPOINT.name, before.revision, self.clock.now(), found, ended, **more)
        all_changes = snapshot_changes(before, fresh) if before.revision else JobsChanges(added=tuple(found))
        if all_changes or not before.revision:
            since = before.revision or None
            self.snapshot = replace(fresh, revision=before.revision + 1)
            self.recorder.take(JobsChanged(ENDPOINT.name, self.snapshot, all_changes, since))
        now = self.clock.now()
        self.recorder.take(Polled(ENDPOINT.name, Pane.LIST, now, 0.1, now + timedelta(seconds=5)))
        self._polls += 1
        if self._polls % 50 == 0:
            self.settle()  # a day in a second is more than any disk has to bear

    def fail(self, seconds: float) -> None:
        """A poll that failed."""
        self.clock.seconds = seconds
        problem = Problem(ProblemKind.TIMEOUT, "No answer came within 10 s.")
        now = self.clock.now()
        self.recorder.take(PollFailed(ENDPOINT.name, Pane.LIST, problem, now, now + timedelta(seconds=9), 1))

    def settle(self) -> None:
        """Wait until the thread has written what there is."""
        wait_for(lambda: self.recorder.is_idle)

    def close(self) -> None:
        self.recorder.close()
