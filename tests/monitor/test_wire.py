"""The whole of the monitor over a real socket: the pretend appliance at one end, a subscriber at the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bptui.clock import SYSTEM_CLOCK
from bptui.credentials import Secret
from bptui.ds3.calls import Patience
from bptui.ds3.client import Client
from bptui.ds3.timing import Allowance, Timing
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.model.job import Ending, Job, JobId, JobKey
from bptui.model.problem import ProblemKind
from bptui.model.snapshot import JobsSnapshot
from bptui.model.system import SystemInformation
from bptui.monitor.actions import CloseJobs
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.close import close_job
from bptui.monitor.events import (
    CloseFinished,
    CloseOutcome,
    Noted,
    NoteKind,
    Pane,
    Polled,
    PollFailed,
    TreeChanged,
)
from bptui.monitor.monitor import Monitor
from bptui.monitor.state import PaneState
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.monitor.listening import Listening, running

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = EndpointName("lab")
IDLE = "night ingest"
"""The job of the quiet appliance that aggregates."""
MOVING = "survey 114 line 8"


class HastyClock:
    """Runs forty times as fast as the machine's, so that intervals and pauses pass quickly."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        return time.monotonic() * 40

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 40)


class Watching(Listening):
    """A monitor over one simulator, with every event it told."""

    def __init__(self, simulator: RunningSimulator, monitor: Monitor) -> None:
        super().__init__(monitor)
        self.simulator = simulator

    async def listed(self) -> None:
        await self.until(lambda: self.monitor.latest(NAME))

    def snapshot(self) -> JobsSnapshot:
        snapshot = self.monitor.latest(NAME)
        assert snapshot
        return snapshot

    def polls(self) -> list[Polled]:
        return [event for event in self.events if isinstance(event, Polled) and event.pane is Pane.LIST]

    def notes(self) -> list[NoteKind]:
        return [event.kind for event in self.events if isinstance(event, Noted)]

    def failures(self, pane: Pane = Pane.LIST) -> list[PollFailed]:
        return [event for event in self.events if isinstance(event, PollFailed) and event.pane is pane]

    def job_id(self, name: str) -> JobId:
        return JobId(self.simulator.appliance.named(name).id)


def endpoint_of(simulator: RunningSimulator) -> Endpoint:
    return Endpoint(NAME, simulator.endpoint, simulator.access_key, writes=Writes.YES, proxy="")


PATIENT = Timing(
    connect_seconds=10.0, read_seconds=30.0, allowances=dict.fromkeys(Patience, Allowance(30.0, 64_000_000))
)
BRIEF = Timing(connect_seconds=1.0, read_seconds=1.0, allowances=dict.fromkeys(Patience, Allowance(2.0, 64_000_000)))
"""So that what hangs fails soon."""


def timing_under(fault: str) -> Timing:
    """Only what never comes is given up soon: a slow machine is no fault."""
    return BRIEF if fault.startswith("hang") else PATIENT


def client_of(
    simulator: RunningSimulator, secret: str = "", kind: type[Client] = Client, timing: Timing = PATIENT
) -> Client:
    return kind(endpoint_of(simulator), Secret(secret or simulator.secret_key), environ={}, timing=timing)


@pytest.fixture
def quiet() -> Iterator[RunningSimulator]:
    with RunningSimulator(Options(scenario="quiet", speed=0)) as simulator:
        yield simulator


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path / "audit.jsonl", Origin("ops", "jump"))


@asynccontextmanager
async def watching(
    simulator: RunningSimulator, audit: Audit, secret: str = "", timing: Timing = PATIENT
) -> AsyncIterator[Watching]:
    watched = Watched(endpoint_of(simulator), lambda: client_of(simulator, secret, timing=timing))
    made = Watching(simulator, Monitor([watched], clock=HastyClock(), audit=audit, jitter=lambda: 0.0))
    async with running(made.monitor.run(), made.listen()):
        yield made


@pytest.mark.parametrize(
    ("end", "ending", "note"),
    [
        ("finish", Ending.COMPLETED, NoteKind.COMPLETED),
        ("cancel", Ending.CANCELED, NoteKind.CANCELED),
        ("forget", Ending.GONE, NoteKind.GONE),
    ],
)
async def test_a_job_that_ends_while_watched_stays_with_its_end(
    quiet: RunningSimulator, audit: Audit, end: str, ending: Ending, note: NoteKind
) -> None:
    """Completed, canceled and gone are told apart, and the job stays in the snapshot."""
    async with watching(quiet, audit) as seen:
        await seen.listed()
        job_id = seen.job_id(MOVING)
        if end == "forget":
            quiet.appliance.forget([job_id])
        else:
            getattr(quiet.appliance, end)(job_id)
        await seen.until(lambda: note in seen.notes())
        snapshot = seen.monitor.latest(NAME)
        assert snapshot
        assert job_id not in snapshot.jobs
        assert snapshot.ended[job_id].ending is ending
        assert snapshot.ended[job_id].job.name == MOVING


