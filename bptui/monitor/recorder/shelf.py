"""Where recordings stand: a ring for each endpoint in the folder of all sessions, or the one file a person asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bptui.model.endpoint import Endpoint
from bptui.monitor.recorder.place import Claim, Damaged, Taken, Unwritable, make_folder, ring_path

if TYPE_CHECKING:
    from bptui.monitor.recorder.frames import Frame
    from bptui.monitor.recorder.memory import Memory
    from bptui.monitor.recorder.ring import Ring

# The ring and what reads it are imported when they are used: the first frame need not wait for sqlite.

LIMIT_BYTES = 32 * 1024 * 1024
KEEP_SECONDS = 72 * 3600.0


class Shelf(Protocol):
    """What a recorder needs to know; both methods may wait for the disk."""

    @property
    def limit_bytes(self) -> int | None:
        """How large a ring may be; None: it is not bounded."""
        ...

    def memory(self, endpoint: Endpoint, since: float = inf) -> Memory:
        """What was recorded before; how counters moved only from a moment on, in seconds since 1970."""
        ...

    def open(self, endpoint: Endpoint) -> Ring:
        """The ring to write to; raises Unwritable, or Taken when another session writes to it."""
        ...


class RingFolder:
    """The rings of all sessions."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, keep_seconds: float = KEEP_SECONDS) -> None:
        self._folder = folder
        self.limit_bytes: int | None = limit_bytes
        self._keep_seconds = keep_seconds

    def memory(self, endpoint: Endpoint, since: float = inf) -> Memory:
        """What any session recorded of this endpoint."""
        from bptui.monitor.recorder.memory import remember  # noqa: PLC0415

        return remember(ring_path(self._folder, endpoint), since)

    def open(self, endpoint: Endpoint) -> Ring:
        """The ring of this endpoint, claimed."""
        from bptui.monitor.recorder.ring import Ring  # noqa: PLC0415

        path = ring_path(self._folder, endpoint)
        try:
            make_folder(self._folder)
            claim = Claim(path)
        except Taken:
            raise
        except Unwritable as error:
            raise Unwritable(f"{error} ({path})") from None
        begin = partial(Ring, path, limit_bytes=self.limit_bytes, keep_seconds=self._keep_seconds, claim=claim)
        try:
            with suppress(Damaged):
                return begin()
            return begin()  # the damaged file has been set aside
        except Unwritable as error:
            claim.release()
            raise Unwritable(f"{error} ({path})") from None


class SingleFile:
    """A recording that a person asked for: everything is kept, in one file that can be sent away."""

    limit_bytes = None

    def __init__(self, path: Path, rewrite: Callable[[Frame], Frame] | None = None) -> None:
        self._path = path
        self._rewrite = rewrite

    def memory(self, endpoint: Endpoint, since: float = inf) -> Memory:  # noqa: ARG002 - a new file is empty
        """Nothing."""
        from bptui.monitor.recorder.memory import Memory  # noqa: PLC0415
        from bptui.monitor.recorder.state import State  # noqa: PLC0415

        return Memory(State())

    def open(self, endpoint: Endpoint) -> Ring:  # noqa: ARG002 - as above
        """The file."""
        return self.open_file()

    def open_file(self) -> Ring:
        """The file, made if need be; raises Unwritable."""
        from bptui.monitor.recorder.ring import Ring  # noqa: PLC0415

        return Ring(self._path, limit_bytes=None, keep_seconds=None, rewrite=self._rewrite, is_single_file=True)
