"""The store: the latest snapshot of an endpoint, what an answer changes in it, and what is worth a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bptui.model.diff import JobsChanges, TreeChanges, snapshot_changes
from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Job, JobId, JobRecord
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor import notes
from bptui.monitor.events import Event, JobsChanged, Noted, TreeChanged
from bptui.monitor.progress import History, Past, counters

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.tree import JobTree

T = TypeVar("T")
_Ids = dict[JobId, None]
"""Jobs in the order in which they were found, each once."""

ENDED_KEPT = 300
"""How many jobs that ended while watched stay: a session of weeks would otherwise grow without end, by some kilobytes
a job. Those before are read from the appliance when somebody wants them."""
GROWTH_NOTE_SECONDS = 900.0
"""A job that grows with every poll is worth a line this often."""
SLICE_JOBS = 1000
"""How many jobs are compared before the event loop gets a turn: a few milliseconds' worth."""


class Moment(NamedTuple):
    """When an answer arrived."""

    at: datetime
    """The time of day, UTC."""
    elapsed: float
    """Seconds of `ages.Elapsed`."""


async def _slices(items: Iterable[T]) -> AsyncIterator[list[T]]:
    """Hand out items by the thousand, giving the event loop a turn after each."""
    rest = iter(items)
    while part := list(islice(rest, SLICE_JOBS)):
        yield part
        if len(part) == SLICE_JOBS:
            await asyncio.sleep(0)


_COUNTERS = {"original_size_bytes", "cached_size_bytes", "completed_size_bytes"}
_beside_counters = attrgetter(*(field.name for field in fields(JobRecord) if field.name not in _COUNTERS))


def _steady(old: JobRecord | None, new: JobRecord) -> JobRecord:
    """The older record when the newer one differs in its counters only: those the list tells, and sooner."""
    return old if old is not None and _beside_counters(old) == _beside_counters(new) else new


def _without(items: Mapping[JobId, T], ids: Iterable[JobId]) -> Mapping[JobId, T]:
    """The mapping itself, or a copy without some ids if it holds any."""
    gone = [job_id for job_id in ids if job_id in items]
    if not gone:
        return items
    rest = dict(items)
    for job_id in gone:
        del rest[job_id]
    return rest


