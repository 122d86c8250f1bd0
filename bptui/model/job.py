"""A job as the appliance describes it, in the list and in detail, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple, NewType

from bptui.model.endpoint import EndpointName
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType

JobId = NewType("JobId", str)
"""A job's UUID in lower case."""


class JobKey(NamedTuple):
    """A job among several appliances, two of which may use one job id."""

    endpoint: EndpointName
    job_id: JobId


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the appliance as jobs name it; its address is shown, never connected to."""

    node_id: str
    end_point: str | None
    """An address or a placeholder such as NOT_INITIALIZED_YET."""
    http_port: int | None
    https_port: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """The attributes of a `Job` or `MasterObjectList` element (DS3 API, releases 3.0 to 6.0)."""

    job_id: JobId
    name: str | None
    bucket_name: str | None
    request_type: RequestType
    status: JobStatus
    """IN_PROGRESS when the answer does not tell, as in captures from 2014."""
    priority: Priority
    is_aggregating: bool
    is_naked: bool
    entirely_in_cache: bool | None
    """None when the answer does not tell; often so in the list, and always from 4.0 on for ended jobs."""
    original_size_bytes: int
    cached_size_bytes: int
    completed_size_bytes: int
    start_date: datetime | None
    """When the job was created, UTC; the appliance lets it be changed."""
    user_id: str | None
    user_name: str | None
    order_guarantee: OrderGuarantee
    nodes: tuple[Node, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether the appliance has said neither completed nor canceled."""
        return self.status not in (JobStatus.COMPLETED, JobStatus.CANCELED)


class RecordKind(Enum):
    """Which of the appliance's three lists a record comes from."""

    ACTIVE = "active_job"
    COMPLETED = "completed_job"
    CANCELED = "canceled_job"


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job from `active_job`, `completed_job` or `canceled_job`: ids instead of names, and what the list lacks.

    A field that the release or the list does not have is None.
    """

    kind: RecordKind
    job_id: JobId
    name: str | None
    bucket_id: str | None
    user_id: str | None
    request_type: RequestType
    priority: Priority
    order_guarantee: OrderGuarantee
    original_size_bytes: int
    cached_size_bytes: int
    completed_size_bytes: int
    created_at: datetime | None
    error_message: str | None = None
    """The appliance's only human explanation of trouble; without a date. None when there is none."""
    rechunked: datetime | None = None
    """When a GET or VERIFY was last planned anew onto other media."""
    is_naked: bool = False
    is_aggregating: bool | None = None
    is_truncated: bool | None = None
    is_truncated_due_to_timeout: bool | None = None
    is_replicating: bool | None = None
    is_dead_job_cleanup_allowed: bool | None = None
    is_protected: bool | None = None
    is_verify_after_write: bool | None = None
    is_minimize_spanning: bool | None = None
    is_implicit_job_id_resolution: bool | None = None
    restore: str | None = None
    """`Restore` (5.0 to 5.8) or `IomType` (6.0), as text."""
    date_completed: datetime | None = None
    date_canceled: datetime | None = None
    is_canceled_due_to_timeout: bool | None = None


class Ending(Enum):
    """How a job that left the list ended."""

    COMPLETED = "completed"
    CANCELED = "canceled"
    GONE = "gone"
    """The appliance no longer knows it."""
    UNKNOWN = "unknown"
    """It left the list, and the answers that would tell how could not be read."""


@dataclass(frozen=True, slots=True)
class EndedJob:
    """A job that ended while it was watched, or that an older list told about."""

    job: Job
    """The last attributes known; for a job that is gone, those of the last list."""
    ending: Ending
    seen_at: datetime
    """When we learnt of it, UTC."""
    record: JobRecord | None = None
    """Date, reason and idle-timer flag where the appliance's ended lists gave them."""
