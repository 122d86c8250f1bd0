"""Keeps secret keys where they belong, and gets them from where a person put them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import NoReturn

from bptui.text import visible

SECRET_VARIABLE = "DS3_SECRET_KEY"  # noqa: S105  # the name of a variable, not a secret
"""Where the vendor's tools look for a secret key; never handed on to a child process."""

COMMAND_SECONDS = 30.0
"""How long a command that prints a secret may take."""

_SERVICE = "bptui"
"""What our entries in the key ring belong to."""

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


@dataclass(frozen=True, slots=True)
class KeyringSecret:
    """The secret is in the key ring of the desktop or the system, among those of bptui."""

    entry: str
    """The name it is kept under there."""


SecretSource = EnvironmentSecret | CommandSecret | StoredSecret | KeyringSecret


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
        case KeyringSecret(entry):
            return _from_keyring(entry)


def keep_in_keyring(entry: str, secret: Secret) -> None:
    """Put a secret into the key ring, in place of what is kept under this name.

    Raises:
        SecretError: there is no key ring, or it refuses.
    """
    with _keyring() as ring:
        ring.set_password(_SERVICE, entry, secret.reveal())


def remove_from_keyring(entry: str) -> None:
    """Take a secret out of the key ring; what is not there is as good as removed.

    Raises:
        SecretError: there is no key ring, or it refuses.
    """
    with _keyring() as ring:
        if ring.get_password(_SERVICE, entry) is not None:
            ring.delete_password(_SERVICE, entry)


def _from_keyring(entry: str) -> Secret:
    with _keyring() as ring:
        value = ring.get_password(_SERVICE, entry)
    if not (value or "").strip():
        raise SecretError(f"The key ring holds no secret key for {visible(entry)}.")
    return Secret((value or "").strip())


@contextmanager
def _keyring() -> Iterator[ModuleType]:
    """Load the key ring, and turn its complaints into sentences."""
    try:
        import keyring  # noqa: PLC0415  # an extra, and slow to load
    except ModuleNotFoundError:
        raise SecretError("The key ring is not installed. Add it with: pip install 'bptui[keyring]'") from None
    try:
        yield keyring
    except keyring.errors.KeyringError as error:
        raise SecretError(f"The key ring does not work: {type(error).__name__}: {visible(str(error))}") from None


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
