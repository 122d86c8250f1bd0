"""Feeds polls to the verdicts of an endpoint, as watching does."""

from __future__ import annotations

from dataclasses import replace

from bptui.model.diff import jobs_changes
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

    def __init__(self, verdicts: Verdicts | None = None) -> None:
        self.verdicts = verdicts or Verdicts(Limits())
        self.snapshot = JobsSnapshot(NAME, 0, at(0))

    def poll(self, seconds: float, *jobs: Job, evidence: Evidence | None = None, **more: object) -> Outcome:
        found = {item.job_id: item for item in jobs}
        changes = jobs_changes(self.snapshot.jobs, found)
        revision = self.snapshot.revision + bool(changes or more)
        self.snapshot = JobsSnapshot(NAME, revision, at(seconds), found, **more)  # type: ignore[arg-type]
        known = evidence or Evidence(endpoint())
        return self.verdicts.update(self.snapshot, changes, known, Instant(seconds, at(seconds)))

    def kind(self, job_id: JobId = ONE) -> Kind | None:
        verdict = self.verdicts.verdict(job_id)
        return verdict.kind if verdict else None

    def text(self, job_id: JobId, seconds: float) -> str:
        verdict = self.verdicts.explain(job_id, Instant(seconds, at(seconds)))
        assert verdict is not None
        return sentence(verdict, Style(seconds))
