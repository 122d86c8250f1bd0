"""`bptui demo`: the screen over a pretend appliance, with nothing of the person's config, proxy or state."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bptui.cli.durations import Within
from bptui.cli.invocation import Invocation, screen_options
from bptui.cli.pretend import PretendAppliance
from bptui.cli.screen import open_screen, prepare_screen, require_terminal
from bptui.config.settings import Settings
from bptui.paths import AUDIT_VARIABLE, LOG_VARIABLE, STATE_VARIABLE
from bptui.simulator.options import RELEASES, SCENARIOS


@click.command()
@screen_options
@click.option("--read-only", is_flag=True, help="Never change anything, not even here.")
@click.option("--scenario", type=click.Choice(SCENARIOS), help="What is going on.  [busy]")
@click.option("--seed", type=int, help="The same seed makes the same jobs.  [1]")
@click.option("--speed", type=Within(min=0), help="Simulated seconds per second.  [1]")
@click.option("--jobs", type=click.IntRange(min=1), help="How many jobs `many` holds.  [40000]")
@click.option("--objects", type=click.IntRange(min=1), help="How many objects the job of `huge` holds.  [500000]")
@click.option("--release", type=click.Choice(RELEASES), help="Which release to play.  [5.8]")
@click.option("--fault", multiple=True, metavar="SPEC", help="Make something go wrong, see `bptui simulate --help`.")
@click.pass_obj
def demo(invocation: Invocation, /, read_only: bool, **options: Any) -> int:  # noqa: FBT001  # click passes options by name
    """Open the screen over a pretend appliance. Needs no config, leaves nothing behind."""
    if invocation.names or invocation.config:
        raise click.UsageError("The demo has one appliance and no config: -e and --config have no meaning here.")
    require_terminal(invocation.environ)
    with tempfile.TemporaryDirectory(prefix="bptui-demo-") as folder:
        apart = _apart(invocation, Path(folder), is_read_only=read_only)
        with PretendAppliance(_arguments(options), invocation.environ) as pretend:
            # Loading takes as long as the child needs to start: both at once.
            prepare_screen()
            return open_screen([pretend.endpoint()], Settings(), apart, over=pretend.watched_over, has_book=False).code


def _arguments(options: Mapping[str, Any]) -> list[str]:
    given = {name: value for name, value in options.items() if name != "fault" and value is not None}
    return [f"--{name}={value}" for name, value in given.items()] + [f"--fault={spec}" for spec in options["fault"]]


def _apart(invocation: Invocation, folder: Path, *, is_read_only: bool) -> Invocation:
    """Return an invocation that touches none of the person's files."""
    places = {STATE_VARIABLE: folder, LOG_VARIABLE: folder, AUDIT_VARIABLE: folder / "audit.jsonl"}
    return replace(
        invocation,
        environ={**invocation.environ, **{name: str(place) for name, place in places.items()}},
        is_read_only=invocation.is_read_only or is_read_only,
        config=folder / "config.toml",
    )
