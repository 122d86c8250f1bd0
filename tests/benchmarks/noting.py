"""A pretend appliance that notes what it does: `python -m tests.benchmarks.noting FILE SCENARIO SPEED`.

Prints what `bptui simulate` prints, and ends when its input does. Each answer becomes a line of FILE with its path, when
it began and when all of it was sent, each second one with how many jobs there were so far, and how many have ended.
Times are those of `time.perf_counter`, which all processes of a machine share.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from unittest.mock import patch

from bptui.simulator.app import Application
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.appliance import BPTUI, Appliance
from tests.benchmarks.ticking import tell_the_end

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

LIST = "/_rest_/job"
ONE_JOB = "/_rest_/job/"


@dataclass(frozen=True)
class Span:
    """From when to when an answer was being sent."""

    begin: float
    end: float

    def holds(self, at: float) -> bool:
        """Whether the answer was under way at a moment."""
        return self.begin <= at <= self.end


class Notes:
    """What a noting appliance has written so far."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _lines(self, kind: str) -> list[list[str]]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [words[1:] for line in lines if (words := line.split()) and words[0] == kind]

    def lists(self) -> int:
        """How many lists of jobs were sent."""
        return sum(1 for path, _, _ in self._lines("answer") if path == LIST)

    def whole_jobs(self) -> list[Span]:
        """When jobs with all their objects were being sent."""
        return [
            Span(float(begin), float(end)) for path, begin, end in self._lines("answer") if path.startswith(ONE_JOB)
        ]

    def jobs(self) -> tuple[int, int]:
        """How many jobs came while it ran, and how many went."""
        counts = [(int(seen), int(ended)) for seen, ended in self._lines("jobs")]
        return counts[-1][0] - counts[0][0], counts[-1][1] - counts[0][1]


def noting(folder: Path, scenario: str, speed: float) -> tuple[Appliance, Notes]:
    """An appliance in a process of its own, to be entered, and its notes."""
    path = folder / "notes.txt"
    program = (BPTUI[0], "-m", "tests.benchmarks.noting")
    return Appliance(path, scenario, speed, program=program), Notes(path)


def main(path: Path, scenario: str, speed: float) -> None:
    """Serve until the end of standard input."""
    ended = threading.Event()
    threading.Thread(target=tell_the_end, args=(ended,), daemon=True).start()
    with path.open("w", buffering=1) as file:
        answer = Application.__call__

        async def noted(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
            begin = time.perf_counter()
            await answer(application, scope, receive, send)
            file.write(f"answer {scope['path']} {begin} {time.perf_counter()}\n")

        with (
            patch.object(Application, "__call__", noted),
            RunningSimulator(Options(scenario=scenario, speed=speed)) as running,
        ):
            print(f"DS3_ENDPOINT={running.endpoint}")
            print(f"DS3_ACCESS_KEY={running.access_key}")
            print(f"DS3_SECRET_KEY={running.secret_key}", flush=True)
            count(running, file, ended)


def count(running: RunningSimulator, file: TextIO, ended: threading.Event) -> None:
    """Note each second how many jobs there were so far, and how many of them have ended."""
    seen: set[str] = set()
    while True:
        seen.update(running.appliance.jobs)
        still = sum(1 for _ in running.appliance.running())
        file.write(f"jobs {len(seen)} {len(seen) - still}\n")
        if ended.wait(1.0):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
