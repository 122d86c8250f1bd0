"""`bptui close`: ends the aggregation of jobs, after a yes, and says for each how it went."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bptui.cli.choosing import the_chosen
from bptui.cli.connecting import client_of, patiently, run_async
from bptui.cli.exits import Exit, Failure, exit_of, worst
from bptui.cli.invocation import Invocation, appliance_options
from bptui.cli.job_ids import job_id as parse_job_id
from bptui.cli.narration import has_terminal, tell
from bptui.cli.wire_names import encode, iso
from bptui.clock import SYSTEM_CLOCK
from bptui.config.settings import ConfiguredEndpoint
from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import Endpoint, Writes
from bptui.model.job import Job, JobId
from bptui.model.problem import ProblemKind
from bptui.model.system import SystemInformation
from bptui.monitor.audit import Audit, origin
from bptui.monitor.events import CloseFinished, CloseOutcome
from bptui.paths import audit_file
from bptui.text import visible
from bptui.units import UNKNOWN, duration_text, size_text

if TYPE_CHECKING:
    from bptui.ds3.client import Client

_EFFECT = (
    "Closing: later uploads start a new job; running transfers go on; it does not finish the job; it cannot be undone."
)
_TYPED_CHARACTERS = 4


@click.command()
@appliance_options
@click.argument("job_ids", metavar="ID...", nargs=-1, required=True, type=parse_job_id)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--reason", default="", metavar="TEXT", help="Why, or a ticket: goes into the audit file.")
@click.option("--json", "is_json", is_flag=True, help="A JSON array of how each close ended.")
@click.pass_obj
def close(invocation: Invocation, job_ids: tuple[JobId, ...], is_sure: bool, reason: str, is_json: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Close aggregating jobs: later uploads start a new job. Nothing else is changed."""
    configured = the_chosen(invocation)
    _require_writes(configured.endpoint, invocation)
    wanted = tuple(dict.fromkeys(job_ids))
    if not is_sure:
        _require_terminal()
        _ask(configured.endpoint, wanted, run_async(_running(configured, invocation)))
    return run_async(_close_all(configured, invocation, wanted, reason, is_json=is_json))


def _require_writes(endpoint: Endpoint, invocation: Invocation) -> None:
    if invocation.is_read_only:
        raise Failure(Exit.REFUSED, "Nothing was sent: --read-only was given.")
    if endpoint.writes is Writes.NO:
        raise Failure(Exit.REFUSED, f'Nothing was sent: the config says writes = "no" for {endpoint.name}.')


def _require_terminal() -> None:
    if not has_terminal():
        raise Failure(Exit.USAGE, "Nothing was sent: there is no terminal to ask on. Scripts give --yes.")


async def _running(configured: ConfiguredEndpoint, invocation: Invocation) -> Mapping[JobId, Job]:
    async with client_of(configured, invocation) as client:
        return await patiently(configured.endpoint.name, client.jobs)


def _ask(endpoint: Endpoint, job_ids: Sequence[JobId], running: Mapping[JobId, Job]) -> None:
    """Show what would be closed and wait for a yes; a `prod` endpoint, or several jobs, want text typed.

    Raises:
        Failure: the answer was not yes.
    """
    tell(f"{endpoint.name} ({endpoint.url}){', a PROD endpoint' if endpoint.is_prod else ''}:")
    for job_id in job_ids:
        tell(f"  {_description(job_id, running.get(job_id), datetime.now(UTC))}")
    tell(_EFFECT)
    if not _is_yes(endpoint, job_ids):
        raise Failure(Exit.FAILED, "Nothing was sent.")


def _is_yes(endpoint: Endpoint, job_ids: Sequence[JobId]) -> bool:
    if len(job_ids) > 1:
        text = str(len(job_ids))
        question = f"Type {text}, how many there are, to close them"
    elif endpoint.is_prod:
        text = job_ids[0][-_TYPED_CHARACTERS:]
        question = "Type the last four characters of the job's id to close it"
    else:
        return click.confirm("Close it?", default=False, err=True)
    typed: str = click.prompt(question, default="", show_default=False, err=True)
    return typed.strip().lower() == text


