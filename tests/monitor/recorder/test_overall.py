"""What was wrong with an appliance as a whole is recorded as it was said, and said again by a replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.clock import Clock
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.verdict import Actor, At, EndpointVerdict, Since, Size, Span
from bptui.monitor.appliance import Overall, Watched
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.events import VerdictsChanged
from bptui.monitor.monitor import Monitor
from bptui.monitor.recorder.copying import copy
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.overall import decode_overall, encode_overall, shifted
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.redaction import Redactor
from bptui.monitor.recorder.replay import replayed
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.recorder.shelf import SingleFile
from bptui.monitor.recorder.state import State
from bptui.monitor.why.history import Instant
from bptui.monitor.why.sentence import Style, endpoint_sentence
from tests.monitor.conftest import HandClock, Make, Scripted
from tests.monitor.listening import running

INTERVAL = 30.0
ENDPOINT = Endpoint(EndpointName("lab"), "http://lab.example.test", "access", interval_seconds=INTERVAL)
MINUTE = 60.0

parts = st.one_of(
    st.text(max_size=20),
    st.builds(At, st.datetimes(timezones=st.just(UTC))),
    st.builds(Size, st.integers(0, 10**15)),
    st.builds(Span, st.integers(0, 10**6).map(float)),
    st.builds(Since, st.integers(-(10**6), 10**6).map(float), st.booleans()),
)
verdicts = st.lists(
    st.builds(
        EndpointVerdict,
        st.sampled_from([f"E{number}" for number in range(1, 11)]),
        st.sampled_from(Actor),
        st.lists(st.lists(parts, max_size=3).map(tuple), max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)


@given(verdicts, st.integers(-(10**9), 10**9))
def test_every_verdict_comes_back_as_it_was(told: Overall, seconds: int) -> None:
    """Words, dates, sizes and times since survive the file, and the way to another clock and back."""
    assert decode_overall(encode_overall(told)) == told
    assert shifted(shifted(told, seconds), -seconds) == told


@pytest.mark.parametrize("nonsense", [[{"rule": "E1"}], [{"rule": "E1", "actor": "me", "cause": []}], [3]])
def test_nonsense_is_no_verdict(nonsense: object) -> None:
    """A file may come from anybody."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        decode_overall(nonsense)  # type: ignore[arg-type]  # that is the point


def stood_then(now: Instant, _: Overall) -> Overall:
    """What no judging of the scripted appliance would say: for ten minutes the cache is short of space."""
    if not 5 * MINUTE <= now.seconds < 15 * MINUTE:
        return ()
    words = ("Cache 91 % reserved for ", Since(3 * MINUTE), "; most is held by job 1")
    return (EndpointVerdict("E5", Actor.ADMIN, (words,)),)


Heard = list[tuple[int, str]]


async def heard(watched: Watched, clock: Clock, hands: HandClock, recorder: Recorder | None = None) -> Heard:
    """The changes of what is wrong with the appliance: after how many seconds, in which words."""
    audit = Audit(Path("/nowhere/audit.jsonl"), Origin("ops", "jump"))
    monitor = Monitor([watched], clock=clock, audit=audit, jitter=lambda: 0.0, recorder=recorder)
    room = Make.room(hands, Scripted(), monitor)
    told: Heard = [(0, "")]

    async def listen() -> None:
        async for event in monitor.events():
            if isinstance(event, VerdictsChanged):
                style = Style(monitor.now_seconds())
                words = " ".join(f"{one.rule} {endpoint_sentence(one, style)}" for one in event.endpoint_verdicts)
                if words.split()[:1] != told[-1][1].split()[:1]:
                    told.append((round(monitor.now_seconds()), words))

    async with running(monitor.run(), room.listen(), listen()):
        await room.first_list()
        await room.until(lambda: room.of("VerdictsChanged"))
        await hands.advance(20 * MINUTE)
    return told


async def recorded(shelf: SingleFile) -> Heard:
    hands, appliance = HandClock(), Scripted()
    appliance.clock = hands
    appliance.add(Make.job(1, original_size_bytes=1000))
    watched = Watched(ENDPOINT, lambda: appliance, stood=stood_then)
    return await heard(watched, hands, hands, Recorder(shelf, "record", hands))


async def replay(path: Path) -> Heard:
    hands = HandClock()
    watched, clock = replayed(path, 1.0, hands)
    return await heard(watched, clock, hands)


async def test_a_replay_says_what_stood_then(tmp_path: Path) -> None:
    """The words of then at the times of then, whatever this bptui would say of the facts that were recorded."""
    told = await recorded(SingleFile(tmp_path / "file"))
    assert told == [
        (0, ""),
        (300, "E5 Cache 91 % reserved for 2m; most is held by job 1."),
        (900, ""),
    ]
    assert await replay(tmp_path / "file") == told


async def test_a_redacted_recording_keeps_which_rules_held(tmp_path: Path) -> None:
    """Its words hold names and are gone; a replay says the rule in words of its own, at the same times."""
    await recorded(SingleFile(tmp_path / "file", Redactor()))
    assert "job 1" not in str([frame.body for frame in read_frames(tmp_path / "file")])
    told = await replay(tmp_path / "file")
    assert told == [(0, ""), (300, "E5 Cache pressure high, or within 2 h at the current rate."), (900, "")]


def without_overall(frame: Frame) -> Frame:
    """A frame as an older bptui wrote it, and something that a newer one may add."""
    body = {name: section for name, section in frame.body.items() if name != "endpoint_verdicts"}
    return replace(frame, body=body | {"weather": {"outside": "rain"}})


async def test_an_older_recording_is_judged_again(tmp_path: Path) -> None:
    """Where a file does not tell, the facts in it decide; what it tells beyond what is known here is left alone."""
    await recorded(SingleFile(tmp_path / "file", without_overall))
    assert await replay(tmp_path / "file") == [(0, "")]


async def test_a_copy_of_a_part_tells_what_stood_when_it_begins(tmp_path: Path) -> None:
    """The first frame of the copy holds what began before it."""
    await recorded(SingleFile(tmp_path / "file"))
    frames = list(read_frames(tmp_path / "file"))
    copied = SingleFile(tmp_path / "copy").open_file()
    copy(frames, frames[0].at + 10 * MINUTE, copied)
    copied.close()
    first = next(read_frames(tmp_path / "copy"))
    state = State()
    state.apply(first)
    assert [one.rule for one in state.endpoint_verdicts or ()] == ["E5"]
