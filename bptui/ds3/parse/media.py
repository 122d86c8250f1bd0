"""Read tapes, drives, partitions and pools (DS3 API reference, releases 3.0 to 6.0)."""

from __future__ import annotations

from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.model.media import (
    Pool,
    PoolHealth,
    PoolState,
    Quiesced,
    ReservedTaskType,
    Tape,
    TapeDrive,
    TapeDriveState,
    TapePartition,
    TapePartitionState,
    TapeState,
)
from bptui.model.vocabulary import Priority


def tape_partitions_parser() -> DocumentParser[tuple[TapePartition, ...]]:
    """A parser for a page of `tape_partition`."""
    return ItemsParser("Data", "TapePartition", _partition)


def tape_drives_parser() -> DocumentParser[tuple[TapeDrive, ...]]:
    """A parser for a page of `tape_drive`."""
    return ItemsParser("Data", "TapeDrive", _drive)


def pools_parser() -> DocumentParser[tuple[Pool, ...]]:
    """A parser for a page of `pool`."""
    return ItemsParser("Data", "Pool", _pool)


def tape_parser() -> DocumentParser[Tape]:
    """A parser for one tape."""
    return DocumentParser("Data", _tape)


def _partition(element: Element) -> TapePartition:
    fields = element.fields
    return TapePartition(
        partition_id=fields.required("Id"),
        name=fields.text("Name"),
        state=fields.word("State", TapePartitionState),
        quiesced=fields.word("Quiesced", Quiesced),
        error_message=fields.text("ErrorMessage"),
    )


def _drive(element: Element) -> TapeDrive:
    fields = element.fields
    return TapeDrive(
        drive_id=fields.required("Id"),
        state=fields.word("State", TapeDriveState),
        partition_id=fields.identity("PartitionId"),
        serial_number=fields.text("SerialNumber"),
        drive_type=fields.text("Type"),
        tape_id=fields.identity("TapeId"),
        error_message=fields.text("ErrorMessage"),
        is_cleaning_required=fields.boolean("CleaningRequired"),
        quiesced=fields.word("Quiesced", Quiesced),
        reserved_task_type=fields.word("ReservedTaskType", ReservedTaskType),
        minimum_task_priority=fields.word("MinimumTaskPriority", Priority),
    )


def _pool(element: Element) -> Pool:
    fields = element.fields
    return Pool(
        pool_id=fields.required("Id"),
        name=fields.text("Name"),
        state=fields.word("State", PoolState),
        partition_id=fields.identity("PartitionId"),
        quiesced=fields.word("Quiesced", Quiesced),
        is_powered_on=fields.boolean("PoweredOn"),
        health=fields.word("Health", PoolHealth),
        storage_domain_id=fields.identity("StorageDomainId"),
        used_bytes=fields.number("UsedCapacity"),
        total_bytes=fields.number("TotalCapacity"),
    )


def _tape(element: Element) -> Tape:
    fields = element.fields
    return Tape(
        tape_id=fields.required("Id"),
        state=fields.word("State", TapeState),
        bar_code=fields.text("BarCode"),
        eject_date=fields.date("EjectDate"),
        eject_label=fields.text("EjectLabel"),
        eject_location=fields.text("EjectLocation"),
        partition_id=fields.identity("PartitionId"),
        is_write_protected=fields.boolean("WriteProtected"),
    )
