"""Departures: jobs that left the list are asked for by id, so that each is known to be completed, canceled or gone."""

from __future__ import annotations

from bptui.ds3.errors import Ds3Error
from bptui.model.job import EndedJob, Ending, Job, JobId
from bptui.model.problem import ProblemKind
from bptui.monitor.appliance import Appliance
from bptui.monitor.endings import from_full_list, read_ending
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.store import Moment, Store

LOOK_AGAIN_SECONDS = 2.0
"""A canceled job may need 1.5 s to show up among the canceled ones; doubled with every look."""
LONGEST_LOOK_SECONDS = 300.0
MANY = 20
"""More departures than this at once are looked up in one full list instead, where that is not too long for it."""
JOBS_A_LOOK = 100
"""Asking for one job costs no more than so many jobs of a list: 50 KB."""

_OUTAGES = {
    ProblemKind.UNAVAILABLE,
    ProblemKind.TLS,
    ProblemKind.NAME,
    ProblemKind.REFUSED,
    ProblemKind.BROKEN,
    ProblemKind.TIMEOUT,
    ProblemKind.CLOCK_SKEW,
}


class Departures:
    """Finds out how the jobs that `Store.leaving` holds have ended."""

    def __init__(self, setting: Setting, store: Store, link: Link) -> None:
        self._setting = setting
        self._store = store
        self._link = link
        self._looks: dict[JobId, tuple[int, float]] = {}
        """How often each was looked for, and when it is looked for again (`ages.Elapsed`)."""

    def is_wanted(self) -> bool:
        """Whether any job has left and is not settled."""
        return bool(self._store.leaving)

    async def read(self) -> None:
        """Ask for every job whose turn it is; an outage raises, and leaves the rest for later."""
        now = self._setting.elapsed.seconds()
        self._looks = {job_id: look for job_id, look in self._looks.items() if job_id in self._store.leaving}
        due = [job_id for job_id in self._store.leaving if self._looks.get(job_id, (0, 0.0))[1] <= now]
        appliance = await self._link()
        if len(due) > max(MANY, self._listed() // JOBS_A_LOOK):
            await self._read_many(appliance, due)
            return
        for job_id in due:
            job = self._last_known(job_id)
            if job is not None:
                self._settle([self._final(job_id, await self._ending(appliance, job))])

    def _listed(self) -> int:
        return len(self._store.snapshot.jobs) if self._store.snapshot else 0

    def _last_known(self, job_id: JobId) -> Job | None:
        return self._store.snapshot.jobs.get(job_id) if self._store.snapshot else None

    async def _ending(self, appliance: Appliance, job: Job) -> EndedJob | None:
        try:
            return await read_ending(appliance, job, self._setting.clock.now())
        except Ds3Error as error:
            if error.problem.kind in _OUTAGES or error.problem.kind.waits_for_person:
                raise
            return EndedJob(job, Ending.UNKNOWN, self._setting.clock.now())

    async def _read_many(self, appliance: Appliance, due: list[JobId]) -> None:
        jobs = await appliance.jobs(is_full=True)
        now = self._setting.clock.now()
        ended = from_full_list({job_id: jobs[job_id] for job_id in due if job_id in jobs}, {}, now)
        lost = {job_id: job for job_id in due if job_id not in jobs and (job := self._last_known(job_id))}
        ended |= {job_id: EndedJob(job, Ending.GONE, now) for job_id, job in lost.items()}
        self._settle([self._final(job_id, ended.get(job_id)) for job_id in due])

    def _final(self, job_id: JobId, ending: EndedJob | None) -> EndedJob | None:
        """The ending, or None to look again later: when the job runs after all, and once when nobody knows it."""
        looks = self._looks.get(job_id, (0, 0.0))[0] + 1
        if ending is None or (ending.ending is Ending.GONE and looks == 1):
            pause = min(LOOK_AGAIN_SECONDS * 2.0 ** min(looks - 1, 32), LONGEST_LOOK_SECONDS)
            self._looks[job_id] = (looks, self._setting.elapsed.seconds() + pause)
            return None
        self._looks.pop(job_id, None)
        return ending

    def _settle(self, endings: list[EndedJob | None]) -> None:
        known = [ending for ending in endings if ending is not None]
        if not known:
            return
        moment = Moment(self._setting.clock.now(), self._setting.elapsed.seconds())
        for event in self._store.ended(known, moment):
            self._setting.publish(event)
