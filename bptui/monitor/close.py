"""Close: the one wish that changes an appliance, from its checks to a result that is never silence.

The request is sent once, and never again: whatever its answer, unless that is a clear refusal, the job is
read again by a small call and judged by what that says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from bptui.clock import Clock
from bptui.ds3.calls import CallName
from bptui.ds3.errors import Delivery, Ds3Error, GoneError, PermissionDeniedError
from bptui.model.endpoint import Endpoint, Writes
from bptui.model.job import Job, JobId, JobRecord
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.appliance import Appliance
from bptui.monitor.audit import Audit, AuditUnwritable
from bptui.monitor.events import CloseFinished, CloseOutcome

if TYPE_CHECKING:
    from bptui.model.system import SystemInformation

FIRST_RELEASE = (4, 0)
"""Close Aggregating Job exists from 4.0 on; before, the same request acts as Modify Job."""
REREAD_PAUSES_SECONDS = (0.0, 2.0, 5.0)
"""Before each look at the job after the request; the later ones only while nothing is settled."""

_CLEAR_REFUSALS = {
    ProblemKind.AUTHENTICATION,
    ProblemKind.PERMISSION,
    ProblemKind.CLOCK_SKEW,
    ProblemKind.BAD_REQUEST,
    ProblemKind.WRONG_INTERFACE,
    ProblemKind.NOT_ALLOWED,
    ProblemKind.CONFIGURATION,
}
_SETTLED_ANSWERS = {ProblemKind.CONFLICT, ProblemKind.GONE}
"""Answers after which nothing is still on its way in the appliance."""


class Seen(Enum):
    """What a look at a job says about its aggregation."""

    AGGREGATING = "aggregating"
    NOT_AGGREGATING = "not aggregating"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a close ended, and in which words."""

    outcome: CloseOutcome
    sentence: str
    problem: Problem | None = None


def refusal(
    endpoint: Endpoint, *, is_read_only: bool, is_locked: bool, system: SystemInformation | None
) -> Problem | None:
    """Say why nothing may be closed at an endpoint; None when it may. An unknown release does not refuse."""
    if is_read_only:
        return _not_allowed("This session is read-only.", "Start bptui without --read-only to close jobs.")
    if endpoint.writes is Writes.NO:
        return _not_allowed(f'The config says writes = "no" for {endpoint.name}.', "Change it there to close jobs.")
    if is_locked:
        return _not_allowed(f"{endpoint.name} is locked.", "Unlock it for this session first.")
    if system and system.release and system.release < FIRST_RELEASE:
        return _not_allowed(
            f"{endpoint.name} runs release {system.version}, which cannot end an aggregation.",
            "Before 4.0 the same request would modify the job instead, so it is not sent.",
        )
    return None


def _not_allowed(sentence: str, advice: str) -> Problem:
    return Problem(ProblemKind.NOT_ALLOWED, sentence, advice)


async def close_job(
    appliance: Appliance,
    endpoint: Endpoint,
    job_id: JobId,
    *,
    audit: Audit,
    clock: Clock,
    is_read_only: bool = False,
    is_locked: bool = False,
    system: SystemInformation | None = None,
    reason: str = "",
) -> CloseFinished:
    """Close one aggregating job: check, look, write the line before, send once, look again, write the line after.

    Never raises for what the appliance or the network does. `system` is what is known of the release.
    """
    forbidden = refusal(endpoint, is_read_only=is_read_only, is_locked=is_locked, system=system)
    if forbidden:
        judgement = refused(forbidden)
    else:
        details = {
            "endpoint": endpoint.name,
            "url": endpoint.url,
            "access_id": endpoint.access_id,
            "job_id": job_id,
            "reason": reason or None,
            "release": system.version if system else None,
        }
        judgement = await _Case(appliance, job_id, audit, clock, details).carried_out()
    outcome, sentence, problem = judgement.outcome, judgement.sentence, judgement.problem
    return CloseFinished(endpoint.name, job_id, outcome, sentence, clock.now(), problem)


