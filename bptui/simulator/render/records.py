"""Jobs and chunks as records of elements under `Data` (DS3 API reference, "DAO-style jobs")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.jobs import Status

if TYPE_CHECKING:
    from bptui.simulator.jobs import Chunk, Job
    from bptui.simulator.markup import Value
    from bptui.simulator.release import Release

Record = list[tuple[str, "Value"]]

NAMES = {Status.IN_PROGRESS: "Job", Status.COMPLETED: "CompletedJob", Status.CANCELED: "CanceledJob"}
"""What a record is called in a list."""


def job_record(job: Job, release: Release) -> Record:
    """An active, completed or canceled job: elements in alphabetical order, null ones empty."""
    record: Record = [
        ("BucketId", job.bucket.id),
        ("CachedSizeInBytes", job.cached_bytes),
        ("ChunkClientProcessingOrderGuarantee", job.order.value),
        ("CompletedSizeInBytes", job.completed_bytes),
        ("CreatedAt", job.created_at),
        ("ErrorMessage", job.error_message),
        ("Id", job.id),
        ("Naked", job.is_naked),
        ("Name", job.name),
        ("OriginalSizeInBytes", job.original_bytes),
        ("Priority", job.priority.value),
        ("Rechunked", job.rechunked_at),
        ("RequestType", job.request_type.value),
        ("Truncated", job.is_truncated),
        ("UserId", job.user.id),
    ]
    by_status = {Status.IN_PROGRESS: _active, Status.COMPLETED: _completed, Status.CANCELED: _canceled}
    return sorted(record + by_status[job.status](job, release))


def _active(job: Job, release: Release) -> Record:
    record: Record = [
        ("Aggregating", job.is_aggregating),
        ("DeadJobCleanupAllowed", job.allows_dead_job_cleanup),
        ("ImplicitJobIdResolution", False),
        ("MinimizeSpanningAcrossMedia", False),
        ("Replicating", job.is_replicating),
        ("TruncatedDueToTimeout", job.is_truncated_due_to_timeout),
        ("VerifyAfterWrite", False),
    ]
    if release.since(5, 5):
        record.append(("Protected", job.is_protected))
    if release.since(6, 0):
        record.append(("IomType", "NONE"))
    elif release.since(5, 0):
        record.append(("Restore", job.restore))
    return record


def _completed(job: Job, _: Release) -> Record:
    return [("DateCompleted", job.ended_at)]


def _canceled(job: Job, _: Release) -> Record:
    return [("CanceledDueToTimeout", job.is_canceled_due_to_timeout), ("DateCanceled", job.ended_at)]


def chunk_record(job: Job, chunk: Chunk) -> Record:
    """A job chunk (3.2.1 to 5.8)."""
    return [
        ("BlobStoreState", chunk.state.value),
        ("ChunkNumber", chunk.number),
        ("Id", chunk.id),
        ("JobCreationDate", job.created_at),
        ("JobId", job.id),
        ("NodeId", chunk.node_id),
        ("PendingTargetCommit", False),
        *_sources(job, chunk),
    ]


def entry_record(job: Job, chunk: Chunk) -> Record:
    """A job entry (6.0): one for each blob."""
    return [
        ("BlobId", chunk.blobs[0].id if chunk.blobs else None),
        ("BlobStoreState", chunk.state.value),
        ("ChunkId", chunk.id),
        ("ChunkNumber", chunk.number),
        ("Id", chunk.id),
        ("JobId", job.id),
        ("NodeId", chunk.node_id),
        ("PendingTargetCommit", False),
        *_sources(job, chunk),
    ]


def _sources(job: Job, chunk: Chunk) -> Record:
    return [
        ("ReadFromAzureTargetId", None),
        ("ReadFromDs3TargetId", None),
        ("ReadFromPoolId", None),
        ("ReadFromS3TargetId", None),
        ("ReadFromTapeId", chunk.tape_id if job.request_type != "PUT" else None),
    ]
