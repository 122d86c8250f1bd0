"""The monitor: the façade that front ends hold, over one poller for each endpoint."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from bptui.clock import Clock
from bptui.ds3.calls import CallName
from bptui.model.answer import RawAnswer
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId, JobKey, JobRecord
from bptui.model.problem import Problem
from bptui.model.reading import SourceState
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.actions import CloseJobs, Lock, ShowEnded, Unlock, Wish
from bptui.monitor.ages import Elapsed
from bptui.monitor.appliance import Watched
from bptui.monitor.audit import Audit
from bptui.monitor.events import CloseFinished, Event, Pane
from bptui.monitor.hub import Hub, Subscription
from bptui.monitor.poller import Poller
from bptui.monitor.progress import Progress
from bptui.monitor.state import EndpointState

if TYPE_CHECKING:
    from bptui.model.tree import JobTree
    from bptui.model.verdict import EndpointVerdict, Verdict
    from bptui.monitor.expense import Expense
    from bptui.monitor.recorder.recorder import Recorder
    from bptui.monitor.why.facts import Evidence


class Monitor:
    """Watches some appliances, says what changes, and carries out wishes.

    Nothing is asked before `run` does: start it once the first frame is on the screen. All methods belong
    to the event loop that `run` runs in, and none but `run`, `perform` and `reread` waits for anything.
    """

    def __init__(
        self,
        watched: Sequence[Watched],
        *,
        clock: Clock,
        audit: Audit,
        jitter: Callable[[], float] = random.random,
        recorder: Recorder | None = None,
        is_list_first: bool = False,
    ) -> None:
        """Watch endpoints of different names; with `is_list_first` all but the lists waits for `list_is_shown`."""
        self._hub = Hub()
        self._clock = clock
        self._elapsed = Elapsed(clock)
        self._recorder = recorder
        self._shown = asyncio.Event()
        if not is_list_first:
            self._shown.set()
        self._pollers = {one.endpoint.name: self._poller(one, audit, jitter) for one in watched}

    def _poller(self, watched: Watched, audit: Audit, jitter: Callable[[], float]) -> Poller:
        return Poller(
            self._recorder.around(watched) if self._recorder else watched,
            clock=self._clock,
            elapsed=self._elapsed,
            publish=self._hub.publish,
            audit=audit,
            jitter=jitter,
            shown=self._shown,
        )

    @property
    def endpoints(self) -> tuple[EndpointName, ...]:
        """The names of what is watched, in the order given."""
        return tuple(self._pollers)

    async def run(self) -> None:
        """Watch until cancelled; every task and connection ends with it."""
        try:
            async with asyncio.TaskGroup() as group:
                for poller in self._pollers.values():
                    group.create_task(poller.run())
                if self._recorder:
                    told = self._recorder.follow(self.events(), self.verdict, self.now_seconds, self._hub.publish)
                    group.create_task(told)
                    group.create_task(self._write(self._recorder))
        finally:
            if self._recorder:
                self._recorder.close()

    async def _write(self, recorder: Recorder) -> None:
        """Let the recorder write once each endpoint has read what was recorded before."""
        for poller in self._pollers.values():
            await poller.insight.has_begun()
        recorder.start()

    def list_is_shown(self) -> None:
        """Load what explains the list, and ask for the rest: nobody waits for the first list any more."""
        self._shown.set()

    def events(self) -> Subscription:
        """Subscribe: an endless async iterator, first over what is known already, then over what happens."""
        return self._hub.subscribe(self._known())

    def _known(self) -> Iterator[Event]:
        for poller in self._pollers.values():
            yield from poller.known()

    def watch(self, endpoint: EndpointName, job_id: JobId | None) -> None:
        """Look at a job, or at none: reading another one stops at once, and its connection is closed."""
        self._pollers[endpoint].watch(job_id)

    def poke(self, endpoint: EndpointName, pane: Pane | None = None) -> None:
        """Ask now, whatever the pace says: overrides Retry-After, and waiting for a person."""
        self._pollers[endpoint].poke(pane)

    def interval(self, endpoint: EndpointName) -> float:
        """Seconds between two polls of the list."""
        return self._pollers[endpoint].interval_seconds

    def set_interval(self, endpoint: EndpointName, seconds: float) -> None:
        """Change the seconds between two polls, from now on; not below one, nor above a day."""
        self._pollers[endpoint].set_interval(seconds)

    def set_seen(self, endpoint: EndpointName, *, is_seen: bool) -> None:
        """Say whether somebody looks at an endpoint: it is polled more slowly when nobody does."""
        self._pollers[endpoint].set_seen(is_seen=is_seen)

    def latest(self, endpoint: EndpointName) -> JobsSnapshot | None:
        """The jobs as last told; None before the first good answer."""
        return self._pollers[endpoint].snapshot

    def latest_tree(self, endpoint: EndpointName) -> JobTree | None:
        """The job looked at as last read; None before that."""
        return self._pollers[endpoint].tree

    def state(self, endpoint: EndpointName) -> EndpointState:
        """How the endpoint and its panes are doing at this moment, ages included."""
        return self._pollers[endpoint].state()

    def progress(self, key: JobKey) -> Progress | None:
        """What the counters of a job did while it was watched; None when it was never seen running."""
        return self._pollers[key.endpoint].progress(key.job_id)

    def raw(self, endpoint: EndpointName, pane: Pane) -> RawAnswer | None:
        """The newest answer of a pane as it came."""
        return self._pollers[endpoint].raw(pane)

    def now_seconds(self) -> float:
        """This moment on the clock by which verdicts say since when something lasts."""
        return self._elapsed.seconds()

    def verdict(self, key: JobKey) -> Verdict | None:
        """The verdict on a job without its evidence; None before it was judged."""
        return self._pollers[key.endpoint].insight.verdict(key.job_id)

    def explain(self, key: JobKey) -> Verdict | None:
        """The verdict on a job with its evidence, as of now; None before it was judged."""
        return self._pollers[key.endpoint].insight.explain(key.job_id)

    def explained_by(self, key: JobKey) -> EndpointVerdict | None:
        """The verdict about the whole appliance that a job points to."""
        return self._pollers[key.endpoint].insight.explained_by(key.job_id)

    def endpoint_verdicts(self, endpoint: EndpointName) -> tuple[EndpointVerdict, ...]:
        """All that is wrong with an appliance as a whole, the most urgent first."""
        return self._pollers[endpoint].insight.endpoint_verdicts

    def evidence(self, endpoint: EndpointName) -> Evidence | None:
        """Everything known about an endpoint besides its list of jobs; None before any of it was asked for."""
        return self._pollers[endpoint].insight.facts()

    def sources(self, endpoint: EndpointName) -> Mapping[str, SourceState]:
        """How each source beside the jobs was read last, by the name of its call."""
        return self._pollers[endpoint].state().sources

    def traffic(self, endpoint: EndpointName) -> Mapping[CallName, Expense]:
        """What watching an endpoint costs it, for each kind of call."""
        return self._pollers[endpoint].insight.expenses()

    async def reread(self, key: JobKey) -> JobRecord | Job | Problem:
        """Read one job by a small call, for a dialog that is about to act on it."""
        return await self._pollers[key.endpoint].reread(key.job_id)

    @overload
    async def perform(self, wish: CloseJobs) -> list[CloseFinished]: ...
    @overload
    async def perform(self, wish: Lock | Unlock | ShowEnded) -> Problem | None: ...
    async def perform(self, wish: Wish) -> list[CloseFinished] | Problem | None:
        """Carry out a wish: one result for each job to close, else why it cannot be done, or None when it was.

        What a wish changes on the appliance is seen because the next poll says so; it is asked for at once.
        """
        poller = self._pollers[wish.endpoint]
        match wish:
            case CloseJobs():
                return await poller.close(wish)
            case Lock():
                poller.lock()
                return None
            case Unlock():
                return poller.unlock()
            case ShowEnded():
                return await poller.show_ended(is_shown=wish.is_shown)
