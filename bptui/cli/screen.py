"""Opens the screen: the one place where the command line meets Textual."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.loading import end_loading
from bptui.cli.logs import log_to
from bptui.cli.recording import recorder_of
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.model.endpoint import EndpointName
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit, origin
from bptui.monitor.monitor import Monitor
from bptui.paths import audit_file, log_dir

if TYPE_CHECKING:
    from bptui.tui.book import Book
    from bptui.tui.options import ViewOptions


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


@dataclass(frozen=True, slots=True)
class Left:
    """How the screen was left."""

    code: int
    next_endpoint: EndpointName | None = None
    """Another appliance that the person wants to see; None when they quit."""


def open_screen(
    watched: Sequence[Watched], settings: Settings, invocation: Invocation, *, has_book: bool = True
) -> Left:
    """Run the screen over these endpoints until the person leaves it.

    `has_book` lets them choose among all configured appliances, and change which there are.
    """
    from bptui.tui.app import BptuiApp  # noqa: PLC0415  # only who opens the screen pays for Textual
    from bptui.tui.terminal import run_app  # noqa: PLC0415

    environ = invocation.environ
    audit = Audit(audit_file(environ), origin(environ))
    monitor = Monitor(watched, clock=SYSTEM_CLOCK, audit=audit, recorder=recorder_of(invocation, "the screen"))
    options = _options(settings, invocation)
    end_loading()
    with log_to(log_dir(environ)):
        app = BptuiApp(monitor, options, SYSTEM_CLOCK, partial(_book, invocation) if has_book else None)
        return Left(run_app(app), app.next_endpoint)


def open_first_run(settings: Settings, invocation: Invocation) -> ConfiguredEndpoint | None:
    """Greet who has no appliance yet, and ask for one; None when it was skipped."""
    from bptui.tui.setup import SetupApp  # noqa: PLC0415  # only who opens the screen pays for Textual
    from bptui.tui.terminal import run_app  # noqa: PLC0415

    app = SetupApp(_options(settings, invocation), _book(invocation))
    with log_to(log_dir(invocation.environ)):
        run_app(app)
    return ConfiguredEndpoint(app.draft.endpoint, app.draft.secret) if app.draft else None


def _book(invocation: Invocation) -> Book:
    from bptui.cli.book import ApplianceBook  # noqa: PLC0415  # the forms are large, and seldom wanted

    return ApplianceBook(invocation)


def _options(settings: Settings, invocation: Invocation) -> ViewOptions:
    """Put together what flags and config say about the screen."""
    from bptui.tui.options import view_options  # noqa: PLC0415  # only who opens the screen pays for Textual

    look, choices = settings.look, invocation.screen
    return view_options(
        invocation.environ,
        datetime.now().astimezone().tzinfo or UTC,
        theme=choices.theme or look.theme,
        is_ascii=look.is_ascii if choices.is_ascii is None else choices.is_ascii,
        has_mouse=look.has_mouse if choices.has_mouse is None else choices.has_mouse,
        is_decimal=look.is_decimal,
        times=look.time_display,
        keys=look.keys,
        warnings=settings.warnings,
    )