async def test_objects_that_arrive_are_told_by_position(quiet: RunningSimulator, audit: Audit) -> None:
    """The job looked at is read again because its numbers moved, and the change names the objects."""
    async with watching(quiet, audit) as seen:
        await seen.listed()
        job_id = seen.job_id(MOVING)
        seen.monitor.watch(NAME, job_id)
        await seen.until(lambda: seen.monitor.latest_tree(NAME))
        quiet.appliance.arrive(job_id, 1)

        def changes() -> Sequence[TreeChanged]:
            return [event for event in seen.events if isinstance(event, TreeChanged) and event.since_revision]

        await seen.until(changes)
        (change,) = changes()
        assert len(change.changes.objects) == 1
        assert change.tree.object(change.changes.objects[0]).in_cache is True


async def test_a_hanging_job_leaves_the_list_going(quiet: RunningSimulator, audit: Audit) -> None:
    """While the answer about a job does not come the list is read on, and looking away ends the request."""
    async with watching(quiet, audit) as seen:
        await seen.listed()
        quiet.set_faults(["hang:path=/_rest_/job/*"])
        seen.monitor.watch(NAME, seen.job_id(MOVING))
        await seen.until(lambda: seen.monitor.state(NAME).job.asking_seconds is not None)
        polls = len(seen.polls())
        await seen.until(lambda: len(seen.polls()) >= polls + 2)
        assert seen.monitor.state(NAME).job.asking_seconds
        seen.monitor.watch(NAME, None)
        assert seen.monitor.state(NAME).job == PaneState()
        await seen.until(lambda: len(seen.polls()) >= polls + 4)
        assert seen.failures(Pane.JOB) == []


async def test_503_is_waited_out_as_asked(quiet: RunningSimulator, audit: Audit) -> None:
    """The next try is planned for when the appliance wants it, a poke comes earlier, and recovery is told."""
    async with watching(quiet, audit) as seen:
        await seen.listed()
        quiet.set_faults(["503:retry=200"])
        await seen.until(seen.failures)
        failure = seen.failures()[0]
        assert failure.problem.kind is ProblemKind.UNAVAILABLE
        assert failure.next_at
        assert (failure.next_at - failure.at).total_seconds() == pytest.approx(200, abs=5)
        quiet.set_faults([])
        seen.monitor.poke(NAME)
        await seen.until(lambda: seen.notes().count(NoteKind.ENDPOINT) == 2)
        assert not seen.monitor.state(NAME).is_down


async def test_a_wrong_key_sends_one_request(quiet: RunningSimulator, audit: Audit) -> None:
    """After the refusal nothing more is sent until a person asks, and then once more."""
    async with watching(quiet, audit, secret="not-the-key") as seen:
        await seen.until(seen.failures)
        assert seen.failures()[0].next_at is None
        assert len(quiet.requests) == 1
        seen.monitor.poke(NAME)
        await seen.until(lambda: len(seen.failures()) == 2)
        assert len(quiet.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("reset", ProblemKind.BROKEN),
        ("garbage:html", ProblemKind.WRONG_INTERFACE),
        ("garbage:xml", ProblemKind.BAD_ANSWER),
        ("cut:at=40", None),
        ("hang", ProblemKind.TIMEOUT),
        ("500", ProblemKind.UNAVAILABLE),
        ("management", ProblemKind.WRONG_INTERFACE),
        ("forbidden", ProblemKind.PERMISSION),
    ],
)
async def test_every_fault_leaves_the_list_and_ends_with_it(
    quiet: RunningSimulator, audit: Audit, fault: str, kind: ProblemKind | None
) -> None:
    """The endpoint is down and says why, the jobs stay on the screen, and a poke after the fault brings it back."""
    async with watching(quiet, audit, timing=timing_under(fault)) as seen:
        await seen.listed()
        before = seen.snapshot().jobs
        quiet.set_faults([fault])
        await seen.until(seen.failures)
        assert kind in (None, seen.failures()[0].problem.kind)
        assert seen.snapshot().jobs == before
        quiet.set_faults([])
        seen.monitor.poke(NAME)
        await seen.until(lambda: not seen.monitor.state(NAME).is_down)


async def test_one_endpoint_in_trouble_leaves_the_other_alone(quiet: RunningSimulator, audit: Audit) -> None:
    """An appliance that hangs does not hold up the one beside it."""
    with RunningSimulator(Options(scenario="quiet", speed=0, faults=("hang",))) as hanging:
        other = Endpoint(EndpointName("other"), hanging.endpoint, hanging.access_key, proxy="")
        watched = [
            Watched(endpoint_of(quiet), lambda: client_of(quiet)),
            Watched(other, lambda: client_of(hanging)),
        ]
        seen = Watching(quiet, Monitor(watched, clock=HastyClock(), audit=audit))

        def polls() -> int:
            return sum(isinstance(event, Polled) and event.endpoint == NAME for event in seen.events)

        async with running(seen.monitor.run(), seen.listen()):
            await seen.until(lambda: polls() >= 3)
            assert seen.monitor.latest(other.name) is None


# Close


