"""What surrounds the main screen: keys, clock, environment and terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from bptui.tui.keys import KeyMap


class Around(NamedTuple):
    """What surrounds the screen."""

    keymap: KeyMap
    wall: Callable[[], datetime]
    environ: Mapping[str, str]
    is_written: Callable[[], bool]
    """Whether everything painted has left for the terminal."""
    write: Callable[[str], None]
    """Sends a code to the terminal."""
