"""Keeps the garbage collector out of start-up, where everything that is made stays, and away from large answers."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from time import thread_time

LONG_SECONDS = 0.003
"""What survives a full collection that took more processor time is not looked at again: the next one would take longer
still. Time that other programs took says nothing about how much there is to look at."""
MANY_OBJECTS = 40_000
"""Fewer stay in sight, however slow the machine: what is put aside and turns into a cycle later is never freed. The
screen, its tasks and some hundred jobs are 10,000; thousands of jobs soon are more."""
FULL_AFTER = 1
"""A full collection comes after more partial ones than this; the usual 10 let so much gather that a key would wait."""


def begin_loading() -> None:
    """Stop collecting while modules load: a tenth of the time to the first frame went into looking for garbage."""
    gc.disable()


def end_loading() -> None:
    """Collect from now on, but never look again at what is loaded already; only the first call does anything.

    A later one would put the answers of the last polls aside, which hold each other and so would never be freed.
    """
    if gc.isenabled():
        return
    gc.freeze()
    first, second, _ = gc.get_threshold()
    gc.set_threshold(first, second, FULL_AFTER)
    gc.callbacks.append(keeping_short(thread_time))
    gc.enable()


def survivors() -> int:
    """How many objects the next full collection would look at again."""
    return len(gc.get_objects(len(gc.get_threshold()) - 1))


def keeping_short(
    clock: Callable[[], float], survivors: Callable[[], int] = survivors
) -> Callable[[str, dict[str, int]], None]:
    """What the collector calls before and after its work: 40,000 jobs are values that form no cycles."""
    began = 0.0

    def notice(phase: str, details: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = clock()
        elif details["generation"] < len(gc.get_threshold()) - 1 or clock() - began <= LONG_SECONDS:
            return
        elif survivors() > MANY_OBJECTS:
            gc.freeze()
            _count_anew()

    return notice


def _count_anew() -> None:
    """Have the next full collection not wait for a quarter of what survived this one: that is put aside now."""
    import asyncio  # noqa: PLC0415  # this module comes before all others

    with suppress(RuntimeError):  # outside of an event loop there is nothing to hold up
        asyncio.get_running_loop().call_soon(gc.collect)
