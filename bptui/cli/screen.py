"""Opens the screen: the one place where the command line meets Textual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from bptui.cli.choosing import paced_by
from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.loading import end_loading
from bptui.cli.logs import log_to
from bptui.cli.narration import has_terminal
from bptui.clock import SYSTEM_CLOCK, Clock
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.paths import log_dir

if TYPE_CHECKING:
    # The first frame waits for nothing that only watching needs.
    from bptui.monitor.appliance import Appliance
    from bptui.monitor.monitor import Monitor
    from bptui.tui.book import Book
    from bptui.tui.options import ViewOptions


def require_terminal(environ: Mapping[str, str]) -> None:
    """Refuse to draw where nobody can see it: input, and standard error, on which Textual draws.

    Raises:
        Failure: one of them is no terminal, or a dumb one.
    """
    if not has_terminal():
        raise Failure(
            Exit.USAGE,
            "The screen needs a terminal at standard input and standard error. `bptui jobs` prints the list instead.",
        )
    if (term := environ.get("TERM")) in ("dumb", "unknown"):
        raise Failure(
            Exit.USAGE,
            f"The screen cannot be drawn on TERM={term}. `bptui jobs` prints the list instead, and `bptui watch` what "
            "becomes of it. If the terminal can do more, say so first: TERM=xterm.",
        )


def prepare_screen() -> None:
    """Load Textual, the screen and what watches, which takes a while."""
    for name in ("bptui.tui.app", "bptui.cli.watching", "bptui.tui.screens.main"):
        import_module(name)


class Left(NamedTuple):
    """How the screen was left."""

    code: int
    next_endpoint: EndpointName | None = None
    """Another appliance that the person wants to see; None when they quit."""


def open_screen(
    configured: Sequence[ConfiguredEndpoint],
    settings: Settings,
    invocation: Invocation,
    *,
    over: Callable[[Appliance], Appliance] | None = None,
    has_book: bool = True,
) -> Left:
    """Run the screen over these endpoints until the person leaves it.

    `over` puts something between the monitor and its clients; `has_book` lets the person choose among all
    configured appliances, and change which there are.
    """
    paced = [paced_by(one, invocation.screen.interval_seconds) for one in configured]
    open_feed = partial(_monitor, paced, invocation, over)
    open_book = partial(_book, invocation) if has_book else None
    return show(open_feed, paced[0].endpoint, settings, invocation, open_book=open_book)


def show(
    open_feed: Callable[[], Monitor],
    endpoint: Endpoint,
    settings: Settings,
    invocation: Invocation,
    *,
    clock: Clock = SYSTEM_CLOCK,
    open_book: Callable[[], Book] | None = None,
) -> Left:
    """Run the screen over a monitor, which is made once the first frame is painted; that shows this endpoint."""
    from bptui.tui.app import BptuiApp  # noqa: PLC0415  # only who opens the screen pays for Textual
    from bptui.tui.screens.opening import opening_headline  # noqa: PLC0415
    from bptui.tui.terminal import run_app  # noqa: PLC0415

    headline = opening_headline(endpoint, is_read_only=invocation.is_read_only)
    options = _options(settings, invocation)
    with log_to(log_dir(invocation.environ)):
        app = BptuiApp(open_feed, headline, options, clock, open_book, end_loading)
        return Left(run_app(app), app.next_endpoint)


def _monitor(
    configured: Sequence[ConfiguredEndpoint], invocation: Invocation, over: Callable[[Appliance], Appliance] | None
) -> Monitor:
    from bptui.cli.recording import recorder_of  # noqa: PLC0415  # after the first frame
    from bptui.cli.watching import monitor_of  # noqa: PLC0415

    return monitor_of(configured, invocation, recorder_of(invocation, "the screen"), over, is_list_first=True)


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
