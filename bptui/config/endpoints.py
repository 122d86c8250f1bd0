"""Reads the table of one endpoint in the config file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from bptui.config.address import AddressError, parse_address
from bptui.config.settings import ConfiguredEndpoint
from bptui.config.tables import Table
from bptui.credentials import CommandSecret, EnvironmentSecret, KeyringSecret, Secret, SecretSource, StoredSecret
from bptui.model.endpoint import (
    DEFAULT_INTERVAL_SECONDS,
    ENVIRONMENT_ENDPOINT,
    MAXIMUM_INTERVAL_SECONDS,
    MINIMUM_INTERVAL_SECONDS,
    Endpoint,
    EndpointName,
    Writes,
)
from bptui.paths import from_home
from bptui.text import visible

PROXY_FORMS = 'http://host:port or https://host:port, or "" for no proxy'
"""What a proxy may be, for messages."""

_SECRET_KEYS = ("secret_env", "secret_command", "secret_keyring", "secret_key")


def read_endpoint(name: EndpointName, table: Table, folder: Path) -> ConfiguredEndpoint | None:
    """Take an endpoint out of its table; None when it has no usable address or secret, which the table then reports.

    A relative `ca_file` is meant from `folder`.
    """
    wrong = name_mistake(name)
    if wrong:
        table.refuse("", wrong)
    url = _url(table)
    secret = _secret_source(table)
    ca_file, pin, is_insecure = _trust(table, folder)
    interval_seconds = table.number("interval", MINIMUM_INTERVAL_SECONDS, MAXIMUM_INTERVAL_SECONDS)
    writes = table.text("writes", allowed=[one.value for one in Writes])
    endpoint = Endpoint(
        name=name,
        url=url or "",
        access_id=_access_id(table),
        writes=Writes.ASK if writes is None else Writes(writes),
        interval_seconds=interval_seconds or DEFAULT_INTERVAL_SECONDS,
        is_prod=table.flag("prod") or False,
        ca_file=ca_file,
        pin_sha256=pin,
        is_insecure=is_insecure,
        proxy=_proxy(table),
    )
    return None if secret is None or url is None else ConfiguredEndpoint(endpoint, secret)


def name_mistake(name: str) -> str | None:
    """Say what is wrong with the name of an endpoint, if anything."""
    if not name or name != name.strip() or visible(name) != name or name.startswith("-"):
        return "the name of an endpoint has to be printable, without spaces at its ends or a leading dash."
    if name == ENVIRONMENT_ENDPOINT:
        return f'"{name}" is the name of the endpoint in the environment; choose another.'
    return None


def normal_pin(text: str) -> str | None:
    """Bring a SHA-256 fingerprint to 64 lower-case hex digits; None when it is not one."""
    digits = text.strip().lower().removeprefix("sha256:").replace(":", "").replace(" ", "")
    return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else None


def _url(table: Table) -> str | None:
    text = table.text("url")
    if text is None:
        if "url" not in table:
            table.refuse("", "url, the address of the appliance's data path, is missing.")
        return None
    try:
        return parse_address(text).url
    except AddressError as error:
        table.refuse("url", str(error))
        return None


def _secret_source(table: Table) -> SecretSource | None:
    given = [name for name in _SECRET_KEYS if name in table]
    variable = table.text("secret_env")
    words = table.words("secret_command")
    entry = table.text("secret_keyring")
    key = table.text("secret_key")
    if len(given) != 1:
        table.refuse("", f"exactly one of {', '.join(_SECRET_KEYS)} has to be there, not {len(given)}.")
        return None
    if words is not None:
        return _command(table, words)
    if variable:
        return EnvironmentSecret(variable)
    if entry:
        return KeyringSecret(entry)
    if key:
        return StoredSecret(Secret(key))
    if "" in (variable, entry, key):
        table.refuse(given[0], "this is empty.")
    return None


def _command(table: Table, words: tuple[str, ...]) -> SecretSource | None:
    if len(words) > 1:
        return CommandSecret(words)
    import shlex  # noqa: PLC0415  # seldom needed, and loaded with the first frame

    try:
        split = tuple(shlex.split(words[0]))
    except ValueError:
        split = ()
    if not split:
        table.refuse("secret_command", "this has to be a program and its arguments; no shell reads it.")
        return None
    return CommandSecret(split)


def _trust(table: Table, folder: Path) -> tuple[Path | None, str | None, bool]:
    """Take what makes a certificate good: a CA file, a pin, or nothing at all."""
    ca_file = table.text("ca_file")
    pin = _pin(table)
    is_insecure = table.flag("insecure") or False
    if sum((ca_file is not None, pin is not None, is_insecure)) > 1:
        table.refuse("", "at most one of ca_file, pin, insecure can be there: they contradict each other.")
    return (folder / from_home(ca_file) if ca_file else None), pin, is_insecure


def _pin(table: Table) -> str | None:
    text = table.text("pin")
    if text is None:
        return None
    pin = normal_pin(text)
    if pin is None:
        table.refuse("pin", "this has to be the SHA-256 of the certificate: 64 hex digits, colons allowed.")
    return pin


def _proxy(table: Table) -> str | None:
    text = table.text("proxy")
    if text and not is_proxy(text):
        table.refuse("proxy", f"this has to be {PROXY_FORMS}.")
        return None
    return text


def is_proxy(text: str) -> bool:
    """Whether a text is the URL of a proxy that can be used."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _access_id(table: Table) -> str:
    access_id = table.text("access_id")
    if access_id is None and "access_id" not in table:
        table.refuse("", "access_id, the access id of the key, is missing.")
    if access_id == "":
        table.refuse("access_id", "this is empty.")
    return access_id or ""
