"""`bptui watch`: watching without a screen, for scripts, cron and systemd; records like the screen does."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bptui.cli.choosing import chosen, paced_by, the_chosen
from bptui.cli.connecting import run_async
from bptui.cli.durations import DURATION
from bptui.cli.exits import Exit, Failure
from bptui.cli.goals import Goal
from bptui.cli.invocation import Invocation, appliance_options, interval_option
from bptui.cli.job_ids import job_id as parse_job_id
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint
from bptui.model.job import JobId
from bptui.paths import log_dir

if TYPE_CHECKING:
    from bptui.cli.following import Following
    from bptui.monitor.monitor import Monitor


@click.command()
@appliance_options
@click.argument("job_ids", metavar="[ID]...", nargs=-1, type=parse_job_id)
@click.option(
    "--until",
    type=click.Choice([goal.value for goal in Goal]),
    help="End when all the jobs are done, closed, moving or ended, or one is stalled.",
)
@click.option(
    "--timeout", type=DURATION, metavar="TIME", help="End after 90s, 10m, 2h …: with exit code 7 if --until was given."
)
@click.option("--json", "is_json", is_flag=True, help="A JSON object a line instead of text.")
@interval_option()
@click.pass_obj
def watch(
    invocation: Invocation,
    job_ids: tuple[JobId, ...],
    until: str | None,
    timeout: float | None,
    is_json: bool,  # noqa: FBT001
    interval: float | None,
) -> int:
    """Say what becomes of jobs, without a screen; and record it, so that the screen knows later.

    Without IDs it is about all jobs, for --until about those that run when it begins.
    """
    named = [the_chosen(invocation)] if job_ids else chosen(invocation)
    configured = [paced_by(one, interval) for one in named]
    return run_async(_follow(configured, invocation, job_ids, Goal(until) if until else None, timeout, is_json=is_json))


async def _follow(
    configured: Sequence[ConfiguredEndpoint],
    invocation: Invocation,
    job_ids: tuple[JobId, ...],
    goal: Goal | None,
    timeout_seconds: float | None,
    *,
    is_json: bool,
) -> Exit:
    from bptui.cli.following import Following  # noqa: PLC0415  # loads watching, which --help need not
    from bptui.cli.logs import log_to  # noqa: PLC0415
    from bptui.cli.news import NewsWriter  # noqa: PLC0415
    from bptui.cli.recording import recorder_of  # noqa: PLC0415
    from bptui.cli.watching import monitor_of  # noqa: PLC0415

    monitor = monitor_of(configured, invocation, recorder_of(invocation, "watch"))
    following = Following(monitor, NewsWriter(is_json=is_json), SYSTEM_CLOCK, job_ids, goal)
    with log_to(log_dir(invocation.environ)):
        return await run_following(monitor, following, goal, timeout_seconds)


async def run_following(
    monitor: Monitor,
    following: Following,
    goal: Goal | None,
    timeout_seconds: float | None,
    ends: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGHUP),
) -> Exit:
    """Watch and follow until the goal is reached, the time has run out, or one of `ends` tells us to end.

    Raises:
        Failure: as `Following.run`; or the time ran out before the goal was reached.
        ExceptionGroup: a defect ended the watching.
    """
    facts = monitor.events()
    watching = asyncio.create_task(monitor.run())
    follower = asyncio.create_task(following.run(facts))
    try:
        with _end_of_session(ends) as told:
            awaited: set[asyncio.Future[Any]] = {follower, told, watching}
            await asyncio.wait(awaited, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
            if follower.done():
                return follower.result()
            if watching.done():
                watching.result()
            if goal is None:
                return Exit.DONE
            if told.done():
                return Exit.INTERRUPTED
            raise Failure(Exit.TIMED_OUT, f"The time ran out before the jobs were {goal.value}.")
    finally:
        follower.cancel()
        watching.cancel()
        await asyncio.gather(watching, follower, return_exceptions=True)


@contextmanager
def _end_of_session(ends: tuple[signal.Signals, ...]) -> Iterator[asyncio.Future[None]]:
    """A future that is done when the system wants us to end, which then goes in order: what was seen is on disk."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[None] = loop.create_future()

    def tell_once() -> None:
        if not told.done():
            told.set_result(None)

    for number in ends:
        loop.add_signal_handler(number, tell_once)
    try:
        yield told
    finally:
        for number in ends:
            loop.remove_signal_handler(number)
