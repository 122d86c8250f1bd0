"""Copying: a part of a ring as a recording of its own, which can be sent away and replayed."""

from __future__ import annotations

from collections.abc import Iterable

from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.ring import Ring
from bptui.monitor.recorder.state import State


def key_frame(state: State, frame: Frame) -> Frame:
    """The whole state after a frame, as the first frame of a recording that begins there."""
    return Frame(frame.at, frame.until, frame.polls, is_key=True, body=state.as_body())


def copy(frames: Iterable[Frame], since: float, ring: Ring) -> int:
    """Write what frames tell about the time since a moment; returns how many frames that were.

    Raises:
        Unwritable: the disk does not take it.
        ValueError, TypeError: the frames make no sense.
    """
    state, count = State(), 0
    for frame in frames:
        state.apply(frame)
        if frame.until >= since:
            ring.append(frame if count else key_frame(state, frame))
            count += 1
    return count
