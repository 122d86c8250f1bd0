"""What the screen needs of whoever watches: facts up, wishes down; `bptui.monitor.monitor.Monitor` is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, overload

if TYPE_CHECKING:
    # A protocol is all names of types: none of them is loaded for it.
    from collections.abc import AsyncIterator, Mapping

    from bptui.ds3.calls import CallName
    from bptui.model.answer import RawAnswer
    from bptui.model.endpoint import EndpointName
    from bptui.model.job import Job, JobId, JobKey, JobRecord
    from bptui.model.problem import Problem
    from bptui.model.reading import SourceState
    from bptui.model.snapshot import JobsSnapshot
    from bptui.model.tree import JobTree
    from bptui.model.verdict import EndpointVerdict, Verdict
    from bptui.monitor.actions import CloseJobs, Lock, ShowEnded, Unlock
    from bptui.monitor.events import CloseFinished, Event, Pane
    from bptui.monitor.expense import Expense
    from bptui.monitor.progress import Progress
    from bptui.monitor.state import EndpointState
    from bptui.monitor.why.facts import Evidence


class Feed(Protocol):
    """Watching, as the screen sees it; none of these calls waits, except `perform`, `reread` and `run`."""

    @property
    def endpoints(self) -> tuple[EndpointName, ...]:
        """The names of what is watched."""
        ...

    async def run(self) -> None:
        """Watch until cancelled."""
        ...

    def list_is_shown(self) -> None:
        """The first list is painted, or why there is none: whatever else is to be loaded or asked may be now."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """Subscribe: first what is known already, then what happens."""
        ...

    def watch(self, endpoint: EndpointName, job_id: JobId | None) -> None:
        """Look at a job, or at none."""
        ...

    def poke(self, endpoint: EndpointName, pane: Pane | None = None) -> None:
        """Ask now."""
        ...

    def interval(self, endpoint: EndpointName) -> float:
        """Seconds between two polls of the list."""
        ...

    def set_interval(self, endpoint: EndpointName, seconds: float) -> None:
        """Change the seconds between two polls."""
        ...

    def set_seen(self, endpoint: EndpointName, *, is_seen: bool) -> None:
        """Say whether an endpoint is on the screen."""
        ...

    def latest(self, endpoint: EndpointName) -> JobsSnapshot | None:
        """The jobs as last told."""
        ...

    def latest_tree(self, endpoint: EndpointName) -> JobTree | None:
        """The job looked at as last read."""
        ...

    def state(self, endpoint: EndpointName) -> EndpointState:
        """How the endpoint and its panes are doing."""
        ...

    def progress(self, key: JobKey) -> Progress | None:
        """What the counters of a job did while it was watched."""
        ...

    def raw(self, endpoint: EndpointName, pane: Pane) -> RawAnswer | None:
        """The newest answer of a pane as it came."""
        ...

    def now_seconds(self) -> float:
        """This moment on the clock by which verdicts say since when something lasts."""
        ...

    def verdict(self, key: JobKey) -> Verdict | None:
        """Why a job moves or stands, without the evidence; None before it was judged."""
        ...

    def explain(self, key: JobKey) -> Verdict | None:
        """Why a job moves or stands, with all the evidence, as of now."""
        ...

    def explained_by(self, key: JobKey) -> EndpointVerdict | None:
        """What is wrong with the whole appliance, where that explains the job."""
        ...

    def endpoint_verdicts(self, endpoint: EndpointName) -> tuple[EndpointVerdict, ...]:
        """All that is wrong with an appliance as a whole, the most urgent first."""
        ...

    def evidence(self, endpoint: EndpointName) -> Evidence | None:
        """Everything known about an endpoint besides its list of jobs; None before any of it was asked for."""
        ...

    def sources(self, endpoint: EndpointName) -> Mapping[str, SourceState]:
        """How each source beside the jobs was read last, by the name of its call."""
        ...

    def traffic(self, endpoint: EndpointName) -> Mapping[CallName, Expense]:
        """What watching an endpoint costs it, for each kind of call."""
        ...

    async def reread(self, key: JobKey) -> JobRecord | Job | Problem:
        """Read one job by a small call."""
        ...

    @overload
    async def perform(self, wish: CloseJobs) -> list[CloseFinished]: ...
    @overload
    async def perform(self, wish: Lock | Unlock | ShowEnded) -> Problem | None: ...
