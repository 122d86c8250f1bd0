"""`bptui endpoint test`: can this appliance be watched with this key, and what is odd about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bptui.cli.choosing import chosen, named
from bptui.cli.connecting import client_of, run_async
from bptui.cli.exits import Exit, Failure, exit_of, worst
from bptui.cli.invocation import Invocation, appliance_options
from bptui.cli.narration import sentence_of, tell
from bptui.cli.readable import ask_beside
from bptui.cli.table import print_line
from bptui.config.settings import ConfiguredEndpoint
from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import Endpoint
from bptui.model.problem import ProblemKind
from bptui.model.system import Service, SystemHealth, SystemInformation
from bptui.units import clock_text

if TYPE_CHECKING:
    from bptui.ds3.client import Client

_CLOCK_SECONDS = 5.0
"""Clocks that differ by less are said to agree; requests take part of it."""


@click.command()
@appliance_options
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_obj
def test(invocation: Invocation, names: tuple[str, ...]) -> int:
    """Log in to an appliance and say, step by step, what was found."""
    endpoints = [named(invocation, name) for name in names] or chosen(invocation)
    return worst([run_async(_examine(one, invocation)) for one in endpoints])


async def _examine(configured: ConfiguredEndpoint, invocation: Invocation) -> Exit:
    endpoint = configured.endpoint
    print_line(f"{endpoint.name}: {endpoint.url}, access id {endpoint.access_id}")
    try:
        async with client_of(configured, invocation) as client:
            service = await client.service()
            print_line(f"  {login_sentence(service)}")
            if endpoint.is_https:
                print_line(f"  {_trust_sentence(endpoint)}")
            return await _look_around(client, endpoint, service.bucket_names)
    except Failure as failure:
        tell(str(failure))
        return failure.code


async def _look_around(client: Client, endpoint: Endpoint, bucket_names: tuple[str, ...]) -> Exit:
    """Go through what is good to know once the login works."""
    from bptui.ds3 import questions  # noqa: PLC0415  # loads lxml, which --help need not

    codes = [
        await _step(endpoint, client.system_information(), _system_sentences),
        await _step(endpoint, client.answer(questions.system_health()), _health_sentences),
        await _step(endpoint, client.jobs(), lambda jobs: [f"{len(jobs)} running jobs are visible to this key."]),
    ]
    print_line("  What this key may read beside the jobs:")
    async for asked in ask_beside(client, bucket_names):
        print_line(f"    {asked.line}")
    return worst(codes)


async def _step(endpoint: Endpoint, asking: Awaitable[Any], sentences: Callable[[Any], list[str]]) -> Exit:
    """Say what an answer means; a refusal for lack of rights is said, and no failure."""
    try:
        answer = await asking
    except Ds3Error as error:
        if error.problem.kind is ProblemKind.PERMISSION:
            print_line(f"  {error.problem.sentence}")
            return Exit.DONE
        tell(sentence_of(error.problem, endpoint.name))
        return exit_of(error.problem)
    for sentence in sentences(answer):
        print_line(f"  {sentence}")
    return Exit.DONE


async def log_in(client: Client) -> str:
    """Log in, close the client, and say who the key belongs to; raises Ds3Error when the login does not work."""
    try:
        return login_sentence(await client.service())
    finally:
        await client.aclose()


def login_sentence(service: Service) -> str:
    """Say who the key belongs to."""
    count = len(service.bucket_names)
    return f"Logged in as {service.owner_name or 'an unnamed user'}, who has {count} bucket{'' if count == 1 else 's'}."


def _trust_sentence(endpoint: Endpoint) -> str:
    if endpoint.is_insecure:
        return "Its certificate was NOT checked, because the config says insecure."
    if endpoint.pin_sha256:
        return "Its certificate is the pinned one."
    return f"Its certificate is trusted by {endpoint.ca_file or 'the CAs of this system'}."


def _system_sentences(system: SystemInformation) -> list[str]:
    said = [f"Release {system.version or 'unknown'}, serial number {system.serial_number or 'unknown'}."]
    if system.is_backend_activated is False:
        said.append("Its back end is NOT activated: no job will progress.")
    if system.now is not None:
        said.append(_clock_sentence((system.now - datetime.now(UTC)).total_seconds()))
    return said


def _clock_sentence(ahead_seconds: float) -> str:
    if abs(ahead_seconds) < _CLOCK_SECONDS:
        return "Its clock agrees with ours."
    return f"Its clock is {clock_text(ahead_seconds)}."


def _health_sentences(health: SystemHealth) -> list[str]:
    took = "" if health.required_ms is None else f", verified in {health.required_ms} ms"
    return [f"Healthy; free space for its database: {health.database_free_space or 'unknown'}{took}."]