def puts(simulator: RunningSimulator) -> list[tuple[str, str]]:
    return [(logged.path, logged.query) for logged in simulator.requests if logged.method != "GET"]


def is_aggregating(simulator: RunningSimulator, name: str = IDLE) -> bool:
    return simulator.appliance.named(name).is_aggregating


async def test_a_close_is_seen_in_the_next_list(quiet: RunningSimulator, audit: Audit) -> None:
    """One PUT in the whole session, and the list afterwards says that it took effect."""
    async with watching(quiet, audit) as seen:
        await seen.listed()
        job_id = seen.job_id(IDLE)
        looked = await seen.monitor.reread(JobKey(NAME, job_id))
        assert not isinstance(looked, Job)
        (finished,) = await seen.monitor.perform(CloseJobs(NAME, (job_id,), "INC-1"))
        assert finished.outcome is CloseOutcome.CLOSED
        await seen.until(lambda: NoteKind.AGGREGATION_ENDED in seen.notes())
        assert puts(quiet) == [(f"/_rest_/job/{job_id}", "close_aggregating_job")]


async def test_a_release_without_close_gets_none(audit: Audit) -> None:
    """Before 4.0 the request would modify the job: it is not sent, not even in the first moment of a session."""
    with RunningSimulator(Options(scenario="quiet", speed=0, release="3.5")) as old:
        client = client_of(old)
        monitor = Monitor([Watched(endpoint_of(old), lambda: client)], clock=HastyClock(), audit=audit)
        (finished,) = await monitor.perform(CloseJobs(NAME, (JobId(old.appliance.named(IDLE).id),)))
        assert finished.outcome is CloseOutcome.REFUSED
        assert "3.5" in finished.sentence
        assert puts(old) == []
        await client.aclose()


class Breaks(Client):
    """A client under which the network breaks right after the request to close."""

    simulator: RunningSimulator

    async def close_aggregating_job(self, job_id: JobId) -> Job:
        try:
            return await super().close_aggregating_job(job_id)
        finally:
            self.simulator.set_faults(["reset"])


async def closed(
    simulator: RunningSimulator, audit: Audit, kind: type[Client] = Client, fault: str = ""
) -> CloseFinished:
    simulator.set_faults([fault] if fault else [])
    client = client_of(simulator, kind=kind, timing=timing_under(fault))
    try:
        return await close_job(
            client,
            endpoint_of(simulator),
            JobId(simulator.appliance.named(IDLE).id),
            audit=audit,
            clock=HastyClock(),
            system=SystemInformation("5.8", None, True, None, None, SYSTEM_CLOCK.now()),
        )
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("", CloseOutcome.CLOSED),
        ("reset:method=PUT", CloseOutcome.REFUSED),
        ("reset:method=PUT,when=after", CloseOutcome.CLOSED),
        ("hang:method=PUT", CloseOutcome.REFUSED),
        ("hang:method=PUT,when=after", CloseOutcome.CLOSED),
        ("cut:method=PUT,at=20,when=after", CloseOutcome.CLOSED),
        ("garbage:empty,method=PUT,when=after", CloseOutcome.CLOSED),
        ("garbage:xml,method=PUT,when=after", CloseOutcome.CLOSED),
        ("307:method=PUT", CloseOutcome.REFUSED),
        ("503:method=PUT", CloseOutcome.REFUSED),
        ("500:method=PUT", CloseOutcome.REFUSED),
        ("500:method=PUT,when=after", CloseOutcome.CLOSED),
        ("forbidden:method=PUT", CloseOutcome.REFUSED),
    ],
)
async def test_a_close_under_a_fault_is_sent_once_and_told_truly(
    quiet: RunningSimulator, audit: Audit, fault: str, outcome: CloseOutcome
) -> None:
    """Before the appliance acted, after it, and in its answer: one PUT, and what is told is what is so."""
    finished = await closed(quiet, audit, fault=fault)
    assert finished.outcome is outcome, finished.sentence
    assert is_aggregating(quiet) is (outcome is CloseOutcome.REFUSED)
    assert len(puts(quiet)) == 1


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("", CloseOutcome.CLOSED),
        ("reset:method=PUT", CloseOutcome.UNKNOWN),
        ("reset:method=PUT,when=after", CloseOutcome.UNKNOWN),
    ],
)
async def test_a_close_that_cannot_be_read_again_is_never_guessed(
    quiet: RunningSimulator, audit: Audit, fault: str, outcome: CloseOutcome
) -> None:
    """With the network gone afterwards only the answer itself counts; without one the result is unknown."""
    Breaks.simulator = quiet
    finished = await closed(quiet, audit, Breaks, fault)
    assert finished.outcome is outcome, finished.sentence
    assert len(puts(quiet)) == 1


async def test_an_appliance_that_cannot_be_reached_gets_no_close(quiet: RunningSimulator, audit: Audit) -> None:
    """When the look before the request fails, nothing is sent and nothing is written down."""
    finished = await closed(quiet, audit, fault="reset")
    assert finished.outcome is CloseOutcome.REFUSED
    assert puts(quiet) == []
    assert not audit.path.exists()
    assert is_aggregating(quiet)
