"""A day of watching: what is kept of jobs that came and went has a bound, in everything that knows of them."""

from __future__ import annotations

import gc
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Ending, Job, JobId
from bptui.model.vocabulary import JobStatus
from bptui.monitor.events import Event, JobsChanged, Noted
from bptui.monitor.hub import Hub
from bptui.monitor.recorder.batch import Batch
from bptui.monitor.recorder.picture import Picture
from bptui.monitor.recorder.state import State
from bptui.monitor.store import ENDED_KEPT, Moment, Store
from bptui.monitor.why.facts import Evidence
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.verdicts import Verdicts
from tests.jobs import PLAIN_JOB

NAME = EndpointName("lab")
START = datetime(2026, 11, 22, tzinfo=UTC)
POLL_SECONDS = 5.0
RUNNING = 3
GB = 10**9
_IS_OURS = re.compile(r"bptui\.(?!simulator\.)")
"""Whose values are counted: a pretend appliance of another test may still be ending in its own thread."""


class Day:
    """All that remembers jobs, told of a job that comes and one that goes with each poll."""

    def __init__(self) -> None:
        self.store = Store(NAME)
        self.verdicts = Verdicts(Limits())
        self.picture = Picture(State(), NAME, "test")
        self.hub = Hub()
        self.slow = self.hub.subscribe()
        """Somebody who never comes to read what happened."""
        self.polls = 0

    async def poll(self) -> None:
        self.polls += 1
        moment = Moment(START + timedelta(seconds=self.polls * POLL_SECONDS), self.polls * POLL_SECONDS)
        running = [self.job(number) for number in range(self.polls, self.polls + RUNNING)]
        self._tell(await self.store.list_arrived({job.job_id: job for job in running}, moment), moment)
        gone = self.job(self.polls - 1)
        if gone.job_id in self.store.leaving:
            last = replace(gone, status=JobStatus.COMPLETED)
            self._tell([*self.store.ended([EndedJob(last, Ending.COMPLETED, moment.at)], moment)], moment)

    def job(self, number: int) -> Job:
        done = (self.polls - number + RUNNING) * GB
        sizes = {"original_size_bytes": 9 * GB, "cached_size_bytes": done, "completed_size_bytes": done}
        return replace(PLAIN_JOB, job_id=JobId(f"{number:032x}"), name=f"job {number}", **sizes)  # type: ignore[arg-type]  # all are sizes

    def _tell(self, events: list[Event], moment: Moment) -> None:
        now = Instant(moment.elapsed, moment.at)
        for event in events:
            if isinstance(event, Noted):
                self.hub.publish(event)
            if isinstance(event, JobsChanged):
                outcome = self.verdicts.update(event.snapshot, event.changes, Evidence(), now)
                verdicts = {**outcome.changed, **dict.fromkeys(outcome.removed)}
                changes = event.changes if event.since_revision else None
                batch = Batch(moment.at.timestamp(), POLL_SECONDS, snapshot=event.snapshot, changes=changes)
                self.picture.take(replace(batch, verdicts=verdicts))


def kept() -> Counter[str]:
    """How many values of each kind of ours there are."""
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    return Counter(kind.__qualname__ for kind in kinds if _IS_OURS.match(str(kind.__module__)))


async def test_the_second_half_of_a_day_adds_nothing() -> None:
    """However many jobs have ended since, as many values are kept as when the first of them was forgotten."""
    by_others = kept()
    day = Day()
    for _ in range(2 * ENDED_KEPT + 10):
        await day.poll()
    before = kept()
    for _ in range(ENDED_KEPT):
        await day.poll()
    after = kept()
    of_the_day = before - by_others
    assert (of_the_day["EndedJob"], of_the_day["Entry"]) == (ENDED_KEPT, ENDED_KEPT + RUNNING)
    assert after == before
