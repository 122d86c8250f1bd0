"""Insight: why one endpoint's jobs move or stand; loaded when it may be, since the first list needs none of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Rules and evidence are a third of all that watching loads.
    from bptui.ds3.calls import CallName
    from bptui.model.job import JobId
    from bptui.model.reading import SourceState
    from bptui.model.verdict import EndpointVerdict, Verdict
    from bptui.monitor.about import About
    from bptui.monitor.appliance import Watched
    from bptui.monitor.events import Event
    from bptui.monitor.expense import Expense
    from bptui.monitor.link import Link
    from bptui.monitor.reasons import Reasons
    from bptui.monitor.rounds import Setting
    from bptui.monitor.sources import Sources
    from bptui.monitor.store import Store
    from bptui.monitor.why.facts import Evidence


class Insight:
    """Stands for an endpoint's `Reasons`; before they are loaded, it knows nothing."""

    def __init__(
        self,
        watched: Watched,
        setting: Setting,
        store: Store,
        link: Link,
        about: About,
    ) -> None:
        self._parts = (watched, setting, store, link, about)
        self._job_id: JobId | None = None
        self._is_loaded = asyncio.Event()
        self.reasons: Reasons | None = None
        """None until they are loaded."""

    def begin(self, sources: Sources, known: Iterable[Event]) -> Reasons:
        """Load the reasons, tell them what is known, and have what they need read by these sources."""
        from bptui.monitor.reasons import Reasons  # noqa: PLC0415  # as late as it may be

        self.reasons = reasons = Reasons(*self._parts)
        reasons.attach(sources)
        sources.add(reasons.rows())
        reasons.watch(self._job_id)
        for event in known:
            reasons.notice(event)
        self._is_loaded.set()
        return reasons

    async def run(
        self, sources: Sources, known: Callable[[], Iterable[Event]], may_begin: Callable[[], Awaitable[object]]
    ) -> None:
        """Begin, unless that is done, as soon as `may_begin` returns; then judge until cancelled."""
        await may_begin()
        if self.reasons is None:
            await asyncio.to_thread(import_module, "bptui.monitor.reasons")
        await (self.reasons or self.begin(sources, known())).run()

    async def has_begun(self) -> None:
        """Return once what was recorded before is read."""
        await self._is_loaded.wait()
        if self.reasons:
            await self.reasons.judging.has_begun.wait()

    # What happens

    def watch(self, job_id: JobId | None) -> None:
        """Look at another job, or at none."""
        self._job_id = job_id
        if self.reasons:
            self.reasons.watch(job_id)

    def source_read(self, call: str, state: SourceState) -> None:
        """Take note of how a source was read."""
        if self.reasons:
            self.reasons.source_read(call, state)

    def notice(self, event: Event) -> None:
        """Take note of what the endpoint's polls bring."""
        if self.reasons:
            self.reasons.notice(event)

    # What is known

    def verdict(self, job_id: JobId) -> Verdict | None:
        """The verdict on a job, without its evidence; None before it was judged."""
        return self.reasons.judging.verdict(job_id) if self.reasons else None

    def explain(self, job_id: JobId) -> Verdict | None:
        """The verdict on a job with its evidence, as of now; None before it was judged."""
        return self.reasons.judging.explain(job_id) if self.reasons else None

    def explained_by(self, job_id: JobId) -> EndpointVerdict | None:
        """The verdict about the whole appliance that a job points to."""
        return self.reasons.judging.explained_by(job_id) if self.reasons else None

    @property
    def endpoint_verdicts(self) -> tuple[EndpointVerdict, ...]:
        """All that is wrong with the appliance as a whole, the most urgent first."""
        return self.reasons.judging.endpoint_verdicts if self.reasons else ()

    def known(self) -> Iterator[Event]:
        """What a new subscriber has to be told."""
        if self.reasons:
            yield from self.reasons.judging.known()

    def facts(self) -> Evidence | None:
        """Everything known besides the list of jobs; None before any of it was asked for."""
        return self.reasons.facts() if self.reasons else None

    def expenses(self) -> Mapping[CallName, Expense]:
        """What each kind of call costs."""
        return self.reasons.expenses() if self.reasons else {}