def _description(job_id: JobId, job: Job | None, now: datetime) -> str:
    if job is None:
        return f"{job_id}: not among the running jobs"
    age = UNKNOWN if job.start_date is None else duration_text((now - job.start_date).total_seconds())
    warning = "" if job.is_aggregating else " DOES NOT AGGREGATE: nothing will be sent for it."
    return (
        f"{job_id} {job.name or UNKNOWN}, bucket {job.bucket_name or UNKNOWN}, user {job.user_name or UNKNOWN}, "
        f"age {age}, {size_text(job.original_size_bytes)}, received {size_text(job.cached_size_bytes)}, "
        f"written {size_text(job.completed_size_bytes)}.{warning}"
    )


async def _close_all(
    configured: ConfiguredEndpoint, invocation: Invocation, job_ids: Sequence[JobId], reason: str, *, is_json: bool
) -> Exit:
    codes: list[Exit] = []
    try:
        async with client_of(configured, invocation) as client:
            client.unlock()
            async for finished in _closes(client, configured.endpoint, invocation, job_ids, reason):
                codes.append(exit_of_close(finished))
                line = encode(_fields(finished)) if is_json else _line(finished)
                start = "" if not is_json else ",\n" if len(codes) > 1 else "[\n"
                sys.stdout.write(start + line + ("" if is_json else "\n"))
                sys.stdout.flush()
    finally:  # interrupted, too, what was said is a whole array
        sys.stdout.write("\n]\n" if is_json and codes else "")
    return worst(codes)


async def _closes(
    client: Client, endpoint: Endpoint, invocation: Invocation, job_ids: Sequence[JobId], reason: str
) -> AsyncIterator[CloseFinished]:
    """Close one job after the other; when interrupted, say which were not begun."""
    from bptui.monitor.close import close_job  # noqa: PLC0415  # loads the wire

    audit = Audit(audit_file(invocation.environ), origin(invocation.environ))
    system = await _system(client, endpoint)
    for index, job_id in enumerate(job_ids):
        try:
            yield await close_job(
                client, endpoint, job_id, audit=audit, clock=SYSTEM_CLOCK, system=system, reason=reason
            )
        except asyncio.CancelledError:
            left = job_ids[index + 1 :]
            tell(f"Interrupted while closing {job_id}: look at it with `bptui job {job_id}`.")
            if left:
                tell(f"Nothing was sent for {', '.join(left)}.")
            raise


async def _system(client: Client, endpoint: Endpoint) -> SystemInformation | None:
    """Ask for the release, because below 4.0 the same request would modify; None when the key may not know."""
    try:
        return await patiently(endpoint.name, client.system_information)
    except Ds3Error as error:
        if error.problem.kind in (ProblemKind.PERMISSION, ProblemKind.GONE):
            return None
        raise


def exit_of_close(finished: CloseFinished) -> Exit:
    """Return the code for one close."""
    if finished.outcome is CloseOutcome.CLOSED:
        return Exit.DONE
    if finished.outcome is CloseOutcome.UNKNOWN:
        return Exit.UNREACHABLE
    if finished.problem is None or finished.problem.kind is ProblemKind.CONFLICT:
        return Exit.REFUSED
    return exit_of(finished.problem)


def _line(finished: CloseFinished) -> str:
    return visible(f"{finished.job_id}  {finished.outcome.value}  {finished.sentence}")


def _fields(finished: CloseFinished) -> dict[str, Any]:
    problem = finished.problem
    return {
        "endpoint": finished.endpoint,
        "job_id": finished.job_id,
        "outcome": finished.outcome.name.lower(),
        "message": finished.sentence,
        "status": problem.status if problem else None,
        "code": problem.code if problem else None,
        "request_id": problem.request_id if problem else None,
        "at": iso(finished.at),
    }
