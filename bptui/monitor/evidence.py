"""Evidence: what the slower sources told last, put together as the facts that verdicts are made of."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bptui.model.evidence import CacheState
from bptui.model.reading import NOT_ASKED, FailureList, Reading, SourceState
from bptui.monitor import evidence_policies as policies
from bptui.monitor.about import About
from bptui.monitor.evidence_looked import LookedJobs
from bptui.monitor.evidence_rows import Call, MediaNeed, endpoint_rows
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.sources import Source, Sources
from bptui.monitor.why import facts as why
from bptui.monitor.why.facts import EndpointFacts

GRACE_SECONDS = 180.0
"""For so long the last answer stands in for one that failed: a single time-out turns no verdict."""
FORGOTTEN_SECONDS = 600.0
"""An answer this old that nobody has asked to be renewed says nothing about now."""
GROWTH_WINDOW_SECONDS = 1800.0
GROWTH_LEAST_SECONDS = 300.0
"""How far apart two fillings of the cache must be to tell how fast it fills."""
GROWTH_STEP_SECONDS = 15.0
"""Of fillings that were read closer together only the last is kept."""

_FIELDS = {
    Call.DATA_PATH_BACKEND: "backend",
    Call.CACHE_STATE: "cache",
    Call.SYSTEM_HEALTH: "health",
    Call.NODE: "nodes",
    Call.TAPE_PARTITION: "partitions",
    Call.TAPE_DRIVE: "drives",
    Call.POOL: "pools",
    Call.BLOB_STORE_TASK: "tasks",
    Call.JOB_CREATION_FAILED: "refused_jobs",
}
_IDENTIFIED = {Call.TAPE_PARTITION: "partition_id", Call.TAPE_DRIVE: "drive_id", Call.POOL: "pool_id"}


class Evidence:
    """Everything known about an endpoint besides its jobs, and the rows by which it is read."""

    def __init__(self, setting: Setting, link: Link, need: MediaNeed, about: About) -> None:
        self._setting = setting
        self._about = about
        self._values: dict[str, Any] = {}
        self._first_seen: dict[str, tuple[object, datetime]] = {}
        self._fillings: deque[tuple[float, int]] = deque()
        self._sources: Sources | None = None
        self.policies = policies.Policies(setting, link, need.waiting_buckets)
        self.looked = LookedJobs(setting, link, about, self._state)
        self._endpoint_rows = endpoint_rows(link, need, self._take)

    def rows(self) -> list[Source]:
        """What is read, in the order in which it is read when all of it is due."""
        return [*self._endpoint_rows, *self.looked.rows(), self.policies.row()]

    def attach(self, sources: Sources) -> None:
        """Learn from here how each row was read."""
        self._sources = sources

    def _state(self, call: str) -> SourceState:
        return self._sources.states.get(call, NOT_ASKED) if self._sources else NOT_ASKED

    def source_read(self, call: str, state: SourceState) -> None:
        """Take note of how a row was read."""
        if call == policies.CALL and not state.is_ok:
            self.policies.source_failed(state)
        elif not state.is_ok:
            self.looked.source_failed(call)

    # What arrives

    def _take(self, call: str, value: Any) -> None:
        self._values[call] = value
        if call in _IDENTIFIED:
            for item in value:
                self._see(getattr(item, _IDENTIFIED[Call(call)]), (item.state, item.quiesced))
        if call == Call.CACHE_STATE:
            self._fill(value)

    def _see(self, thing: str, reads: object) -> None:
        known = self._first_seen.get(thing)
        if known is None or known[0] != reads:
            self._first_seen[thing] = (reads, self._setting.clock.now())

    def _fill(self, cache: CacheState) -> None:
        reserved = [one.job_locked_bytes for one in cache.filesystems if one.job_locked_bytes is not None]
        if not reserved:
            return
        now = self._setting.elapsed.seconds()
        if len(self._fillings) > 1 and now - self._fillings[-2][0] < GROWTH_STEP_SECONDS:
            self._fillings.pop()
        self._fillings.append((now, sum(reserved)))
        while now - self._fillings[0][0] > GROWTH_WINDOW_SECONDS:
            self._fillings.popleft()

    def _growth(self) -> float | None:
        if not self._fillings:
            return None
        (start, before), (end, after) = self._fillings[0], self._fillings[-1]
        return (after - before) / (end - start) if end - start >= GROWTH_LEAST_SECONDS else None

    # What is known

    def facts(self) -> why.Evidence:
        """Everything at this moment, as the rules take it."""
        return why.Evidence(self._endpoint_facts(), self.looked.known(), self.policies.known())

    def _endpoint_facts(self) -> EndpointFacts:
        return EndpointFacts(
            **{name: self._source(call) for call, name in _FIELDS.items()},
            system=why.Source(self._fresh("system_information"), self._about.system),
            failures={kind: self._source(kind.value) for kind in FailureList},
            active_jobs=self._fresh("active_job"),
            first_seen={thing: since for thing, (_, since) in self._first_seen.items()},
            storage_domain_names={
                domain.storage_domain_id: domain.name or domain.storage_domain_id
                for domain in self._source(Call.STORAGE_DOMAIN).known or ()
            },
            clock_ahead_seconds=self._about.ahead_seconds or 0.0,
            cache_growth_bytes_per_second=self._growth(),
        )

    def _source(self, call: str) -> why.Source[Any]:
        return why.Source(self._fresh(call), self._values.get(call))

    def _fresh(self, call: str) -> SourceState:
        """How a source stands for the rules: what failed just now may still be relied on, what is old may not."""
        state = self._state(call)
        age = self._setting.clock.now() - state.at if state.at else None
        if age is None:
            return state
        if state.reading is Reading.FAILED and call != Call.SYSTEM_HEALTH and age < timedelta(seconds=GRACE_SECONDS):
            return SourceState(Reading.OK, state.at)
        if state.is_ok and age > timedelta(seconds=max(FORGOTTEN_SECONDS, 2 * self._every(call))):
            return replace(NOT_ASKED, at=state.at)
        return state

    def _every(self, call: str) -> float:
        return next((row.every_seconds for row in self._endpoint_rows if row.call == call), 0.0)

    def states(self) -> Mapping[str, SourceState]:
        """How each source was read last."""
        return dict(self._sources.states) if self._sources else {}
