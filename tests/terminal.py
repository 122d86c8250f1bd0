"""A person at a terminal, for end-to-end tests and benchmarks: a pseudo-terminal with pyte at its other end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyte

from tests.keyboard import key_bytes
from tests.waiting import WAIT_SECONDS

_MARK_COLUMN = 10
BLOCKED_SECONDS = 1.5
"""While a program writes, there is no room for so long only when nobody reads."""
SETTLE_SECONDS = 0.12
"""How long a screen must be quiet to count as painted."""
READ_SECONDS = 0.5
"""How long a person reads a question before answering it, at least."""
REST_SECONDS = 1.0
"""How long the rest of a frame is waited for, of which a part has come."""
_FRAME_BEGINS = re.compile(rb"\x1b\[\d+;\d+H")
_FRAME_ENDS = re.compile(rb"\x1b\[0m\x1b\[\d+;\d+H(?:\x1b\]22;\w+\x07)*\Z")
"""A pseudo-terminal hands out 4 KB at a time: a frame comes in pieces, and ends with the place of the cursor."""


class ProgramEndedError(AssertionError):
    """The program ended while something was awaited from it; the last screen is in the message."""


class NotSeenError(AssertionError):
    """What was awaited did not come in time; the last screen is in the message."""


@dataclass(frozen=True)
class Latency:
    """How long a key took: to the first byte painted, and to the last before the screen was quiet (seconds)."""

    first: float
    settled: float


class Terminal:
    """Runs a program in a pseudo-terminal, answers its queries as a terminal does, and reads its screen.

    The environment holds nothing of the caller's but PATH and what `env` gives, with an empty home in `home`.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        home: Path,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        is_answering: bool = True,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._is_answering = is_answering
        self.written = bytearray()
        self.read_at = 0.0
        """When the newest bytes came (`time.perf_counter`)."""
        self._is_amid_frame = False
        self.status: int | None = None
        full = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            **(env or {}),
        }
        self.read_at = self.started = time.perf_counter()
        """When bytes came last, before the terminal made a screen of them."""
        self.fd, device = os.openpty()
        self._device = os.ttyname(device)
        self._set_size(columns, rows)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.fd)
            os.login_tty(device)
            os.execvpe(argv[0], list(argv), full)  # noqa: S606 - a program under test, no shell wanted
        os.close(device)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as dragging its corner does."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def read(self, timeout: float) -> int:
        """Take in what the program writes within `timeout` seconds; return the number of bytes, -1 at its end."""
        if self.status is not None:
            return -1
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return 0
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            # Linux says EIO where macOS gives an empty read: the program has closed its terminal.
            data = b""
        if not data:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            return -1
        self.read_at = time.perf_counter()
        self.written += data
        is_begun = self._is_amid_frame or _FRAME_BEGINS.search(data) is not None
        self._is_amid_frame = is_begun and _FRAME_ENDS.search(data[-64:]) is None
        if self._is_answering:
            self._answer(data)
        self._stream.feed(data.replace(b"\x1b[?2026$p", b"").replace(b"\x1b[>4;2m", b""))
        return len(data)

    def _answer(self, data: bytes) -> None:
        for query, reply in (
            (b"\x1b[6n", b"\x1b[1;1R"),
            (b"\x1b[c", b"\x1b[?62;22c"),
            (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
        ):
            if query in data:
                os.write(self.fd, reply)

    @property
    def text(self) -> str:
        """The screen as lines of text, without trailing spaces."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, what: str | Callable[[str], bool], timeout: float = WAIT_SECONDS) -> float:
        """Wait until the screen shows a text, or satisfies a test, once a frame is whole; return the seconds since the start."""
        seen = (lambda: what in self.text) if isinstance(what, str) else (lambda: what(self.text))
        end = time.perf_counter() + timeout
        while True:
            self._finish_frame()
            if seen():
                return time.perf_counter() - self.started
            left = end - time.perf_counter()
            if left <= 0:
                raise NotSeenError(f"not seen within {timeout} s: {what!r}\n{self.text}")
            if self.read(min(left, 0.05)) < 0 and not seen():
                raise ProgramEndedError(f"ended with {self.status} before {what!r} was seen\n{self.text}")

    def _finish_frame(self) -> None:
        """Take in the rest of a frame of which a part has come."""
        while self._is_amid_frame and self.read(REST_SECONDS) > 0:
            pass
        self._is_amid_frame = False

    def wait_gone(self, text: str, timeout: float = WAIT_SECONDS) -> float:
        """Wait until a text has left the screen."""
        return self.wait(lambda screen: text not in screen, timeout)

    def wait_exit(self, timeout: float = WAIT_SECONDS) -> int:
        """Wait until the program has ended; return its exit status."""
        end = time.perf_counter() + timeout
        while self.status is None:
            if time.perf_counter() > end:
                raise NotSeenError(f"still running after {timeout} s\n{self.text}")
            self.read(0.05)
        return self.status

    def send(self, data: bytes) -> None:
        """Write bytes as the keyboard would."""
        os.write(self.fd, data)

    def press(self, *keys: str) -> list[Latency]:
        """Press keys one by one, each after the screen has settled from the last."""
        return [self._press(key) for key in keys]

    def press_until(
        self, key: str, what: str | Callable[[str], bool], *, each: float = 5.0, timeout: float = WAIT_SECONDS
    ) -> None:
        """Answer what is new on the screen once a person can have read it, until the screen shows where that leads.

        A key that was pressed too early does not count: when nothing came of it within `each` seconds, it is pressed again.
        """
        end = time.perf_counter() + timeout
        while True:
            self.drain(READ_SECONDS)
            self.press(key)
            try:
                self.wait(what, timeout=each)
            except NotSeenError:
                if time.perf_counter() > end:
                    raise
            else:
                return

    def _press(self, key: str) -> Latency:
        while self.read(0) > 0:
            pass
        sent = time.perf_counter()
        self.send(key_bytes(key))
        first = last = 0.0
        while True:
            count = self.read(SETTLE_SECONDS if last else 0.5)
            if count <= 0:
                return Latency(first, last)
            last = time.perf_counter() - sent
            first = first or last

    @property
    def marked(self) -> tuple[str, ...]:
        """The background of each line a few cells in, by which the line under the cursor can be told."""
        return tuple(self.screen.buffer[y][_MARK_COLUMN].bg for y in range(self.rows))

    def move(self, key: str, timeout: float = 2.0) -> float:
        """Press a key that moves the cursor to another line; return the seconds until that was painted."""
        while self.read(0) > 0:
            pass
        before, sent = self.marked, time.perf_counter()
        self.send(key_bytes(key))
        while self.marked == before:
            if time.perf_counter() - sent > timeout:
                raise NotSeenError(f"the cursor did not move within {timeout} s of {key}\n{self.text}")
            self.read(0.05)
        return self.read_at - sent

    def drain(self, seconds: float) -> int:
        """Read for a while; return the bytes that came."""
        before, end = len(self.written), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self.read(left) >= 0:
            pass
        return len(self.written) - before

    def block(self, keys: bytes, timeout: float = WAIT_SECONDS) -> None:
        """Read nothing and press keys, each of which changes the screen, until the program cannot write any more."""
        end = since = time.perf_counter() + timeout
        device = os.open(self._device, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        while (now := time.perf_counter()) - since < BLOCKED_SECONDS:
            if now > end:
                raise NotSeenError(f"still writing after {timeout} s\n{self.text}")
            if select.select([], [device], [], 0)[1]:
                since = end
                self.send(keys)
            else:
                since = min(since, now)
            time.sleep(0.05)  # nothing but looking tells whether there is room
        os.close(device)

    def vanish(self) -> None:
        """Be gone, as a window that is closed."""
        os.close(self.fd)
        self.fd = -1

    def close(self) -> None:
        """Hang up, and make sure that the program is gone."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGHUP)
            end = time.perf_counter() + 3
            while self.status is None and time.perf_counter() < end:
                self.read(0.1)
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        with contextlib.suppress(OSError):
            os.close(self.fd)
