"""Tapes, drives, partitions and pools as the appliance describes them, and the words of their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bptui.model.vocabulary import Priority, Vocabulary


class Quiesced(Vocabulary):
    """Whether a person or the appliance took something out of service."""

    NO = "NO"
    PENDING = "PENDING"
    YES = "YES"


class ReservedTaskType(Vocabulary):
    """What a tape drive is kept for."""

    ANY = "ANY"
    READ = "READ"
    WRITE = "WRITE"
    MAINTENANCE = "MAINTENANCE"


class TapeDriveState(Vocabulary):
    """Whether a drive works."""

    NORMAL = "NORMAL"
    OFFLINE = "OFFLINE"
    ERROR = "ERROR"
    NOT_COMPATIBLE = "NOT_COMPATIBLE_IN_PARTITION_DUE_TO_NEWER_TAPE_DRIVES"


class TapePartitionState(Vocabulary):
    """Whether a part of the tape library can be used."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    ERROR = "ERROR"


class TapeState(Vocabulary):
    """Where a tape is and whether it can be read (releases 3.0 to 6.0)."""

    NORMAL = "NORMAL"
    OFFLINE = "OFFLINE"
    ONLINE_PENDING = "ONLINE_PENDING"
    ONLINE_IN_PROGRESS = "ONLINE_IN_PROGRESS"
    PENDING_INSPECTION = "PENDING_INSPECTION"
    UNKNOWN = "UNKNOWN"
    DATA_CHECKPOINT_FAILURE = "DATA_CHECKPOINT_FAILURE"
    DATA_CHECKPOINT_FAILURE_DUE_TO_READ_ONLY = "DATA_CHECKPOINT_FAILURE_DUE_TO_READ_ONLY"
    DATA_CHECKPOINT_MISSING = "DATA_CHECKPOINT_MISSING"
    LTFS_WITH_FOREIGN_DATA = "LTFS_WITH_FOREIGN_DATA"
    RAW_IMPORT_PENDING = "RAW_IMPORT_PENDING"
    RAW_IMPORT_IN_PROGRESS = "RAW_IMPORT_IN_PROGRESS"
    FOREIGN = "FOREIGN"
    IMPORT_PENDING = "IMPORT_PENDING"
    IMPORT_IN_PROGRESS = "IMPORT_IN_PROGRESS"
    INCOMPATIBLE = "INCOMPATIBLE"
    LOST = "LOST"
    BAD = "BAD"
    CANNOT_FORMAT_DUE_TO_WRITE_PROTECTION = "CANNOT_FORMAT_DUE_TO_WRITE_PROTECTION"
    SERIAL_NUMBER_MISMATCH = "SERIAL_NUMBER_MISMATCH"
    BAR_CODE_MISSING = "BAR_CODE_MISSING"
    AUTO_COMPACTION_IN_PROGRESS = "AUTO_COMPACTION_IN_PROGRESS"
    FORMAT_PENDING = "FORMAT_PENDING"
    FORMAT_IN_PROGRESS = "FORMAT_IN_PROGRESS"
    EJECT_TO_EE_IN_PROGRESS = "EJECT_TO_EE_IN_PROGRESS"
    EJECT_FROM_EE_PENDING = "EJECT_FROM_EE_PENDING"
    EJECTED = "EJECTED"


class PoolState(Vocabulary):
    """Whether a disk pool is known and in use."""

    BLANK = "BLANK"
    NORMAL = "NORMAL"
    LOST = "LOST"
    FOREIGN = "FOREIGN"
    IMPORT_PENDING = "IMPORT_PENDING"
    IMPORT_IN_PROGRESS = "IMPORT_IN_PROGRESS"


class PoolHealth(Vocabulary):
    """Whether a disk pool has all its disks."""

    OK = "OK"
    DEGRADED = "DEGRADED"


@dataclass(frozen=True, slots=True)
class TapeDrive:
    """One `TapeDrive` of `tape_drive`; a field that the release lacks is None."""

    drive_id: str
    state: TapeDriveState | None
    partition_id: str | None = None
    serial_number: str | None = None
    drive_type: str | None = None
    tape_id: str | None = None
    error_message: str | None = None
    is_cleaning_required: bool | None = None
    """Since 3.5."""
    quiesced: Quiesced | None = None
    """Since 4.0."""
    reserved_task_type: ReservedTaskType | None = None
    """Since 4.1."""
    minimum_task_priority: Priority | None = None
    """Since 5.2."""


@dataclass(frozen=True, slots=True)
class TapePartition:
    """One `TapePartition` of `tape_partition`."""

    partition_id: str
    name: str | None
    state: TapePartitionState | None
    quiesced: Quiesced | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class Tape:
    """A tape of `tape/{id}`."""

    tape_id: str
    state: TapeState | None
    bar_code: str | None = None
    eject_date: datetime | None = None
    eject_label: str | None = None
    eject_location: str | None = None
    partition_id: str | None = None
    is_write_protected: bool | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """One `Pool` of `pool`."""

    pool_id: str
    name: str | None
    state: PoolState | None
    partition_id: str | None = None
    """The pool partition, which is what a storage domain has as a member."""
    quiesced: Quiesced | None = None
    is_powered_on: bool | None = None
    health: PoolHealth | None = None
    storage_domain_id: str | None = None
    used_bytes: int | None = None
    total_bytes: int | None = None
