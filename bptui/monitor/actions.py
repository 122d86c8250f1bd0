"""Wishes: what a person asks the monitor to do, as frozen values that can be shown, compared and recorded."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId


@dataclass(frozen=True, slots=True)
class CloseJobs:
    """End the aggregation of these jobs, one after the other, each at most once."""

    endpoint: EndpointName
    job_ids: tuple[JobId, ...]
    reason: str = ""
    """Why, or a ticket: goes into the audit file only."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Allow closing jobs at an endpoint for the rest of this session."""

    endpoint: EndpointName


@dataclass(frozen=True, slots=True)
class Lock:
    """Forbid closing jobs at an endpoint until it is unlocked."""

    endpoint: EndpointName


@dataclass(frozen=True, slots=True)
class ShowEnded:
    """Add the jobs that ended before watching began to the list, or take them out again.

    They are asked for at most once a minute, because that answer holds 30 days of jobs.
    """

    endpoint: EndpointName
    is_shown: bool = True


Wish = CloseJobs | Unlock | Lock | ShowEnded
