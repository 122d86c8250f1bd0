"""The hub: hands every event to every subscriber, and never lets one that is late hold up the rest or fill the memory."""

from __future__ import annotations

import asyncio
import itertools
import weakref
from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Self

from bptui.model.diff import JobsChanges, TreeChanges
from bptui.model.job import JobId
from bptui.monitor.events import (
    NOTES_KEPT,
    Event,
    JobsChanged,
    Noted,
    Polled,
    PollFailed,
    PollStarted,
    TreeChanged,
    VerdictsChanged,
)

POSITIONS_KEPT = 50_000
"""Beyond so many changed positions two tree differences are not merged: the whole is cheaper."""


class Subscription:
    """One consumer's events in order; while they wait, a newer absolute event takes the place of an older one.

    Absolute are those that say how things are (`JobsChanged`, `TreeChanged`, `VerdictsChanged`, `Polled`,
    `PollStarted`, `PollFailed`); the others say what happened, and each of them arrives.
    """

    def __init__(self, known: Iterable[Event] = ()) -> None:
        self._waiting: dict[Hashable, Event] = {}
        self._notes: deque[Hashable] = deque()
        self._numbers = itertools.count()
        self._news = asyncio.Event()
        for event in known:
            self.put(event)

    def put(self, event: Event) -> None:
        """Add an event at the end; called by the hub."""
        key = _replaceable(event)
        if key is None:
            key = next(self._numbers)
            self._make_room(event, key)
        elif key in self._waiting:
            event = _merged(self._waiting.pop(key), event)
        self._waiting[key] = event
        self._news.set()

    def _make_room(self, event: Event, key: Hashable) -> None:
        if not isinstance(event, Noted):
            return
        while self._notes and self._notes[0] not in self._waiting:
            self._notes.popleft()
        if len(self._notes) >= NOTES_KEPT:
            self._waiting.pop(self._notes.popleft(), None)
        self._notes.append(key)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.pop(next(iter(self._waiting)))

    def __len__(self) -> int:
        return len(self._waiting)


class Hub:
    """Every subscription that somebody still holds."""

    def __init__(self) -> None:
        self._subscriptions: weakref.WeakSet[Subscription] = weakref.WeakSet()

    def subscribe(self, known: Iterable[Event] = ()) -> Subscription:
        """Begin a subscription with what is known already; it ends when nobody holds it any more."""
        subscription = Subscription(known)
        self._subscriptions.add(subscription)
        return subscription

    def publish(self, event: Event) -> None:
        """Hand an event to all, without waiting for any."""
        for subscription in tuple(self._subscriptions):
            subscription.put(event)


def _replaceable(event: Event) -> Hashable | None:
    match event:
        case JobsChanged() | TreeChanged() | VerdictsChanged():
            return (type(event), event.endpoint)
        case Polled() | PollStarted() | PollFailed():
            return (type(event), event.endpoint, event.pane)
        case _:
            return None


def _merged(first: Event, second: Event) -> Event:
    if isinstance(first, JobsChanged) and isinstance(second, JobsChanged) and second.since_revision is not None:
        changes = merged_changes(first.changes, second.changes)
        return replace(second, changes=changes, since_revision=first.since_revision)
    if isinstance(first, TreeChanged) and isinstance(second, TreeChanged) and second.since_revision is not None:
        return _merged_trees(first, second)
    if isinstance(first, VerdictsChanged) and isinstance(second, VerdictsChanged):
        return _merged_verdicts(first, second)
    return second


def _merged_verdicts(first: VerdictsChanged, second: VerdictsChanged) -> VerdictsChanged:
    gone = dict.fromkeys((*first.removed, *second.removed))
    changed = dict.fromkeys(job_id for job_id in first.changed if job_id not in gone)
    changed |= dict.fromkeys(second.changed)
    removed = tuple(job_id for job_id in gone if job_id not in changed)
    return replace(second, changed=tuple(changed), removed=removed, pauses=(*first.pauses, *second.pauses))


def merged_changes(first: JobsChanges, second: JobsChanges) -> JobsChanges:
    """Say two differences in a row as one, for who has seen neither."""
    fate = dict.fromkeys(first.removed, "removed") | dict.fromkeys(first.changed, "changed")
    fate |= dict.fromkeys(first.added, "added")
    for job_id in second.removed:
        if fate.pop(job_id, None) != "added":
            fate[job_id] = "removed"
    for job_id in second.added:
        fate[job_id] = "changed" if fate.get(job_id) == "removed" else "added"
    for job_id in second.changed:
        fate.setdefault(job_id, "changed")

    def ids(what: str) -> tuple[JobId, ...]:
        return tuple(job_id for job_id, word in fate.items() if word == what)

    return JobsChanges(added=ids("added"), removed=ids("removed"), changed=ids("changed"))


def _merged_trees(first: TreeChanged, second: TreeChanged) -> TreeChanged:
    before, after = first.changes, second.changes
    is_small = len(before.objects) + len(after.objects) <= POSITIONS_KEPT
    if first.since_revision is None or after.is_reshaped or not is_small:
        return replace(second, changes=replace(after, is_reshaped=True), since_revision=None)
    changes = TreeChanges(
        objects=tuple(sorted({*before.objects, *after.objects})),
        chunks=tuple(sorted({*before.chunks, *after.chunks})),
        is_reshaped=before.is_reshaped,
        is_job_changed=before.is_job_changed or after.is_job_changed,
    )
    return replace(second, changes=changes, since_revision=first.since_revision)
