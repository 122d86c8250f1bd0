"""Playback: an appliance that answers from a recording what the real one answered at that time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from bptui.clock import Clock
from bptui.ds3.calls import CallName
from bptui.ds3.errors import Ds3Error, GoneError, NotAllowedError, PermissionDeniedError
from bptui.ds3.questions import Listing, Question
from bptui.ds3.tally import Traffic
from bptui.model.answer import RawAnswer
from bptui.model.job import Ending, Job, JobId, JobRecord, RecordKind
from bptui.model.problem import Problem, ProblemKind
from bptui.model.system import SystemInformation
from bptui.model.tree import JobTree
from bptui.monitor.endings import record_of
from bptui.monitor.recorder.encoding import Data, decode, decode_tagged
from bptui.monitor.recorder.reel import Reel
from bptui.monitor.recorder.state import GAP_POLLS
from bptui.monitor.recorder.tape import key_of, question_key

LAST_POLLS = 3
"""For so many polls the end of a recording is shown before it is said to be over."""

Value = TypeVar("Value")
Item = TypeVar("Item")


class Playback:
    """Answers as `bptui.monitor.appliance.Appliance` asks; never writes, never connects."""

    def __init__(self, reel: Reel, clock: Clock) -> None:
        self._reel = reel
        self._clock = clock
        self._given_at = 0.0
        """When the list was read that was answered last."""

    # The list

    async def jobs(self, *, is_full: bool = False) -> dict[JobId, Job]:
        """The list as it was read next; a gap and the end of the recording are failures that say so."""
        if is_full:
            self._reel.advance(self._now())
            ended = {job_id: one.job for job_id, one in self._reel.state.ended.items()}
            return {**ended, **self._reel.state.jobs}
        await self._until_next_poll()
        state = self._reel.state
        if state.problem is not None:
            raise _error(decode(Problem, state.problem))
        leaving = self._reel.leaving(self._given_at)
        return {job_id: job for job_id, job in state.jobs.items() if job_id not in leaving}

    async def _until_next_poll(self) -> None:
        """Return when the list was read then; at once when that was since the last answer."""
        now = self._now()
        self._reel.advance(now)
        due = self._reel.next_poll(now)
        if due is None:
            self._require_more(now)
        elif self._reel.last_poll(now) <= self._given_at:
            if due - now > GAP_POLLS * self._reel.interval_seconds:
                raise _error(replace(self._gap(due), retry_after_seconds=due - now))
            await self._clock.sleep(due - now)
            self._reel.advance(due)
        self._given_at = self._reel.last_poll(max(now, due or now))

    def _require_more(self, now: float) -> None:
        """Let what happened last be asked about; then the recording is over."""
        end = self._reel.current.until
        if now > end + LAST_POLLS * self._reel.interval_seconds:
            at = datetime.fromtimestamp(end, UTC)
            raise NotAllowedError(f"The recording ends at {at:%Y-%m-%d %H:%M:%S} UTC.", "Play it again to see more.")

    def _gap(self, due: float) -> Problem:
        """Why nothing is known until a moment: what went wrong then, or that nobody looked."""
        if self._reel.state.problem is not None:
            return cast(Problem, decode(Problem, self._reel.state.problem))
        until = datetime.fromtimestamp(due, UTC)
        return Problem(ProblemKind.UNAVAILABLE, f"Nothing was recorded until {until:%Y-%m-%d %H:%M:%S} UTC.")

    def _now(self) -> float:
        return self._clock.now().timestamp()

    # Jobs one by one

    async def job(self, job_id: JobId, *, previous: JobTree | None = None) -> JobTree:  # noqa: ARG002 - the protocol's
        """Never known: a recording holds jobs, not their objects."""
        if job_id not in self._reel.state.jobs and job_id not in self._reel.state.ended:
            raise _gone()
        raise NotAllowedError("A recording holds jobs, not their chunks and objects.", "Look at the job's row.")

    async def active_job(self, job_id: JobId) -> JobRecord:
        """The record of a running job, with the counters of the list."""
        job, record = self._reel.state.jobs.get(job_id), self._reel.state.records.get(job_id)
        if job is None or record is None:
            raise _gone()
        return _counting_as(job, record)

    async def active_jobs(self) -> dict[JobId, JobRecord]:
        """The records of running jobs."""
        self._answer(key_of("active_jobs"), default=[])
        jobs, records = self._reel.state.jobs, self._reel.records(self._now())
        return {one: _counting_as(jobs[one], record) for one, record in records.items() if one in jobs}

    async def completed_job(self, job_id: JobId) -> JobRecord:
        """The record of a completed job."""
        return self._ended_record(job_id, Ending.COMPLETED, RecordKind.COMPLETED)

    async def canceled_job(self, job_id: JobId) -> JobRecord:
        """The record of a canceled job."""
        return self._ended_record(job_id, Ending.CANCELED, RecordKind.CANCELED)

    def _ended_record(self, job_id: JobId, ending: Ending, kind: RecordKind) -> JobRecord:
        told = self._reel.ending(job_id)
        if told is None or told.ending is not ending:
            raise _gone()
        return told.record or record_of(told.job, kind)

    async def completed_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """The completed jobs that are known."""
        return self._ended_records(Ending.COMPLETED, RecordKind.COMPLETED, most)

    async def canceled_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """The canceled jobs that are known."""
        self._answer(key_of("canceled_jobs"), default=[])
        return self._ended_records(Ending.CANCELED, RecordKind.CANCELED, most)

    def _ended_records(self, ending: Ending, kind: RecordKind, most: int | None) -> dict[JobId, JobRecord]:
        ended = [one for one in self._reel.endings(self._now()).values() if one.ending is ending]
        return {one.job.job_id: one.record or record_of(one.job, kind) for one in ended[-most if most else 0 :]}

    # Everything else

    async def system_information(self) -> SystemInformation:
        """Version and clock of the appliance, whose clock has gone on since."""
        told, at = self._answer(key_of("system_information"))
        found = cast(SystemInformation, told)
        return found if found.now is None else replace(found, now=found.now + timedelta(seconds=self._now() - at))

    async def answer(self, question: Question[Value]) -> Value:
        """What the appliance answered."""
        return cast(Value, self._answer(question_key(question))[0])

    async def items(self, listing: Listing[Item], *, most: int | None = None) -> tuple[Item, ...]:
        """What the appliance listed."""
        return cast(tuple[Item, ...], self._answer(question_key(listing))[0])[:most]

    async def newest(self, listing: Listing[Item], *, length: int) -> tuple[Item, ...]:  # noqa: ARG002 - the protocol's
        """What the appliance listed."""
        return cast(tuple[Item, ...], self._answer(question_key(listing))[0])

    def _answer(self, key: str, default: Data = None) -> tuple[Any, float]:
        """The answer of this time, and when it came; or the problem of this time, raised."""
        self._reel.advance(self._now())
        told = self._reel.answer(key, self._now())
        if told is None:
            if default is not None:
                return default, 0.0
            raise Ds3Error(Problem(ProblemKind.UNAVAILABLE, "The recording does not hold this answer."))
        if "problem" in told:
            raise _error(decode(Problem, told["problem"]))
        return decode_tagged(told["value"]), float(told["at"])

    async def close_aggregating_job(self, job_id: JobId) -> Job:  # noqa: ARG002 - the protocol's
        """Never: what is recorded cannot be changed."""
        raise _read_only()

    def lock(self) -> None:
        """Nothing but reading passes anyway."""

    def unlock(self) -> None:
        """Never."""
        raise _read_only()

    def last_answer(self, name: CallName, /) -> RawAnswer | None:  # noqa: ARG002 - the protocol's
        """A recording holds no bodies."""
        return None

    @property
    def traffic(self) -> Mapping[CallName, Traffic]:
        """Nothing is asked of anybody."""
        return {}

    async def aclose(self) -> None:
        """There is no connection."""


def _gone() -> GoneError:
    return GoneError(Problem(ProblemKind.GONE, "The recording does not know the job.", status=404))


def _read_only() -> NotAllowedError:
    return NotAllowedError("This is a recording: nothing can be changed.")


def _error(problem: Problem) -> Ds3Error:
    kinds = {ProblemKind.GONE: GoneError, ProblemKind.PERMISSION: PermissionDeniedError}
    return kinds.get(problem.kind, Ds3Error)(problem)


def _counting_as(job: Job, record: JobRecord) -> JobRecord:
    return replace(
        record,
        original_size_bytes=job.original_size_bytes,
        cached_size_bytes=job.cached_size_bytes,
        completed_size_bytes=job.completed_size_bytes,
    )
