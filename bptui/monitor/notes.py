"""Notes: the lines of the events pane, one function for each kind of news."""

from __future__ import annotations

from datetime import datetime

from bptui.model.endpoint import EndpointName
from bptui.model.job import EndedJob, Ending, Job
from bptui.model.problem import Problem
from bptui.monitor.events import CloseFinished, Noted, NoteKind
from bptui.units import duration_text, size_text

_ENDINGS = {
    Ending.COMPLETED: (NoteKind.COMPLETED, "completed"),
    Ending.CANCELED: (NoteKind.CANCELED, "was canceled"),
    Ending.GONE: (NoteKind.GONE, "is no longer known to the appliance"),
    Ending.UNKNOWN: (NoteKind.GONE, "left the list, and how it ended could not be read"),
}


def started(endpoint: EndpointName, at: datetime, job: Job) -> Noted:
    """A job appeared in the list."""
    return _of_job(endpoint, at, NoteKind.STARTED, job, "started")


def grew(endpoint: EndpointName, at: datetime, before: Job, after: Job) -> Noted:
    """More was added to a job."""
    more = after.original_size_bytes - before.original_size_bytes
    return _of_job(endpoint, at, NoteKind.GREW, after, f"grew by {size_text(more)}")


def went_back(endpoint: EndpointName, at: datetime, job: Job) -> Noted:
    """A byte counter is smaller than it was, which no counter becomes by itself."""
    return _of_job(endpoint, at, NoteKind.COUNTERS_WENT_BACK, job, "counts fewer bytes than before")


def aggregation_ended(endpoint: EndpointName, at: datetime, job: Job) -> Noted:
    """A job takes no more uploads."""
    return _of_job(endpoint, at, NoteKind.AGGREGATION_ENDED, job, "no longer aggregates")


def ended(endpoint: EndpointName, at: datetime, ending: EndedJob) -> Noted:
    """A job left the list."""
    kind, words = _ENDINGS[ending.ending]
    record = ending.record
    if record and record.is_canceled_due_to_timeout:
        words += " by the idle timer"
    if record and record.error_message:
        words += f": “{record.error_message}”"
    return _of_job(endpoint, at, kind, ending.job, words)


def closed(finished: CloseFinished) -> Noted:
    """A close came to its end."""
    return Noted(finished.endpoint, finished.at, NoteKind.CLOSE, finished.job_id, finished.sentence)


def went_down(endpoint: EndpointName, at: datetime, problem: Problem) -> Noted:
    """An endpoint cannot be read any more."""
    return Noted(endpoint, at, NoteKind.ENDPOINT, None, problem.sentence)


def defect(endpoint: EndpointName, at: datetime, problem: Problem) -> Noted:
    """Something of ours failed; watching goes on without it."""
    return Noted(endpoint, at, NoteKind.ENDPOINT, None, f"{problem.sentence} {problem.advice}")


def came_back(endpoint: EndpointName, at: datetime, down_seconds: float) -> Noted:
    """An endpoint can be read again."""
    return Noted(endpoint, at, NoteKind.ENDPOINT, None, f"Answers again, after {duration_text(down_seconds)}.")


def _of_job(endpoint: EndpointName, at: datetime, kind: NoteKind, job: Job, what: str) -> Noted:
    name = f" “{job.name}”" if job.name else ""
    return Noted(endpoint, at, kind, job.job_id, f"{job.request_type.value}{name} {what}")
