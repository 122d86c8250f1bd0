"""One endpoint, polled: what is asked when, and what is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bptui.model.problem import ProblemKind
from bptui.monitor.events import EndpointRecovered, JobsChanged, Noted, NoteKind, Pane, Polled, PollFailed


async def test_the_list_is_asked_once_each_interval(room, appliance, make):
    """The list is read at start and then every five seconds, and each answer makes one Polled."""
    appliance.add(make.job(1))
    await room.first_list()
    await room.advance(20)
    assert appliance.count("jobs") == 5
    assert len([event for event in room.of("Polled") if event.pane is Pane.LIST]) == 5
