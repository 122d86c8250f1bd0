"""A person at a terminal, for end-to-end tests and benchmarks: a pseudo-terminal with pyte at its other end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
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

KEYS = {
    "enter": b"\r",
    "esc": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pgup": b"\x1b[5~",
    "pgdn": b"\x1b[6~",
    "f1": b"\x1bOP",
    "backspace": b"\x7f",
    "delete": b"\x1b[3~",
}
_MARK_COLUMN = 10
BLOCKED_SECONDS = 3.0
"""A program that ticks each second and wrote nothing for so long waits for its terminal."""
SETTLE_SECONDS = 0.12
"""How long a screen must be quiet to count as painted."""


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
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), full)  # noqa: S606 - a program under test, no shell wanted
        self._set_size(columns, rows)

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

    def wait(self, what: str | Callable[[str], bool], timeout: float = 20) -> float:
        """Wait until the screen shows a text, or satisfies a test; return the seconds since the start."""
        seen = (lambda: what in self.text) if isinstance(what, str) else (lambda: what(self.text))
        end = time.perf_counter() + timeout
        while not seen():
            left = end - time.perf_counter()
            if left <= 0:
                raise NotSeenError(f"not seen within {timeout} s: {what!r}\n{self.text}")
            if self.read(min(left, 0.05)) < 0 and not seen():
                raise ProgramEndedError(f"ended with {self.status} before {what!r} was seen\n{self.text}")
        return time.perf_counter() - self.started

    def wait_gone(self, text: str, timeout: float = 20) -> float:
        """Wait until a text has left the screen."""
        return self.wait(lambda screen: text not in screen, timeout)

    def wait_exit(self, timeout: float = 30) -> int:
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

    def press_until(self, key: str, what: str | Callable[[str], bool], timeout: float = 20) -> None:
        """Press a key that does not count yet while what it answers is new, until the screen shows what it leads to."""
        end = time.perf_counter() + timeout
        while True:
            self.press(key)
            try:
                self.wait(what, timeout=1)
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

    def wait_blocked(self, timeout: float = 20) -> None:
        """Read nothing until the program cannot write any more: nothing new has come for longer than it ever rests."""
        end = time.perf_counter() + timeout
        before, since = -1, time.perf_counter()
        while time.perf_counter() - since < BLOCKED_SECONDS:
            if time.perf_counter() > end:
                raise NotSeenError(f"still writing after {timeout} s\n{self.text}")
            waiting = self._waiting_bytes()
            if waiting != before:
                before, since = waiting, time.perf_counter()
            time.sleep(0.05)  # nothing but looking tells how much waits

    def _waiting_bytes(self) -> int:
        return int(struct.unpack("i", fcntl.ioctl(self.fd, termios.FIONREAD, bytes(4)))[0])

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


def key_bytes(key: str) -> bytes:
    """What a terminal sends for a key: a name of `KEYS`, `ctrl+x`, or the character itself."""
    if key in KEYS:
        return KEYS[key]
    if key.startswith("ctrl+"):
        return bytes([ord(key[5:].upper()) & 0x1F])
    return key.encode()
