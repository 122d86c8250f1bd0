"""The `bptui` command itself: its subcommands, imported when called, and the screen when there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from bptui import __version__
from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation, appliance_options, screen_options
from bptui.cli.narration import prepare_streams, tell

_MODULES = {
    "close": "bptui.cli.close",
    "demo": "bptui.cli.demo",
    "endpoint": "bptui.cli.endpoint",
    "info": "bptui.cli.info",
    "job": "bptui.cli.job",
    "jobs": "bptui.cli.jobs",
    "record": "bptui.cli.record",
    "replay": "bptui.cli.replay",
    "simulate": "bptui.cli.simulate",
    "watch": "bptui.cli.follow",
}

_WITH_SCREEN = ("demo", "replay")

_EPILOG = """\b
Exit codes:
  0  done
  1  failed, or an answer that makes no sense
  2  usage or config; nothing was sent
  3  the appliance does not know the job
  4  authentication, permission, or a clock that is off
  5  unreachable, time-out, TLS, 503, or a close that stays unknown
  6  refused: not aggregating, read-only, audit file not writable
  7  the time ran out (watch --timeout)
  130  interrupted
Of several jobs the worst counts: 5, 4, 1, 6, 3."""


class _Commands(click.Group):
    """A group that imports a subcommand's module when it is called by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's shape
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's shape
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command


@click.group(cls=_Commands, invoke_without_command=True, epilog=_EPILOG)
@appliance_options
@screen_options
@click.version_option(__version__, prog_name="bptui")
@click.pass_context
def bptui(context: click.Context) -> int | None:
    """Watch the jobs of BlackPearl appliances live, and close aggregating ones.

    Without a command, opens the screen.
    """
    invocation = context.ensure_object(Invocation)
    if context.invoked_subcommand is None:
        from bptui.cli.watch import watch  # noqa: PLC0415  # only who opens the screen pays for it

        return watch(invocation)
    if context.invoked_subcommand not in _WITH_SCREEN and invocation.screen.given():
        names = ", ".join(invocation.screen.given())
        raise click.UsageError(f"{names}: only the screen has this; `{context.invoked_subcommand}` opens none.")
    return None


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code; everything that goes wrong becomes a sentence on standard error."""
    prepare_streams()
    try:
        status = bptui.main(list(arguments), prog_name="bptui", standalone_mode=False)
        sys.stdout.flush()
    except Failure as failure:
        tell(str(failure))
        return failure.code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    return status if isinstance(status, int) else Exit.DONE


def _reader_left() -> int:
    """Whoever read our output has left, as `head` does: say nothing, not even while the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.FAILED
