"""How long tests wait, and how they wait for what nothing tells them of."""

from __future__ import annotations

import time
from collections.abc import Callable

WAIT_SECONDS = 60.0
"""How long anything is waited for, on the slowest machine; a test of a promise in seconds has its own."""


def wait_for(is_so: Callable[[], object]) -> None:
    """Look again and again: another process or thread does it, and tells nobody."""
    end = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)
