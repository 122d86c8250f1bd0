"""What watching needs of a client of one appliance, so that it can be scripted in a test and built late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from bptui.ds3.calls import CallName
from bptui.ds3.tally import Traffic
from bptui.model.answer import RawAnswer
from bptui.model.endpoint import Endpoint
from bptui.model.job import Job, JobId, JobRecord
from bptui.model.problem import Problem
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Limits

if TYPE_CHECKING:
    from bptui.ds3.questions import Listing, Question
    from bptui.model.system import SystemInformation
    from bptui.model.tree import JobTree
    from bptui.model.verdict import EndpointVerdict
    from bptui.monitor.why.recorded import Recorded

Overall: TypeAlias = "tuple[EndpointVerdict, ...]"
"""All that is wrong with an appliance as a whole."""
Value = TypeVar("Value")
Item = TypeVar("Item")


class Appliance(Protocol):
    """The calls that the monitor makes of `bptui.ds3.client.Client`, the one implementation that talks to anything.

    Each raises a `Ds3Error`, whose `problem` is what goes up, and closes its connection when cancelled.
    """

    async def jobs(self, *, is_full: bool = False) -> dict[JobId, Job]:
        """The running jobs; with `is_full` also those that ended in the last 30 days."""
        ...

    async def job(self, job_id: JobId, *, previous: JobTree | None = None) -> JobTree:
        """One job with its chunks and objects, sharing with `previous` what did not change."""
        ...

    async def active_job(self, job_id: JobId) -> JobRecord:
        """One running job, small."""
        ...

    async def active_jobs(self) -> dict[JobId, JobRecord]:
        """The running jobs with error messages and flags."""
        ...

    async def completed_job(self, job_id: JobId) -> JobRecord:
        """One completed job, small."""
        ...

    async def canceled_job(self, job_id: JobId) -> JobRecord:
        """One canceled job, small."""
        ...

    async def completed_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """The completed jobs, newest first."""
        ...

    async def canceled_jobs(self, *, most: int | None = None) -> dict[JobId, JobRecord]:
        """The canceled jobs, newest first."""
        ...

    async def system_information(self) -> SystemInformation:
        """Version and clock of the appliance."""
        ...

    async def answer(self, question: Question[Value]) -> Value:
        """One of the things that explain why jobs wait."""
        ...

    async def items(self, listing: Listing[Item], *, most: int | None = None) -> tuple[Item, ...]:
        """A list of such things."""
        ...

    async def newest(self, listing: Listing[Item], *, length: int) -> tuple[Item, ...]:
        """Both ends of a log of such things."""
        ...

    async def close_aggregating_job(self, job_id: JobId) -> Job:
        """End the aggregation of one job: sent once; the answer's root element."""
        ...

    def lock(self) -> None:
        """Let nothing but GET pass from now on."""
        ...

    def unlock(self) -> None:
        """Let Close Aggregating Job pass; raises NotAllowedError for a client that never writes."""
        ...

    def last_answer(self, name: CallName, /) -> RawAnswer | None:
        """The beginning of the newest answer to a call."""
        ...

    @property
    def traffic(self) -> Mapping[CallName, Traffic]:
        """What each kind of call has cost so far."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


NORMAL_LIMITS = Limits()


class CannotConnect(Exception):  # noqa: N818 - reads as what happened, like the other errors
    """No client could be made for an endpoint, for instance because its secret key could not be had."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Watched:
    """An endpoint to watch, and how to get a client for it once the first frame is on the screen."""

    endpoint: Endpoint
    connect: Callable[[], Appliance]
    """Called once in a thread, so it may import, run a command and block; raises CannotConnect or Ds3Error."""
    is_read_only: bool = False
    """Whether closing is out of the question in this session (`--read-only`)."""
    limits: Limits = NORMAL_LIMITS
    """How long pauses may last at this endpoint."""
    recorded: Callable[[Instant], Recorded | None] | None = None
    """What a recorder saw before; given the present moment, called once in a thread when watching begins."""
    stood: Callable[[Instant, Overall], Overall] | None = None
    """What was wrong with the appliance as a whole by a recording, in place of what is judged now, which it is given."""
