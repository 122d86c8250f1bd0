"""Outages: by the polls of its list an endpoint is down or up, and while only a person can help nothing else is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bptui.monitor import notes
from bptui.monitor.ages import Elapsed
from bptui.monitor.events import EndpointRecovered, Event, Pane, Polled, PollFailed


class Outages:
    """Says once when the list cannot be read any more, and once when it can again."""

    def __init__(self, elapsed: Elapsed, publish: Callable[[Event], None]) -> None:
        self._elapsed = elapsed
        self._publish = publish
        self._down_since: float | None = None
        self.may_ask = asyncio.Event()
        """Set while the list can be read, or fails in a way that may pass by itself."""

    def notice(self, event: Event) -> None:
        """Take note of what became of a poll."""
        match event:
            case Polled(pane=Pane.LIST):
                self.may_ask.set()
                if self._down_since is not None:
                    self._came_back(event, self._elapsed.seconds() - self._down_since)
            case PollFailed(pane=Pane.LIST):
                if event.next_at is None:
                    self.may_ask.clear()
                if self._down_since is None:
                    self._down_since = self._elapsed.seconds()
                    self._publish(notes.went_down(event.endpoint, event.at, event.problem))

    def _came_back(self, event: Polled, down_seconds: float) -> None:
        self._down_since = None
        self._publish(EndpointRecovered(event.endpoint, event.at, down_seconds))
        self._publish(notes.came_back(event.endpoint, event.at, down_seconds))
