"""Opens the screen: the one place where the command line meets Textual."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module

from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.loading import end_loading
from bptui.cli.logs import log_to
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import Settings
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, origin
from bptui.monitor.monitor import Monitor
from bptui.paths import audit_file, log_dir


def require_terminal(environ: Mapping[str, str]) -> None:
    """Refuse to draw where nobody can see it: input, and standard error, on which Textual draws.

    Raises:
        Failure: one of them is no terminal, or a dumb one.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Failure(
            Exit.USAGE,
            "The screen needs a terminal at standard input and standard error. `bptui jobs` prints the list instead.",
        )
    if environ.get("TERM") == "dumb":
        raise Failure(Exit.USAGE, "The screen cannot be drawn on TERM=dumb. `bptui jobs` prints the list instead.")


def prepare_screen() -> None:
    """Load Textual and the screen, which takes a while."""
    import_module("bptui.tui.app")


def open_screen(
    watched: Sequence[Watched],
    settings: Settings,
    invocation: Invocation,
    *,
    explain_death: Callable[[], str] | None = None,
) -> int:
    """Run the screen over these endpoints until the person quits; returns an exit code.

    `explain_death` says more when an appliance cannot be reached; empty when there is nothing to say.
    """
    from bptui.tui.app import BptuiApp  # noqa: PLC0415  # only who opens the screen pays for Textual
    from bptui.tui.options import view_options  # noqa: PLC0415
    from bptui.tui.terminal import run_app  # noqa: PLC0415

    environ = invocation.environ
    audit = Audit(audit_file(environ), origin(environ))
    monitor = Monitor(watched, clock=SYSTEM_CLOCK, audit=audit)
    look, choices = settings.look, invocation.screen
    options = view_options(
        environ,
        datetime.now().astimezone().tzinfo or UTC,
        theme=choices.theme or look.theme,
        is_ascii=look.is_ascii if choices.is_ascii is None else choices.is_ascii,
        has_mouse=look.has_mouse if choices.has_mouse is None else choices.has_mouse,
        is_decimal=look.is_decimal,
        times=look.time_display,
        keys=look.keys,
        warnings=settings.warnings,
        explain_death=explain_death,
    )
    end_loading()
    with log_to(log_dir(environ)):
        return run_app(BptuiApp(monitor, options, SYSTEM_CLOCK))