class Store:
    """What one endpoint told last; each method takes an answer and gives the events that it makes."""

    def __init__(self, endpoint: EndpointName) -> None:
        self._endpoint = endpoint
        self.snapshot: JobsSnapshot | None = None
        self.tree: JobTree | None = None
        self._tree_revision = 0
        self.leaving: dict[JobId, Moment] = {}
        """Jobs that left the list; they stay in the snapshot until it is known how they ended."""
        self._seen_at: dict[JobId, float] = {}
        """When each running job was seen first (`ages.Elapsed`)."""
        self._histories: dict[JobId, History] = {}
        """Only of jobs that have changed: of 40,000 most stand."""
        self._past: Past | None = None
        """What was recorded, until the first list continues it."""
        self._listed: Mapping[JobId, Job] = {}
        self._ended: dict[JobId, EndedJob] = {}
        self._older: Mapping[JobId, EndedJob] = {}
        self._canceled: Mapping[JobId, EndedJob] = {}
        self._all_ended: Mapping[JobId, EndedJob] = {}
        self._growth_noted: dict[JobId, float] = {}

    def is_running(self, job_id: JobId) -> bool:
        """Whether the last list held the job."""
        return job_id in self._listed

    def history(self, job: Job) -> History | None:
        """What the counters of a running job did since it was seen first; None when it was not seen."""
        seen_at = self._seen_at.get(job.job_id)
        if seen_at is None:
            return None
        return self._histories.get(job.job_id) or History(counters(job), seen_at)

    async def remember(self, past: Past) -> None:
        """Let what is known of counters begin where a recording began."""
        self._past = past
        await self._take_up(self._listed)

    async def _take_up(self, jobs: Mapping[JobId, Job]) -> None:
        """Continue what was recorded, once there are both a recording and a list, in slices."""
        if self._past is None or not jobs:
            return
        past, self._past = self._past, None
        async for part in _slices(jobs.values()):
            for job in part:
                seen_at = self._seen_at.get(job.job_id)
                if seen_at is not None and job.job_id not in self._histories:
                    self._continue(job.job_id, past.resumed(job, seen_at))

    def _continue(self, job_id: JobId, history: History | None) -> None:
        if history is None:
            return
        self._seen_at[job_id] = history.since
        if history.last_change is not None:
            self._histories[job_id] = history

    async def list_arrived(self, jobs: Mapping[JobId, Job], moment: Moment) -> list[Event]:
        """Take the list of running jobs, in slices between which the event loop goes on."""
        known = self.snapshot.jobs if self.snapshot else {}
        is_first = self.snapshot is None
        shared: dict[JobId, Job] = {}
        touched = dict.fromkeys(self.leaving)
        lines: list[Noted] = []
        async for part in _slices(jobs.items()):
            for job_id, job in part:
                old = known.get(job_id)
                if old is not None and (old is job or old == job):
                    shared[job_id] = old
                    continue
                shared[job_id] = job
                touched[job_id] = None
                lines.extend(self._sampled(job, old, moment, is_first=is_first))
        await self._take_up(shared)
        return [*self._listed_anew(shared, touched, moment), *lines]

    def _listed_anew(self, jobs: Mapping[JobId, Job], touched: _Ids, moment: Moment) -> Iterator[Event]:
        self._leave_and_return(jobs, moment)
        self._listed = jobs
        before = self.snapshot
        if before is None:
            self.snapshot = JobsSnapshot(self._endpoint, 1, moment.at, jobs, self._all_ended)
            yield JobsChanged(self._endpoint, self.snapshot, JobsChanges(added=(*jobs, *self._all_ended)))
            return
        shown = {**jobs, **{job_id: before.jobs[job_id] for job_id in self.leaving}} if self.leaving else jobs
        fresh = replace(before, at=moment.at, jobs=shown, ended=self._all_ended)
        yield from self._renewed(fresh, touched | dict.fromkeys(self.leaving))

    def _leave_and_return(self, jobs: Mapping[JobId, Job], moment: Moment) -> None:
        self.leaving |= {job_id: moment for job_id in self._listed if job_id not in jobs}
        for job_id in [job_id for job_id in self.leaving if job_id in jobs]:
            del self.leaving[job_id]
        if not self._all_ended.keys().isdisjoint(jobs.keys()):
            self._ended = {job_id: ended for job_id, ended in self._ended.items() if job_id not in jobs}
            self._older = {job_id: ended for job_id, ended in self._older.items() if job_id not in jobs}
            self._canceled = {job_id: ended for job_id, ended in self._canceled.items() if job_id not in jobs}
            self._all_ended = {**self._older, **self._canceled, **self._ended}

    def _sampled(self, job: Job, known: Job | None, moment: Moment, *, is_first: bool) -> Iterator[Noted]:
        if known is None or job.job_id not in self._seen_at:
            self._seen_at[job.job_id] = moment.elapsed
            if not is_first:
                yield notes.started(self._endpoint, moment.at, job)
            return
        history = self._histories.get(job.job_id)
        if history is None:
            history = self._histories[job.job_id] = History(counters(known), self._seen_at[job.job_id])
        if not history.add(counters(job), moment.elapsed):
            yield notes.went_back(self._endpoint, moment.at, job)
        if known.is_aggregating and not job.is_aggregating:
            yield notes.aggregation_ended(self._endpoint, moment.at, job)
        if job.original_size_bytes > known.original_size_bytes and self._is_growth_news(job.job_id, moment):
            yield notes.grew(self._endpoint, moment.at, known, job)

    def _is_growth_news(self, job_id: JobId, moment: Moment) -> bool:
        noted = self._growth_noted.get(job_id)
        if noted is not None and moment.elapsed - noted < GROWTH_NOTE_SECONDS:
            return False
        self._growth_noted[job_id] = moment.elapsed
        return True

    def ended(self, endings: Iterable[EndedJob], moment: Moment) -> Iterator[Event]:
        """Learn how jobs that left the list ended."""
        settled = {one.job.job_id: one for one in endings if self.leaving.pop(one.job.job_id, None) is not None}
        for job_id in settled:
            self._seen_at.pop(job_id, None)
            self._histories.pop(job_id, None)
            self._growth_noted.pop(job_id, None)
        self._ended |= settled
        forgotten = list(islice(self._ended, max(len(self._ended) - ENDED_KEPT, 0)))
        for job_id in forgotten:
            del self._ended[job_id]
        yield from self._ended_anew((*settled, *forgotten))
        yield from (notes.ended(self._endpoint, moment.at, one) for one in settled.values())

    def older_arrived(self, older: Mapping[JobId, EndedJob]) -> Iterator[Event]:
        """Show jobs that ended before watching began; an empty mapping hides them again."""
        before, self._older = self._older, self._without_running(older)
        yield from self._ended_anew((*before, *self._older))

    def canceled_arrived(self, canceled: Mapping[JobId, EndedJob]) -> Iterator[Event]:
        """Show the jobs that were canceled lately; those that run or are about to be settled are left out."""
        before, self._canceled = self._canceled, self._without_running(canceled)
        if self._canceled != before:
            yield from self._ended_anew((*before, *self._canceled))

    def _without_running(self, ended: Mapping[JobId, EndedJob]) -> dict[JobId, EndedJob]:
        is_running = (self._listed, self.leaving)
        return {one: told for one, told in ended.items() if not any(one in known for known in is_running)}

    def _ended_anew(self, touched: Iterable[JobId]) -> Iterator[Event]:
        """The same list of running jobs, with others that have ended."""
        self._all_ended = {**self._older, **self._canceled, **self._ended}
        if self.snapshot is None:
            return
        ids = dict.fromkeys(touched)
        over = [job_id for job_id in ids if job_id in self._all_ended]
        jobs = _without(self.snapshot.jobs, over)
        yield from self._renewed(replace(self.snapshot, jobs=jobs, ended=self._all_ended), ids)

    def is_known(self, job_id: JobId) -> bool:
        """Whether the snapshot holds the job, running or ended."""
        return self.snapshot is not None and self.snapshot.job(job_id) is not None

    async def records_arrived(self, records: Mapping[JobId, JobRecord], *, is_all: bool) -> list[Event]:
        """Take records of running jobs, of all of them or of some, in slices."""
        known = self.snapshot.records if self.snapshot else {}
        told: dict[JobId, JobRecord] = {}
        news: list[JobId] = []
        async for part in _slices(records.items()):
            told |= {job_id: _steady(known.get(job_id), record) for job_id, record in part}
            news += [job_id for job_id, _ in part if told[job_id] is not known.get(job_id)]
        if self.snapshot is None:
            return []
        now, running = self.snapshot.records, self.snapshot.jobs
        if now is not known:  # others have arrived between two slices
            differing = ((job_id, record) for job_id, record in told.items() if record is not now.get(job_id))
            news = [job_id for job_id, record in differing if record != now.get(job_id)]
        gone = [job_id for job_id in now if job_id not in told] if is_all else []
        if not news and not gone:
            return []
        all_told = told if is_all else {**now, **told}
        strangers = {one for one in news if one not in running}
        news = [one for one in news if one not in strangers] if strangers else news
        fresh = replace(self.snapshot, records=_without(all_told, strangers))
        return list(self._kept(fresh, JobsChanges(changed=(*news, *gone))))

    def _renewed(self, fresh: JobsSnapshot, touched: _Ids) -> Iterator[JobsChanged]:
        """Take a newer snapshot that differs in nothing but the jobs touched."""
        if self.snapshot is not None:
            lost = [job_id for job_id in touched if job_id not in fresh.jobs]
            fresh = replace(fresh, records=_without(fresh.records, lost))
            yield from self._kept(fresh, snapshot_changes(self.snapshot, fresh, touched))

    def _kept(self, fresh: JobsSnapshot, changes: JobsChanges) -> Iterator[JobsChanged]:
        """Number a snapshot and keep it; an equal one only makes the old one younger."""
        revision = fresh.revision
        self.snapshot = replace(fresh, revision=revision + bool(changes))
        if changes:
            yield JobsChanged(self._endpoint, self.snapshot, changes, revision)

    def tree_arrived(self, tree: JobTree) -> Iterator[TreeChanged]:
        """Take the whole of the job looked at; revisions grow from job to job, too."""
        before = self.tree
        is_same_job = before is not None and before.job.job_id == tree.job.job_id
        from bptui.model.tree_diff import tree_changes  # noqa: PLC0415  # the first list needs none of it

        changes = tree_changes(before if is_same_job else None, tree)
        since = self._tree_revision if is_same_job else None
        is_news = bool(changes) or not is_same_job
        self._tree_revision += is_news
        self.tree = tree.with_revision(self._tree_revision)
        if is_news:
            yield TreeChanged(self._endpoint, self.tree, changes, since)

    def forget_tree(self) -> None:
        """Let go of the job that is no longer looked at: it may be large."""
        self.tree = None

    def known(self) -> Iterator[Event]:
        """What a new subscriber has to be told first."""
        if self.snapshot:
            everything = JobsChanges(added=(*self.snapshot.jobs, *self.snapshot.ended))
            yield JobsChanged(self._endpoint, self.snapshot, everything)
        if self.tree:
            yield TreeChanged(self._endpoint, self.tree, TreeChanges(is_reshaped=True, is_job_changed=True))
