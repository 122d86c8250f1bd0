"""Whether what is read beside the jobs could be read, and what the lists of failures are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Reading(Enum):
    """How the last attempt to read a source ended."""

    OK = "ok"
    FORBIDDEN = "forbidden"
    """The key in use may not read it; asked again when the credentials change or the person asks."""
    NOT_IN_RELEASE = "not in this release"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class SourceState:
    """Whether a source could be read, when, and if not, why."""

    reading: Reading
    at: datetime | None = None
    """When the answer that is in use was complete, UTC; the age of a source is now minus this."""
    why: str = ""
    """What the attempt failed with, such as `timeout`; may hold the appliance's words."""
    status: int | None = None
    """The HTTP status of a failed attempt, where there was one."""

    @property
    def is_ok(self) -> bool:
        """Whether there is an answer to rely on."""
        return self.reading is Reading.OK


NOT_ASKED = SourceState(Reading.NOT_ASKED)


class FailureList(Enum):
    """The dated lists of what went wrong, named as their calls are."""

    TAPE_PARTITION = "tape_partition_failure"
    STORAGE_DOMAIN = "storage_domain_failure"
    TAPE = "tape_failure"
    POOL = "pool_failure"
    SYSTEM = "system_failure"
    DS3_TARGET = "ds3_target_failure"
    S3_TARGET = "s3_target_failure"
    AZURE_TARGET = "azure_target_failure"
