"""A program that records for ever, to be killed: prints a line for each poll that is known to be on disk."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.monitor.recorder.seen import Session, job

if __name__ == "__main__":
    session = Session(Path(sys.argv[1]))
    for number in range(1_000_000):
        session.poll(number * 5, *(job(one, "PUT", 100, 10 + number / 1000, number / 1000) for one in range(200)))
        session.settle()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
