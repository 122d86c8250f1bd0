"""Job ids on the command line: whole UUIDs or nothing, because an empty one would mean all jobs."""

from __future__ import annotations

from uuid import UUID

import click

from bptui.model.job import JobId


def job_id(text: str) -> JobId:
    """Take the UUID of a job in any case, for click; returns it in lower case.

    Raises:
        click.BadParameter: it is not a UUID with its dashes.
    """
    trimmed = text.strip().lower()
    try:
        is_whole = str(UUID(trimmed)) == trimmed
    except ValueError:
        is_whole = False
    if not is_whole:
        raise click.BadParameter(f"{trimmed[:80]!a} is not a job id: give the whole UUID, as `bptui jobs` prints it.")
    return JobId(trimmed)
