"""The media room: what it says of each thing, at every width, and what its keys wish for."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bptui.ds3.calls import CallName
from bptui.model.evidence import CacheFilesystem, CacheState, Failure, FailureType
from bptui.model.media import (
    Quiesced,
    ReservedTaskType,
    Tape,
    TapeDrive,
    TapeDriveState,
    TapePartition,
    TapePartitionState,
    TapeState,
)
from bptui.model.problem import Problem, ProblemKind
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.system import ApplianceNode
from bptui.model.verdict import Actor, EndpointVerdict
from bptui.monitor.ages import Freshness
from bptui.monitor.expense import Expense
from bptui.monitor.state import PaneState
from bptui.monitor.why.facts import EndpointFacts, Evidence, Looked, Policy, RequiredStore, Source
from bptui.tui.options import view_options
from bptui.tui.screens.media_room import MediaRoom
from tests.tui.scripted import NOW, ScriptedFeed, job_id
from tests.tui.test_main_screen import ENVIRON, JOBS, Screen, screen

ACCEPTED = Path(__file__).parent / "pictures"
READ = SourceState(Reading.OK, NOW - timedelta(minutes=1))


def failure(minutes: float, kind: str, subject: str, drive: str | None = None) -> Failure:
    return Failure(
        FailureList.TAPE, FailureType(kind), NOW - timedelta(minutes=minutes), "Medium error", None, subject, drive
    )


EVIDENCE = Evidence(
    EndpointFacts(
        cache=Source(READ, CacheState((CacheFilesystem("fs", "n1", "/cache", 1000, 900, job_locked_bytes=860),))),
        nodes=Source(READ, (
            ApplianceNode("n1", "bp-01", None, "10.0.0.1", 80, 443, NOW - timedelta(seconds=20), None),
            ApplianceNode("n2", "bp-02", None, "10.0.0.2", 80, 443, NOW - timedelta(minutes=12), None),
        )),
        partitions=Source(READ, (
            TapePartition("p1", "LTO8-A", TapePartitionState.ONLINE),
            TapePartition("p2", "LTO8-B", TapePartitionState.ERROR, Quiesced.YES, "robot\x1b[2J stuck"),
        )),
        drives=Source(READ, (
            TapeDrive("d1", TapeDriveState.NORMAL, "p1", "10WT1", reserved_task_type=ReservedTaskType.READ),
            TapeDrive("d2", TapeDriveState.ERROR, "p1", "10WT2", error_message="needs service"),
        )),
        pools=Source(SourceState(Reading.FORBIDDEN)),
        failures={FailureList.TAPE: Source(READ, (
            failure(22, "READ_FAILED", "t1", "d2"), failure(23, "READ_FAILED", "t1", "d1"),
            failure(90, "WRITE_FAILED", "t2", "d2"),
        ))},
        first_seen={"p2": NOW - timedelta(minutes=14)},
        storage_domain_names={"sd": "first copy"},
    ),
    {job_id(3): Looked(tape=Source(READ, Tape(
        "t1", TapeState.EJECTED, "004540L8", NOW - timedelta(hours=9), "offsite", "vault B")))},
    {"mri": Source(READ, Policy((RequiredStore("sd"),), frozenset({"x"})))},
)  # fmt: skip


def fill(feed: ScriptedFeed) -> None:
    """Everything that the media room can tell."""
    feed.known_evidence = EVIDENCE
    feed.about_endpoint = (EndpointVerdict("E6", Actor.ADMIN, (("Tape partition LTO8-B: error, quiesced",),)),)
    feed.known_sources = {
        "tape_drive": SourceState(Reading.OK, NOW - timedelta(seconds=20)),
        "pool": SourceState(Reading.FORBIDDEN, status=403),
    }
    feed.expenses = {CallName.JOBS: Expense(60, 0, 90_000, 12.0, 18_000.0)}


async def opened(shown: Screen) -> None:
    fill(shown.feed)
    await shown.press("M")
    await shown.until(lambda: isinstance(shown.app.screen, MediaRoom))
    await shown.shows("── Cache")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_accepted(size: tuple[int, int]) -> None:
    """The room is painted as in the accepted picture; `ACCEPT_PICTURES=1` accepts what is painted now."""
    async with screen(*JOBS, size=size) as shown:
        await opened(shown)
        text = shown.text
    file = ACCEPTED / f"media-{size[0]}x{size[1]}.txt"
    if os.environ.get("ACCEPT_PICTURES"):
        file.write_text(text + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text + "\n"


async def test_everything_is_told_with_state_reason_and_age() -> None:
    """Each thing says how it is and why; what is wrong comes first; nothing escapes its line."""
    async with screen(*JOBS, size=(120, 60)) as shown:
        await opened(shown)
        for words in (
            ("/cache", "86 % reserved", "throttles at 85 %"),
            ("bp-02", "silent", "12m"),
            ("LTO8-B  ", "error, quiesced", ">14m", r"robot\x1b[2J stuck"),
            ("10WT2", "error", "needs service"),
            ("10WT1", "normal", "reserved for READ"),
            ("004540L8", "EJECTED", "label “offsite”, place “vault B”"),
            ("mri", "2 copies", "storage domain first copy"),
            ("tape 004540L8: 2", "READ_FAILED", "22m"),
            ("drive 10WT2: 2", "READ_FAILED"),
            ("tape_drive  ", "ok", "20s"),
            ("jobs  ", "12.0 requests, 17.6 KiB"),
            ("pool  ", "forbidden"),
        ):
            line = shown.line(words[0])
            assert [word for word in words if word not in line] == []
        lines = shown.text.splitlines()
        places = [
            next(place for place, line in enumerate(lines) if f" {name}" in line) for name in ("LTO8-B  ", "LTO8-A  ")
        ]
        assert places == sorted(places)


async def test_forbidden_is_not_empty() -> None:
    """A section that may not be read says so, and one that was not read yet says that."""
    async with screen(*JOBS) as shown:
        await opened(shown)
        lines = shown.text.splitlines()
        pools = next(place for place, line in enumerate(lines) if "── Pools" in line)
        assert "forbidden" in lines[pools + 1]


async def test_r_asks_everything_again() -> None:
    """`r` asks list, job and every source again, also forbidden ones."""
    async with screen(*JOBS) as shown:
        await opened(shown)
        before = len(shown.feed.poked)
        await shown.press("r")
        assert shown.feed.poked[before:] == [None]


async def test_the_cursor_stays_on_its_thing() -> None:
    """When something else goes wrong above it, the cursor stays where it was."""
    async with screen(*JOBS) as shown:
        await opened(shown)
        room = shown.app.screen
        assert isinstance(room, MediaRoom)
        room._list.point_at(next(key for key in room._list.rows._lines if key[0].id == "d1")[0])  # type: ignore[attr-defined]
        shown.feed.about_endpoint = ()
        room._list.tell()
        assert room._list.value().startswith("10WT1 normal")


async def test_blindness_tells_what_was_tried() -> None:
    """Without answers the room says why, since when the data are, how often it was tried, and when it goes on."""
    async with screen(*JOBS) as shown:
        problem = Problem(ProblemKind.TIMEOUT, "bp.example.test did not answer within 10 s.", "Look at the network.")
        shown.feed.list_state = PaneState(
            300.0,
            Freshness.STALE,
            NOW - timedelta(minutes=5),
            next_at=NOW + timedelta(seconds=9),
            problem=problem,
            attempt=4,
        )
        await opened(shown)
        for words in (
            "did not answer within 10 s.",
            "Next try 21:40:09 UTC.",
            "Last good data: 5m ago",
            "Tried 4 times",
        ):
            assert words in shown.text


async def test_ascii() -> None:
    """With `--ascii` nothing but ASCII is painted, except in names."""
    options = view_options(ENVIRON, UTC, is_ascii=True)
    async with screen(*JOBS, size=(120, 60), options=options) as shown:
        fill(shown.feed)
        await shown.press("M")
        await shown.shows("Cache")
        assert {character for character in shown.text if not character.isascii()} <= set("“”")


async def test_esc_goes_back() -> None:
    """Esc and q lead back to the jobs."""
    async with screen(*JOBS) as shown:
        await opened(shown)
        await shown.press("q")
        await shown.until(lambda: shown.app.screen is shown.app._main)
