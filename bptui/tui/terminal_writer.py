"""Writes to the terminal from a thread of its own, so that one that does not read blocks nothing else."""

from __future__ import annotations

import os
import threading
from collections import deque
from time import monotonic
from typing import IO

RESTORE_SECONDS = 1.0
"""How long the terminal has to take what restores it."""


class Writer(threading.Thread):
    """Writes to the terminal in a thread of its own; knows how much waits, and for how long it has been blocked."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._fileno = file.fileno()
        self._waiting: deque[bytes] = deque()
        self._news = threading.Condition()
        self._is_stopping = False
        self._began_at: float | None = None
        self.is_broken = False
        """Whether the terminal is gone."""

    @property
    def is_idle(self) -> bool:
        """Whether everything has been written."""
        return self._began_at is None and not self._waiting

    @property
    def blocked_seconds(self) -> float:
        """For how long the write under way has been waiting for the terminal."""
        began_at = self._began_at
        return 0.0 if began_at is None else monotonic() - began_at

    def write(self, text: str) -> None:
        """Write this after what waits; returns at once."""
        with self._news:
            if not self.is_broken:
                self._waiting.append(text.encode("utf-8", "replace"))
            self._news.notify()

    def flush(self) -> None:
        """Nothing is held back."""

    def run(self) -> None:
        """Write until stopped, or until the terminal is gone."""
        while (data := self._next()) is not None:
            self._began_at = monotonic()
            try:
                while data:
                    data = data[os.write(self._fileno, data) :]
            except OSError:
                self.is_broken = True
                self._waiting.clear()
            self._began_at = None

    def _next(self) -> bytes | None:
        with self._news:
            while not self._waiting:
                if self._is_stopping:
                    return None
                self._news.wait()
            joined = b"".join(self._waiting)
            self._waiting.clear()
            self._began_at = monotonic()
            return joined

    def stop(self) -> None:
        """Write what waits, if the terminal takes it in time."""
        with self._news:
            self._is_stopping = True
            self._news.notify()
        self.join(RESTORE_SECONDS)
