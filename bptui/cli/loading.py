"""Keeps the garbage collector out of start-up, where everything that is made stays."""

from __future__ import annotations

import gc


def begin_loading() -> None:
    """Stop collecting while modules load: a tenth of the time to the first frame went into looking for garbage."""
    gc.disable()


def end_loading() -> None:
    """Collect from now on, but never look again at what is loaded already."""
    gc.freeze()
    gc.enable()
