"""`bptui` without a command: builds endpoints, clients and monitor, and opens the screen over them."""

from __future__ import annotations

from dataclasses import replace

from bptui.cli.choosing import HOW_TO_START, chosen, from_environment, settings_of
from bptui.cli.connecting import make_client
from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.screen import open_first_run, open_screen, require_terminal
from bptui.config.mistakes import ConfigError
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.credentials import SecretError
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.appliance import Appliance, CannotConnect, Watched


def watch(invocation: Invocation) -> int:
    """Open the screen over the chosen appliances; returns when the person quits."""
    require_terminal(invocation.environ)
    settings = _settings(invocation)
    if not (invocation.names or settings.endpoints or from_environment(invocation)):
        settings = _first_run(settings, invocation)
    while True:
        watched = [watched_of(one, invocation) for one in chosen(invocation)]
        left = open_screen(watched, settings, invocation)
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


def watched_of(configured: ConfiguredEndpoint, invocation: Invocation) -> Watched:
    """Return an endpoint with the way to its client, which is taken only once the first frame is painted."""
    interval_seconds = invocation.screen.interval_seconds
    endpoint = configured.endpoint
    if interval_seconds is not None:
        endpoint = replace(endpoint, interval_seconds=interval_seconds)

    def connect() -> Appliance:
        try:
            return make_client(configured, invocation, is_quiet=True)
        except SecretError as error:
            raise CannotConnect(Problem(ProblemKind.CONFIGURATION, str(error), "Mend it, then press r.")) from None

    return Watched(endpoint, connect, is_read_only=invocation.is_read_only)
