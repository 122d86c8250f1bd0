"""The pretend appliance's state, moving through simulated time, and everything that can be done to it."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.simulator.accounts import Bucket, User
from bptui.simulator.clock import Clock
from bptui.simulator.identity import uuid_of
from bptui.simulator.jobs import Chunk, Job, RequestType, Status
from bptui.simulator.library import Library
from bptui.simulator.machine import Machine, RefusedJob, Task
from bptui.simulator.release import Release

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from datetime import datetime

    from bptui.simulator.library import Tape
    from bptui.simulator.options import Options

BURST_THRESHOLD = 0.85
"""How much of the cache jobs may reserve (DS3 API reference, `BurstThreshold`)."""

HISTORY = timedelta(days=30)
"""How long finished jobs stay."""


class Appliance:
    """Jobs, users, buckets and the machine; every public method may be called from any thread.

    What happens over time is written as generators that yield the simulated seconds until they go on. They run in the
    order of their moments, so that the state at a moment does not depend on how often anybody looked.
    """

    def __init__(self, options: Options, clock: Clock | None = None) -> None:
        self.options = options
        self.release = Release.named(options.release)
        self.clock = clock or Clock(speed=options.speed, start=options.start)
        self.rng = random.Random(options.seed)
        self.lock = threading.RLock()
        self.machine = Machine()
        self.library = Library()
        self.users: dict[str, User] = {}
        self.buckets: dict[str, Bucket] = {}
        self.jobs: dict[str, Job] = {}
        self._alive: dict[str, Job] = {}
        self.moment_seconds = 0.0
        """The simulated time up to which everything has happened."""
        self._agenda: list[tuple[float, int, Generator[float]]] = []
        self._turns = itertools.count()

    def catch_up(self) -> None:
        """Let everything happen that is due by now."""
        with self.lock:
            until = self.clock.elapsed_seconds()
            while self._agenda and self._agenda[0][0] <= until:
                self.moment_seconds, _, story = heapq.heappop(self._agenda)
                self._continue(story)
            self.moment_seconds = max(self.moment_seconds, until)

    def advance(self, seconds: float) -> None:
        """Let simulated time pass at once."""
        with self.lock:
            self.clock.step(seconds)
            self.catch_up()

    def begin(self, story: Generator[float], after_seconds: float = 0.0) -> None:
        """Start something that happens over time."""
        with self.lock:
            heapq.heappush(self._agenda, (self.moment_seconds + after_seconds, next(self._turns), story))

    def _continue(self, story: Generator[float]) -> None:
        delay_seconds = next(story, None)
        if delay_seconds is not None:
            heapq.heappush(self._agenda, (self.moment_seconds + delay_seconds, next(self._turns), story))

    def now(self) -> datetime:
        """The date of the moment that is being simulated."""
        return self.clock.at(self.moment_seconds)

    def add_user(self, name: str, *, is_administrator: bool = False) -> User:
        """A user, made if there is none of this name."""
        with self.lock:
            return self.users.setdefault(name, User(name, is_administrator))

    def user_of(self, access_id: str) -> User | None:
        """The user with this access id."""
        return next((user for user in self.users.values() if user.access_id == access_id), None)

    def add_bucket(self, name: str, owner: User, *, age_days: int = 0) -> Bucket:
        """A bucket, made if there is none of this name."""
        with self.lock:
            created_at = self.now() - timedelta(days=age_days)
            made = Bucket(name, owner, created_at, uuid_of("bucket", name), self.library.policies[0].id)
            return self.buckets.setdefault(name, made)

    def bucket_of(self, word: str) -> Bucket | None:
        """The bucket with this name or id."""
        return self.buckets.get(word) or next((each for each in self.buckets.values() if each.id == word), None)

    def add(self, job: Job) -> Job:
        """A job comes into being."""
        with self.lock:
            job.created_seconds = job.last_activity_seconds = self.moment_seconds
            for chunk in job.chunks if job.request_type is not RequestType.PUT else ():
                chunk.tape_id = chunk.tape_id or self.any_tape(int(chunk.id[:8], 16)).id
            self.jobs[job.id] = self._alive[job.id] = job
            return job

    def named(self, name: str) -> Job:
        """The newest running job of this name.

        Raises:
            KeyError: there is none.
        """
        with self.lock:
            for job in self.running():
                if job.name == name:
                    return job
        raise KeyError(name)

    def running(self) -> list[Job]:
        """Running jobs, newest first."""
        newest_first = self._still_alive()[::-1]
        newest_first.sort(key=lambda job: job.created_at, reverse=True)
        return newest_first

    def _still_alive(self) -> list[Job]:
        """Running jobs in the order they came; what has ended since is left out from here on."""
        jobs = [job for job in self._alive.values() if job.is_running]
        if len(jobs) < len(self._alive):
            self._alive = {job.id: job for job in jobs}
        return jobs

    def ended(self, status: Status) -> list[Job]:
        """Jobs that ended in this way within the history kept, the last one first."""
        kept_from = self.now() - HISTORY
        jobs = [
            job for job in self.jobs.values() if job.status is status and job.ended_at and job.ended_at >= kept_from
        ]
        return sorted(jobs, key=lambda job: (job.ended_at or job.created_at, job.id), reverse=True)

    def job(self, job_id: str) -> Job | None:
        """A job by id, as long as it is kept."""
        job = self.jobs.get(job_id.lower())
        if job is not None and job.ended_at is not None and job.ended_at < self.now() - HISTORY:
            return None
        return job

    def finish(self, job: Job | str) -> None:
        """A job completes; every byte counts as done."""
        with self.lock:
            job = self._known(job)
            job.cached_bytes = job.completed_bytes = job.original_bytes
            self.complete(job)

    def complete(self, job: Job) -> None:
        """A job completes with the counters it has."""
        with self.lock:
            if job.is_running and not job.is_kept_open:
                job.end(Status.COMPLETED, self.now())

    def cancel(self, job: Job | str, *, due_to_timeout: bool = False) -> None:
        """A job is canceled, by a user or by the idle timer."""
        with self.lock:
            job = self._known(job)
            if job.is_running:
                job.is_canceled_due_to_timeout = due_to_timeout
                job.end(Status.CANCELED, self.now())

    def arrive(self, job: Job | str, count: int = 1) -> int:
        """The next objects of a job arrive in the cache; how many there were to arrive."""
        with self.lock:
            job = self._known(job)
            places = (
                (chunk, index)
                for chunk in job.chunks
                if not chunk.is_in_cache
                for index, blob in enumerate(chunk.blobs)
                if not blob.is_in_cache
            )
            waiting = list(itertools.islice(places, count))
            for chunk, index in waiting:
                job.cache(chunk, index)
            return len(waiting)

    def close(self, job: Job | str) -> None:
        """A job stops aggregating; nothing else changes."""
        with self.lock:
            job = self._known(job)
            job.is_aggregating = False
            job.touch()

    def forget(self, jobs: Iterable[Job | str]) -> None:
        """Jobs are cleared: nobody knows them any more."""
        with self.lock:
            for job in [self._known(each) for each in jobs]:
                self.jobs.pop(job.id, None)
                self._alive.pop(job.id, None)

    def forget_oldest(self, most: int) -> None:
        """Keep no more than this many ended jobs, and none beyond the history."""
        kept_from = self.now() - HISTORY
        ended = [job for job in self.jobs.values() if job.ended_at is not None]
        ended.sort(key=lambda job: job.ended_at or kept_from, reverse=True)
        self.forget(job for at, job in enumerate(ended) if at >= most or (job.ended_at or kept_from) < kept_from)

    def _known(self, job: Job | str) -> Job:
        return self.jobs[job.lower()] if isinstance(job, str) else job

    def note_activity(self, job: Job) -> None:
        """Reset a job's idle timer."""
        job.last_activity_seconds = self.moment_seconds

    def refuse_job(self, user: User, message: str) -> None:
        """Note that somebody's job was not taken."""
        self.machine.refused_jobs.append(RefusedJob(user.name, message, self.now()))

    def begin_task(self, name: str, description: str, job: Job, tape_id: str | None = None) -> Task:
        """The back end starts to work for a job, on one of the drives that may."""
        drives = self.library.usable_drives(job)
        drive = drives[self.machine.tasks_begun % len(drives)] if drives else None
        task = self.schedule(name, description, job)
        task.state, task.started_at = "IN_PROGRESS", self.now()
        if drive is not None:
            drive.tape_id = tape_id or self.scratch_tape(self.machine.tasks_begun).id
            task.drive_id, task.tape_id = drive.id, drive.tape_id
        return task

    def schedule(self, name: str, description: str, job: Job | None) -> Task:
        """The back end plans to do something, for a job or for itself."""
        self.machine.tasks_begun += 1
        task = Task(
            number=4_200 + self.machine.tasks_begun,
            name=name,
            description=description,
            scheduled_at=self.now(),
            priority=job.priority.value if job else "NORMAL",
            job_ids=(job.id,) if job else (),
        )
        self.machine.tasks[task.number] = task
        return task

    def can_write(self, job: Job) -> bool:
        """Whether the back end can write a PUT's chunks now."""
        return self.machine.backend.is_activated and not job.is_media_silent and self.library.can_write(job)

    def can_read(self, job: Job, chunk: Chunk) -> bool:
        """Whether the back end can read a chunk from its tape now."""
        is_able = self.machine.backend.is_activated and not job.is_media_silent and self.has_cache_space()
        return is_able and self.library.can_read(job, chunk.tape_id)

    def end_task(self, task: Task) -> None:
        """The back end finished a task."""
        self.machine.tasks.pop(task.number, None)
        for drive in self.library.drives:
            if drive.id == task.drive_id:
                drive.tape_id = None

    def any_tape(self, number: int) -> Tape:
        """One of the tapes that hold data, always the same for a number."""
        return self.library.written[number % len(self.library.written)]

    def scratch_tape(self, number: int) -> Tape:
        """One of the tapes that are written, always the same for a number."""
        return self.library.scratch[number % len(self.library.scratch)]

    def has_cache_space(self) -> bool:
        """Whether running jobs leave space below the cache's burst threshold."""
        cache = self.machine.cache
        return self.cached_bytes() + cache.unavailable_bytes < cache.total_bytes * BURST_THRESHOLD

    def cached_bytes(self) -> int:
        """How much of the cache running jobs hold."""
        return self.machine.cache.locked_bytes + sum(
            max(0, job.cached_bytes - job.completed_bytes) for job in self._still_alive()
        )
