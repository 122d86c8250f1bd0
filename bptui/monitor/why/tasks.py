"""What the back end's tasks say about a job; their text is searched for chunk ids and for nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

from bptui.model.evidence import BlobStoreTask, TaskState
from bptui.model.verdict import Actor, At, Grade, Kind, Phrase
from bptui.monitor.why.derive import Case
from bptui.monitor.why.drives import usable_drives
from bptui.monitor.why.limits import Side
from bptui.monitor.why.obstacle import Obstacle

_ids_in = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").findall
"""The ids in a task's text; none but those of the job's own chunks mean anything."""

_WAITING = {TaskState.READY, TaskState.PENDING_EXECUTION, TaskState.NOT_READY}


_OVERLONG_LIMITS = 2
"""How many times the normal pause a task may run until it explains a wait no longer, and is itself what is waited for."""


def find_own_task(case: Case) -> Obstacle | None:
    """M7: a task that works for this job; one that is surely its own before another on its tape, a running one first."""
    tasks = case.facts.endpoint.tasks.known or ()
    own = [task for task in tasks if _is_own(case, task)]
    near = [task for task in tasks if _is_on_tape(case, task)]
    return _first(case, own, Grade.TOLD) or _first(case, near, Grade.LIKELY)


_DOUBT: Phrase = ("Whether it works for this job or for another on the same tape is not told by this release",)


def _is_own(case: Case, task: BlobStoreTask) -> bool:
    if task.job_ids is not None:
        return case.job.job_id in task.job_ids
    return _names_chunk(case, f"{task.name or ''} {task.description or ''}".lower())


def _is_on_tape(case: Case, task: BlobStoreTask) -> bool:
    tape = None if case.is_put else case.facts.tape.known
    return task.job_ids is None and tape is not None and task.tape_id == tape.tape_id


def _names_chunk(case: Case, text: str) -> bool:
    chunk, detail = case.facts.chunk.known, case.facts.detail
    own = detail.chunk_ids if detail else frozenset()
    return any(name in own or (chunk is not None and name == chunk.chunk_id) for name in _ids_in(text))


def _first(case: Case, tasks: list[BlobStoreTask], grade: Grade) -> Obstacle | None:
    running = next((task for task in tasks if task.state == TaskState.IN_PROGRESS), None)
    task = running or next((task for task in tasks if task.state in _WAITING), None)
    if task is None:
        return None
    found = _running(case, task, grade) if running else _waiting(task, grade)
    return found if grade is Grade.TOLD else replace(found, cause=(*found.cause, _DOUBT))


def _running(case: Case, task: BlobStoreTask, grade: Grade) -> Obstacle:
    if _is_overlong(case, task):
        cause: Phrase = (*_running_phrase(case, task), ", more than twice as long as is normal")
        grade = Grade.FOLLOWS if grade is Grade.TOLD else grade
        return Obstacle("M7", Kind.MEDIA, grade, Actor.ADMIN, (cause,), _used(task))
    cause = (*_running_phrase(case, task), "; counters move when its chunk is finished")
    return Obstacle("M7", Kind.WORKING, grade, Actor.NOBODY, (cause,), _used(task))


def _waiting(task: BlobStoreTask, grade: Grade) -> Obstacle:
    return Obstacle("M7", Kind.QUEUED, grade, Actor.NOBODY, (_waiting_phrase(task),), _used(task))


def _used(task: BlobStoreTask) -> frozenset[str]:
    own = {"blob_store_task"}
    return frozenset(own if task.job_ids is not None else own | {"tape", "job_chunk_dao", "job detail"})


def _is_overlong(case: Case, task: BlobStoreTask) -> bool:
    if task.date_started is None:
        return False
    started = case.now.seconds_of(task.date_started) - case.facts.endpoint.clock_ahead_seconds
    side = Side.DRAIN if case.is_put else Side.STAGE if case.is_get else Side.CHECK
    return case.has_passed(started, _OVERLONG_LIMITS * case.limit(side))


def _running_phrase(case: Case, task: BlobStoreTask) -> Phrase:
    drives = case.facts.endpoint.drives.known or ()
    serial = next((drive.serial_number for drive in drives if drive.drive_id == task.drive_id), None)
    where = f" on drive {serial or task.drive_id}" if task.drive_id else ""
    since: Phrase = (" since ", At(task.date_started)) if task.date_started else ()
    return (f"Task “{task.name or task.task_id}” runs{where}", *since)


def _waiting_phrase(task: BlobStoreTask) -> Phrase:
    when: Phrase = (" ", At(task.date_scheduled)) if task.date_scheduled else ()
    priority = f" ({task.priority.value})" if task.priority else ""
    return ("Task scheduled", *when, f"{priority}, not started")


def find_busy_drives(case: Case) -> Obstacle | None:
    """M8: every drive that could run the job has a task."""
    usable = usable_drives(case)
    tasks = case.facts.endpoint.tasks.known or ()
    usable_ids = {drive.drive_id for drive in usable}
    running = {task.drive_id for task in tasks if task.state == TaskState.IN_PROGRESS and task.drive_id}
    if not usable or not usable_ids <= running:
        return None
    is_release_mute = all(task.job_ids is None for task in tasks)
    doubt = "which jobs they serve is not told by this release" if is_release_mute else "none of them serves this job"
    cause: Phrase = (f"All {len(usable)} usable drives are busy; {doubt}",)
    used = frozenset({"blob_store_task", "tape_drive"})
    return Obstacle("M8", Kind.QUEUED, Grade.LIKELY, Actor.NOBODY, (cause,), used)
