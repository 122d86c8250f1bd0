"""What the back end's tasks say about a job; their text is searched for chunk ids and for nothing else."""

from __future__ import annotations

import re

from bptui.model.evidence import BlobStoreTask, TaskState
from bptui.model.verdict import Actor, At, Grade, Kind, Phrase
from bptui.monitor.why.derive import Case
from bptui.monitor.why.drives import usable_drives
from bptui.monitor.why.obstacle import Obstacle

_ids_in = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").findall
"""The ids in a task's text; none but those of the job's own chunks mean anything."""

_WAITING = {TaskState.READY, TaskState.PENDING_EXECUTION, TaskState.NOT_READY}


def find_own_task(case: Case) -> Obstacle | None:
    """M7: a task that works for this job; one that runs counts before one that waits."""
    tasks = [task for task in case.facts.endpoint.tasks.known or () if _is_own(case, task)]
    running = next((task for task in tasks if task.state == TaskState.IN_PROGRESS), None)
    if running:
        return Obstacle("M7", Kind.WORKING, Grade.TOLD, Actor.NOBODY, (_running_phrase(case, running),), _used(running))
    waiting = next((task for task in tasks if task.state in _WAITING), None)
    if waiting:
        return Obstacle("M7", Kind.QUEUED, Grade.TOLD, Actor.NOBODY, (_waiting_phrase(waiting),), _used(waiting))
    return None


def _used(task: BlobStoreTask) -> frozenset[str]:
    own = {"blob_store_task"}
    return frozenset(own if task.job_ids is not None else own | {"tape", "job_chunk_dao", "job detail"})


def _is_own(case: Case, task: BlobStoreTask) -> bool:
    if task.job_ids is not None:
        return case.job.job_id in task.job_ids
    tape = None if case.is_put else case.facts.tape.known
    if tape and task.tape_id == tape.tape_id:
        return True
    return _names_chunk(case, f"{task.name or ''} {task.description or ''}".lower())


def _names_chunk(case: Case, text: str) -> bool:
    chunk, detail = case.facts.chunk.known, case.facts.detail
    own = detail.chunk_ids if detail else frozenset()
    return any(name in own or (chunk is not None and name == chunk.chunk_id) for name in _ids_in(text))


def _running_phrase(case: Case, task: BlobStoreTask) -> Phrase:
    drives = case.facts.endpoint.drives.known or ()
    serial = next((drive.serial_number for drive in drives if drive.drive_id == task.drive_id), None)
    where = f" on drive {serial or task.drive_id}" if task.drive_id else ""
    since: Phrase = (" since ", At(task.date_started)) if task.date_started else ()
    return (f"Task “{task.name or task.task_id}” runs{where}", *since, "; counters move when its chunk is finished")


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
