"""Everything known about the jobs of one appliance at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Job, JobId, JobRecord


@dataclass(frozen=True, slots=True)
class JobsSnapshot:
    """The list as the last good poll told it, with what other calls added.

    Two snapshots with equal `jobs`, `ended` and `records` are the same news, whatever their `at`.
    """

    endpoint: EndpointName
    revision: int
    """Grows by one with each change of content."""
    at: datetime
    """When the answer arrived, UTC."""
    jobs: Mapping[JobId, Job] = field(default_factory=dict)
    """The running jobs in the order of the answer."""
    ended: Mapping[JobId, EndedJob] = field(default_factory=dict)
    """Jobs that ended while watched, and older ones when they were asked for."""
    records: Mapping[JobId, JobRecord] = field(default_factory=dict)
    """What `active_job` adds to running jobs (error message, flags); may lag behind by a minute."""

    def job(self, job_id: JobId) -> Job | None:
        """The job's last known attributes, running or ended; None when it was never seen."""
        if job_id in self.jobs:
            return self.jobs[job_id]
        ended = self.ended.get(job_id)
        return ended.job if ended else None
