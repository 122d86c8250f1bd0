"""Follows what a monitor says until a goal is reached, and hands the news on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from bptui.cli.exits import Exit, Failure, exit_of, worst
from bptui.cli.goals import Goal, Reach, Standing, reach
from bptui.cli.narration import sentence_of, tell
from bptui.cli.news import NewsWriter, VerdictNews
from bptui.clock import Clock
from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId, JobKey
from bptui.model.problem import ProblemKind
from bptui.model.verdict import Kind, KindClass
from bptui.monitor.actions import ShowEnded
from bptui.monitor.events import (
    EndpointRecovered,
    Event,
    Noted,
    NoteKind,
    Pane,
    Polled,
    PollFailed,
    VerdictsChanged,
)
from bptui.monitor.monitor import Monitor

_UNREMARKABLE = {KindClass.MOVES, KindClass.NORMAL, KindClass.ENDED}
"""What is not worth a line at first sight."""


def _reads_alike(before: Kind | None, after: Kind) -> bool:
    """Whether a change is not worth a line: which of its counters moves alternates while a job moves."""
    return before is after or (before is not None and before.kind_class is after.kind_class is KindClass.MOVES)


class Following:
    """One call of `bptui watch`."""

    def __init__(
        self, monitor: Monitor, writer: NewsWriter, clock: Clock, job_ids: tuple[JobId, ...], goal: Goal | None
    ) -> None:
        self._monitor = monitor
        self._writer = writer
        self._clock = clock
        self._named = job_ids
        self._goal = goal
        self._wanted: dict[EndpointName, tuple[JobId, ...]] = {}
        """The jobs that the goal is about; an endpoint is missing until its first list."""
        self._shown: dict[JobKey, Kind] = {}
        self._is_down: set[EndpointName] = set()
        self._hopeless: dict[EndpointName, Exit] = {}

    async def run(self, facts: AsyncIterator[Event]) -> Exit:
        """Follow until the goal is reached, for ever without one.

        Raises:
            Failure: a job is not known, the goal cannot be reached any more, or no appliance can be read
                until a person helps.
        """
        async for event in facts:
            await self._take(event)
            if self._goal and self._is_over(self._goal):
                return Exit.DONE
        return Exit.DONE

    async def _take(self, event: Event) -> None:
        match event:
            case Polled(pane=Pane.LIST):
                self._hopeless.pop(event.endpoint, None)
                if event.endpoint not in self._wanted:
                    await self._begin(event.endpoint)
            case PollFailed(pane=Pane.LIST):
                self._fail(event)
            case EndpointRecovered():
                self._is_down.discard(event.endpoint)
                self._writer.recovered(event)
            case VerdictsChanged():
                self._take_verdicts(event.endpoint, event.changed)
                for job_id in event.removed:
                    self._shown.pop(JobKey(event.endpoint, job_id), None)
            case Noted(kind=NoteKind.ALARM):
                self._writer.note(event)
            case Noted(kind=NoteKind.RECORDING):
                tell(f"{event.endpoint}: {event.sentence}")

    async def _begin(self, endpoint: EndpointName) -> None:
        """Find the jobs that the goal is about, among those that ended long ago too."""
        snapshot = self._monitor.latest(endpoint)
        jobs = snapshot.jobs if snapshot else {}
        if not self._named:
            self._wanted[endpoint] = tuple(jobs)
            return
        if any(job_id not in jobs for job_id in self._named):
            problem = await self._monitor.perform(ShowEnded(endpoint))
            if problem is not None:
                raise Failure(exit_of(problem), sentence_of(problem, endpoint))
        snapshot = self._monitor.latest(endpoint)
        unknown = [job_id for job_id in self._named if snapshot is None or snapshot.job(job_id) is None]
        if unknown:
            raise Failure(Exit.NOT_FOUND, f"{endpoint} does not know {', '.join(unknown)}.")
        self._wanted[endpoint] = self._named

    def _fail(self, failed: PollFailed) -> None:
        if failed.endpoint not in self._is_down:
            self._is_down.add(failed.endpoint)
            self._writer.failed(failed)
        if failed.next_at is None or self._is_wrong_address(failed):
            self._hopeless[failed.endpoint] = exit_of(failed.problem)
            if len(self._hopeless) == len(self._monitor.endpoints):
                raise Failure(worst(self._hopeless.values()), sentence_of(failed.problem, failed.endpoint))

    def _is_wrong_address(self, failed: PollFailed) -> bool:
        """Whether it never was an appliance that answered; one whose proxy shows a page for a while will be back."""
        return failed.problem.kind is ProblemKind.WRONG_INTERFACE and self._monitor.latest(failed.endpoint) is None

    def _take_verdicts(self, endpoint: EndpointName, changed: Iterable[JobId]) -> None:
        snapshot = self._monitor.latest(endpoint)
        for job_id in changed if snapshot else ():
            key = JobKey(endpoint, job_id)
            ruling = self._monitor.verdict(key)
            job = snapshot.job(job_id) if snapshot else None
            before = self._shown.get(key)
            if ruling is None or job is None or _reads_alike(before, ruling.kind) or not self._is_ours(job_id):
                continue
            self._shown[key] = ruling.kind
            is_first = before in {None, Kind.WATCHING}
            is_remarkable = bool(self._named) or ruling.kind.kind_class not in _UNREMARKABLE
            verdict = self._monitor.explain(key)
            if verdict and ruling.kind is not Kind.WATCHING and (is_remarkable or not is_first):
                news = VerdictNews(endpoint, self._clock.now(), self._monitor.now_seconds(), job, verdict, before)
                self._writer.verdict(news)

    def _is_ours(self, job_id: JobId) -> bool:
        return not self._named or job_id in self._named

    def _is_over(self, goal: Goal) -> bool:
        """Whether the goal is reached at all endpoints; raises Failure when it cannot be any more."""
        if len(self._wanted) < len(self._monitor.endpoints):
            return False
        standings = [*self._standings()]
        if not standings:
            raise Failure(Exit.DONE if goal is not Goal.STALLED else Exit.FAILED, "No jobs run.")
        found = reach(goal, standings)
        if found is Reach.NEVER:
            raise Failure(Exit.FAILED, f"It will not be {goal.value} any more: {self._endings()}")
        return found is Reach.REACHED

    def _standings(self) -> Iterable[Standing]:
        for endpoint, job_ids in self._wanted.items():
            snapshot = self._monitor.latest(endpoint)
            for job_id in job_ids:
                job = snapshot.job(job_id) if snapshot else None
                if snapshot and job:
                    verdict = self._monitor.verdict(JobKey(endpoint, job_id))
                    yield Standing(job, snapshot.ended.get(job_id), verdict)

    def _endings(self) -> str:
        ended = [standing for standing in self._standings() if standing.ended]
        return ", ".join(f"{one.job.job_id} {one.ended.ending.value}" for one in ended if one.ended) + "."
