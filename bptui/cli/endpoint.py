"""`bptui endpoint`: the appliances that the config file knows."""

from __future__ import annotations

from collections.abc import Callable

import click

from bptui.cli.choosing import HOW_TO_START, from_environment, settings_of
from bptui.cli.endpoint_add import add
from bptui.cli.endpoint_test import test
from bptui.cli.exits import Exit, Failure
from bptui.cli.invocation import Invocation, config_option
from bptui.cli.narration import has_terminal, tell
from bptui.cli.table import Column, print_line, print_table
from bptui.config.mistakes import ConfigError
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.config.writing import remove as remove_endpoint
from bptui.config.writing import set_default
from bptui.credentials import (
    CommandSecret,
    EnvironmentSecret,
    KeyringSecret,
    SecretError,
    SecretSource,
    remove_from_keyring,
)
from bptui.ds3.proxies import Proxy
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.text import visible

_COLUMNS = (
    Column("NAME"),
    Column("DEFAULT"),
    Column("URL", is_flexible=True),
    Column("ACCESS ID", is_flexible=True, fold=2),
    Column("SECRET", is_flexible=True),
    Column("WRITES"),
    Column("CERTIFICATE", is_flexible=True, fold=3),
    Column("PROXY", is_flexible=True, fold=1),
)


@click.group()
@click.pass_context
def endpoint(context: click.Context) -> None:
    """Add, list, test and remove appliances."""
    invocation = context.ensure_object(Invocation)
    if invocation.names and context.invoked_subcommand != "test":
        raise click.UsageError(f"-e has no meaning here: give `endpoint {context.invoked_subcommand}` the name itself.")


endpoint.add_command(add)
endpoint.add_command(test)


@endpoint.command("list")
@config_option
@click.pass_obj
def list_(invocation: Invocation) -> int:
    """List the configured appliances; `env` is the one that DS3_ENDPOINT describes."""
    settings = settings_of(invocation)
    for warning in settings.warnings:
        tell(f"warning: {warning}")
    environment = from_environment(invocation)
    default = environment or settings.default_endpoint
    known = [*([environment] if environment else []), *settings.endpoints.values()]
    if not known:
        tell(f"No appliance is configured. {HOW_TO_START}")
        return Exit.DONE
    print_table(_COLUMNS, [_cells(one, is_default=one == default) for one in known])
    return Exit.DONE


@endpoint.command()
@config_option
@click.argument("name")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(invocation: Invocation, name: str, is_sure: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Remove an appliance from the config, with its secret if that is in the file or the key ring."""
    if not is_sure:
        if not has_terminal():
            raise Failure(Exit.USAGE, "Nothing was removed: there is no terminal to ask on. Scripts give --yes.")
        if not click.confirm(
            f"Remove {visible(name)} from {visible(str(invocation.config_path))}?", default=False, err=True
        ):
            raise Failure(Exit.FAILED, "Nothing was removed.")
    known = settings_of(invocation).endpoints.get(EndpointName(name))
    _change(lambda: remove_endpoint(invocation.config_path, EndpointName(name)))
    tell(f"Removed {name}.")
    if known is not None and isinstance(known.secret, KeyringSecret):
        _forget(known.secret)
    return Exit.DONE


@endpoint.command()
@config_option
@click.argument("name")
@click.pass_obj
def default(invocation: Invocation, name: str) -> int:
    """Make an appliance the one that is meant when none is named."""
    _change(lambda: set_default(invocation.config_path, EndpointName(name)))
    tell(f"{name} is the default now.")
    return Exit.DONE


@endpoint.command()
@config_option
@click.pass_obj
def path(invocation: Invocation) -> int:
    """Print where the config file is, or would be."""
    print_line(str(invocation.config_path))
    return Exit.DONE


def _forget(source: KeyringSecret) -> None:
    try:
        remove_from_keyring(source.entry)
    except SecretError as error:
        raise Failure(Exit.FAILED, f"Its secret is still in the key ring as {source.entry}: {error}") from None


def _change(change: Callable[[], Settings]) -> None:
    try:
        change()
    except ConfigError as error:
        raise Failure(Exit.USAGE, str(error)) from None


def _cells(configured: ConfiguredEndpoint, *, is_default: bool) -> tuple[str, ...]:
    one = configured.endpoint
    return (
        one.name,
        "yes" if is_default else "",
        one.url,
        one.access_id,
        _source_text(configured.secret),
        one.writes.value + (", prod" if one.is_prod else ""),
        _trust_text(one),
        _proxy_text(one.proxy),
    )


def _source_text(source: SecretSource) -> str:
    if isinstance(source, EnvironmentSecret):
        return f"variable {source.variable}"
    if isinstance(source, CommandSecret):
        return f"command {source.words[0]}"
    if isinstance(source, KeyringSecret):
        return f"key ring {source.entry}"
    return "in the file"


def _trust_text(one: Endpoint) -> str:
    if not one.is_https:
        return "none (http)"
    if one.is_insecure:
        return "INSECURE"
    if one.pin_sha256:
        return f"pinned {one.pin_sha256[:16]}"
    return f"CA file {one.ca_file}" if one.ca_file else "checked"


def _proxy_text(proxy: str | None) -> str:
    """Write a proxy without its user and password."""
    if not proxy:
        return "environment" if proxy is None else "none"
    return Proxy(proxy, "the config").shown
