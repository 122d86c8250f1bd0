"""Reasons: everything by which one endpoint's watching knows why: its slower sources, the verdicts, and what it all costs."""

from __future__ import annotations

from collections.abc import Mapping

from bptui.ds3.calls import CallName
from bptui.model.job import JobId
from bptui.model.reading import SourceState
from bptui.monitor.about import About
from bptui.monitor.appliance import Watched
from bptui.monitor.canceled import CANCELED_SECONDS, Canceled
from bptui.monitor.events import Event, Pane, Polled, PollFailed
from bptui.monitor.evidence import Evidence
from bptui.monitor.evidence_looked import JOB_CHUNK, TAPE
from bptui.monitor.evidence_rows import MediaNeed
from bptui.monitor.expense import Expense, Expenses
from bptui.monitor.judging import Judging
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.sources import Source, Sources
from bptui.monitor.store import Store
from bptui.monitor.why import facts


class Reasons:
    """Listens to what one endpoint's polls bring, and asks for what is missing to say why its jobs stand."""

    def __init__(
        self,
        watched: Watched,
        setting: Setting,
        store: Store,
        link: Link,
        about: About,
    ) -> None:
        self._setting = setting
        self._store = store
        self._link = link
        self._canceled = Canceled(setting, store, link)
        need = MediaNeed(self._is_media_needed, self._waiting_buckets)
        self._evidence = Evidence(setting, link, need, about)
        self.judging = Judging(
            watched, setting, self._evidence.facts, lambda: store.snapshot, self._judged, store.remember
        )
        self._expenses = Expenses(setting.elapsed.seconds())
        self._sources: Sources | None = None

    def rows(self) -> list[Source]:
        """What is read beside the jobs, slowly and in turn."""
        canceled = Source("canceled_job", CANCELED_SECONDS, self._canceled.read)
        return [canceled, *self._evidence.rows()]

    def attach(self, sources: Sources) -> None:
        """Learn from here how the rows were read."""
        self._sources = sources
        self._evidence.attach(sources)

    def source_read(self, call: str, state: SourceState) -> None:
        """Take note of how a row was read."""
        self._evidence.source_read(call, state)
        if state.is_ok and call == JOB_CHUNK and self._sources:
            self._sources.renew(TAPE)

    def _is_media_needed(self) -> bool:
        return self.judging.is_media_needed or self._evidence.looked.is_any

    def _waiting_buckets(self) -> frozenset[str]:
        return self.judging.waiting_buckets

    def _judged(self) -> None:
        if self._sources:
            self._sources.reconsider()

    # What happens

    async def run(self) -> None:
        """Judge until cancelled."""
        await self.judging.run()

    def watch(self, job_id: JobId | None) -> None:
        """Look at another job, or at none."""
        self._evidence.looked.watch(job_id)
        if self._sources:
            self._sources.renew(JOB_CHUNK)

    def notice(self, event: Event) -> None:
        """Take note of what the endpoint's polls bring."""
        match event:
            case Polled(pane=Pane.JOB) if self._store.tree:
                self._evidence.looked.tree_arrived(self._store.tree)
                self._judged()
            case PollFailed(pane=Pane.JOB) if event.job_id:
                self._evidence.looked.tree_failed(event.job_id, event.problem)
            case Polled(pane=Pane.LIST) if self._link.appliance:
                self._expenses.sample(self._setting.elapsed.seconds(), self._link.appliance.traffic)
        self.judging.notice(event)

    # What is known

    def facts(self) -> facts.Evidence:
        """Everything known besides the list of jobs."""
        return self._evidence.facts()

    def expenses(self) -> Mapping[CallName, Expense]:
        """What each kind of call costs."""
        appliance = self._link.appliance
        return self._expenses.expenses(self._setting.elapsed.seconds(), appliance.traffic) if appliance else {}
