"""All jobs of an endpoint in a few numbers, kept up to date job by job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from heapq import heappop, heappush, nlargest
from math import inf

from bptui.model.job import JobId
from bptui.model.verdict import Kind, KindClass, Verdict
from bptui.monitor.why.derive import Case
from bptui.monitor.why.drives import RANKS
from bptui.monitor.why.endpoint import SideState, Totals
from bptui.monitor.why.entry import Entry, Sides
from bptui.monitor.why.explain import side_of
from bptui.monitor.why.facts import Peers
from bptui.monitor.why.limits import Side

LARGEST_SHOWN = 3
LOOKED_AT_ONCE = 2000
"""So many pauses that may have ended are looked at in one go; if there are more, the next poll goes on."""
_ENDPOINT_SIDES = (Side.DRAIN, Side.STAGE, Side.INTAKE)


class Tally:
    """Counts the sides of the jobs it is told of; `entries` is looked through only for what is rarely asked."""

    def __init__(self, entries: Mapping[JobId, Entry]) -> None:
        self._entries = entries
        self._counts: Counter[tuple[Side, SideState]] = Counter()
        self._waiting_bytes = 0
        self._starts: dict[Side, float] = {}
        self._standing: dict[JobId, Entry] = {}
        self._half_late: list[tuple[float, JobId]] = []
        """When a pause of each job reaches half of its limit; one that ended before is found out when it is its turn."""
        self._next_look: dict[JobId, float] = {}
        """The turn of each job in there; one that pauses again and again has only one."""

    def count(self, entry: Entry, sides: Sides, waiting_bytes: int) -> None:
        """Take note of how the sides of a job stand now."""
        if sides != entry.sides:
            self._counts.subtract(entry.sides)
            self._counts.update(sides)
            entry.sides = sides
        self._waiting_bytes += waiting_bytes - entry.waiting_bytes
        entry.waiting_bytes = waiting_bytes

    def peers(self, entry: Entry, case: Case, verdict: Verdict) -> Peers:
        """The other jobs of the same direction."""
        side = side_of(case, verdict)
        own = dict(entry.sides).get(side)
        total = Totals(self._counts).with_work(side) - (own is not None)
        moving = self._counts[side, SideState.ACTIVE] - (own is SideState.ACTIVE)
        return Peers(moving, total, self._higher(entry) if verdict.rule == "M8" else 0)

    def _higher(self, entry: Entry) -> int:
        rank = RANKS.get(entry.priority)
        ranks = (RANKS.get(other.priority) for other in self._entries.values() if other.ended is None)
        return 0 if rank is None else sum(1 for other in ranks if other is not None and other > rank)

    def judged(self, entry: Entry, shown: Verdict) -> None:
        """Take note of the verdict that is shown for a job now."""
        job_id = entry.job.job_id
        if _stands(shown):
            self._standing[job_id] = entry
            return
        self._standing.pop(job_id, None)
        self._plan_look(job_id, _half_late_at(shown))

    def _plan_look(self, job_id: JobId, at_seconds: float | None) -> None:
        if at_seconds is not None and at_seconds < self._next_look.get(job_id, inf):
            self._next_look[job_id] = at_seconds
            heappush(self._half_late, (at_seconds, job_id))

    def forget(self, entry: Entry) -> None:
        """Take a job out of all numbers."""
        self.count(entry, (), 0)
        self._standing.pop(entry.job.job_id, None)
        self._next_look.pop(entry.job.job_id, None)

    def needs_media(self, now_seconds: float) -> bool:
        """Whether some job is past half its limit or stands, so that the media side is worth asking."""
        for _ in range(LOOKED_AT_ONCE):
            if not self._half_late or self._half_late[0][0] > now_seconds:
                break
            planned_at, job_id = self._half_late[0]
            entry = self._entries.get(job_id) if job_id not in self._standing else None
            late_at = _half_late_at(entry.steady.shown) if entry and entry.steady else None
            if late_at is not None and late_at <= now_seconds:
                return True
            heappop(self._half_late)
            if self._next_look.get(job_id) == planned_at:
                del self._next_look[job_id]
                self._plan_look(job_id, late_at)
        return bool(self._standing)

    def waiting_buckets(self) -> frozenset[str]:
        """The buckets with a job that stands, whose policies are worth asking."""
        waiting = (entry for entry in self._standing.values() if entry.steady and _waits(entry.steady.shown))
        return frozenset(entry.job.bucket_name for entry in waiting if entry.job.bucket_name)

    def totals(self) -> Totals:
        """The numbers that the endpoint rules look at."""
        running = sum(1 for entry in self._entries.values() if entry.ended is None)
        counted = Totals(self._counts)
        standing = [side for side in _ENDPOINT_SIDES if counted.is_standing(side, 2)]
        # Nothing moves on a side that goes on standing, so since when it stands is found out once.
        starts = {side: self._starts.get(side) or self._last_moved(side) for side in standing}
        self._starts = starts
        return Totals(self._counts, starts, self._waiting_bytes, self._largest(), running)

    def _last_moved(self, side: Side) -> float:
        histories = (entry.history for entry in self._entries.values() if any(side is one for one, _ in entry.sides))
        return max(history.pause_start(side)[0] for history in histories)

    def _largest(self) -> tuple[tuple[str, int], ...]:
        most = nlargest(LARGEST_SHOWN, self._entries.values(), key=lambda entry: entry.waiting_bytes)
        return tuple((item.job.name or item.job.job_id, item.waiting_bytes) for item in most if item.waiting_bytes)


def _waits(verdict: Verdict) -> bool:
    return verdict.kind.kind_class in {KindClass.WAITS, KindClass.STOPPED} or verdict.kind is Kind.UNCLEAR


def _stands(verdict: Verdict) -> bool:
    return _waits(verdict) or verdict.kind is Kind.WORKING


def _half_late_at(verdict: Verdict) -> float | None:
    return None if verdict.limit_seconds is None else verdict.since_seconds + verdict.limit_seconds / 2
