"""The recorder that every session of bptui begins with."""

from __future__ import annotations

from bptui.cli.invocation import Invocation
from bptui.clock import SYSTEM_CLOCK
from bptui.monitor.recorder.recorder import Recorder
from bptui.monitor.recorder.shelf import RingFolder
from bptui.paths import recordings_dir


def recorder_of(invocation: Invocation, by: str) -> Recorder:
    """Return a recorder for a session that calls itself so; it opens nothing before an appliance is connected."""
    return Recorder(RingFolder(recordings_dir(invocation.environ)), by, SYSTEM_CLOCK)
