"""What the detail pane says of a job, a chunk and an object: every attribute, in human and in exact values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bptui.model.job import EndedJob, Job, JobRecord, Node
from bptui.model.vocabulary import RequestType
from bptui.monitor.progress import SPARK_CELL_SECONDS, SPARK_CELLS, Progress, counters
from bptui.monitor.why.history import Instant
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.widgets.detail_rows import Fact
from bptui.tui.widgets.grouping import GroupKey, held_bytes
from bptui.tui.widgets.spark import spark
from bptui.tui.widgets.why import Why, has_pace, why_facts
from bptui.tui.widgets.words import (
    cached_word,
    done_word,
    ended_at,
    in_cache_piece,
    in_cache_words,
    latest_piece,
    priority_piece,
    steady_duration,
)
from bptui.units import UNKNOWN, count_text, duration_text, exact_bytes, percent_text

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.blobs import BlobObject
    from bptui.model.tree import Chunk, JobTree

_GAP = Fact("", "")
_DONE_WITH = {
    RequestType.PUT: "on all copies",
    RequestType.GET: "read by the client",
    RequestType.VERIFY: "compared",
}


class KnownJob(NamedTuple):
    """A job with everything that other answers add to it."""

    job: Job
    record: JobRecord | None = None
    ended: EndedJob | None = None
    progress: Progress | None = None
    tree: JobTree | None = None
    """Its chunks and objects, when they were read."""
    why: Why | None = None
    copies: str = ""
    """Which copies its bucket needs, when that was read."""


def job_facts(known: KnownJob, display: Display, now: Instant) -> list[Fact]:
    """Everything known about a job, what matters most first."""
    return [
        Fact("Name", _text(known.job.name), display.look.strong),
        *(why_facts(known.why, display, now) if known.why else [Fact("Why", UNKNOWN)]),
        _GAP,
        *_sizes(known, display),
        _GAP,
        *_headline(known, display, now.utc),
        _GAP,
        *_attributes(known.job, display, now.utc),
        *_objects(known, display),
        *_record(known.record or (known.ended.record if known.ended else None), display, now.utc),
        *([Fact("Copies", known.copies)] if known.copies else []),
        *(_node(node) for node in known.job.nodes),
    ]


def _headline(known: KnownJob, display: Display, now: datetime) -> Iterator[Fact]:
    job, look = known.job, display.look
    yield Fact("Id", job.job_id)
    if known.progress is not None:
        yield Fact("Counted", _counted(known.progress))
    if known.record is not None and known.record.error_message:
        yield Fact("Error", visible(known.record.error_message), look.bad)
    if known.ended is not None:
        yield Fact("Ended", f"{known.ended.ending.value} {display.moment(ended_at(known.ended), now)}")
    yield Fact("Type", visible(str(job.request_type.value)), look.accent)
    yield Fact("Status", visible(str(job.status.value)))
    yield Fact("Priority", visible(str(job.priority.value)), priority_piece(look, job)[1])


def _counted(progress: Progress) -> str:
    watched = steady_duration(progress.watched_seconds)
    if progress.pause_is_lower_bound:
        return f"no byte while watching ({watched})"
    return f"last byte {steady_duration(progress.pause_seconds)} ago (watching for {watched})"


def _sizes(known: KnownJob, display: Display) -> Iterator[Fact]:
    job, progress = known.job, known.progress
    sizes = counters(job)
    cached, done = cached_word(job).capitalize(), done_word(job).capitalize()
    yield Fact("Size", _both(display, job.original_size_bytes))
    yield Fact(cached, _share(display, job.cached_size_bytes, sizes.cached_bytes, sizes.original_bytes))
    yield Fact(done, _share(display, job.completed_size_bytes, sizes.completed_bytes, sizes.original_bytes))
    if progress is not None:
        into, out = display.rate(progress.cached_rate), display.rate(progress.completed_rate)
        yield Fact("Rate", f"{cached.lower()} {into}, {done.lower()} {out}")
        is_going_on = has_pace(known.why.verdict if known.why else None)
        yield Fact("ETA", duration_text(progress.eta_seconds if is_going_on else None))
        yield Fact(f"Last {duration_text(SPARK_CELLS * SPARK_CELL_SECONDS)}", _sparks(progress, cached, done, display))


def _sparks(progress: Progress, cached: str, done: str, display: Display) -> str:
    drawn = partial(spark, unseen=progress.unseen_cells, is_ascii=display.look.is_ascii)
    into, out = drawn(progress.cached_amounts), drawn(progress.completed_amounts)
    return f"{into} {cached.lower()}  {out} {done.lower()}"


def _attributes(job: Job, display: Display, now: datetime) -> Iterator[Fact]:
    look = display.look
    yield Fact("Bucket", _text(job.bucket_name))
    yield Fact("User", _text(job.user_name))
    yield Fact("User id", _text(job.user_id))
    yield Fact("Start", display.moment(job.start_date, now))
    yield Fact("Aggregates", _yes(job.is_aggregating), look.warn if job.is_aggregating else None)
    yield Fact("Naked", f"{_yes(job.is_naked)}{', plain S3 without a bulk client' if job.is_naked else ''}")
    yield Fact("All cached", _yes(job.entirely_in_cache))
    yield Fact("Order", visible(str(job.order_guarantee.value)))


def _objects(known: KnownJob, display: Display) -> Iterator[Fact]:
    tree = known.tree
    if tree is None:
        return
    yield Fact("Chunks", count_text(tree.chunk_count))
    yield Fact("Objects", count_text(tree.object_count))
    if tree.told_count:
        told = f"{count_text(tree.in_cache_count)} of {count_text(tree.object_count)}"
        yield Fact("In cache", f"{told} {in_cache_words(tree.job)[0]}, {display.size(tree.in_cache_bytes)}")
    if tree.latest_count and tree.latest_count < tree.object_count:
        yield Fact("Superseded", count_text(tree.object_count - tree.latest_count), display.look.superseded)


def _record(record: JobRecord | None, display: Display, now: datetime) -> Iterator[Fact]:
    if record is None:
        return
    yield Fact("Created", display.moment(record.created_at, now))
    if record.rechunked is not None:
        yield Fact("Replanned", display.moment(record.rechunked, now))
    flags = {
        "truncated": record.is_truncated,
        "truncated by the idle timer": record.is_truncated_due_to_timeout,
        "canceled by the idle timer": record.is_canceled_due_to_timeout,
        "replicating": record.is_replicating,
        "cleaned up when idle": record.is_dead_job_cleanup_allowed,
        "protected": record.is_protected,
        "verified after writing": record.is_verify_after_write,
        "little spanning": record.is_minimize_spanning,
        "found without its id": record.is_implicit_job_id_resolution,
    }
    for name, value in flags.items():
        if value is not None:
            yield Fact("Flag", f"{name}: {_yes(value)}")
    if record.restore is not None:
        yield Fact("Restore", visible(record.restore))


def _node(node: Node) -> Fact:
    ports = [str(port) for port in (node.http_port, node.https_port) if port is not None]
    return Fact("Node", f"{_text(node.end_point)} {'/'.join(ports)} {visible(node.node_id)}")


def group_facts(group: GroupKey, jobs: Sequence[Job], display: Display) -> list[Fact]:
    """The jobs of a group that hold most of the cache."""
    name = UNKNOWN if group.name is None else visible(group.name)
    facts = [Fact(group.grouping.value.capitalize(), name, display.look.strong), _GAP]
    facts += [Fact(display.size(held_bytes(job)), _text(job.name)) for job in jobs]
    return [*facts, _GAP, Fact("", "Received and not yet on all copies, a lower bound. Enter lists the jobs.")]


def chunk_facts(tree: JobTree, chunk: Chunk, display: Display) -> list[Fact]:
    """Everything known about a chunk."""
    node = next((_node(node) for node in tree.job.nodes if node.node_id == chunk.node_id), None)
    return [
        Fact("Chunk", UNKNOWN if chunk.number is None else str(chunk.number), display.look.strong),
        Fact("Id", visible(chunk.chunk_id) or UNKNOWN),
        _GAP,
        *(_listed(tree, chunk, display) if chunk.object_count else _unlisted(tree, display)),
        node or Fact("Node", "no node yet" if chunk.node_id is None else visible(chunk.node_id)),
    ]


def _listed(tree: JobTree, chunk: Chunk, display: Display) -> Iterator[Fact]:
    """What the objects of a chunk add up to."""
    yes, no = in_cache_words(tree.job)
    yield Fact("Objects", count_text(chunk.object_count))
    yield Fact("In cache", f"{count_text(chunk.in_cache_count)} {yes}")
    yield Fact("", f"{count_text(chunk.told_count - chunk.in_cache_count)} {no}")
    if chunk.told_count < chunk.object_count:
        yield Fact("", f"{count_text(chunk.object_count - chunk.told_count)} not told", display.look.dim)
    if chunk.latest_count:
        yield Fact("Superseded", count_text(chunk.object_count - chunk.latest_count))
    yield _GAP
    yield Fact("Size", _both(display, chunk.size_bytes))
    yield Fact("Cached", _share(display, chunk.in_cache_bytes, chunk.in_cache_bytes, chunk.size_bytes))


def _unlisted(tree: JobTree, display: Display) -> Iterator[Fact]:
    """What is known of a chunk whose objects the answer does not list, and from what."""
    gone, done = display.size(tree.unlisted_bytes), display.size(tree.job.completed_size_bytes)
    counted = f"{done} of the job are {_DONE_WITH.get(tree.job.request_type, 'completed')}"
    yield Fact("Objects", "none listed")
    if tree.is_unlisted_done:
        yield Fact("State", f"{done_word(tree.job)} (follows)", display.look.good)
        yield Fact(
            "",
            f"The appliance stops listing a chunk's objects when it is done with them, and the counters agree: {counted}, {gone} are not listed.",
        )
    else:
        yield Fact("State", "not told", display.look.dim)
        yield Fact(
            "",
            f"The appliance may be done with this chunk, but the counters do not say so: {counted}, {gone} are not listed.",
        )
    yield _GAP


def object_facts(tree: JobTree, chunk: Chunk, one: BlobObject, part: str, display: Display) -> list[Fact]:
    """Everything known about an object, or about one part of a large one."""
    look = display.look
    version = str(one.version) if one.version is not None else one.version_id
    return [
        Fact("Name", visible(one.name), look.strong),
        Fact("Id", _text(one.object_id)),
        _GAP,
        Fact("In cache", *in_cache_piece(look, tree.job, in_cache=one.in_cache)),
        Fact("Latest", *latest_piece(look, is_latest=one.is_latest)),
        Fact("Part", part or "whole"),
        _GAP,
        Fact("Length", _both(display, one.length_bytes)),
        Fact("Offset", _both(display, one.offset_bytes)),
        Fact("Version", _text(version)),
        Fact("Bucket", _text(one.bucket or tree.job.bucket_name)),
        Fact("Chunk", f"{UNKNOWN if chunk.number is None else chunk.number} {visible(chunk.chunk_id)}"),
    ]


def _both(display: Display, size_bytes: int) -> str:
    """A size in three digits and in bytes; bytes alone where these are all."""
    size, exact = display.size(size_bytes), exact_bytes(size_bytes)
    return exact if size.endswith(" B") else f"{size}  {exact}"


def _share(display: Display, told_bytes: int, part: int, whole: int) -> str:
    return f"{_both(display, told_bytes)}  {percent_text(part, whole)}"


def _text(text: str | None) -> str:
    return UNKNOWN if text is None else visible(text)


def _yes(value: bool | None) -> str:  # noqa: FBT001 - a value to be written, not a switch
    return "not told" if value is None else "yes" if value else "no"
