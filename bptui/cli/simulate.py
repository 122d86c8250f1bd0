"""`bptui simulate`: a pretend appliance on a real socket, for trying things out."""

from __future__ import annotations

import sys

import click

from bptui.simulator.options import BEGINS_SECONDS, EVERYDAY, NIGHTS, RELEASES, RULE_NAMES, Options

FAULTS = """Make something go wrong; may be given several times. KIND[:key=value,...] with the kinds 503 (retry=),
307, 500, slow (first=, rate=), cut (at=), garbage:html|xml|empty, skew:SECONDS, forbidden, gone, management, reset,
hang, and for all of them p=PROBABILITY, from= and for= (simulated seconds), times=COUNT, path=GLOB, method=METHOD,
when=before|after (the request was acted on)."""

SCENARIO_HELP = (
    f"What is going on: {', '.join(EVERYDAY)}; {NIGHTS[0]} to {NIGHTS[-1]}; or rule-NAME, where the cause of a verdict"
    f" comes within {BEGINS_SECONDS:.0f} s and goes later, with the NAMEs {' '.join(RULE_NAMES)}."
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=0, show_default=True, help="The port to listen on; 0 chooses a free one.")
@click.option("--scenario", metavar="NAME", default="busy", show_default=True, help=SCENARIO_HELP)
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same jobs.")
@click.option("--speed", default=1.0, show_default=True, help="Simulated seconds per second; 0 stands still.")
@click.option("--jobs", type=int, help="How many jobs `many` holds.  [40000]")
@click.option("--objects", type=int, help="How many objects the job of `huge` and `huge-flat` holds.  [500000]")
@click.option("--release", type=click.Choice(RELEASES), default="5.8", show_default=True, help="Which release to play.")
@click.option("--tls", is_flag=True, help="Serve https with a self-signed certificate.")
@click.option("--until-eof", "is_until_eof", is_flag=True, hidden=True, help="End with the standard input.")
@click.option("--fault", "faults", multiple=True, metavar="SPEC", help=FAULTS)
def simulate(
    host: str,
    port: int,
    scenario: str,
    seed: int,
    speed: float,
    jobs: int | None,
    objects: int | None,
    release: str,
    tls: bool,  # noqa: FBT001 - click passes options by name
    is_until_eof: bool,  # noqa: FBT001 - click passes options by name
    faults: tuple[str, ...],
) -> None:
    """Run a pretend appliance: prints its endpoint and keys on three lines, then answers until Ctrl-C."""
    try:
        options = Options(host, port, scenario, seed, speed, jobs, objects, release, tls, faults)
        status = _serve(options, is_until_eof=is_until_eof)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(status)


def _serve(options: Options, *, is_until_eof: bool) -> int:
    try:
        from bptui.simulator.server import serve  # noqa: PLC0415 - only this command needs the server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("starlette", "uvicorn", "trustme"):
            raise
        raise click.ClickException(
            f"The pretend appliance needs {error.name}, which is not installed. Add it with: pip install 'bptui[demo]'"
        ) from error
    return serve(options, until_eof=sys.stdin if is_until_eof else None)
