"""A recording replayed says what was said live, at the same times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.job import JobId, JobKey, RecordKind
from bptui.model.problem import ProblemKind
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.events import VerdictsChanged
from bptui.monitor.monitor import Monitor
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.redaction import Redactor
from bptui.monitor.recorder.replay import replayed
from bptui.monitor.recorder.ring import NotARecording, read_frames
from bptui.monitor.recorder.shelf import SingleFile
from tests.monitor.conftest import HandClock, Make, Scripted
from tests.monitor.listening import running

INTERVAL = 30.0
ENDPOINT = Endpoint(EndpointName("lab"), "http://lab.example.test", "access", interval_seconds=INTERVAL)
Story = list[tuple[str, int, int]]
"""What happens, to which job, and how many minutes pass then."""
Told = tuple[JobId, str]

stories = st.lists(
    st.tuples(
        st.sampled_from(["receive", "write", "both", "start", "complete", "cancel", "error", "nothing", "outage"]),
        st.integers(1, 3),
        # Not so long that limits are learned from it: those turn a verdict when it is looked at next, which varies.
        st.sampled_from([1, 2, 5, 8]),
    ),
    min_size=2,
    max_size=6,
)


class Ear:
    """Writes down each verdict that reads as another kind, and when."""

    def __init__(self, monitor: Monitor, clock: Any) -> None:
        self.told: list[tuple[float, JobId, str]] = []
        self._monitor = monitor
        self._clock = clock
        self._events = monitor.events()
        self._last: dict[JobId, str] = {}

    async def listen(self) -> None:
        async for event in self._events:
            if isinstance(event, VerdictsChanged):
                for job_id in event.changed:
                    verdict = self._monitor.verdict(JobKey(event.endpoint, job_id))
                    if verdict and self._last.get(job_id) != verdict.kind.value:
                        self._last[job_id] = verdict.kind.value
                        self.told.append((self._clock.now().timestamp(), job_id, verdict.kind.value))


@asynccontextmanager
async def hearing(
    watched: Watched, clock: Any, hands: HandClock, recorder: Recorder | None = None
) -> AsyncIterator[Ear]:
    """A running monitor, and who listens to it."""
    audit = Audit(Path("/nowhere/audit.jsonl"), Origin("ops", "jump"))
    monitor = Monitor([watched], clock=clock, audit=audit, jitter=lambda: 0.0, recorder=recorder)
    room = Make.room(hands, Scripted(), monitor)
    ear = Ear(monitor, clock)
    async with running(monitor.run(), room.listen(), ear.listen()):
        await room.first_list()
        await room.until(lambda: room.of("VerdictsChanged"))
        yield ear


async def live(story: Story, shelf: SingleFile) -> list[tuple[float, JobId, str]]:
    """Play a story on a scripted appliance, recorded."""
    hands, appliance = HandClock(), Scripted()
    appliance.clock = hands
    appliance.add(*(Make.job(one, original_size_bytes=10**12, entirely_in_cache=False) for one in (1, 2)))
    recorder = Recorder(shelf, "record", hands)
    async with hearing(Watched(ENDPOINT, lambda: appliance), hands, hands, recorder) as ear:
        await hands.advance(INTERVAL + 1)
        for what, number, minutes in story:
            happen(appliance, what, number)
            await hands.advance(minutes * 60)
            appliance.errors.pop("jobs", None)
        await hands.advance(45 * 60)
    return ear.told


def happen(appliance: Scripted, what: str, number: int) -> None:
    """One step of a story; what is not possible does not happen."""
    job_id = Make.id(number)
    job = appliance.running.get(job_id)
    if what == "outage":
        appliance.errors["jobs"] = Make.failure(ProblemKind.TIMEOUT)
    elif what == "start" and job is None:
        appliance.add(Make.job(number, original_size_bytes=10**12))
    elif job is None:
        return
    elif what in {"complete", "cancel"}:
        kind = RecordKind.COMPLETED if what == "complete" else RecordKind.CANCELED
        appliance.remove(job_id)
        (appliance.completed if what == "complete" else appliance.canceled)[job_id] = Make.record(job, kind)
    elif what == "error":
        appliance.records[job_id] = Make.record(job, error_message=f"Trouble with /data/secret-{number}.mov")
    else:
        more = 10**9 if what in {"receive", "both"} else 0
        appliance.running[job_id] = replace(
            job,
            cached_size_bytes=job.cached_size_bytes + more,
            completed_size_bytes=job.completed_size_bytes + (10**8 if what in {"write", "both"} else 0),
        )


async def again(path: Path, seconds: float) -> list[tuple[float, JobId, str]]:
    """Replay a recording for as long as it took."""
    hands = HandClock()
    watched, clock = replayed(path, 1.0, hands)
    async with hearing(watched, clock, hands) as ear:
        await hands.advance(seconds)
    return ear.told


def per_job(told: list[tuple[float, JobId, str]]) -> dict[JobId, list[tuple[float, str]]]:
    jobs: dict[JobId, list[tuple[float, str]]] = {}
    for at, job_id, kind in told:
        jobs.setdefault(job_id, []).append((at, kind))
    return jobs


def assert_same(first: list[tuple[float, JobId, str]], second: list[tuple[float, JobId, str]]) -> None:
    """The same kinds in the same order for each job, each within one poll of the other; a minute for slower sources."""
    one, other = per_job(first), per_job(second)
    assert {job: [kind for _, kind in told] for job, told in one.items()} == {
        job: [kind for _, kind in told] for job, told in other.items()
    }
    for job_id, told in one.items():
        for (at, kind), (then, _) in zip(told, other[job_id], strict=True):
            assert abs(at - then) <= (60 if kind == "error" else 0) + 2 * INTERVAL, (job_id, kind)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # stories are short already, and each takes a while
)
@given(stories)
@example([("outage", 1, 8), ("error", 1, 1)])
@example([("receive", 1, 1), ("receive", 2, 1), ("outage", 1, 2), ("error", 1, 1)])
@example([("write", 2, 2), ("cancel", 2, 2)])  # it leaves at the poll at which it would have read otherwise
def test_a_replay_says_the_same_at_the_same_times(story: Story) -> None:
    """Whatever happens to jobs, the verdicts of a replay are those of then; names make no difference."""

    async def play(folder: Path) -> None:
        plain, redacted = folder / "plain", folder / "redacted"
        told = await live(story, SingleFile(plain))
        seconds = max(told)[0] - min(told)[0] + 10 * INTERVAL
        assert_same(told, await again(plain, seconds))
        await live(story, SingleFile(redacted, Redactor()))
        assert_same(told, await again(redacted, seconds))

    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))


async def test_jobs_canceled_before_are_shown_from_the_beginning(tmp_path: Path) -> None:
    """A recording is told of them after its first poll; a replay, which asks once a minute, shows them at once."""
    hands, appliance = HandClock(), Scripted()
    appliance.clock = hands
    appliance.add(Make.job(1))
    gone = Make.job(2)
    appliance.canceled[gone.job_id] = Make.record(gone, RecordKind.CANCELED, date_canceled=hands.now())
    async with hearing(
        Watched(ENDPOINT, lambda: appliance), hands, hands, Recorder(SingleFile(tmp_path / "file"), "record", hands)
    ):
        await hands.advance(10 * INTERVAL)
    hands = HandClock()
    watched, clock = replayed(tmp_path / "file", 1.0, hands)
    played = watched.connect()
    await played.jobs()
    assert set(await played.canceled_jobs()) == {gone.job_id}
    assert clock.monotonic() == 0.0


async def test_what_a_replay_refuses(tmp_path: Path) -> None:
    """Nothing can be closed in a recording, and the whole of a job is not in it."""
    await live([("both", 1, 5)], SingleFile(tmp_path / "file"))
    watched, _ = replayed(tmp_path / "file", 1.0, HandClock())
    appliance = watched.connect()
    assert watched.is_read_only
    for refused in (appliance.close_aggregating_job(Make.id(1)), appliance.job(Make.id(1))):
        with pytest.raises(Exception, match="recording"):
            await refused


def test_what_is_no_recording(tmp_path: Path) -> None:
    """Other files, empty files and missing ones are named, whatever is in them."""
    (tmp_path / "text").write_text("hello " * 1000)
    (tmp_path / "empty").touch()
    for name in ("text", "empty", "missing"):
        with pytest.raises(NotARecording, match=name):
            replayed(tmp_path / name, 1.0, HandClock())


async def test_no_name_is_left_after_redaction(tmp_path: Path) -> None:
    """Not a byte of any name is in the file, neither as it lies there nor unpacked; ids and numbers are."""
    story: Story = [("error", 1, 2), ("complete", 2, 2), ("start", 3, 2)]
    names = ("job 1", "job 2", "job 3", "archive", "svc", "secret-1", "lab", "Not for this key")
    for path, rewrite in ((tmp_path / "plain", None), (tmp_path / "redacted", Redactor())):
        await live(story, SingleFile(path, rewrite))
    found: Callable[[Path], str] = lambda path: "".join(str(frame.body) for frame in read_frames(path))  # noqa: E731
    assert [name for name in names if name not in found(tmp_path / "plain")] == ["Not for this key"]
    raw = (tmp_path / "redacted").read_bytes().decode("latin-1")
    assert [name for name in names if name in found(tmp_path / "redacted") or name in raw] == []
    assert Make.id(3) in found(tmp_path / "redacted")
