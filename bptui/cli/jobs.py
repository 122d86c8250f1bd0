"""`bptui jobs`: the job list, as a table for people or as JSON for scripts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from bptui.cli.choosing import chosen
from bptui.cli.connecting import client_of, patiently, run_async
from bptui.cli.exits import Exit, Failure, worst
from bptui.cli.invocation import Invocation, appliance_options
from bptui.cli.narration import tell
from bptui.cli.table import Column, print_table
from bptui.cli.wire_names import encode, job_fields
from bptui.config.settings import ConfiguredEndpoint
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job
from bptui.text import Align
from bptui.units import UNKNOWN, duration_text, percent_text, size_text

_Found = list[tuple[EndpointName, Job]]

_COLUMNS = (
    Column("JOB ID"),
    Column("TYPE"),
    Column("STATUS"),
    Column("AGG"),
    Column("PRIORITY", fold=2),
    Column("SIZE", Align.RIGHT, fold=7),
    Column("CACHED", Align.RIGHT, fold=5),
    Column("DONE", Align.RIGHT),
    Column("AGE", Align.RIGHT, fold=4),
    Column("BUCKET", is_flexible=True, keeps_tail=True, fold=6),
    Column("USER", is_flexible=True, fold=3),
    Column("NAME", is_flexible=True, keeps_tail=True),
)


@click.command()
@appliance_options
@click.option("--all", "is_full", is_flag=True, help="Also jobs that were completed or canceled in the last 30 days.")
@click.option("--json", "is_json", is_flag=True, help="A JSON array with the wire's names in snake_case.")
@click.pass_obj
def jobs(invocation: Invocation, is_full: bool, is_json: bool) -> int:  # noqa: FBT001  # click passes options by name
    """List running jobs."""
    endpoints = chosen(invocation)
    found, code = run_async(_read_all(endpoints, invocation, is_full=is_full))
    if is_json:
        _print_json(found)
    else:
        _print_table(found, has_endpoint=len(endpoints) > 1, now=datetime.now(UTC))
    return code


async def _read_all(
    endpoints: Sequence[ConfiguredEndpoint], invocation: Invocation, *, is_full: bool
) -> tuple[_Found, Exit]:
    """Ask all appliances at once; those that fail are told about, and the others' jobs returned.

    Raises:
        Failure: none of them answered.
    """
    results = await asyncio.gather(
        *(_read(one, invocation, is_full=is_full) for one in endpoints), return_exceptions=True
    )
    found: _Found = []
    failures: list[Failure] = []
    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
        elif isinstance(result, BaseException):
            raise result
        else:
            found += result
    code = worst(failure.code for failure in failures)
    if len(failures) == len(endpoints):
        raise Failure(code, "\n".join(map(str, failures)))
    for failure in failures:
        tell(str(failure))
    return found, code


async def _read(configured: ConfiguredEndpoint, invocation: Invocation, *, is_full: bool) -> _Found:
    async with client_of(configured, invocation) as client:
        listed = await patiently(configured.endpoint.name, lambda: client.jobs(is_full=is_full))
    return [(configured.endpoint.name, job) for job in listed.values()]


def _print_json(found: _Found) -> None:
    """Write the array job by job: forty thousand of them are not made into one text."""
    sys.stdout.write("[")
    for index, (endpoint, job) in enumerate(found):
        sys.stdout.write((",\n" if index else "\n") + encode(job_fields(endpoint, job)))
    sys.stdout.write("\n]\n" if found else "]\n")


def _print_table(found: _Found, *, has_endpoint: bool, now: datetime) -> None:
    is_same = len({job.status for _, job in found}) == 1
    columns = tuple(replace(column, fold=1) if is_same and column.title == "STATUS" else column for column in _COLUMNS)
    columns = (Column("ENDPOINT"), *columns) if has_endpoint else columns
    rows = [(*([endpoint] if has_endpoint else []), *_cells(job, now)) for endpoint, job in found]
    print_table(columns, rows)
    if not found:
        tell("No jobs.")


def _cells(job: Job, now: datetime) -> tuple[str, ...]:
    age_seconds = None if job.start_date is None else (now - job.start_date).total_seconds()
    return (
        job.job_id,
        job.request_type.value,
        job.status.value.lower().replace("_", " "),
        "yes" if job.is_aggregating else "no",
        job.priority.value.lower(),
        size_text(job.original_size_bytes),
        percent_text(job.cached_size_bytes, job.original_size_bytes),
        percent_text(job.completed_size_bytes, job.original_size_bytes),
        duration_text(age_seconds),
        job.bucket_name or UNKNOWN,
        job.user_name or UNKNOWN,
        job.name or UNKNOWN,
    )
