"""A pretend appliance in a process of its own, for end-to-end tests, benchmarks and screenshots."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

BPTUI = (sys.executable, "-m", "bptui")


class Appliance:
    """Runs `bptui simulate`, or another program that prints the same; `env` is what points a client at it."""

    def __init__(self, *arguments: object, program: Sequence[str] = (*BPTUI, "simulate")) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*program, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.env: dict[str, str] = {}

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        for _ in range(3):
            name, _, value = self._process.stdout.readline().strip().partition("=")
            self.env[name] = value
        assert set(self.env) == {"DS3_ENDPOINT", "DS3_ACCESS_KEY", "DS3_SECRET_KEY"}, self.env
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def stop(self) -> None:
        """End it, as a power cut would."""
        self._process.kill()
        self._process.wait()
