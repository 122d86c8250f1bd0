"""Simulated time: seconds since the appliance started, driven by this machine's clock or by steps."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Two clocks: the simulation's, by which jobs move, and the appliance's own, which requests are dated against.

    They are the same when a start is given. Otherwise the appliance's own is this machine's, so that clients with a
    real clock may sign at any speed.
    """

    def __init__(
        self,
        *,
        speed: float,
        start: datetime | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speed = speed
        self._wall = wall
        self._monotonic = monotonic
        self._began = monotonic()
        self._stepped_seconds = 0.0
        self._is_fixed = start is not None
        self.start = (start or datetime.fromtimestamp(wall(), UTC)).astimezone(UTC).replace(microsecond=0)

    def elapsed_seconds(self) -> float:
        """Simulated seconds since the start."""
        return self._stepped_seconds + (self._monotonic() - self._began) * self._speed

    def step(self, seconds: float) -> None:
        """Let simulated time pass at once."""
        self._stepped_seconds += seconds

    def at(self, elapsed_seconds: float) -> datetime:
        """The date at a moment of the simulation, in whole seconds as the appliance writes them."""
        return self.start + timedelta(seconds=int(elapsed_seconds))

    def own(self) -> datetime:
        """What the appliance believes the time is."""
        if self._is_fixed:
            return self.start + timedelta(seconds=self.elapsed_seconds())
        return datetime.fromtimestamp(self._wall(), UTC)
