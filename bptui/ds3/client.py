"""What the rest of the program asks of an appliance: a method for each call, values out, `Ds3Error`s raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bptui.clock import SYSTEM_CLOCK, Clock
from bptui.credentials import Secret
from bptui.ds3.calls import CallName
from bptui.ds3.timing import Timing
from bptui.model.answer import RawAnswer
from bptui.model.endpoint import Endpoint
from bptui.model.evidence import BlobStoreTask, CacheState, DataPathBackend
from bptui.model.job import Job, JobId, JobRecord
from bptui.model.system import ApplianceNode, Service, SystemHealth, SystemInformation
from bptui.model.tree import JobTree


@dataclass(slots=True)
class Traffic:
    """What one kind of call has cost the appliance since the client was made."""

    requests: int = 0
    """Requests sent, each 307 counted."""
    failures: int = 0
    received_bytes: int = 0
    """Of bodies, as they came over the network."""


class Client:
    """One appliance, asked by one user, over one connection pool.

    Every method raises a `bptui.ds3.errors.Ds3Error`, whose `problem` is for people. Cancelling closes the
    connection. Nothing is tried twice but a 307 of a GET, and a GET on a kept connection that turns out dead.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        secret: Secret,
        *,
        environ: Mapping[str, str],
        is_read_only: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        timing: Timing | None = None,
    ) -> None:
        """Make a client; nothing is opened before the first call. It starts locked unless `writes = "yes"`."""
        raise NotImplementedError

    @property
    def is_locked(self) -> bool:
        """Whether only GETs pass now."""
        raise NotImplementedError

    def lock(self) -> None:
        """Let only GETs pass."""

    def unlock(self) -> None:
        """Let Close pass, too.

        Raises:
            NotAllowedError: the endpoint's `writes` is "no", or the session is read-only.
        """

    async def service(self) -> Service:
        """Ask who the key belongs to: the connection test."""
        raise NotImplementedError

    async def jobs(self, *, is_full: bool = False, bucket_id: str | None = None) -> dict[JobId, Job]:
        """List running jobs; with `is_full` also those that ended in the last 30 days."""
        raise NotImplementedError

    async def job(self, job_id: JobId, *, previous: JobTree | None = None) -> JobTree:
        """Read one job with its chunks and objects; segments unchanged since `previous` are shared with it.

        The answer may be about another job than the one asked for: see `answers.warning_about`.
        """
        raise NotImplementedError

    async def close_aggregating_job(self, job_id: JobId) -> Job:
        """End a job's aggregation: sent at most once, on a connection of its own; only the root tag is read.

        Raises:
            Ds3Error: its `delivery` tells whether anything was sent; unless NOT_SENT, read the job and judge.
        """
        raise NotImplementedError

    async def active_job(self, job_id: JobId) -> JobRecord:
        """Read the small record of a running job; GoneError when it is not running."""
        raise NotImplementedError

    async def active_jobs(
        self, *, is_aggregating: bool | None = None, bucket_id: str | None = None
    ) -> dict[JobId, JobRecord]:
        """List the records of running jobs, all pages."""
        raise NotImplementedError

    async def completed_job(self, job_id: JobId) -> JobRecord:
        """Read the record of a completed job; GoneError when it is not in that list."""
        raise NotImplementedError

    async def completed_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """List completed jobs, newest first, `most` at most."""
        raise NotImplementedError

    async def canceled_job(self, job_id: JobId) -> JobRecord:
        """Read the record of a canceled job; GoneError when it is not in that list."""
        raise NotImplementedError

    async def canceled_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """List canceled jobs, newest first, `most` at most."""
        raise NotImplementedError

    async def system_information(self) -> SystemInformation:
        """Read version, clock and activation."""
        raise NotImplementedError

    async def system_health(self) -> SystemHealth:
        """Have the appliance verify its data planner; UnavailableError when it is not well."""
        raise NotImplementedError

    async def nodes(self) -> tuple[ApplianceNode, ...]:
        """List the nodes."""
        raise NotImplementedError

    async def data_path_backend(self) -> DataPathBackend:
        """Read the switches of the whole appliance; may be for administrators only."""
        raise NotImplementedError

    async def cache_state(self) -> CacheState:
        """Read how full the cache is; may be for administrators only."""
        raise NotImplementedError

    async def blob_store_tasks(self) -> tuple[BlobStoreTask, ...]:
        """List what the back end does; may be for administrators only."""
        raise NotImplementedError

    def last_answer(self, name: CallName) -> RawAnswer | None:
        """The last answer to that call as it came, or None."""
        raise NotImplementedError

    @property
    def traffic(self) -> Mapping[CallName, Traffic]:
        """What each kind of call has cost so far."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close every connection."""
        raise NotImplementedError
