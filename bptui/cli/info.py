"""`bptui info`: what a bug report needs about this machine, this terminal and the appliances; never a secret."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from bptui import __version__
from bptui.cli.choosing import chosen
from bptui.cli.connecting import client_of, run_async
from bptui.cli.exits import Exit, Failure, worst
from bptui.cli.invocation import Invocation, appliance_options
from bptui.cli.narration import tell
from bptui.cli.readable import Asked, ask_release, ask_rest
from bptui.cli.table import print_line
from bptui.config.settings import ConfiguredEndpoint
from bptui.paths import audit_file, log_dir, recordings_dir
from bptui.tui.glyphs import is_colourless
from bptui.units import size_text

_PACKAGES = ("textual", "httpx", "lxml", "click", "platformdirs", "tomlkit", "keyring", "starlette", "uvicorn")
_TERMINAL_VARIABLES = (
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "NO_COLOR",
    "TMUX",
    "STY",
    "SSH_CONNECTION",
    "LANG",
    "LC_ALL",
)
_YES_OR_NO = {"TMUX", "STY", "SSH_CONNECTION", "NO_COLOR"}
"""Variables of which only it counts that they are set."""
_STATE_WIDTH = 48


@click.command()
@appliance_options
@click.option("--local", "is_local", is_flag=True, help="Ask no appliance.")
@click.pass_obj
def info(invocation: Invocation, is_local: bool) -> int:  # noqa: FBT001  # click's shape
    """Print versions, paths, terminal, what the key in use may read at each appliance, and what watching costs it."""
    for line in _local_lines(invocation):
        print_line(line)
    if is_local:
        return Exit.DONE
    try:
        endpoints = chosen(invocation)
    except Failure as failure:
        tell(str(failure))
        return failure.code
    return worst([run_async(_ask(one, invocation)) for one in endpoints])


def _local_lines(invocation: Invocation) -> Iterator[str]:
    environ = invocation.environ
    yield f"bptui {__version__}"
    yield f"Python {platform.python_version()} on {platform.system()} {platform.release()} {platform.machine()}"
    yield f"With {', '.join(_versions())}"
    for what, path in (
        ("Config", invocation.config_path),
        ("Audit", audit_file(environ)),
        ("Recordings", recordings_dir(environ)),
        ("Logs", log_dir(environ)),
    ):
        yield f"{what}: {path}{_note(path)}"
    yield f"Terminal: {_terminal()}; {', '.join(_variables(environ))}"
    yield f"Encoding {locale.getpreferredencoding(do_setlocale=False)}; colours: {colour_mode(environ)}; copying: {copy_mode(environ)}"


def _versions() -> Iterator[str]:
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"no {name}"


def _note(path: Path) -> str:
    if not path.exists():
        return " (not there yet)"
    return "" if os.access(path, os.W_OK) else " (not writable)"


def _terminal() -> str:
    streams = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    ttys = [name for name, stream in streams.items() if stream.isatty()]
    columns, rows = shutil.get_terminal_size()
    return f"{columns}x{rows} at {', '.join(ttys)}" if ttys else "none"


def _variables(environ: Mapping[str, str]) -> Iterator[str]:
    for name in _TERMINAL_VARIABLES:
        value = environ.get(name)
        if value is None:
            yield f"no {name}"
        else:
            yield f"{name} is set" if name in _YES_OR_NO else f"{name}={value}"


def colour_mode(environ: Mapping[str, str]) -> str:
    """How many colours the screen would use, found as Rich finds it, without loading what draws."""
    if is_colourless(environ):
        return "none"
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return "truecolor"
    colours = environ.get("TERM", "").strip().lower().rpartition("-")[2]
    return "256" if colours in {"256color", "kitty"} else "16"


def copy_mode(environ: Mapping[str, str]) -> str:
    """By which way the screen would copy."""
    if environ.get("TMUX"):
        return "into tmux's buffer"
    return "OSC 52 through screen" if environ.get("STY") else "OSC 52"


async def _ask(configured: ConfiguredEndpoint, invocation: Invocation) -> Exit:
    endpoint = configured.endpoint
    print_line("")
    print_line(
        f"{endpoint.name}: {endpoint.url}, writes {endpoint.writes.value}, every {endpoint.interval_seconds:g} s"
    )
    try:
        async with client_of(configured, invocation) as client:
            service = await client.service()
            told, release = await ask_release(client)
            print_line(f"  Release {release or 'unknown'}; what this key may read, and what watching costs a minute:")
            print_line(f"    {_source_line(told)}")
            asked = [told]
            async for one in ask_rest(client, service.bucket_names, endpoint.interval_seconds):
                asked.append(one)
                print_line(f"    {_source_line(one)}")
            for sentence in _cost_sentences(asked):
                print_line(f"  {sentence}")
    except Failure as failure:
        tell(str(failure))
        return failure.code
    return Exit.DONE


def _source_line(asked: Asked) -> str:
    if asked.every_seconds is None:
        return f"{asked.line:{_STATE_WIDTH}} only when a person asks for it"
    requests, received_bytes = _each_minute([asked])
    note = "" if asked.is_always else "  *"
    return f"{asked.line:{_STATE_WIDTH}} {requests:5.1f} requests  {size_text(received_bytes):>9}{note}"


def _cost_sentences(asked: Sequence[Asked]) -> Iterator[str]:
    calm, busy = _each_minute([one for one in asked if one.is_always]), _each_minute(asked)
    yield "* asked only while some job is overdue, stands or is looked at."
    yield f"While nothing waits: {calm[0]:.0f} requests and {size_text(calm[1])} a minute; with those marked *: {busy[0]:.0f} and {size_text(busy[1])}."
    yield "The job on screen comes on top: its whole answer, with each poll."
    requests, received_bytes = sum(one.requests for one in asked), sum(one.received_bytes for one in asked)
    yield f"Asking each source now took {requests} requests and {size_text(received_bytes)}."


def _each_minute(asked: Sequence[Asked]) -> tuple[float, int]:
    """Requests and bytes a minute."""
    requests = sum(one.requests * one.times_a_minute for one in asked)
    return requests, round(sum(one.received_bytes * one.times_a_minute for one in asked))
