"""`bptui replay`: the screen over a recording, as if it were then; nothing is asked of any appliance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bptui.cli.connecting import run_async
from bptui.cli.durations import Within
from bptui.cli.exits import Exit, Failure
from bptui.cli.follow import run_following
from bptui.cli.invocation import Invocation, screen_options
from bptui.cli.screen import require_terminal, show
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import Settings
from bptui.paths import audit_file, log_dir

if TYPE_CHECKING:
    from bptui.monitor.appliance import Watched
    from bptui.monitor.monitor import Monitor
    from bptui.monitor.recorder.replay import ReplayClock


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--speed",
    type=Within(min=0.01, max=10_000),
    default=1.0,
    show_default=True,
    help="Recorded seconds per second.",
)
@click.option("--json", "is_json", is_flag=True, help="No screen: what `bptui watch --json` would have said.")
@screen_options
@click.pass_obj
def replay(invocation: Invocation, file: Path, speed: float, is_json: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Play a recording of `bptui record` on the screen. Nothing is asked of any appliance, nothing can be changed."""
    if invocation.names or invocation.config:
        raise click.UsageError("A recording has its appliance in it: -e and --config have no meaning here.")
    if invocation.screen.interval_seconds is not None:
        raise click.UsageError("A recording was read as often as it was: use --speed instead of --interval.")
    if not is_json:
        require_terminal(invocation.environ)
    watched, clock = _opened(file, speed)
    if is_json:
        return run_async(_tell(watched, clock, invocation))
    apart = replace(invocation, is_read_only=True)
    return show(lambda: _monitor(watched, clock, apart), watched.endpoint, Settings(), apart, clock=clock).code


def _opened(file: Path, speed: float) -> tuple[Watched, ReplayClock]:
    """Open the recording.

    Raises:
        Failure: it is none.
    """
    from bptui.monitor.recorder.replay import replayed  # noqa: PLC0415  # loads what --help need not
    from bptui.monitor.recorder.ring import NotARecording  # noqa: PLC0415

    try:
        return replayed(file, speed, SYSTEM_CLOCK)
    except NotARecording as error:
        raise Failure(Exit.USAGE, str(error)) from None


def _monitor(watched: Watched, clock: ReplayClock, invocation: Invocation) -> Monitor:
    from bptui.monitor.audit import Audit, origin  # noqa: PLC0415  # after the first frame
    from bptui.monitor.monitor import Monitor  # noqa: PLC0415

    # Nothing can be closed, so nothing is written to the audit file either.
    return Monitor([watched], clock=clock, audit=Audit(audit_file(invocation.environ), origin(invocation.environ)))


async def _tell(watched: Watched, clock: ReplayClock, invocation: Invocation) -> Exit:
    """Say what happens in the recording until it ends."""
    from bptui.cli.following import Following  # noqa: PLC0415  # loads watching, which --help need not
    from bptui.cli.logs import log_to  # noqa: PLC0415
    from bptui.cli.news import NewsWriter  # noqa: PLC0415

    monitor = _monitor(watched, clock, invocation)
    following = Following(monitor, NewsWriter(is_json=True), clock, (), None)
    try:
        with log_to(log_dir(invocation.environ)):
            return await run_following(monitor, following, None, None)
    except Failure as failure:
        if failure.code is Exit.REFUSED:  # the end of the recording is nothing that a person could mend
            return Exit.DONE
        raise
