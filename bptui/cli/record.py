"""`bptui record`: what is seen of an appliance, in a file to send with a question or to replay."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bptui.cli.choosing import paced_by, the_chosen
from bptui.cli.connecting import run_async
from bptui.cli.durations import DURATION
from bptui.cli.exits import Exit, Failure
from bptui.cli.follow import run_following
from bptui.cli.invocation import Invocation, appliance_options, interval_option
from bptui.cli.narration import tell
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint
from bptui.model.endpoint import Endpoint
from bptui.paths import log_dir, recordings_dir
from bptui.units import size_text

if TYPE_CHECKING:
    from bptui.monitor.recorder.shelf import SingleFile

_ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Ctrl-C is how a recording is meant to end."""


@click.command()
@appliance_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--for", "duration", type=DURATION, metavar="TIME", help="How long, such as 10m; until Ctrl-C if not said."
)
@click.option(
    "--since", type=DURATION, metavar="TIME", help="Nothing new: what bptui recorded by itself in the last 2h …"
)
@click.option("--redact", "is_redacted", is_flag=True, help="Replace every name by a neutral one, the same everywhere.")
@interval_option()
@click.pass_obj
def record(
    invocation: Invocation,
    file: Path,
    duration: float | None,
    since: float | None,
    is_redacted: bool,  # noqa: FBT001  # click passes options by name
    interval: float | None,
) -> int:
    """Record what is seen of an appliance into FILE, for `bptui replay`. No objects, no secrets."""
    if since is not None and (duration is not None or interval is not None):
        raise click.UsageError("--since takes what is recorded already: --for and --interval have no meaning with it.")
    if file.exists():
        raise Failure(Exit.USAGE, f"{file} exists already; nothing was written.")
    configured = paced_by(the_chosen(invocation), interval)
    shelf = _single_file(file, invocation, is_redacted=is_redacted)
    if since is not None:
        count = _export(configured.endpoint, invocation, SYSTEM_CLOCK.now().timestamp() - since, shelf)
        tell(f"{file} holds {count} frames, {size_text(file.stat().st_size)}.")
        return Exit.DONE
    try:
        return run_async(_record(configured, invocation, shelf, file, duration))
    finally:
        if file.exists():
            tell(_held(file))


def _held(file: Path) -> str:
    """What a recording that has ended holds; nothing, when neither an answer nor a failure came in time."""
    from bptui.monitor.recorder.ring import NotARecording, read_frames  # noqa: PLC0415  # loads what --help need not

    size = size_text(file.stat().st_size)
    try:
        is_empty = next(read_frames(file), None) is None
    except (NotARecording, ValueError, TypeError) as error:
        return f"{file} holds {size}, which cannot be read again: {error}."
    return (
        f"{file} holds {size}, but no poll: nothing was answered in that time." if is_empty else f"{file} holds {size}."
    )


def _single_file(file: Path, invocation: Invocation, *, is_redacted: bool) -> SingleFile:
    from bptui.monitor.recorder.redaction import Redactor  # noqa: PLC0415  # loads what --help need not
    from bptui.monitor.recorder.shelf import SingleFile  # noqa: PLC0415

    return SingleFile(file, Redactor(_key(invocation)) if is_redacted else None)


def _key(invocation: Invocation) -> bytes | None:
    """The key by which neutral names are made, or None, which is said, where none can be kept."""
    from bptui.monitor.recorder.neutral import own_key  # noqa: PLC0415  # loads what --help need not
    from bptui.monitor.recorder.place import Unwritable  # noqa: PLC0415

    try:
        return own_key(recordings_dir(invocation.environ))
    except Unwritable as error:
        tell(f"Neutral names will be others than those of other recordings: {error}.")
        return None


def _export(endpoint: Endpoint, invocation: Invocation, since: float, shelf: SingleFile) -> int:
    """Copy from the ring of this endpoint.

    Raises:
        Failure: there is nothing, or it cannot be read or written.
    """
    from bptui.monitor.recorder.copying import copy  # noqa: PLC0415  # loads what --help need not
    from bptui.monitor.recorder.place import Unwritable, ring_path  # noqa: PLC0415
    from bptui.monitor.recorder.ring import NotARecording, read_frames  # noqa: PLC0415

    path = ring_path(recordings_dir(invocation.environ), endpoint)
    try:
        frames = list(read_frames(path, since=since))
        if not frames or frames[-1].until < since:
            raise Failure(Exit.FAILED, f"Nothing was recorded of {endpoint.name} in that time; nothing was written.")
        ring = shelf.open_file()
        try:
            return copy(frames, since, ring)
        finally:
            ring.sync()
            ring.close()
    except (NotARecording, Unwritable, ValueError, TypeError) as error:
        raise Failure(Exit.FAILED, f"{error}") from None


async def _record(
    configured: ConfiguredEndpoint, invocation: Invocation, shelf: SingleFile, file: Path, duration: float | None
) -> Exit:
    """Watch, and write to the file alone.

    Raises:
        Failure: it cannot be written, or the appliance cannot be read without a person's help.
    """
    from bptui.cli.following import Following  # noqa: PLC0415  # loads watching, which --help need not
    from bptui.cli.logs import log_to  # noqa: PLC0415
    from bptui.cli.news import NewsWriter  # noqa: PLC0415
    from bptui.cli.watching import monitor_of  # noqa: PLC0415
    from bptui.monitor.recorder.place import Unwritable  # noqa: PLC0415
    from bptui.monitor.recorder.recorder import Recorder  # noqa: PLC0415

    try:
        shelf.open_file().close()
    except Unwritable as error:
        raise Failure(Exit.FAILED, f"{file} cannot be written: {error}.") from None
    recorder = Recorder(shelf, "record", SYSTEM_CLOCK)
    monitor = monitor_of([configured], invocation, recorder)
    following = Following(monitor, NewsWriter(is_json=False), SYSTEM_CLOCK, (), None)
    tell(f"Recording {configured.endpoint.name} into {file}; end with Ctrl-C.")
    try:
        with log_to(log_dir(invocation.environ)):
            return await run_following(monitor, following, None, duration, _ENDS)
    finally:
        state = recorder.states.get(configured.endpoint.name)
        if state is not None and state.sentence:
            tell(state.sentence)
