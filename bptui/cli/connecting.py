"""Makes clients for the configured appliances, and runs what needs one."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bptui.cli.exits import Exit, Failure, exit_of
from bptui.cli.invocation import Invocation
from bptui.cli.loading import end_loading
from bptui.cli.narration import sentence_of, tell
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint
from bptui.credentials import SecretError, resolve
from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import EndpointName

if TYPE_CHECKING:
    from bptui.ds3.client import Client

_Result = TypeVar("_Result")


def run_async(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a command's work in an event loop of its own."""
    end_loading()
    return asyncio.run(work)


@asynccontextmanager
async def client_of(configured: ConfiguredEndpoint, invocation: Invocation) -> AsyncIterator[Client]:
    """Open a client for as long as the block runs.

    Raises:
        Failure: the secret cannot be had, or a call in the block failed; names the endpoint.
    """
    name = configured.endpoint.name
    try:
        client = make_client(configured, invocation)
        try:
            yield client
        finally:
            await client.aclose()
    except SecretError as error:
        raise Failure(Exit.DENIED, f"{name}: {error}") from None
    except Ds3Error as error:
        raise Failure(exit_of(error.problem), sentence_of(error.problem, name)) from None


async def patiently(name: EndpointName, ask: Callable[[], Awaitable[_Result]]) -> _Result:
    """Ask for something that only reads; trouble that may pass gets two more tries, and a line about each wait.

    Raises:
        Ds3Error: as the last try.
    """
    from bptui.ds3.retry import with_retries  # noqa: PLC0415  # when an appliance is asked

    def say(error: Ds3Error, seconds: float) -> None:
        tell(f"{name}: {error.problem.sentence} Trying again in {math.ceil(seconds)} s.")

    return await with_retries(ask, clock=SYSTEM_CLOCK, chance=random.random, on_wait=say)


def make_client(configured: ConfiguredEndpoint, invocation: Invocation, *, is_quiet: bool = False) -> Client:
    """Get the secret and make a client; may run a program and wait for it.

    Raises:
        SecretError: the secret cannot be had.
        Ds3Error: the settings cannot be used.
    """
    from bptui.ds3.client import Client  # noqa: PLC0415  # httpx and lxml load when an appliance is asked, not before

    secret = resolve(configured.secret, environ=invocation.environ, narrate=None if is_quiet else tell)
    return Client(configured.endpoint, secret, environ=invocation.environ, is_read_only=invocation.is_read_only)
