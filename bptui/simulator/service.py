"""What every call needs at hand: the appliance, how it renders, and where bodies are kept."""

from __future__ import annotations

import hashlib
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, TextIO

from bptui.simulator.markup import Style
from bptui.simulator.render.jobs import JobRenderer
from bptui.simulator.requests import Answer, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from bptui.simulator.appliance import Appliance
    from bptui.simulator.jobs import Job
    from bptui.simulator.markup import Elements
    from bptui.simulator.storage import Storage

LARGE_BLOBS = 50_000
LARGE_JOBS = 5_000


class Service:
    """One appliance as its calls see it."""

    def __init__(self, appliance: Appliance, storage: Storage, alarm: TextIO | None = None) -> None:
        options = appliance.options
        self.appliance = appliance
        self.storage = storage
        self.style = Style(is_indented=options.is_indented, has_upper_booleans=options.has_upper_booleans)
        self.jobs = JobRenderer(appliance.release, self.style, appliance.machine.nodes)
        self.skew_seconds = 0.0
        self._alarm = alarm

    def prepare_large(self) -> None:
        """Render the largest answers before anybody asks, so that the first to ask does not wait for it."""
        running = self.appliance.running()
        if len(running) > LARGE_JOBS:
            self.jobs.listing(running)
        for job in running:
            if sum(len(chunk.blobs) for chunk in job.chunks) > LARGE_BLOBS:
                self.jobs.master(job)

    def own_now(self) -> datetime:
        """What the appliance believes the time is, faults included."""
        return self.appliance.clock.own() + timedelta(seconds=self.skew_seconds)

    def warn(self, sentence: str) -> None:
        """Say loudly that somebody did something dangerous."""
        print(f"!!! {sentence}", file=self._alarm or sys.stderr, flush=True)

    def data(self, elements: Elements, headers: dict[str, str] | None = None) -> Answer:
        """An answer whose root has no name of its own."""
        return Answer.of(self.style.document("Data", elements), headers=headers)

    def master(self, job: Job, headers: dict[str, str] | None = None) -> Answer:
        """A job with all its chunks."""
        return Answer.streamed(self.jobs.master(job), headers)

    def any_job(self, job_id: str) -> Job:
        """A job that is still known.

        Raises:
            Refusal: 404 (410 in 3.x).
        """
        job = self.appliance.job(job_id)
        if job is None:
            raise not_found(f"No job is known under the identifier '{job_id}'.", self.appliance.release.gone_status)
        return job

    def running_job(self, job_id: str) -> Job:
        """A job that has not ended.

        Raises:
            Refusal: 404 (410 in 3.x).
        """
        job = self.any_job(job_id)
        if not job.is_running:
            raise not_found(
                f"No active job is known under the identifier '{job_id}'.", self.appliance.release.gone_status
            )
        return job


def not_found(message: str, status: int = 404, code: str = "NotFound") -> Refusal:
    """Something is not there; 3.x answered 410, often with an empty body."""
    return Refusal(status, code, message, is_bare=status == 410)


def handler_version(method: str, resource: str) -> str:
    """A plausible `RequestHandler-Version`: always the same for a call."""
    return f"1.{hashlib.md5(f'{method} {resource}'.encode(), usedforsecurity=False).hexdigest().upper()}"
