"""With the list first, nothing else is loaded or asked before the list is shown, and nothing is missed by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bptui.model.endpoint import Endpoint
from bptui.model.problem import ProblemKind
from bptui.model.verdict import Kind
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit
from bptui.monitor.monitor import Monitor
from tests.monitor.listening import running

if TYPE_CHECKING:
    from conftest import HandClock, Make, Room, Scripted


@pytest.fixture
async def listing(
    clock: HandClock, appliance: Scripted, endpoint: Endpoint, audit: Audit, make: Make
) -> AsyncIterator[Room]:
    """A running monitor that shows the list first."""
    watched = [Watched(endpoint, lambda: appliance)]
    monitor = Monitor(watched, clock=clock, audit=audit, jitter=lambda: 0.0, is_list_first=True)
    room = make.room(clock, appliance, monitor)
    async with running(monitor.run(), room.listen()):
        yield room


async def test_only_the_list_is_asked_until_it_is_shown(listing: Room, appliance: Scripted, make: Make) -> None:
    """However long that takes: no evidence, no verdict, no word on the appliance itself."""
    job = make.job(1)
    appliance.add(job)
    await listing.first_list()
    await listing.advance(30)
    assert {name for name, _ in appliance.asked} == {"jobs"}
    key = make.key(1)
    monitor = listing.monitor
    assert (monitor.verdict(key), monitor.explain(key), monitor.explained_by(key)) == (None, None, None)
    assert (monitor.evidence(make.name), monitor.endpoint_verdicts(make.name)) == (None, ())
    assert dict(monitor.traffic(make.name)) == {}


async def test_the_rest_follows_once_the_list_is_shown(listing: Room, appliance: Scripted, make: Make) -> None:
    """Verdicts begin with the list that is shown, and the job that a person looks at already counts as looked at."""
    appliance.add(make.job(1, original_size_bytes=10**12, cached_size_bytes=10))
    await listing.first_list()
    listing.monitor.watch(make.name, make.id(1))
    listing.monitor.list_is_shown()
    await listing.until(lambda: listing.of("VerdictsChanged"))
    assert listing.monitor.verdict(make.key(1))
    appliance.add(make.job(1, original_size_bytes=10**12, cached_size_bytes=10**9))
    await listing.advance(6)
    verdict = listing.monitor.verdict(make.key(1))
    assert verdict
    assert verdict.kind is Kind.RECEIVING
    assert {"system_information", "active_jobs", "tape_partition"} <= {name for name, _ in appliance.asked}
    assert listing.monitor.evidence(make.name) is not None


async def test_a_failure_before_that_is_explained_too(listing: Room, appliance: Scripted, make: Make) -> None:
    """An appliance that cannot be read from the start is told as blind."""
    appliance.errors["jobs"] = make.failure(ProblemKind.AUTHENTICATION)
    await listing.first_list()
    listing.monitor.list_is_shown()
    await listing.until(lambda: listing.of("VerdictsChanged"))
    assert [one.rule for one in listing.monitor.endpoint_verdicts(make.name)] == ["E10"]
