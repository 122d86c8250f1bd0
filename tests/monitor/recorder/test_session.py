"""A whole monitor with a recorder: what it sees is in the ring, what was recorded is in its verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from bptui.model.problem import ProblemKind
from bptui.model.verdict import Actor, EndpointVerdict, Kind, Since
from bptui.monitor.appliance import Overall
from bptui.monitor.audit import Audit
from bptui.monitor.events import Event, NoteKind
from bptui.monitor.monitor import Monitor
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.place import ring_path
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.recorder.shelf import RingFolder
from bptui.monitor.recorder.state import State
from bptui.monitor.why.history import Instant
from tests.monitor.listening import running


async def written(recorder: Recorder) -> None:
    """Wait for the thread that writes: who writes first has the ring."""
    while not (recorder.states and recorder.is_idle):  # noqa: ASYNC110 - a thread does not set events of a loop
        await asyncio.sleep(0.001)


@asynccontextmanager
async def session(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit, by: str = "watch", **watched_as: Any
) -> AsyncIterator[Any]:
    """A monitor with a recorder over a scripted appliance, past its first list."""
    recorder = Recorder(RingFolder(tmp_path / "rings"), by, appliance.clock)
    watched = replace(make.watched(make.name, appliance), **watched_as)
    monitor = Monitor([watched], clock=appliance.clock, audit=audit, jitter=lambda: 0.0, recorder=recorder)
    room = make.room(appliance.clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.first_list()
        await room.until(lambda: room.of("VerdictsChanged"))
        await written(recorder)
        yield room


def frames(tmp_path: Path, make: Any, appliance: Any) -> list[Frame]:
    return list(read_frames(ring_path(tmp_path / "rings", make.watched(make.name, appliance).endpoint)))


async def test_what_a_session_sees_is_in_the_ring(tmp_path: Path, make: Any, appliance: Any, audit: Audit) -> None:
    """Jobs, their records, endings, verdicts and other answers are recorded when they change."""
    job = make.job(1)
    appliance.add(job, make.job(2, name="other"))
    async with session(tmp_path, make, appliance, audit) as room:
        await room.advance(60)
        appliance.add(replace(job, cached_size_bytes=500))
        appliance.records[job.job_id] = make.record(job, error_message="Tape is stuck.")
        await room.advance(60)
        appliance.remove(make.id(2))
        appliance.completed[make.id(2)] = make.record(make.job(2))
        await room.advance(60)
    last = State()
    for frame in frames(tmp_path, make, appliance):
        last.apply(frame)
    assert {one: told.cached_size_bytes for one, told in last.jobs.items()} == {make.id(1): 500}
    assert last.records[make.id(1)].error_message == "Tape is stuck."
    assert last.ended[make.id(2)].ending.value == "completed"
    assert last.verdicts[make.id(1)].kind is Kind.ERROR
    assert '["system_information"]' in last.answers


async def test_nothing_is_written_before_the_list_is_shown(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit
) -> None:
    """The disk waits for the first list on the screen, and then gets what was seen from the first poll on."""
    appliance.add(make.job(1))
    recorder = Recorder(RingFolder(tmp_path / "rings"), "the screen", appliance.clock)
    watched = [make.watched(make.name, appliance)]
    monitor = Monitor(
        watched, clock=appliance.clock, audit=audit, jitter=lambda: 0.0, recorder=recorder, is_list_first=True
    )
    room = make.room(appliance.clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        await room.first_list()
        await room.advance(20)
        assert not (tmp_path / "rings").exists()
        monitor.list_is_shown()
        await room.until(lambda: room.of("VerdictsChanged"))
    assert frames(tmp_path, make, appliance)[0].at == make.start.timestamp()


async def test_verdicts_of_a_session_begin_in_the_recording(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit
) -> None:
    """A job that stood through a recorded hour is not `watching` at the first look of the next session."""
    appliance.add(make.job(1, original_size_bytes=1000, cached_size_bytes=1000, completed_size_bytes=10))
    async with session(tmp_path, make, appliance, audit) as room:
        await room.advance(3600)
    async with session(tmp_path, make, appliance, audit, by="the screen") as room:
        verdict = room.monitor.verdict(make.key(1))
        assert verdict.kind in {Kind.MEDIA, Kind.UNCLEAR, Kind.BLOCKED}
        assert room.monitor.now_seconds() - verdict.since_seconds >= 3600


async def test_rates_of_a_session_begin_in_the_recording(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit
) -> None:
    """A job that moved in front of a recorder has a rate, and what stands its last byte, at the first look of a session."""
    moving, standing = make.job(1, original_size_bytes=10**6), make.job(2, original_size_bytes=10**6)
    appliance.add(moving, standing, make.job(3))
    async with session(tmp_path, make, appliance, audit) as room:
        for sent in range(1, 11):
            await room.advance(30)
            appliance.add(replace(moving, cached_size_bytes=1000 * sent, completed_size_bytes=500 * sent))
            if sent < 3:
                appliance.add(replace(standing, cached_size_bytes=1000 * sent))
        await room.advance(20)
    async with session(tmp_path, make, appliance, audit, by="the screen") as room:
        await room.until(lambda: room.monitor.progress(make.key(1)).watched_seconds > 0)
        first, second, third = (room.monitor.progress(make.key(number)) for number in (1, 2, 3))
        assert round(first.cached_rate, 1) == 33.3
        assert first.eta_seconds is not None
        assert sum(first.cached_amounts) == 9000
        assert (second.cached_rate, second.pause_is_lower_bound) == (None, False)
        assert 230 <= second.pause_seconds <= 270
        assert third.pause_is_lower_bound
        assert third.pause_seconds >= 320
    async with session(tmp_path, make, appliance, audit, by="the screen") as room:
        await room.until(lambda: room.monitor.progress(make.key(1)).watched_seconds > 0)
        appliance.add(replace(moving, cached_size_bytes=20_000))
        await room.advance(31)
        assert room.monitor.progress(make.key(1)).pause_seconds < 31


def cache_short(now: Instant, _: Overall) -> Overall:
    """From the second minute on the cache is short, from the fifth on no longer, at the eighth the data path is off."""
    short = EndpointVerdict("E5", Actor.ADMIN, (("Cache short for ", Since(120.0)),))
    off = EndpointVerdict("E1", Actor.ADMIN, (("Data path off",),))
    return (short,) if 120 <= now.seconds < 300 else (off,) if now.seconds >= 480 else ()


async def test_what_was_wrong_before_is_among_the_events(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit
) -> None:
    """What was wrong with the appliance as a whole while another session recorded is told once, with its time."""
    appliance.add(make.job(1))
    began = appliance.clock.now()
    async with session(tmp_path, make, appliance, audit, stood=cache_short) as room:
        await room.advance(580)
        assert not [event for event in room.of("Noted") if event.kind is NoteKind.RECORDED]
    async with session(tmp_path, make, appliance, audit, by="the screen") as room:
        await room.advance(60)
        told = [event for event in room.of("Noted") if event.kind is NoteKind.RECORDED]
    assert [event.sentence for event in told] == [
        "Cache short for 3m. It was so for 3m, recorded by watch.",
        "Data path off. It was so for 1m until the recording ended, recorded by watch.",
    ]
    assert [round((event.at - began).total_seconds() / 60) for event in told] == [2, 8]


async def test_an_outage_is_in_the_ring(tmp_path: Path, make: Any, appliance: Any, audit: Audit) -> None:
    """Why nothing could be seen is recorded, and when it could again."""
    appliance.add(make.job(1))
    async with session(tmp_path, make, appliance, audit) as room:
        appliance.errors["jobs"] = make.failure(ProblemKind.TIMEOUT)
        await room.advance(60)
        del appliance.errors["jobs"]
        await room.advance(120)
    problems = [(frame.body.get("problem") or {}).get("kind") for frame in frames(tmp_path, make, appliance)]
    assert [kind for kind, _ in groupby(problems)] == [None, "timeout", None]


async def test_a_second_session_says_once_that_it_only_reads(
    tmp_path: Path, make: Any, appliance: Any, audit: Audit
) -> None:
    """The events pane has a line about it."""

    def told(room: Any) -> list[Event]:
        return [event for event in room.of("Noted") if event.kind.value == "recording"]

    appliance.add(make.job(1))
    async with session(tmp_path, make, appliance, audit) as first:
        async with session(tmp_path, make, appliance, audit, by="the screen") as second:
            await second.advance(200)
            assert [event.sentence.partition(":")[0] for event in told(second)] == ["Not recorded here"]
        assert told(first) == []


async def test_no_secret_is_in_any_file(tmp_path: Path, make: Any, appliance: Any, audit: Audit) -> None:
    """Neither the access id nor anything of a request is recorded."""
    appliance.add(make.job(1))
    async with session(tmp_path, make, appliance, audit) as room:
        await room.advance(60)
    endpoint = make.watched(make.name, appliance).endpoint
    held = b"".join(path.read_bytes() for path in (tmp_path / "rings").iterdir())
    bodies = "".join(str(frame.body) for frame in frames(tmp_path, make, appliance))
    assert endpoint.access_id.encode() not in held
    assert endpoint.access_id not in bodies
