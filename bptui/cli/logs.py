"""The log file of a session on the screen, where nothing may be written to the terminal."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bptui.text import visible

FILE_NAME = "bptui.log"

_FILE_BYTES = 1 << 20
_OLDER_FILES = 3


@contextmanager
def log_to(folder: Path) -> Iterator[None]:
    """Keep warnings and defects in a rotating file that only its owner can read, for as long as the block runs.

    Where no file can be written there is no log: watching goes on all the same.
    """
    root = logging.getLogger()
    handler = _handler(folder)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def _handler(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = _PrivateFile(
            folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
    except OSError:
        # Not even Python's own last resort may write to the terminal.
        return logging.NullHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_VisibleLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


class _PrivateFile(RotatingFileHandler):
    """A log file with mode 0600 that follows no link, and that a full disk silences."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123  # a descriptor

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        """Say nothing: the library would print a traceback on the terminal."""


class _VisibleLines(logging.Formatter):
    """Writes records so that other people's names cannot act on the terminal of who reads the file."""

    def format(self, record: logging.LogRecord) -> str:
        """Format, then escape line by line."""
        return "\n".join(visible(line) for line in super().format(record).split("\n"))
