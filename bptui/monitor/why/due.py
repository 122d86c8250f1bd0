"""Which jobs are to be judged: those told something new, those that new evidence can turn, those whose time has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from itertools import islice

from bptui.model.job import JobId
from bptui.monitor.why.entry import Entry
from bptui.monitor.why.news import can_turn

GATHERED_JOBS = 2000
"""Of so many jobs it is found out at once whether they are due: a few milliseconds' worth."""
SUPERSEDED_LEAST = 200
"""So many plans that others have replaced are worth the sweeping."""


class Due:
    """The jobs of one endpoint that are due, each once; `entries` is looked through when evidence is new."""

    def __init__(self, entries: Mapping[JobId, Entry]) -> None:
        self._entries = entries
        self._now: dict[JobId, None] = {}
        self._next: dict[JobId, None] = {}
        """Due at the next poll whatever it brings: not settled yet."""
        self._later: list[tuple[float, JobId]] = []
        self._unsifted: list[JobId] = []
        """Jobs of which it is not found out yet whether the newest evidence can turn their verdicts."""
        self._is_sifting_hard = False

    @property
    def is_any(self) -> bool:
        """Whether a job is known to be due, or may turn out to be by new evidence."""
        return bool(self._now or self._unsifted)

    @property
    def plan_count(self) -> int:
        """How many plans are kept, with those that others have replaced."""
        return len(self._later)

    def add(self, job_id: JobId) -> None:
        """Judge this job."""
        self._now[job_id] = None

    def forget(self, job_id: JobId) -> None:
        """Do not judge this job, now or later."""
        self._now.pop(job_id, None)
        self._next.pop(job_id, None)

    def begin_poll(self) -> None:
        """Judge what was not settled when it was judged last."""
        self._now.update(self._next)
        self._next.clear()

    def plan(self, job_id: JobId, holds_until: float, now_seconds: float) -> None:
        """Judge a job again when its verdict does not hold any more; infinity stands for never."""
        if holds_until <= now_seconds:
            self._next[job_id] = None
        elif holds_until != float("inf"):
            heappush(self._later, (holds_until, job_id))
            if len(self._later) > 2 * len(self._entries) + SUPERSEDED_LEAST:
                self._sweep()

    def _sweep(self) -> None:
        """Forget the plans that others have replaced: a job that moves is planned anew with every poll."""
        known = self._entries
        current = {(at, one) for at, one in self._later if one in known and known[one].holds_until == at}
        self._later = list(current)
        heapify(self._later)

    def sift(self, *, is_hard: bool) -> None:
        """Judge every job whose verdict new evidence can turn; which these are is found out by `gather`."""
        self._is_sifting_hard = is_hard or (self._is_sifting_hard and bool(self._unsifted))
        self._unsifted = list(self._entries)

    def gather(self, now_seconds: float, most: int | None) -> bool:
        """Find out what is due by new evidence and by the time, of so many jobs at once; whether some are left."""
        part = self._unsifted[:most]
        del self._unsifted[:most]
        for job_id in part:
            entry = self._entries.get(job_id)
            if entry and can_turn(entry, is_hard=self._is_sifting_hard):
                self.add(job_id)
        come = 0
        while self._later and self._later[0][0] <= now_seconds and come != most:
            due_at, job_id = heappop(self._later)
            come += 1
            entry = self._entries.get(job_id)
            if entry and entry.holds_until == due_at:
                self.add(job_id)
        return come == most or bool(self._unsifted)

    def take(self, most: int | None) -> Iterable[JobId]:
        """The jobs to judge now, or the first `most` of them; they are not due any more."""
        taken = list(islice(self._now, most))
        for job_id in taken:
            del self._now[job_id]
        return taken
