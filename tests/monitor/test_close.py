"""A close is sent once, and ends as closed, refused or unknown, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bptui.ds3.errors import Delivery, Ds3Error
from bptui.model.endpoint import Writes
from bptui.model.problem import Problem, ProblemKind
from bptui.model.system import SystemInformation
from bptui.model.vocabulary import JobStatus
from bptui.monitor.actions import CloseJobs, Lock, Unlock
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.close import Judgement, Seen, close_job, judge
from bptui.monitor.events import CloseFinished, CloseOutcome, NoteKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import HandClock, Make, Room, Scripted

    from bptui.model.endpoint import Endpoint
    from bptui.model.job import Job, JobId, JobRecord


def lines(audit: Audit) -> list[dict[str, object]]:
    return [json.loads(line) for line in audit.path.read_text().splitlines()] if audit.path.exists() else []


def broken(kind: ProblemKind, delivery: Delivery) -> Ds3Error:
    problem = Problem(kind, f"It failed: {kind.value}.", status=409 if kind is ProblemKind.CONFLICT else None)
    return Ds3Error(problem, delivery=delivery)


class Closing:
    """Closes job 1 of a scripted appliance while the hands of the clock are turned."""

    def __init__(self, appliance: Scripted, endpoint: Endpoint, audit: Audit, clock: HandClock, make: Make) -> None:
        self.appliance = appliance
        self.endpoint = endpoint
        self.audit = audit
        self.clock = clock
        self.make = make
        appliance.add(make.job(1, is_aggregating=True))

    async def __call__(self, **options: object) -> CloseFinished:
        task = asyncio.create_task(
            close_job(
                self.appliance,
                self.endpoint,
                self.make.id(1),
                audit=self.audit,
                clock=self.clock,
                **options,  # type: ignore[arg-type]  # any of them
            )
        )
        while not task.done():
            await self.clock.advance(1)
            await asyncio.wait({task}, timeout=0.005)
        return task.result()

    def fails(self, error: Ds3Error, *, took_effect: bool) -> None:
        def answer() -> Job:
            if took_effect:
                self.appliance.add(self.make.job(1))
            raise error

        self.appliance.on_close = answer


@pytest.fixture
def closing(appliance: Scripted, endpoint: Endpoint, audit: Audit, clock: HandClock, make: Make) -> Closing:
    return Closing(appliance, endpoint, audit, clock, make)


async def test_a_close_is_confirmed_by_a_look(closing: Closing, appliance: Scripted, audit: Audit) -> None:
    """Look, line, one request, look, line; the appliance's own word makes it closed."""
    finished = await closing(reason="INC-7")
    assert (finished.outcome, finished.problem) == (CloseOutcome.CLOSED, None)
    assert [name for name, _ in appliance.asked] == ["active_job", "close", "active_job"]
    before, after = lines(audit)
    assert (before["what"], before["job_id"], before["reason"]) == ("close requested", closing.make.id(1), "INC-7")
    assert (before["user"], before["host"], before["endpoint"]) == ("ops", "jump", "lab")
    assert (after["what"], after["outcome"], after["reread"]) == ("close finished", "closed", "not aggregating")


@pytest.mark.parametrize(
    ("error", "took_effect", "outcome", "looks_after"),
    [
        (broken(ProblemKind.REFUSED, Delivery.NOT_SENT), False, CloseOutcome.REFUSED, 0),
        (broken(ProblemKind.NOT_ALLOWED, Delivery.NOT_SENT), False, CloseOutcome.REFUSED, 0),
        (broken(ProblemKind.PERMISSION, Delivery.ANSWERED), False, CloseOutcome.REFUSED, 0),
        (broken(ProblemKind.CLOCK_SKEW, Delivery.ANSWERED), False, CloseOutcome.REFUSED, 0),
        (broken(ProblemKind.BROKEN, Delivery.PERHAPS_SENT), False, CloseOutcome.REFUSED, 3),
        (broken(ProblemKind.BROKEN, Delivery.PERHAPS_SENT), True, CloseOutcome.CLOSED, 1),
        (broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT), True, CloseOutcome.CLOSED, 1),
        (broken(ProblemKind.BAD_ANSWER, Delivery.ANSWERED), True, CloseOutcome.CLOSED, 1),
        (broken(ProblemKind.UNAVAILABLE, Delivery.ANSWERED), False, CloseOutcome.REFUSED, 3),
        (broken(ProblemKind.UNAVAILABLE, Delivery.ANSWERED), True, CloseOutcome.CLOSED, 1),
        (broken(ProblemKind.CONFLICT, Delivery.ANSWERED), False, CloseOutcome.REFUSED, 1),
        (broken(ProblemKind.CONFLICT, Delivery.ANSWERED), True, CloseOutcome.CLOSED, 1),
    ],
)
async def test_a_failed_request_is_judged_by_the_job(
    closing: Closing, appliance: Scripted, error: Ds3Error, took_effect: bool, outcome: CloseOutcome, looks_after: int
) -> None:
    """Whatever the request's end looked like, it is sent once, and the job decides."""
    closing.fails(error, took_effect=took_effect)
    finished = await closing()
    assert finished.outcome is outcome
    assert appliance.count("close") == 1
    assert appliance.count("active_job") == 1 + looks_after


