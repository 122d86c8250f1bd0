"""Changes the config file in small steps: comments and unknown keys stay, and a broken file is never touched."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bptui.config.mistakes import ConfigError, Mistake
from bptui.config.reading import read
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.credentials import CommandSecret, EnvironmentSecret, KeyringSecret, SecretSource
from bptui.model.endpoint import DEFAULT_INTERVAL_SECONDS, Endpoint, EndpointName, Writes
from bptui.text import visible

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_OWNED_KEYS = (
    "url",
    "access_id",
    "secret_env",
    "secret_command",
    "secret_keyring",
    "secret_key",
    "writes",
    "ca_file",
    "pin",
    "insecure",
    "proxy",
    "interval",
    "prod",
)
"""The keys of an endpoint that are ours to change; any other is kept as it is."""


def add(path: Path, configured: ConfiguredEndpoint, *, is_replacement: bool = False) -> Settings:
    """Add an endpoint to the config file, or change the one of this name; the first becomes the default.

    Raises:
        ConfigError: the file is broken, cannot be written, or has the name already and this is no replacement.
    """
    import tomlkit  # noqa: PLC0415  # slow to import; only who writes pays for it

    name = configured.endpoint.name

    def change(document: TOMLDocument, settings: Settings) -> None:
        if name in settings.endpoints and not is_replacement:
            raise _refusal(path, f"there already is an endpoint {visible(name)!r}.")
        endpoints = document.setdefault("endpoints", tomlkit.table(is_super_table=True))
        _write_endpoint(endpoints.setdefault(name, tomlkit.table()), configured)
        if not settings.endpoints:
            document["default"] = name

    return _change(path, change)


def remove(path: Path, name: EndpointName) -> Settings:
    """Take an endpoint out of the config file, its secret with it.

    Raises:
        ConfigError: the file is broken, cannot be written, or has no such endpoint.
    """

    def change(document: TOMLDocument, settings: Settings) -> None:
        _require(path, settings, name)
        document["endpoints"].remove(name)
        if settings.default == name:
            document.remove("default")

    return _change(path, change)


def set_default(path: Path, name: EndpointName) -> Settings:
    """Make an endpoint the one that is meant when none is named.

    Raises:
        ConfigError: the file is broken, cannot be written, or has no such endpoint.
    """

    def change(document: TOMLDocument, settings: Settings) -> None:
        _require(path, settings, name)
        document["default"] = name

    return _change(path, change)


def _change(path: Path, change: Callable[[TOMLDocument, Settings], None]) -> Settings:
    """Read, change, check and replace the file, while nobody else does."""
    import tomlkit  # noqa: PLC0415  # slow to import; only who writes pays for it

    if path.is_symlink():
        raise _refusal(path, f"this is a symbolic link; change {visible(str(path.resolve()))} instead.")
    try:
        with _alone(path.parent):
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            settings = read(text, path)
            document = tomlkit.parse(text)
            change(document, settings)
            changed = tomlkit.dumps(document)
            result = read(changed, path)
            _replace(path, changed)
            return result
    except UnicodeDecodeError:
        raise _refusal(path, "this is not UTF-8 text; it is left as it is.") from None
    except OSError as error:
        raise _refusal(path, f"the file cannot be changed: {error.strerror}.") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other bptui changes files in this folder; makes the folder when it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    """Put a new file in place of the old one, on the disk before anyone sees it, for the owner's eyes only."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor, not a path
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_endpoint(table: Any, configured: ConfiguredEndpoint) -> None:
    """Bring a table in line with an endpoint: what is at its default is left out."""
    values = _endpoint_values(configured.endpoint) | _secret_values(configured.secret)
    for key in _OWNED_KEYS:
        if key in values:
            table[key] = values[key]
        elif key in table:
            table.remove(key)


def _endpoint_values(endpoint: Endpoint) -> dict[str, Any]:
    values: dict[str, Any] = {"url": endpoint.url, "access_id": endpoint.access_id}
    if endpoint.writes is not Writes.ASK:
        values["writes"] = endpoint.writes.value
    if endpoint.ca_file is not None:
        values["ca_file"] = str(endpoint.ca_file)
    if endpoint.pin_sha256 is not None:
        values["pin"] = endpoint.pin_sha256
    if endpoint.is_insecure:
        values["insecure"] = True
    if endpoint.proxy is not None:
        values["proxy"] = endpoint.proxy
    if endpoint.interval_seconds != DEFAULT_INTERVAL_SECONDS:
        values["interval"] = endpoint.interval_seconds
    if endpoint.is_prod:
        values["prod"] = True
    return values


def _secret_values(source: SecretSource) -> dict[str, Any]:
    if isinstance(source, EnvironmentSecret):
        return {"secret_env": source.variable}
    if isinstance(source, CommandSecret):
        return {"secret_command": list(source.words)}
    if isinstance(source, KeyringSecret):
        return {"secret_keyring": source.entry}
    return {"secret_key": source.secret.reveal()}


def _require(path: Path, settings: Settings, name: EndpointName) -> None:
    if name not in settings.endpoints:
        raise _refusal(path, f"there is no endpoint {visible(name)!r}.")


def _refusal(path: Path, sentence: str) -> ConfigError:
    return ConfigError([Mistake(path, None, "", sentence)])