@dataclass(frozen=True, slots=True)
class _Case:
    """One close that nothing forbids."""

    appliance: Appliance
    job_id: JobId
    audit: Audit
    clock: Clock
    details: Mapping[str, str | None]
    """What each of its lines in the audit file holds."""

    async def carried_out(self) -> Judgement:
        """Look, write, send, look again, write."""
        seen = await look(self.appliance, self.job_id)
        if seen is not Seen.AGGREGATING:
            return _not_offered(seen)
        try:
            await self._write("close requested")
        except AuditUnwritable as error:
            problem = Problem(ProblemKind.NOT_ALLOWED, f"{error}.", "Make it writable, then close the job again.")
            return refused(problem)
        answer: Job | Ds3Error | None = None
        try:
            answer = await _send(self.appliance, self.job_id)
            after = await self._look_again(answer)
        except BaseException:
            with suppress(AuditUnwritable):  # why it was interrupted matters more
                self.audit.write("close interrupted", self.clock.now(), **self.details, **self._told(answer, None))
            raise
        judgement = judge(answer, after)
        try:
            told = self._told(answer, after)
            await self._write("close finished", **told, outcome=judgement.outcome.name.lower())
        except AuditUnwritable as error:
            return replace(judgement, sentence=f"{judgement.sentence} {error}.")
        return judgement

    async def _write(self, what: str, **more: str | int | None) -> None:
        await asyncio.to_thread(self.audit.write, what, self.clock.now(), **self.details, **more)

    async def _look_again(self, answer: Job | Ds3Error) -> Seen | Problem | None:
        """Look until something is settled: a request that broke may still take effect for a while."""
        if _is_clear_refusal(answer):
            return None
        is_settled = isinstance(answer, Ds3Error) and answer.problem.kind in _SETTLED_ANSWERS
        seen: Seen | Problem = Seen.AGGREGATING
        for pause in REREAD_PAUSES_SECONDS:
            if pause:
                await self.clock.sleep(pause)
            seen = await look(self.appliance, self.job_id)
            if isinstance(seen, Problem):
                if seen.kind.waits_for_person:
                    break
            elif is_settled or seen is not Seen.AGGREGATING:
                break
        return seen

    def _told(self, answer: Job | Ds3Error | None, seen: Seen | Problem | None) -> dict[str, str | int | None]:
        """What came back, and what the job looked like then."""
        looked = seen.value if isinstance(seen, Seen) else f"failed: {seen.sentence}" if seen else None
        if isinstance(answer, Ds3Error):
            problem = answer.problem
            return {
                "status": problem.status,
                "request_id": problem.request_id,
                "answer": f"{problem.kind.value}: {problem.sentence}",
                "delivery": answer.delivery.value,
                "reread": looked,
            }
        if answer is None:
            return {"status": None, "request_id": None, "answer": None, "delivery": None, "reread": looked}
        raw = self.appliance.last_answer(CallName.CLOSE_AGGREGATING_JOB)
        headers = {name.lower(): value for name, value in raw.headers} if raw else {}
        return {
            "status": raw.status if raw else None,
            "request_id": headers.get("x-amz-request-id"),
            "answer": (Seen.AGGREGATING if answer.is_aggregating else Seen.NOT_AGGREGATING).value,
            "delivery": Delivery.ANSWERED.value,
            "reread": looked,
        }


async def _send(appliance: Appliance, job_id: JobId) -> Job | Ds3Error:
    try:
        return await appliance.close_aggregating_job(job_id)
    except Ds3Error as error:
        return error


async def read_small(appliance: Appliance, job_id: JobId) -> Job | JobRecord | None:
    """Read a running job by a small call, or by the list when the key may not make that; None: it does not run.

    Raises:
        Ds3Error: it could not be read.
    """
    try:
        return await appliance.active_job(job_id)
    except GoneError:
        return None
    except PermissionDeniedError:
        job = (await appliance.jobs()).get(job_id)
        return job if job and job.is_running else None


async def look(appliance: Appliance, job_id: JobId) -> Seen | Problem:
    """Say whether a job aggregates now."""
    try:
        job = await read_small(appliance, job_id)
    except Ds3Error as error:
        return error.problem
    if job is None:
        return Seen.ENDED
    return Seen.NOT_AGGREGATING if job.is_aggregating is False else Seen.AGGREGATING


def _is_clear_refusal(answer: Job | Ds3Error) -> bool:
    if isinstance(answer, Job):
        return False
    return answer.delivery is Delivery.NOT_SENT or (
        answer.delivery is Delivery.ANSWERED and answer.problem.kind in _CLEAR_REFUSALS
    )


def judge(answer: Job | Ds3Error, seen: Seen | Problem | None) -> Judgement:
    """Say how a close ended, by its answer and by what the job looked like afterwards; None: it was not looked at."""
    problem = answer.problem if isinstance(answer, Ds3Error) else None
    match seen:
        case Seen.NOT_AGGREGATING:
            words = "No longer aggregating." if problem is None else _by_itself("No longer aggregating", problem)
            return Judgement(CloseOutcome.CLOSED, words, problem)
        case Seen.ENDED:
            return Judgement(CloseOutcome.CLOSED, "No longer aggregating: the job has ended.", problem)
        case Seen.AGGREGATING:
            words = "The appliance answered, but the job still aggregates." if problem is None else _still(problem)
            return Judgement(CloseOutcome.REFUSED, words, problem)
        case None:
            return refused(problem) if problem else Judgement(CloseOutcome.UNKNOWN, "The job was not read again.")
        case Problem():
            return _unread(answer, seen)


def _by_itself(what: str, problem: Problem) -> str:
    return f"{what}; the request itself failed ({problem.sentence.rstrip('.')}), so it may have ended by itself."


def _still(problem: Problem) -> str:
    return f"The job still aggregates: {problem.sentence}"


def _unread(answer: Job | Ds3Error, unread: Problem) -> Judgement:
    if isinstance(answer, Job) and not answer.is_aggregating:
        return Judgement(CloseOutcome.CLOSED, "No longer aggregating, says the answer to the request.")
    return Judgement(
        CloseOutcome.UNKNOWN,
        f"Not known whether the job was closed, because it could not be read again: {unread.sentence}",
        answer.problem if isinstance(answer, Ds3Error) else unread,
    )


def refused(problem: Problem) -> Judgement:
    """Judge a close that was not sent, or that the appliance clearly turned down."""
    return Judgement(CloseOutcome.REFUSED, f"Nothing was closed: {problem.sentence}", problem)


def _not_offered(seen: Seen | Problem) -> Judgement:
    """Before anything was sent: the job cannot be closed, or could not be looked at."""
    if isinstance(seen, Problem):
        return Judgement(CloseOutcome.REFUSED, f"Nothing was sent: {seen.sentence}", seen)
    if seen is Seen.ENDED:
        problem = Problem(ProblemKind.GONE, "The job is not running any more.", "There is nothing to close.")
    else:
        problem = Problem(ProblemKind.CONFLICT, "The job does not aggregate.", "There is nothing to close.")
    return Judgement(CloseOutcome.REFUSED, f"Nothing was sent: {problem.sentence}", problem)