async def test_a_job_that_ended_meanwhile_no_longer_aggregates(closing: Closing, appliance: Scripted) -> None:
    """404 to the request and to the look afterwards: it has ended, and takes no more uploads."""

    def answer() -> Job:
        appliance.remove(closing.make.id(1))
        raise broken(ProblemKind.GONE, Delivery.ANSWERED)

    appliance.on_close = answer
    assert (await closing()).outcome is CloseOutcome.CLOSED


async def test_nothing_is_known_when_nothing_can_be_read(closing: Closing, appliance: Scripted, audit: Audit) -> None:
    """A broken request and no look afterwards: unknown, said and written down as such."""

    def answer() -> Job:
        appliance.errors["active_job"] = broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT)
        raise broken(ProblemKind.BROKEN, Delivery.PERHAPS_SENT)

    appliance.on_close = answer
    finished = await closing()
    assert finished.outcome is CloseOutcome.UNKNOWN
    assert appliance.count("close") == 1
    assert lines(audit)[-1]["outcome"] == "unknown"


async def test_an_answer_counts_when_no_look_succeeds(closing: Closing, appliance: Scripted) -> None:
    """The answer to the request is the appliance's word, too."""

    def answer() -> Job:
        appliance.errors["active_job"] = broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT)
        return closing.make.job(1)

    appliance.on_close = answer
    assert (await closing()).outcome is CloseOutcome.CLOSED


async def test_an_answer_without_effect_is_no_success(closing: Closing, appliance: Scripted) -> None:
    """200 and a job that still aggregates: refused, because the job decides."""
    appliance.on_close = lambda: appliance.running[closing.make.id(1)]
    assert (await closing()).outcome is CloseOutcome.REFUSED
    assert appliance.count("close") == 1


async def test_a_key_without_right_to_records_looks_at_the_list(closing: Closing, appliance: Scripted) -> None:
    """Where the small call is forbidden the list is read instead."""
    appliance.errors["active_job"] = closing.make.forbidden()
    assert (await closing()).outcome is CloseOutcome.CLOSED
    assert [name for name, _ in appliance.asked] == ["active_job", "jobs", "close", "active_job", "jobs"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("not aggregating", ProblemKind.CONFLICT),
        ("ended", ProblemKind.GONE),
        ("ended, by the list", ProblemKind.GONE),
        ("unreachable", ProblemKind.TIMEOUT),
    ],
)
async def test_what_cannot_be_closed_is_not_sent(
    closing: Closing, appliance: Scripted, audit: Audit, change: str, kind: ProblemKind
) -> None:
    """A job that does not aggregate, has ended, or cannot be looked at: nothing is sent and nothing written."""
    if change == "not aggregating":
        appliance.add(closing.make.job(1))
    elif change == "ended":
        appliance.remove(closing.make.id(1))
    elif change == "ended, by the list":
        appliance.errors["active_job"] = closing.make.forbidden()
        appliance.add(closing.make.job(1, is_aggregating=True, status=JobStatus.COMPLETED))
    else:
        appliance.errors["active_job"] = broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT)
    finished = await closing()
    assert finished.outcome is CloseOutcome.REFUSED
    assert finished.problem
    assert finished.problem.kind is kind
    assert appliance.count("close") == 0
    assert lines(audit) == []


