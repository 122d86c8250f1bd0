"""What calling the program gives, and leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.ring import read_frames


@dataclass(frozen=True)
class Ran:
    """How a call of the program ended."""

    code: int
    out: str
    err: str


Bptui = Callable[..., Ran]


def frames_so_far(path: Path) -> list[Frame]:
    """What a recording holds that another process is about to make or to write; nothing while it cannot be read."""
    try:
        return list(read_frames(path))
    except Exception:  # noqa: BLE001 - it is being made
        return []
