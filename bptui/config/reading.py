"""Reads the config file into `Settings`, and names every mistake at once."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

from bptui.config.endpoints import read_endpoint
from bptui.config.mistakes import ConfigError, Mistake, dotted, line_of
from bptui.config.settings import THEMES, TIME_DISPLAYS, ConfiguredEndpoint, Look, Settings
from bptui.config.tables import Table
from bptui.credentials import StoredSecret
from bptui.model.endpoint import EndpointName
from bptui.text import visible


def load(path: Path) -> Settings:
    """Read the config file; one that does not exist holds nothing.

    Raises:
        ConfigError: it cannot be read, is not TOML, or says something that cannot be meant.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError([Mistake(path, line, "", "this is not UTF-8 text.")]) from None
    except OSError as error:
        raise ConfigError([Mistake(path, None, "", f"the file cannot be read: {error.strerror}.")]) from None
    return read(text, path, extra_warnings=_exposures(path))


def read(text: str, path: Path, *, extra_warnings: tuple[str, ...] = ()) -> Settings:
    """Read the text of a config file; `path` is for messages and relative file names.

    Raises:
        ConfigError: it is not TOML, or says something that cannot be meant.
    """
    import tomllib  # noqa: PLC0415  # who has no config file starts without

    try:
        # With a line end, so that a mistake at the very end has a line, too.
        values = tomllib.loads(text + "\n")
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_mistake(path, str(error))]) from None
    return _Reading(text, path).settings(values, extra_warnings)


class _Reading:
    """One pass over a config file, which gathers mistakes and unknown keys as it goes."""

    def __init__(self, text: str, path: Path) -> None:
        self._text = text
        self._path = path
        self._mistakes: list[Mistake] = []
        self._unknown: list[tuple[str, ...]] = []

    def settings(self, values: dict[str, Any], extra_warnings: tuple[str, ...]) -> Settings:
        root = Table(values, (), self._report)
        endpoints = self._endpoints(root.table("endpoints"))
        default = root.text("default")
        if default is not None and default not in endpoints:
            root.refuse("default", f"there is no endpoint {visible(default)!r}{_choice(endpoints)}.")
        look = self._look(root)
        self._unknown += root.unknown
        if self._mistakes:
            raise ConfigError(self._mistakes)
        has_secret = any(isinstance(one.secret, StoredSecret) for one in endpoints.values())
        return Settings(
            endpoints=endpoints,
            default=None if default is None else EndpointName(default),
            look=look,
            warnings=(*(extra_warnings if has_secret else ()), *map(self._unknown_warning, self._unknown)),
        )

    def _look(self, root: Table) -> Look:
        keys = root.table("keys")
        bindings = {} if keys is None else {name: keys.words(name) or () for name in keys.names}
        return Look(
            theme=root.text("theme", allowed=THEMES),
            has_mouse=root.flag("mouse"),
            is_ascii=root.flag("ascii"),
            is_decimal=root.flag("decimal") or False,
            time_display=root.text("time", allowed=TIME_DISPLAYS),
            keys=bindings,
        )

    def _endpoints(self, tables: Table | None) -> dict[EndpointName, ConfiguredEndpoint]:
        found: dict[EndpointName, ConfiguredEndpoint] = {}
        for name in tables.names if tables else ():
            table = tables.table(name) if tables else None
            if table is None:
                continue
            endpoint = read_endpoint(EndpointName(name), table, self._path.parent)
            self._unknown += table.unknown
            if endpoint is not None:
                found[endpoint.endpoint.name] = endpoint
        return found

    def _report(self, key: tuple[str, ...], sentence: str) -> None:
        self._mistakes.append(Mistake(self._path, line_of(self._text, key), dotted(key), sentence))

    def _unknown_warning(self, key: tuple[str, ...]) -> str:
        sentence = "this key is not known; it is kept, and does nothing."
        return str(Mistake(self._path, line_of(self._text, key), dotted(key), sentence))


def _choice(endpoints: dict[EndpointName, ConfiguredEndpoint]) -> str:
    return "; there are " + ", ".join(map(visible, endpoints)) if endpoints else ""


def _syntax_mistake(path: Path, message: str) -> Mistake:
    """Take the line out of the TOML reader's message."""
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if match is None:
        return Mistake(path, None, "", f"this is not TOML: {visible(message)}.")
    return Mistake(path, int(match[2]), "", f"this is not TOML, column {match[3]}: {visible(match[1])}.")


def _exposures(path: Path) -> tuple[str, ...]:
    """Say in which ways others may get at a secret in the file."""
    warnings = []
    shown = visible(str(path))
    if path.is_symlink():
        warnings.append(f"{shown} holds a secret key and is a symbolic link; keep it as a file of its own.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        warnings.append(f"{shown} holds a secret key and others may read or write it; run: chmod 600 {shown}")
    return tuple(warnings)