@pytest.mark.parametrize(
    ("options", "writes"),
    [
        ({"is_read_only": True}, Writes.YES),
        ({"is_locked": True}, Writes.YES),
        ({}, Writes.NO),
        ({"system": SystemInformation("3.5.0", None, True, None, None, None)}, Writes.YES),
    ],
)
async def test_what_is_forbidden_asks_nothing(
    closing: Closing, appliance: Scripted, options: dict[str, object], writes: Writes
) -> None:
    """Read-only, locked, never writing, or a release that has no Close: not one request."""
    closing.endpoint = replace(closing.endpoint, writes=writes)
    finished = await closing(**options)
    assert (finished.outcome, appliance.asked) == (CloseOutcome.REFUSED, [])


async def test_the_first_release_that_can_close_may(closing: Closing) -> None:
    """4.0 has Close; a release that nobody knows is not refused either."""
    finished = await closing(system=SystemInformation("4.0.0", None, True, None, None, None))
    assert finished.outcome is CloseOutcome.CLOSED


async def test_a_broken_request_gets_time_to_take_effect(
    closing: Closing, appliance: Scripted, clock: HandClock
) -> None:
    """An appliance that was slow to act is looked at again after seconds, not at once three times."""
    times: list[float] = []
    look = appliance.active_job

    async def timed(job_id: JobId) -> JobRecord:
        times.append(clock.seconds)
        if len(times) == 4:
            appliance.add(closing.make.job(1))
        return await look(job_id)

    appliance.active_job = timed  # type: ignore[method-assign]  # watched from outside
    closing.fails(broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT), took_effect=False)
    finished = await closing()
    assert finished.outcome is CloseOutcome.CLOSED
    assert [round(later - sooner) for sooner, later in pairwise(times[1:])] == [2, 5]


async def test_without_an_audit_line_nothing_is_sent(closing: Closing, appliance: Scripted, tmp_path: Path) -> None:
    """When the line before cannot be put on disk the close is refused, naming the path."""
    closing.audit = Audit(tmp_path, Origin("ops", "jump"))
    finished = await closing()
    assert finished.outcome is CloseOutcome.REFUSED
    assert str(tmp_path) in finished.sentence
    assert appliance.count("close") == 0


async def test_the_line_is_on_disk_before_the_request(closing: Closing, appliance: Scripted, audit: Audit) -> None:
    """When the request goes out, the line before can already be read."""
    seen: list[str] = []

    def answer() -> Job:
        seen.extend(str(line["what"]) for line in lines(audit))
        appliance.add(closing.make.job(1))
        return appliance.running[closing.make.id(1)]

    appliance.on_close = answer
    await closing()
    assert seen == ["close requested"]


async def test_a_lost_line_afterwards_is_said(closing: Closing, appliance: Scripted, audit: Audit) -> None:
    """When the line after cannot be written, the result stands and the path is named."""

    def answer() -> Job:
        appliance.add(closing.make.job(1))
        audit.path.unlink()
        audit.path.mkdir()
        return appliance.running[closing.make.id(1)]

    appliance.on_close = answer
    finished = await closing()
    assert finished.outcome is CloseOutcome.CLOSED
    assert str(audit.path) in finished.sentence


async def test_an_interrupted_close_leaves_a_line(closing: Closing, appliance: Scripted, audit: Audit) -> None:
    """Whoever quits while the request is under way finds that in the audit file."""
    appliance.held["close"] = asyncio.Event()
    task = asyncio.create_task(closing())
    while appliance.count("close") == 0:
        await asyncio.wait({task}, timeout=0.005)
    under_way = [one for one in asyncio.all_tasks() if "close_job" in repr(one)]
    for one in (*under_way, task):
        one.cancel()
    await asyncio.gather(task, *under_way, return_exceptions=True)
    assert [line["what"] for line in lines(audit)] == ["close requested", "close interrupted"]


