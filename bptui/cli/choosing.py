"""Finds out which appliances a command is about: the flag, else the environment, else the config's default."""

from __future__ import annotations

from dataclasses import replace

from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation
from bptui.cli.narration import tell
from bptui.config.address import AddressError
from bptui.config.environment import endpoint_from_environment
from bptui.config.mistakes import ConfigError
from bptui.config.reading import load
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.credentials import SecretError
from bptui.model.endpoint import ENVIRONMENT_ENDPOINT, EndpointName
from bptui.text import visible

HOW_TO_START = (
    "Add one with `bptui endpoint add`, or set DS3_ENDPOINT, DS3_ACCESS_KEY and DS3_SECRET_KEY. "
    "`bptui demo` shows a pretend one."
)


def settings_of(invocation: Invocation) -> Settings:
    """Read the config file.

    Raises:
        Failure: it is broken; names every mistake.
    """
    try:
        return load(invocation.config_path)
    except ConfigError as error:
        raise Failure(Exit.USAGE, str(error)) from None


def from_environment(invocation: Invocation) -> ConfiguredEndpoint | None:
    """Read the endpoint that DS3_* describe; None when DS3_ENDPOINT is not set.

    Raises:
        Failure: DS3_ENDPOINT is no address, or a key is missing.
    """
    try:
        return endpoint_from_environment(invocation.environ)
    except (AddressError, SecretError) as error:
        raise Failure(Exit.USAGE, f"In the environment: {error}") from None


def chosen(invocation: Invocation) -> list[ConfiguredEndpoint]:
    """Return the appliances a command is about: those that `-e` names, else DS3_*, else the default.

    Raises:
        Failure: none is meant, or a name is not known.
    """
    if invocation.names:
        return [named(invocation, name) for name in invocation.names]
    return [from_environment(invocation) or _default(invocation)]


def the_chosen(invocation: Invocation) -> ConfiguredEndpoint:
    """Return the one appliance a command is about.

    Raises:
        Failure: none is meant, more than one is, or the name is not known.
    """
    if len(invocation.names) > 1:
        raise Failure(Exit.USAGE, "This command is about one appliance: give -e once.")
    return chosen(invocation)[0]


def paced_by(configured: ConfiguredEndpoint, interval_seconds: float | None) -> ConfiguredEndpoint:
    """Let a flag say how often the list is read; None leaves it to the config."""
    if interval_seconds is None:
        return configured
    return replace(configured, endpoint=replace(configured.endpoint, interval_seconds=interval_seconds))


def named(invocation: Invocation, name: str) -> ConfiguredEndpoint:
    """Return the endpoint of a name; `env` is the one in the environment.

    Raises:
        Failure: there is none.
    """
    if name == ENVIRONMENT_ENDPOINT:
        found = from_environment(invocation)
        if found is None:
            raise Failure(Exit.USAGE, "-e env means DS3_ENDPOINT, which is not set.")
        return found
    settings = _told(invocation)
    try:
        return settings.endpoints[EndpointName(name)]
    except KeyError:
        raise Failure(Exit.USAGE, f"There is no endpoint {visible(name)!r}{_known(settings)}.") from None


def _default(invocation: Invocation) -> ConfiguredEndpoint:
    settings = _told(invocation)
    if settings.default_endpoint is not None:
        return settings.default_endpoint
    if settings.endpoints:
        raise Failure(Exit.USAGE, f"There is no default among the endpoints: give -e NAME{_known(settings)}.")
    raise Failure(Exit.USAGE, f"No appliance is configured. {HOW_TO_START}")


def _told(invocation: Invocation) -> Settings:
    """Read the config and pass its warnings on, once."""
    settings = settings_of(invocation)
    if not invocation.is_warned:
        invocation.is_warned = True
        for warning in settings.warnings:
            tell(f"warning: {warning}")
    return settings


def _known(settings: Settings) -> str:
    return f"; there are {', '.join(map(visible, settings.endpoints))}" if settings.endpoints else "; there are none"
