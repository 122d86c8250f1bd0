"""What an appliance tells about itself, and how far its clock is off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.model.problem import Problem
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting

if TYPE_CHECKING:
    from bptui.model.system import SystemInformation


class About:
    """The system information as last read."""

    def __init__(self, setting: Setting, link: Link) -> None:
        self._clock = setting.clock
        self._link = link
        self.system: SystemInformation | None = None
        """None before it was read."""
        self.ahead_seconds: float | None = None
        """How far its clock was ahead of ours then; None when it was not told."""

    @property
    def release(self) -> tuple[int, ...] | None:
        """The leading numbers of its version; None when they are not known."""
        return self.system.release if self.system else None

    async def read(self) -> None:
        """Ask for it; raises Ds3Error. The clock is compared with ours in the middle of the request."""
        appliance = await self._link()
        began = self._clock.monotonic()
        system = await appliance.system_information()
        if system.now is not None:
            half = timedelta(seconds=(self._clock.monotonic() - began) / 2)
            self.ahead_seconds = (system.now - (self._clock.now() - half)).total_seconds()
        self.system = system

    def skew_seconds(self, problem: Problem | None) -> float | None:
        """How far its clock is ahead: as a refusal because of the clocks told, or else as read last."""
        if problem and problem.appliance_clock and problem.our_clock:
            return (problem.appliance_clock - problem.our_clock).total_seconds()
        return self.ahead_seconds
