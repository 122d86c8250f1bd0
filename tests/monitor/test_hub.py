"""Every subscriber gets every fact, and one that is late gets how things are instead of how they were."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bptui.model.diff import JobsChanges, TreeChanges, snapshot_changes
from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.tree import JobTree
from bptui.monitor.events import (
    NOTES_KEPT,
    CloseFinished,
    CloseOutcome,
    Event,
    JobsChanged,
    Noted,
    NoteKind,
    Pane,
    Polled,
    TreeChanged,
)
from bptui.monitor.hub import Hub, Subscription, merged_changes

if TYPE_CHECKING:
    from conftest import Make

NAME = EndpointName("lab")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def changed(revision: int, changes: JobsChanges, since: int | None) -> JobsChanged:
    return JobsChanged(NAME, JobsSnapshot(NAME, revision, AT), changes, since)


def polled(took: float, name: EndpointName = NAME) -> Polled:
    return Polled(name, Pane.LIST, AT, took, AT)


def noted(text: str) -> Noted:
    return Noted(NAME, AT, NoteKind.STARTED, None, text)


async def drained(subscription: Subscription) -> list[Event]:
    return [await anext(subscription) for _ in range(len(subscription))]


async def test_a_late_subscriber_gets_one_merged_change() -> None:
    """Its difference applies to what it got last, and its snapshot is the newest."""
    subscription = Subscription()
    one, two, three = JobId("1"), JobId("2"), JobId("3")
    subscription.put(changed(5, JobsChanges(added=(one,), changed=(two,)), 4))
    subscription.put(changed(6, JobsChanges(removed=(one,), changed=(three,)), 5))
    (event,) = await drained(subscription)
    assert event == changed(6, JobsChanges(changed=(two, three)), 4)


async def test_an_event_for_another_endpoint_replaces_nothing() -> None:
    """Only what says the same about the same may be replaced."""
    subscription = Subscription()
    other = EndpointName("other")
    for event in (polled(1.0), polled(2.0, other), polled(3.0)):
        subscription.put(event)
    assert await drained(subscription) == [polled(2.0, other), polled(3.0)]


async def test_what_happened_is_never_replaced() -> None:
    """Each result of a close and each note arrives, in order."""
    subscription = Subscription()
    done = CloseFinished(NAME, JobId("1"), CloseOutcome.CLOSED, "Closed.", AT)
    events: list[Event] = [noted("a"), done, noted("b"), done]
    for event in events:
        subscription.put(event)
    assert await drained(subscription) == events


async def test_notes_that_nobody_reads_do_not_fill_the_memory() -> None:
    """Beyond a bound the oldest notes are left out, but no result of a close."""
    subscription = Subscription()
    done = CloseFinished(NAME, JobId("1"), CloseOutcome.CLOSED, "Closed.", AT)
    subscription.put(done)
    for number in range(NOTES_KEPT + 10):
        subscription.put(noted(str(number)))
    events = await drained(subscription)
    assert len(events) == NOTES_KEPT + 1
    assert events[0] == done
    assert events[1] == noted("10")


async def test_notes_that_are_read_are_never_left_out() -> None:
    """Who keeps up gets every note, however many there are."""
    subscription = Subscription()
    for number in range(NOTES_KEPT * 2):
        subscription.put(noted(str(number)))
        assert await anext(subscription) == noted(str(number))


async def test_a_slow_subscriber_does_not_hold_up_another() -> None:
    """Two subscriptions are filled and emptied apart."""
    hub = Hub()
    slow, quick = hub.subscribe(), hub.subscribe([polled(0.5)])
    hub.publish(polled(1.0))
    assert await drained(quick) == [polled(1.0)]
    hub.publish(polled(2.0))
    assert await drained(quick) == [polled(2.0)]
    assert await drained(slow) == [polled(2.0)]


async def test_trees_are_merged_by_position_only_when_none_moved(make: Make) -> None:
    """Positions of two differences are joined; after a reshaping only the whole counts."""
    tree = JobTree(make.job())
    first = TreeChanged(NAME, tree.with_revision(2), TreeChanges(objects=(1, 5)), 1)
    second = TreeChanged(NAME, tree.with_revision(3), TreeChanges(objects=(2, 5), chunks=(0,)), 2)
    reshaped = TreeChanged(NAME, tree.with_revision(4), TreeChanges(is_reshaped=True), 3)
    subscription = Subscription([first, second])
    (event,) = await drained(subscription)
    assert isinstance(event, TreeChanged)
    assert (event.tree, event.changes, event.since_revision) == (
        second.tree,
        TreeChanges(objects=(1, 2, 5), chunks=(0,)),
        1,
    )
    (whole,) = await drained(Subscription([first, reshaped]))
    assert isinstance(whole, TreeChanged)
    assert whole.since_revision is None


lists = st.dictionaries(st.sampled_from([JobId(letter) for letter in "abcdefgh"]), st.integers(0, 2))


@given(st.lists(lists, min_size=2, max_size=6))
def test_merged_differences_tell_the_truth(make: Make, states: list[dict[JobId, int]]) -> None:
    """Every job that differs between the ends is named rightly, whatever happened in between."""
    lists = [{job_id: make.job(1, original_size_bytes=size) for job_id, size in state.items()} for state in states]
    snapshots = [JobsSnapshot(make.name, 1, make.start, jobs) for jobs in lists]
    steps = [snapshot_changes(before, after) for before, after in pairwise(snapshots)]
    merged = steps[0]
    for step in steps[1:]:
        merged = merged_changes(merged, step)
    direct = snapshot_changes(snapshots[0], snapshots[-1])
    assert set(merged.added) == set(direct.added)
    assert set(merged.removed) == set(direct.removed)
    assert set(merged.changed) >= set(direct.changed)
    assert set(merged.changed) <= lists[0].keys() & lists[-1].keys()
