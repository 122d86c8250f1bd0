"""A pretend appliance on which a fixed number of jobs moves every few seconds: `... ticking JOBS CHANGED SECONDS`.

Prints what `bptui simulate` prints, and ends when its input does.
"""

from __future__ import annotations

import itertools
import sys
import threading

from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator


def main(jobs: int, changed: int, seconds: float) -> None:
    """Serve until the end of standard input."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with RunningSimulator(Options(scenario="many", jobs=jobs, speed=0)) as running:
        print(f"DS3_ENDPOINT={running.endpoint}")
        print(f"DS3_ACCESS_KEY={running.access_key}")
        print(f"DS3_SECRET_KEY={running.secret_key}", flush=True)
        turn = itertools.cycle(running.appliance.running())
        while not ended.wait(seconds):
            for job in itertools.islice(turn, changed):
                running.appliance.arrive(job)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
