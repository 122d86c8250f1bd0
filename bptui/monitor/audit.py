"""The audit file: who closed what, when and from where, on disk before anything is sent."""

from __future__ import annotations

import getpass
import json
import os
import socket
import stat
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple


class AuditUnwritable(Exception):  # noqa: N818 - reads as what is the case, like the other errors
    """A line could not be put on disk; `path` says where it should have gone."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The audit file {path} cannot be written: {why}")
        self.path = path
        self.why = why


class Origin(NamedTuple):
    """Who acts, and from where, as far as the machine can tell."""

    user: str
    host: str
    tty: str | None = None
    ssh_connection: str | None = None
    """`SSH_CONNECTION`: addresses and ports of both ends."""
    sudo_user: str | None = None
    """Who became `user` by sudo."""


def origin(environ: Mapping[str, str]) -> Origin:
    """Find out who acts."""
    return Origin(
        user=_user(),
        host=socket.gethostname(),
        tty=_tty(),
        ssh_connection=environ.get("SSH_CONNECTION"),
        sudo_user=environ.get("SUDO_USER"),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid {os.getuid()}"


def _tty() -> str | None:
    for descriptor in (0, 2, 1):
        with suppress(OSError):
            return os.ttyname(descriptor)
    return None


class Audit:
    """Appends one JSON object a line to a file that only its owner may read; never rewrites anything."""

    def __init__(self, path: Path, who: Origin) -> None:
        self.path = path
        self._who = who

    def write(self, what: str, at: datetime, **details: str | int | bool | None) -> None:
        """Put one line on disk (fsync); blocks. `what` names the step, `details` are the wish and its results.

        Raises:
            AuditUnwritable: the line is not on disk, or not wholly.
        """
        entry = {
            "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "what": what,
            "user": self._who.user,
            "host": self._who.host,
            "tty": self._who.tty,
            "ssh_connection": self._who.ssh_connection,
            "sudo_user": self._who.sudo_user,
            "pid": os.getpid(),
            **details,
        }
        try:
            self._append(json.dumps(entry, ensure_ascii=True).encode("ascii"))
        except OSError as error:
            raise AuditUnwritable(self.path, error.strerror or str(error)) from error

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(self.path, flags, 0o600)
        try:
            _refuse_strange(descriptor)
            text = (b"" if _ends_with_newline(descriptor) else b"\n") + line + b"\n"
            if os.write(descriptor, text) != len(text):
                raise OSError(None, "only a part of the line fitted on the disk")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            _sync_folder(self.path.parent)


def _refuse_strange(descriptor: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(None, "it is not a regular file")
    if status.st_uid != os.geteuid():
        raise OSError(None, "it belongs to somebody else")
    if stat.S_IMODE(status.st_mode) != 0o600:
        os.fchmod(descriptor, 0o600)


def _ends_with_newline(descriptor: int) -> bool:
    """Whether the last line is whole: a full disk may have cut it."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
