"""`bptui job`: one job with its chunks and, on demand, its objects."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from bptui.cli.choosing import the_chosen
from bptui.cli.connecting import client_of, patiently, run_async
from bptui.cli.exits import Exit
from bptui.cli.invocation import Invocation, appliance_options
from bptui.cli.job_ids import job_id as parse_job_id
from bptui.cli.narration import tell
from bptui.cli.table import Column, print_facts, print_table
from bptui.cli.wire_names import iso, job_parts
from bptui.config.settings import ConfiguredEndpoint
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.tree import Chunk, JobTree
from bptui.text import Align
from bptui.units import UNKNOWN, exact_bytes, percent_text, size_text

_CHUNK_COLUMNS = (
    Column("CHUNK", Align.RIGHT),
    Column("CHUNK ID"),
    Column("NODE", fold=1),
    Column("OBJECTS", Align.RIGHT),
    Column("IN CACHE", Align.RIGHT),
    Column("LATEST", Align.RIGHT, fold=2),
    Column("SIZE", Align.RIGHT),
)

_OBJECT_COLUMNS = (
    Column("CHUNK", Align.RIGHT),
    Column("IN CACHE"),
    Column("LATEST"),
    Column("LENGTH", Align.RIGHT),
    Column("OFFSET", Align.RIGHT, fold=2),
    Column("VERSION", is_flexible=True, keeps_tail=True, fold=1),
    Column("NAME", is_flexible=True, keeps_tail=True),
)


@click.command()
@appliance_options
@click.argument("job_id", metavar="ID", type=parse_job_id)
@click.option("--objects", "has_objects", is_flag=True, help="Also the objects of each chunk.")
@click.option("--json", "is_json", is_flag=True, help="A JSON object with the wire's names in snake_case.")
@click.pass_obj
def job(invocation: Invocation, job_id: JobId, has_objects: bool, is_json: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Show one job and its chunks."""
    configured = the_chosen(invocation)
    name = configured.endpoint.name
    tree = run_async(_read(configured, invocation, job_id))
    if tree.job.job_id != job_id:
        tell(f"warning: {name} answered for job {tree.job.job_id}, not for the one asked for.")
    if is_json:
        sys.stdout.writelines(job_parts(name, tree, has_objects=has_objects))
    else:
        _print(name, tree, has_objects=has_objects)
    return Exit.DONE


async def _read(configured: ConfiguredEndpoint, invocation: Invocation, job_id: JobId) -> JobTree:
    async with client_of(configured, invocation) as client:
        return await patiently(configured.endpoint.name, lambda: client.job(job_id))


def _print(endpoint: EndpointName, tree: JobTree, *, has_objects: bool) -> None:
    print_facts(_facts(endpoint, tree.job))
    if tree.chunk_count:
        sys.stdout.write("\n")
        print_table(_CHUNK_COLUMNS, map(_chunk_cells, map(tree.chunk, range(tree.chunk_count))))
    if has_objects and tree.object_count:
        sys.stdout.write("\n")
        print_table(_OBJECT_COLUMNS, _object_rows(tree))


def _facts(endpoint: EndpointName, job: Job) -> dict[str, str]:
    return {
        "endpoint": endpoint,
        "job": job.job_id,
        "name": job.name or UNKNOWN,
        "bucket": job.bucket_name or UNKNOWN,
        "user": job.user_name or UNKNOWN,
        "user id": job.user_id or UNKNOWN,
        "type": job.request_type.value,
        "status": job.status.value,
        "priority": job.priority.value,
        "aggregating": _yes(is_so=job.is_aggregating),
        "naked": _yes(is_so=job.is_naked),
        "entirely in cache": _yes(is_so=job.entirely_in_cache),
        "order guarantee": job.order_guarantee.value,
        "started": iso(job.start_date) or UNKNOWN,
        "original size": _both(job.original_size_bytes),
        "cached": _share(job.cached_size_bytes, job.original_size_bytes),
        "completed": _share(job.completed_size_bytes, job.original_size_bytes),
        "nodes": ", ".join(f"{node.node_id} ({node.end_point or UNKNOWN})" for node in job.nodes) or UNKNOWN,
    }


def _chunk_cells(chunk: Chunk) -> tuple[str, ...]:
    return (
        UNKNOWN if chunk.number is None else str(chunk.number),
        chunk.chunk_id or UNKNOWN,
        chunk.node_id or UNKNOWN,
        str(chunk.object_count),
        str(chunk.in_cache_count) if chunk.told_count else UNKNOWN,
        str(chunk.latest_count) if chunk.object_count else UNKNOWN,
        size_text(chunk.size_bytes if chunk.object_count else None),
    )


def _object_rows(tree: JobTree) -> Iterator[tuple[str, ...]]:
    for position in range(tree.chunk_count):
        chunk = tree.chunk(position)
        for blob in map(tree.object, chunk.objects):
            version = blob.version_id if blob.version is None else str(blob.version)
            yield (
                UNKNOWN if chunk.number is None else str(chunk.number),
                _yes(is_so=blob.in_cache),
                _yes(is_so=blob.is_latest),
                str(blob.length_bytes),
                str(blob.offset_bytes),
                version or UNKNOWN,
                blob.name,
            )


def _yes(*, is_so: bool | None) -> str:
    return UNKNOWN if is_so is None else "yes" if is_so else "no"


def _both(size_bytes: int) -> str:
    return f"{size_text(size_bytes)} ({exact_bytes(size_bytes)})"


def _share(part_bytes: int, whole_bytes: int) -> str:
    return f"{_both(part_bytes)}, {percent_text(part_bytes, whole_bytes)}"
