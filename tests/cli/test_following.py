"""Following what a monitor says: what is told, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from bptui.cli.exits import Exit
from bptui.cli.follow import run_following
from bptui.cli.following import Following
from bptui.cli.news import NewsWriter
from bptui.clock import SYSTEM_CLOCK
from bptui.model.verdict import Kind
from bptui.monitor.audit import Audit, Origin
from bptui.monitor.events import Event, VerdictsChanged
from bptui.monitor.monitor import Monitor
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.shelf import RingFolder
from tests.tui.scripted import ScriptedFeed, job, verdict
from tests.waiting import WAIT_SECONDS


async def _facts(*events: Event) -> AsyncIterator[Event]:
    for event in events:
        yield event


async def test_a_job_that_was_forgotten_is_told_anew(capsys: pytest.CaptureFixture[str]) -> None:
    """What was said of a job is remembered for as long as the job is known: watching for months does not add up."""
    feed, one = ScriptedFeed(), job(1)
    stands = {one.job_id: verdict(Kind.BLOCKED)}
    told = [feed.tell_jobs(one), feed.tell_verdicts(stands), feed.tell_verdicts(stands)]
    gone = VerdictsChanged(feed.endpoint.name, 2, (), (one.job_id,))
    following = Following(cast(Monitor, feed), NewsWriter(is_json=False), SYSTEM_CLOCK, (), None)
    assert await following.run(_facts(*told, gone, feed.tell_verdicts(stands))) is Exit.DONE
    assert len(capsys.readouterr().out.splitlines()) == 2


class _Defective(Recorder):
    async def follow(self, *_: Any) -> None:
        raise RuntimeError("a defect")


async def test_watching_that_a_defect_ended_is_not_followed_for_ever(tmp_path: Path) -> None:
    """A script gets a code, and a person a file to send, instead of silence."""
    recorder = _Defective(RingFolder(tmp_path), "watch", SYSTEM_CLOCK)
    monitor = Monitor([], clock=SYSTEM_CLOCK, audit=Audit(tmp_path / "audit", Origin("ops", "jump")), recorder=recorder)
    following = Following(monitor, NewsWriter(is_json=False), SYSTEM_CLOCK, (), None)
    with pytest.raises(ExceptionGroup):
        await asyncio.wait_for(run_following(monitor, following, None, None), WAIT_SECONDS)
