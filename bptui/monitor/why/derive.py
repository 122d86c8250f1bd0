"""What follows from the samples and facts of one job: backlogs, pauses, limits, who it works for."""

from __future__ import annotations

import math
from functools import cached_property

from bptui.model.job import Job
from bptui.model.reading import Reading
from bptui.model.vocabulary import JobStatus, OrderGuarantee, RequestType
from bptui.monitor.why.facts import Detail, JobFacts
from bptui.monitor.why.history import History, Instant
from bptui.monitor.why.limits import LARGEST_BLOB_BYTES, LARGEST_CHUNK_BYTES, Limits, Side
from bptui.monitor.why.pressure import Pressure, cache_pressure
from bptui.monitor.why.service import is_partition_out

_PERSONLESS = {None, "", "NO", "NONE"}
"""What `Restore` or `IomType` say about a job that a client started."""


class Case:
    """One job at one moment, as the rules see it.

    Every comparison with the present goes through `has_passed`, which remembers when it will turn out
    otherwise. So long as counters and facts stay as they are, the ruling holds until `holds_until`.
    """

    def __init__(self, job: Job, history: History, facts: JobFacts, limits: Limits, now: Instant) -> None:
        self.job = job
        self.history = history
        self.facts = facts
        self.limits = limits
        self.now = now
        self.holds_until = math.inf

    def has_passed(self, start_seconds: float, span_seconds: float) -> bool:
        """Whether so much time has passed since that moment."""
        turns_at = start_seconds + span_seconds
        if turns_at > self.now.seconds:
            self.holds_until = min(self.holds_until, turns_at)
            return False
        return True

    # What kind of job it is.

    @property
    def is_put(self) -> bool:
        """Whether data go from the client to media."""
        return self.job.request_type == RequestType.PUT

    @property
    def is_get(self) -> bool:
        """Whether data go from media to the client."""
        return self.job.request_type == RequestType.GET

    @property
    def is_verify(self) -> bool:
        """Whether data only go from media into the cache, to be compared."""
        return self.job.request_type == RequestType.VERIFY

    @property
    def is_aggregating(self) -> bool:
        """Whether more may still be added to the job."""
        return self.job.is_aggregating and self.is_put

    @cached_property
    def is_internal(self) -> bool:
        """Whether the client is an appliance, so that there is nobody to call."""
        record = self.facts.record
        if (self.job.name or "").startswith("Replicate "):
            return True
        return record is not None and (record.is_replicating is True or record.restore not in _PERSONLESS)

    @property
    def is_origin_hidden(self) -> bool:
        """Whether nothing tells if the client is a person's program, because the list of active jobs was refused."""
        reading = self.facts.endpoint.active_jobs.reading
        return self.facts.record is None and reading not in {Reading.OK, Reading.NOT_ASKED}

    @property
    def is_backend_off(self) -> bool:
        """Whether the appliance says that its data path is not activated."""
        backend, system = self.facts.endpoint.backend.known, self.facts.endpoint.system.known
        said = (backend and backend.is_activated, system and system.is_backend_activated)
        return any(word is False for word in said)

    @property
    def error_message(self) -> str | None:
        """The appliance's own explanation; it has no date."""
        return self.facts.record.error_message if self.facts.record else None

    @property
    def is_canceled(self) -> bool:
        """Whether the appliance says that the job was canceled."""
        return self.job.status == JobStatus.CANCELED

    @property
    def is_completed(self) -> bool:
        """Whether the appliance says that the job is completed; byte counts do not decide."""
        return self.job.status == JobStatus.COMPLETED

    @property
    def has_two_samples(self) -> bool:
        """Whether there is anything to compare with."""
        return self.history.sample_count > 1

    # Bytes.

    @cached_property
    def detail(self) -> Detail | None:
        """The detail, while it is fresh enough to be evidence."""
        detail = self.facts.detail
        if detail is None or self.has_passed(detail.at_seconds, self.limits.detail_seconds):
            return None
        return detail

    @property
    def sizes(self) -> Detail | None:
        """The detail for the sizes it lists: they stay true while the job does not grow, however old it is."""
        detail, grown_at = self.facts.detail, self.history.original_at
        return detail if detail and (grown_at is None or grown_at <= detail.at_seconds) else None

    @cached_property
    def staged(self) -> int:
        """How much of a GET is or was in cache, as far as that is told."""
        history = self.history
        if self.job.entirely_in_cache:
            return history.original
        told = self.detail.staged_bytes if self.detail else 0
        return min(history.original, max(history.cached, history.completed, told))

    @property
    def intake_backlog(self) -> int:
        """PUT: what the client has not delivered."""
        return self.history.original - self.history.cached

    @property
    def drain_backlog(self) -> int:
        """PUT: what has arrived and is not yet on all copies."""
        return self.history.cached - self.history.completed

    @property
    def unread(self) -> int:
        """GET: what is staged and the client has not read."""
        return self.staged - self.history.completed

    @property
    def stage_backlog(self) -> int:
        """GET: what is not yet staged, as far as that is told."""
        return self.history.original - self.staged

    @cached_property
    def has_assigned_waiting(self) -> bool:
        """PUT: whether a chunk has cache space and waits for data.

        A chunk may also lack objects in cache because they are safe on media and were removed; so what is
        missing must fit into what has not arrived.
        """
        detail = self.detail
        if detail is None or not detail.assigned_waiting:
            return False
        return detail.assigned_waiting_bytes <= self.intake_backlog

    @cached_property
    def is_takeable(self) -> bool:
        """GET: whether the client could read something now."""
        if self.unread <= 0:
            return False
        if self.job.entirely_in_cache or self.job.order_guarantee != OrderGuarantee.IN_ORDER:
            return True
        return not (self.detail and self.detail.lowest_chunk_id and self.detail.is_lowest_in_cache is False)

    @cached_property
    def is_blind(self) -> bool:
        """GET: whether counters of nothing tell nothing, because all data may have been in cache from the start."""
        history = self.history
        is_zero = history.cached == 0 and history.completed == 0
        return is_zero and self.job.entirely_in_cache is None and self.detail is None

    @cached_property
    def is_media_needed(self) -> bool:
        """GET: whether it is told that data are still on media; what is not counted may have been in cache all along."""
        is_any_unread = self.history.completed < self.history.original
        is_told_missing = self.detail is not None and self.stage_backlog > 0
        return is_any_unread and (self.job.entirely_in_cache is False or is_told_missing)

    # Time.

    def is_moving(self, *moments: float | None) -> bool:
        """Whether one of these changes is recent; a moment of None is a change that was never seen."""
        known = [moment for moment in moments if moment is not None]
        return bool(known) and not self.has_passed(max(known), self.limits.moving_seconds)

    @cached_property
    def is_first_moving(self) -> bool:
        """Whether bytes come into the cache."""
        if self.is_put:
            return self.is_moving(self.history.cached_at)
        return self.is_moving(self.history.cached_at, self.history.staged_at)

    @cached_property
    def is_second_moving(self) -> bool:
        """Whether bytes leave the cache: to all stores, or to the client."""
        return self.is_moving(self.history.completed_at)

    @property
    def is_any_moving(self) -> bool:
        """Whether any byte counter moves."""
        return self.is_first_moving or self.is_second_moving

    def pause_start(self, side: Side) -> tuple[float, bool]:
        """Since when a side stands, and whether it may have stood longer than we look."""
        return self.history.pause_start(side)

    @cached_property
    def out_partition_ids(self) -> frozenset[str]:
        """The tape partitions that do not work."""
        partitions = self.facts.endpoint.partitions.known or ()
        return frozenset(partition.partition_id for partition in partitions if is_partition_out(partition))

    @cached_property
    def _limits(self) -> dict[Side, float]:
        return {}

    def limit(self, side: Side) -> float:
        """Up to how long a pause of a side is normal."""
        if side not in self._limits:
            self._limits[side] = self.limits.raised(self._plain_limit(side), side, self.job.priority)
        return self._limits[side]

    def _plain_limit(self, side: Side) -> float:
        detail = self.sizes
        if side in {Side.INTAKE, Side.SEND}:
            backlog = self.intake_backlog if side is Side.INTAKE else self.unread
            told = detail.largest_blob_bytes if detail else None
            return self.limits.client_seconds(min(backlog, LARGEST_BLOB_BYTES) if told is None else told)
        rest = self.history.original - self.history.completed
        backlog = {Side.DRAIN: self.drain_backlog, Side.STAGE: self.stage_backlog}.get(side, rest)
        told = detail.largest_chunk_bytes if detail else None
        chunk = min(backlog, LARGEST_CHUNK_BYTES) if told is None else told
        return self.limits.verify_seconds(chunk) if side is Side.CHECK else self.limits.media_seconds(chunk)

    def is_over(self, side: Side) -> bool:
        """Whether the pause of a side has reached its limit."""
        return self.has_passed(self.pause_start(side)[0], self.limit(side))

    @property
    def is_intake_over(self) -> bool:
        """PUT: whether data are missing and none came for longer than is normal."""
        return self.intake_backlog > 0 and self.is_over(Side.INTAKE)

    @property
    def is_drain_over(self) -> bool:
        """PUT: whether data wait in cache and none was counted for longer than is normal."""
        return self.drain_backlog > 0 and self.is_over(Side.DRAIN)

    def is_still_for(self, span_seconds: float) -> bool:
        """Whether nothing at all has changed for so long, the size of the job included."""
        return self.has_passed(self.pause_start(Side.WHOLE)[0], span_seconds)

    @cached_property
    def pressure(self) -> Pressure:
        """How scarce cache space is for a job of this priority."""
        return cache_pressure(self.facts.endpoint.cache.known, self.job.priority)