ANSWERS: list[Callable[[Make], Job | Ds3Error]] = [
    lambda make: make.job(1),
    lambda make: make.job(1, is_aggregating=True),
    lambda _: broken(ProblemKind.BROKEN, Delivery.PERHAPS_SENT),
    lambda _: broken(ProblemKind.GONE, Delivery.ANSWERED),
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("seen", [*Seen, Problem(ProblemKind.TIMEOUT, "Too late.")])
def test_a_look_outweighs_every_answer(
    make: Make, answer: Callable[[Make], Job | Ds3Error], seen: Seen | Problem
) -> None:
    """Closed only when something of the appliance says so, refused only when the job was seen to aggregate."""
    judgement: Judgement = judge(answer(make), seen)
    if isinstance(seen, Seen):
        expected = CloseOutcome.REFUSED if seen is Seen.AGGREGATING else CloseOutcome.CLOSED
    else:
        told = answer(make)
        is_told = not isinstance(told, Ds3Error) and not told.is_aggregating
        expected = CloseOutcome.CLOSED if is_told else CloseOutcome.UNKNOWN
    assert judgement.outcome is expected
    assert judgement.sentence


# Through the monitor


async def perform(room: Room, wish: CloseJobs) -> list[CloseFinished]:
    task = asyncio.create_task(room.monitor.perform(wish))
    while not task.done():
        await room.advance(1)
        await asyncio.wait({task}, timeout=0.005)
    return task.result()


async def test_a_close_is_seen_because_the_next_poll_says_so(room: Room, appliance: Scripted, make: Make) -> None:
    """After a close the list is asked at once, and the result is told as an event and a note."""
    appliance.add(make.job(1, is_aggregating=True))
    room.monitor.set_interval(make.name, 600)
    await room.first_list()
    (finished,) = await perform(room, CloseJobs(make.name, (make.id(1),)))
    await room.advance(0)
    assert finished.outcome is CloseOutcome.CLOSED
    assert appliance.count("jobs") == 2
    assert room.of("CloseFinished") == [finished]
    snapshot = room.monitor.latest(make.name)
    assert snapshot
    assert not snapshot.jobs[make.id(1)].is_aggregating
    noted = [event.kind for event in room.of("Noted")]  # type: ignore[union-attr]  # notes
    assert noted == [NoteKind.CLOSE, NoteKind.AGGREGATION_ENDED]


@pytest.mark.parametrize(("took_effect", "expected"), [(True, CloseOutcome.CLOSED), (False, CloseOutcome.REFUSED)])
async def test_a_later_poll_settles_what_was_unknown(
    room: Room, appliance: Scripted, make: Make, audit: Audit, took_effect: bool, expected: CloseOutcome
) -> None:
    """An unknown close gets a second result from the first list that was asked for after it."""
    appliance.add(make.job(1, is_aggregating=True))
    await room.first_list()

    def answer() -> Job:
        for name in ("active_job", "jobs"):
            appliance.errors[name] = broken(ProblemKind.TIMEOUT, Delivery.PERHAPS_SENT)
        if took_effect:
            appliance.add(make.job(1))
        raise broken(ProblemKind.BROKEN, Delivery.PERHAPS_SENT)

    appliance.on_close = answer
    (finished,) = await perform(room, CloseJobs(make.name, (make.id(1),)))
    assert finished.outcome is CloseOutcome.UNKNOWN
    appliance.errors.clear()
    await room.advance(20)
    await room.until(lambda: len(room.of("CloseFinished")) == 2)  # the audit line is written in a thread
    results = [event for event in room.events if isinstance(event, CloseFinished)]
    assert [result.outcome for result in results] == [CloseOutcome.UNKNOWN, expected]
    assert appliance.count("close") == 1
    assert lines(audit)[-1]["what"] == "close settled"


async def test_a_locked_endpoint_closes_nothing(room: Room, appliance: Scripted, make: Make) -> None:
    """While locked a wish is refused; after unlocking the same wish goes through."""
    appliance.add(make.job(1, is_aggregating=True))
    await room.first_list()
    await room.monitor.perform(Lock(make.name))
    (refused,) = await perform(room, CloseJobs(make.name, (make.id(1),)))
    assert (refused.outcome, appliance.count("close")) == (CloseOutcome.REFUSED, 0)
    await room.monitor.perform(Unlock(make.name))
    (closed,) = await perform(room, CloseJobs(make.name, (make.id(1),)))
    assert (closed.outcome, appliance.count("close")) == (CloseOutcome.CLOSED, 1)


async def test_several_jobs_are_closed_one_after_the_other(room: Room, appliance: Scripted, make: Make) -> None:
    """Each gets a result of its own; one that cannot be closed does not stop the rest, and none is asked twice."""
    appliance.add(*(make.job(number, is_aggregating=number != 2) for number in (1, 2, 3)))
    await room.first_list()
    results = await perform(room, CloseJobs(make.name, tuple(make.id(number) for number in (1, 2, 3, 1))))
    assert [result.outcome for result in results] == [CloseOutcome.CLOSED, CloseOutcome.REFUSED, CloseOutcome.CLOSED]
    assert [about for name, about in appliance.asked if name == "close"] == [make.id(1), make.id(3)]
