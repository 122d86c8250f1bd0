"""Measures how long each verdict takes to come and to go: `python -m tests.monitor.rule_times [--interval 5] [NAME …]`.

Times are the appliance's, not this machine's: from what happens on the appliance to the list of jobs after which the
verdict is shown, at the interval at which lists are asked for. The clocks of both move on together, as fast as they can.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bptui.simulator.scenarios.plots import RULES
from bptui.units import UNKNOWN, duration_text
from tests.monitor.plays import NIGHT_PLAYS, PLAYS, Play, Times, performed

HEAD = ("scenario", "what happens", "rule", "verdict", "normal up to", "comes after", "polls", "goes after", "polls")


def row(play: Play, times: Times) -> tuple[str, ...]:
    """One line of the table."""
    plot = RULES.get(play.scenario.removeprefix("rule-"))
    cause = "connections reset" if play.trouble == "fault" else play.trouble or (plot.trouble if plot else UNKNOWN)
    return (
        play.scenario,
        cause,
        play.rule,
        play.kind.value if play.kind else "in the header",
        duration_text(play.after_seconds) if play.after_seconds else UNKNOWN,
        f"{times.arrived_seconds:.1f} s",
        str(times.arrived_polls),
        UNKNOWN if times.left_seconds is None else f"{times.left_seconds:.1f} s",
        UNKNOWN if times.left_polls is None else str(times.left_polls),
    )


def measured(plays: list[Play], interval_seconds: float) -> Iterator[tuple[str, ...]]:
    """Every play's line as soon as it is over."""
    for play in plays:
        with tempfile.TemporaryDirectory() as folder:
            yield row(play, asyncio.run(performed(play, Path(folder), interval_seconds)))


def main() -> None:
    """Print a table in Markdown; a verdict that comes too early or too late ends the run with what was seen instead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interval", type=float, default=5.0, metavar="SECONDS", help="between lists of jobs  [5]")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="scenarios, such as rule-P6 or night-4; all unless told"
    )
    arguments = parser.parse_args()
    plays = [play for play in (*PLAYS, *NIGHT_PLAYS) if not arguments.names or play.scenario in arguments.names]
    sys.stdout.write(f"| {' | '.join(HEAD)} |\n| {' | '.join('---' for _ in HEAD)} |\n")
    for line in measured(plays, arguments.interval):
        sys.stdout.write(f"| {' | '.join(line)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
