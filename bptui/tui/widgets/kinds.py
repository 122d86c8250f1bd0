"""Which word each job has in the Why column, and how many have each; kept up to date by what changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from bptui.model.job import JobId
from bptui.model.verdict import Kind, KindClass, Verdict

SLICE_JOBS = 2000
"""The verdicts of so many jobs are looked up before the event loop gets a turn."""

VerdictOf = Callable[[JobId], Verdict | None]


def kinds_of(ids: Iterable[JobId], verdict_of: VerdictOf) -> dict[JobId, Kind | None]:
    """The kinds of some jobs."""
    return {job_id: verdict.kind if (verdict := verdict_of(job_id)) else None for job_id in ids}


async def many_kinds_of(ids: Iterable[JobId], verdict_of: VerdictOf) -> dict[JobId, Kind | None]:
    """The kinds of some jobs or of thousands, in slices between which keys are taken."""
    found: dict[JobId, Kind | None] = {}
    rest = iter(ids)
    while part := list(islice(rest, SLICE_JOBS)):
        found |= kinds_of(part, verdict_of)
        if len(part) == SLICE_JOBS:
            await asyncio.sleep(0)
    return found


class Kinds:
    """The kinds of verdict of one endpoint's jobs."""

    def __init__(self) -> None:
        self._of: dict[JobId, Kind] = {}
        self._counts: Counter[int] = Counter()
        """By the identity of the kind: of 40,000 enumeration members the hashes would take longer than all else."""

    def take(self, kinds: Mapping[JobId, Kind | None], removed: Iterable[JobId] = ()) -> bool:
        """Take in the jobs whose verdicts read differently; whether a kind changed."""
        told = {**dict.fromkeys(removed), **kinds}
        before, after = list(map(self._of.get, told)), list(told.values())
        if before == after:
            return False
        self._counts.subtract(Counter(map(id, before)))
        self._counts.update(Counter(map(id, after)))
        self._of.update((job_id, kind) for job_id, kind in told.items() if kind is not None)
        if None in after:
            for job_id in [job_id for job_id, kind in told.items() if kind is None]:
                self._of.pop(job_id, None)
        return True

    def clear(self) -> None:
        """Begin with another endpoint."""
        self._of.clear()
        self._counts.clear()

    def of(self, job_id: JobId) -> Kind | None:
        """The kind of a job; None before the first verdict."""
        return self._of.get(job_id)

    def count(self, *kinds: Kind) -> int:
        """How many jobs have one of these words."""
        return sum(self._counts[id(kind)] for kind in kinds)

    @property
    def waiting(self) -> int:
        """How many jobs wait for somebody or something."""
        return self.count(*(kind for kind in Kind if kind.kind_class is KindClass.WAITS))
