"""`bptui` without a command: finds out which appliances are meant, and opens the screen over them."""

from __future__ import annotations

from bptui.cli.choosing import HOW_TO_START, chosen, from_environment, settings_of
from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.screen import open_first_run, open_screen, require_terminal
from bptui.config.mistakes import ConfigError
from bptui.config.settings import Settings


def watch(invocation: Invocation) -> int:
    """Open the screen over the chosen appliances; returns when the person quits."""
    require_terminal(invocation.environ)
    settings = _settings(invocation)
    if not (invocation.names or settings.endpoints or from_environment(invocation)):
        settings = _first_run(settings, invocation)
    while True:
        left = open_screen(chosen(invocation), settings, invocation)
        if left.next_endpoint is None:
            return left.code
        invocation.names = (left.next_endpoint,)
        settings = _settings(invocation)


def _settings(invocation: Invocation) -> Settings:
    """Read the config; where the environment names the appliance, a broken one is only warned of."""
    try:
        return settings_of(invocation)
    except Failure as failure:
        if invocation.names or from_environment(invocation) is None:
            raise
        return Settings(warnings=tuple(str(failure).split("\n")))


def _first_run(settings: Settings, invocation: Invocation) -> Settings:
    """Ask for an appliance and save it.

    Raises:
        Failure: it was skipped, or cannot be saved.
    """
    from bptui.config.writing import add  # noqa: PLC0415  # once in the life of a config

    configured = open_first_run(settings, invocation)
    if configured is None:
        raise Failure(Exit.DONE, f"No appliance is configured. {HOW_TO_START}")
    try:
        return add(invocation.config_path, configured)
    except ConfigError as error:
        raise Failure(Exit.USAGE, str(error)) from None
