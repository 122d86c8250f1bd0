"""A pretend appliance on which a fixed number of jobs moves every few seconds: `... ticking JOBS CHANGED SECONDS`.

Those that move are, in turn, the first that a terminal of 24 lines has room for, so that every change is seen.
Prints what `bptui simulate` prints, and ends when its input does.
"""

from __future__ import annotations

import itertools
import random
import sys
import threading

from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Job
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator

IN_VIEW = 19
OBJECTS = 200
"""How many objects each of them still has to move."""


def enlarge(job: Job, chance: random.Random) -> None:
    """Give a job more to do."""
    for number in range(OBJECTS):
        job.append(job.chunks[0], Blob(new_uuid(chance), f"take-{number:04}.mxf", 1 << 30, new_uuid(chance)))


def tell_the_end(ended: threading.Event) -> None:
    """Wait for the end of standard input."""
    sys.stdin.read()
    ended.set()


def main(jobs: int, changed: int, seconds: float) -> None:
    """Serve until the end of standard input."""
    ended = threading.Event()
    threading.Thread(target=tell_the_end, args=(ended,), daemon=True).start()
    chance = random.Random(1)
    with RunningSimulator(Options(scenario="many", jobs=jobs, speed=0)) as running:
        moving = sorted(running.appliance.running(), key=lambda job: job.created_at)[:IN_VIEW]
        for job in moving:
            enlarge(job, chance)
        print(f"DS3_ENDPOINT={running.endpoint}")
        print(f"DS3_ACCESS_KEY={running.access_key}")
        print(f"DS3_SECRET_KEY={running.secret_key}", flush=True)
        turn = itertools.cycle(moving)
        while not ended.wait(seconds):
            for job in itertools.islice(turn, changed):
                running.appliance.arrive(job, OBJECTS // 10)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
