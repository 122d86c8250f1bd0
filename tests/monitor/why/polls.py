"""Feeds polls to the verdicts of an endpoint, as watching does."""

from __future__ import annotations

from dataclasses import replace

from bptui.model.diff import snapshot_changes
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Kind
from bptui.monitor.why.facts import Evidence
from bptui.monitor.why.history import Instant
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.sentence import Style, sentence
from bptui.monitor.why.verdicts import Outcome, Verdicts
from tests.monitor.why.scene import at, endpoint, job

NAME = EndpointName("lab")
ONE, TWO, THREE = (JobId(f"{number:08x}-0000-4000-8000-000000000000") for number in (1, 2, 3))


def named(job_id: JobId, kind: str, *counters: float) -> Job:
    return replace(job(kind, counters), job_id=job_id)  # type: ignore[arg-type]


class Polls:
    """Feeds polls to verdicts, as watching does."""

    def __init__(self, verdicts: Verdicts | None = None, most: int | None = None) -> None:
        """`most` is how many jobs are judged in one go."""
        self._most = most
        self.verdicts = verdicts or Verdicts(Limits())
        self.snapshot = JobsSnapshot(NAME, 0, at(0))

    def poll(self, seconds: float, *jobs: Job, evidence: Evidence | None = None, **more: object) -> Outcome:
        found = {item.job_id: item for item in jobs}
        fresh = JobsSnapshot(NAME, self.snapshot.revision, at(seconds), found, **more)  # type: ignore[arg-type]
        changes = snapshot_changes(self.snapshot, fresh)
        self.snapshot = replace(fresh, revision=fresh.revision + bool(changes))
        known = evidence or Evidence(endpoint())
        now = Instant(seconds, at(seconds))
        outcome = self.verdicts.update(self.snapshot, changes, known, now, self._most)
        while outcome.is_behind:
            more_of_it = self.verdicts.catch_up(now, self._most)
            changed = {**outcome.changed, **more_of_it.changed}
            outcome = replace(outcome, changed=changed, is_behind=more_of_it.is_behind)
        return outcome

    def kind(self, job_id: JobId = ONE) -> Kind | None:
        verdict = self.verdicts.verdict(job_id)
        return verdict.kind if verdict else None

    def text(self, job_id: JobId, seconds: float) -> str:
        verdict = self.verdicts.explain(job_id, Instant(seconds, at(seconds)))
        assert verdict is not None
        return sentence(verdict, Style(seconds))
