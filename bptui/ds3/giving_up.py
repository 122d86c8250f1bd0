"""Lets a request be given up at any moment without losing a connection of the pool."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

Value = TypeVar("Value")


async def until_given_up(asking: Coroutine[Any, Any, Value]) -> Value:
    """Await a request; who cancels waits until its connection is closed.

    httpcore shields what it does with its connections from anyio's cancellation only: asyncio's own, in the wrong
    moment, leaves a connection that is neither used again nor closed, and soon all of the pool would be such.
    """
    scope = anyio.CancelScope()
    task = asyncio.ensure_future(_within(scope, asking))
    try:
        await asyncio.wait({task})
        return task.result()[0]
    except asyncio.CancelledError:
        scope.cancel()
        task.add_done_callback(_let_go)
        await asyncio.wait({task})
        raise
    finally:
        # An error's traceback holds this frame, and the task the error: both would wait for the collector.
        del task


async def _within(scope: anyio.CancelScope, asking: Coroutine[Any, Any, Value]) -> list[Value]:
    """The value, or nothing if the scope was cancelled first."""
    found: list[Value] = []
    with scope:
        found.append(await asking)
    return found


def _let_go(task: asyncio.Task[list[Value]]) -> None:
    """Take note of what went wrong at last, which nobody waits for any more: asyncio would report it otherwise."""
    if not task.cancelled():
        task.exception()
