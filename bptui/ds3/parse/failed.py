"""Read the dated lists of what went wrong (DS3 API reference, releases 3.0 to 6.0)."""

from __future__ import annotations

from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.model.evidence import Failure, FailureType, JobCreationFailed
from bptui.model.reading import FailureList

_NAMES = {
    FailureList.TAPE_PARTITION: ("TapePartitionFailure", "PartitionId"),
    FailureList.STORAGE_DOMAIN: ("StorageDomainFailure", "StorageDomainId"),
    FailureList.TAPE: ("TapeFailure", "TapeId"),
    FailureList.POOL: ("PoolFailure", "PoolId"),
    FailureList.SYSTEM: ("SystemFailure", ""),
    FailureList.DS3_TARGET: ("Ds3TargetFailure", "TargetId"),
    FailureList.S3_TARGET: ("S3TargetFailure", "TargetId"),
    FailureList.AZURE_TARGET: ("AzureTargetFailure", "TargetId"),
}
"""What an entry of each list is called, and the element that names what it is about."""


def failures_parser(source: FailureList) -> DocumentParser[tuple[Failure, ...]]:
    """A parser for a page of one of the lists, in the order of the answer, which means nothing."""
    name, subject = _NAMES[source]
    return ItemsParser("Data", name, lambda item: _failure(item, source, subject))


def job_creation_failures_parser() -> DocumentParser[tuple[JobCreationFailed, ...]]:
    """A parser for a page of `job_creation_failed`."""
    return ItemsParser("Data", "JobCreationFailed", _refused)


def _failure(element: Element, source: FailureList, subject: str) -> Failure:
    fields = element.fields
    return Failure(
        source=source,
        failure_type=fields.word("Type", FailureType),
        date=fields.date("Date"),
        error_message=fields.text("ErrorMessage"),
        failure_id=fields.identity("Id"),
        subject_id=fields.identity(subject),
        drive_id=fields.identity("TapeDriveId"),
    )


def _refused(element: Element) -> JobCreationFailed:
    fields = element.fields
    return JobCreationFailed(
        failure_id=fields.identity("Id"),
        date=fields.date("Date"),
        error_message=fields.text("ErrorMessage"),
        failure_type=fields.text("Type"),
        user_name=fields.text("UserName"),
    )
