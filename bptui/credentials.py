"""Keeps secret keys where they belong, and gets them from where a person put them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from bptui.text import visible

SECRET_VARIABLE = "DS3_SECRET_KEY"  # noqa: S105  # the name of a variable, not a secret
"""Where the vendor's tools look for a secret key; never handed on to a child process."""

COMMAND_SECONDS = 30.0
"""How long a command that prints a secret may take."""

_STDERR_LINES = 5


class Secret:
    """A secret key that does not show itself: not in a repr, a traceback, a log line or a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself; for the computation of a signature, and for the file a person chose."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled.")


@dataclass(frozen=True, slots=True)
class EnvironmentSecret:
    """The secret is in an environment variable."""

    variable: str


@dataclass(frozen=True, slots=True)
class CommandSecret:
    """The secret is what a program prints; it is started without a shell."""

    words: tuple[str, ...]
    """The program and its arguments."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """The secret is in the config file itself."""

    secret: Secret


SecretSource = EnvironmentSecret | CommandSecret | StoredSecret


class SecretError(Exception):
    """A secret could not be had; the text is a sentence for a person and never holds a secret."""


def resolve(
    source: SecretSource,
    *,
    environ: Mapping[str, str],
    timeout_seconds: float = COMMAND_SECONDS,
    narrate: Callable[[str], None] | None = None,
) -> Secret:
    """Get a secret from where it is; may run a program and wait for it.

    `narrate` is given what a program that succeeded said on its standard error.

    Raises:
        SecretError: the variable is not set, or the program failed, took too long or printed nothing.
    """
    match source:
        case EnvironmentSecret(variable):
            return _from_environment(variable, environ)
        case CommandSecret(words):
            return _from_command(words, environ, timeout_seconds, narrate)
        case StoredSecret(secret):
            return secret


def _from_environment(variable: str, environ: Mapping[str, str]) -> Secret:
    value = environ.get(variable, "").strip()
    if not value:
        raise SecretError(
            f"The environment variable {visible(variable)}, which should hold the secret key, is not set."
        )
    return Secret(value)


def _from_command(
    words: tuple[str, ...],
    environ: Mapping[str, str],
    timeout_seconds: float,
    narrate: Callable[[str], None] | None,
) -> Secret:
    name = visible(words[0])
    status, output, complaint = _run(words, environ, timeout_seconds)
    if status != 0:
        raise SecretError(f"The secret command {name} failed with status {status}{_said(complaint)}")
    secret = Secret(output.decode("utf-8", "replace").strip())
    if not secret:
        raise SecretError(f"The secret command {name} printed nothing{_said(complaint)}")
    if narrate is not None and complaint.strip():
        narrate(_last_lines(complaint))
    return secret


def _run(words: tuple[str, ...], environ: Mapping[str, str], timeout_seconds: float) -> tuple[int, bytes, bytes]:
    """Run a program in a session of its own, so that it cannot touch the terminal and ends with its children."""
    name = visible(words[0])
    clean = {key: value for key, value in environ.items() if key != SECRET_VARIABLE}
    try:
        process = subprocess.Popen(  # noqa: S603  # the person's own choice of program, without a shell
            words,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise SecretError(f"The secret command {name} could not be started: {error}.") from None
    try:
        output, complaint = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired as error:
        said = _said(error.stderr or b"")
        raise SecretError(f"The secret command {name} did not end within {timeout_seconds:g} seconds{said}") from None
    finally:
        _end(process)
    return process.returncode, output, complaint


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, with everything it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _said(complaint: bytes) -> str:
    lines = _last_lines(complaint)
    return f" and said: {lines}" if lines else "."


def _last_lines(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()[-_STDERR_LINES:]
    return " / ".join(visible(line) for line in lines)
