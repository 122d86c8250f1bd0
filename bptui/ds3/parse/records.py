"""Read `active_job`, `completed_job` and `canceled_job`: elements under `Data`, ids instead of names (DS3 API, 3.0 to 6.0)."""

from __future__ import annotations

from bptui.ds3.parse import attributes as read
from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.model.job import JobId, JobRecord, RecordKind

_ITEMS = {RecordKind.ACTIVE: "Job", RecordKind.COMPLETED: "CompletedJob", RecordKind.CANCELED: "CanceledJob"}


def records_parser(kind: RecordKind) -> DocumentParser[tuple[JobRecord, ...]]:
    """A parser for a page of one of the three lists, in the order of the answer."""
    return ItemsParser("Data", _ITEMS[kind], lambda item: _record(item, kind))


def record_parser(kind: RecordKind) -> DocumentParser[JobRecord]:
    """A parser for one job of one of the three lists, asked for by id."""
    return DocumentParser("Data", lambda data: _record(data, kind))


def _record(element: Element, kind: RecordKind) -> JobRecord:
    fields = element.fields
    return JobRecord(
        kind=kind,
        job_id=JobId(fields.required("Id").lower()),
        name=fields.text("Name"),
        bucket_id=read.shared(fields.identity("BucketId")),
        user_id=read.shared(fields.identity("UserId")),
        request_type=read.request_type(fields.text("RequestType") or ""),
        priority=read.priority(fields.text("Priority") or ""),
        order_guarantee=read.order_guarantee(fields.text("ChunkClientProcessingOrderGuarantee") or ""),
        original_size_bytes=fields.number("OriginalSizeInBytes") or 0,
        cached_size_bytes=fields.number("CachedSizeInBytes") or 0,
        completed_size_bytes=fields.number("CompletedSizeInBytes") or 0,
        created_at=fields.date("CreatedAt"),
        error_message=fields.text("ErrorMessage"),
        rechunked=fields.date("Rechunked"),
        is_naked=fields.boolean("Naked") or False,
        is_aggregating=fields.boolean("Aggregating"),
        is_truncated=fields.boolean("Truncated"),
        is_truncated_due_to_timeout=fields.boolean("TruncatedDueToTimeout"),
        is_replicating=fields.boolean("Replicating"),
        is_dead_job_cleanup_allowed=fields.boolean("DeadJobCleanupAllowed"),
        is_protected=fields.boolean("Protected"),
        is_verify_after_write=fields.boolean("VerifyAfterWrite"),
        is_minimize_spanning=fields.boolean("MinimizeSpanningAcrossMedia"),
        is_implicit_job_id_resolution=fields.boolean("ImplicitJobIdResolution"),
        restore=fields.text("Restore") or fields.text("IomType"),
        date_completed=fields.date("DateCompleted"),
        date_canceled=fields.date("DateCanceled"),
        is_canceled_due_to_timeout=fields.boolean("CanceledDueToTimeout"),
    )
