"""Where a recording lives: a folder and files that only their owner reads, never behind a symlink, and one writer."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from bptui.model.endpoint import Endpoint

SUFFIX = ".ring"
DAMAGED = ".damaged"


class Unwritable(Exception):  # noqa: N818 - reads as what is the case
    """Nothing can be kept there; the text says why, without the path."""


class Damaged(Unwritable):
    """The file was damaged and has been set aside: a new one can begin."""


class Taken(Unwritable):
    """Another session writes there."""


def ring_path(folder: Path, endpoint: Endpoint) -> Path:
    """The file of an endpoint: its name, and a digest, because two config files may use one name for two appliances."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, for which the first frame need not wait

    digest = hashlib.sha256(f"{endpoint.name}\n{endpoint.url}".encode()).hexdigest()[:12]
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", endpoint.name)[:40].strip(".-") or "endpoint"
    return folder / f"{readable}-{digest}{SUFFIX}"


def make_folder(folder: Path) -> None:
    """Make the folder for its owner alone.

    Raises:
        Unwritable: it cannot be made, or is a symlink, or somebody else's.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise Unwritable("the folder is not a folder")
        if status.st_uid != os.geteuid():
            raise Unwritable("the folder belongs to somebody else")
        if stat.S_IMODE(status.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from None


def make_file(path: Path) -> None:
    """Make sure that there is a regular file of ours that only we read.

    Raises:
        Unwritable: it cannot be made, or something strange is there.
    """
    # A file that is there is not opened: closing it would take away the locks that sqlite holds on it in this process.
    try:
        status = path.lstat()
    except FileNotFoundError:
        os.close(private_file(path))
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from None
    else:
        _refuse_strange(status)
        if stat.S_IMODE(status.st_mode) != 0o600:
            path.chmod(0o600)
    for beside in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(path.with_name(path.name + beside).lstat().st_mode):
                raise Unwritable(f"{path.name}{beside} is not a regular file")


def set_aside(path: Path) -> None:
    """Keep a damaged file for who wants to know what happened, in place of an earlier one.

    Raises:
        Unwritable: it cannot be renamed.
    """
    try:
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        path.replace(path.with_name(path.name + DAMAGED))
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from None


def private_file(path: Path) -> int:
    """Open a regular file of ours that only we read, made if need be; returns its descriptor.

    Raises:
        Unwritable: it cannot be opened, or something strange is there.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from None
    status = os.fstat(descriptor)
    try:
        _refuse_strange(status)
    except Unwritable:
        os.close(descriptor)
        raise
    if stat.S_IMODE(status.st_mode) != 0o600:
        os.fchmod(descriptor, 0o600)
    return descriptor


def _refuse_strange(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        raise Unwritable("it is not a regular file of ours")


class Claim:
    """The right to write a ring, held as an advisory lock on a file beside it; the system ends it with the process."""

    def __init__(self, path: Path) -> None:
        """Take it.

        Raises:
            Taken: another session has it; names its process where it can.
            Unwritable: there is no way to find out.
        """
        self._descriptor = private_file(path.with_name(path.name + ".lock"))
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace")
            os.close(self._descriptor)
            who = f" (process {holder})" if holder.isdecimal() else ""
            raise Taken(f"another session of bptui{who} records this endpoint") from None
        except OSError as error:
            # A full disk does not take away the lock that was given; anything else means there is none.
            if error.errno not in _FULL:
                os.close(self._descriptor)
                raise Unwritable(error.strerror or str(error)) from None

    def release(self) -> None:
        """Let another session write."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
