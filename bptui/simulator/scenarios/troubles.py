"""What can stand in a job's way, each as a cause and the cure that takes it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.jobs import RequestType
from bptui.simulator.library import Failure, Pool, StorageDomain, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from bptui.simulator.appliance import Appliance
    from bptui.simulator.jobs import Chunk, Job
    from bptui.simulator.library import Tape


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that happens to an appliance and one of its jobs, and how it is put right."""

    cause: Callable[[Appliance, Job], None]
    cure: Callable[[Appliance, Job], None]
    prepare: Callable[[Appliance, Job], None] = lambda _, __: None
    """What has to be so before it happens."""


def happen(
    appliance: Appliance, job: Job, trouble: Trouble, from_seconds: float, for_seconds: float
) -> Generator[float]:
    """A trouble comes after a while, and goes."""
    yield from_seconds
    trouble.cause(appliance, job)
    job.touch()
    yield for_seconds
    trouble.cure(appliance, job)
    job.touch()


def changing(things: Callable[[Appliance, Job], Iterable[object]], **attributes: tuple[object, object]) -> Trouble:
    """Attributes of some things take the first value, and later the second."""

    def change(appliance: Appliance, job: Job, which: int) -> None:
        for thing in things(appliance, job):
            for name, values in attributes.items():
                setattr(thing, name, values[which])

    return Trouble(partial(change, which=0), partial(change, which=1))


of_job = partial(changing, lambda _, job: [job])
of_all_jobs = partial(changing, lambda appliance, _: appliance.running())
of_partitions = partial(changing, lambda appliance, _: appliance.library.partitions)
of_drives = partial(changing, lambda appliance, _: appliance.library.drives)
of_backend = partial(changing, lambda appliance, _: [appliance.machine.backend])
of_machine = partial(changing, lambda appliance, _: [appliance.machine])


def of_tape(state: str, **attributes: object) -> Trouble:
    """The tape of the job's lowest outstanding chunk changes its state."""

    def cause(appliance: Appliance, job: Job) -> None:
        tape = needed_tape(appliance, job)
        tape.previous_state, tape.state = tape.state, state
        for name, value in attributes.items():
            setattr(tape, name, value)
        if state == "EJECTED":
            tape.eject_date = appliance.now() - timedelta(hours=9)

    def cure(appliance: Appliance, _: Job) -> None:
        for tape in appliance.library.tapes.values():
            tape.state = "NORMAL"
            tape.eject_label = tape.eject_location = tape.eject_date = None

    return Trouble(cause, cure)


def needed_tape(appliance: Appliance, job: Job) -> Tape:
    """The tape that a GET or VERIFY needs next."""
    return appliance.library.tapes[needed_chunk(job).tape_id or ""]


def needed_chunk(job: Job) -> Chunk:
    """The chunk that a GET or VERIFY needs next."""
    return next(chunk for chunk in job.chunks if not chunk.is_in_cache)


def _no_media(appliance: Appliance, _: Job) -> None:
    domain = appliance.library.domains[0]
    domain.has_free_media = False
    text = "There is no free media left for the storage domain."
    kind = "WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING"
    appliance.library.fail(Failure("storage_domain", kind, text, appliance.now(), domain.id))


def _media_again(appliance: Appliance, _: Job) -> None:
    appliance.library.domains[0].has_free_media = True


def _target_lost(appliance: Appliance, _: Job) -> None:
    target = Target("bp-remote", is_online=False)
    appliance.library.policies[0].targets.append(target)
    appliance.library.fail(
        Failure("ds3_target", "NOT_ONLINE", "The target cannot be reached.", appliance.now(), target.id)
    )


def _target_back(appliance: Appliance, _: Job) -> None:
    for target in appliance.library.policies[0].targets:
        target.is_online = True


def _pool_ails(appliance: Appliance, job: Job) -> None:
    pool = Pool("arctic blue 1", state="LOST", is_powered_on=False)
    copies = StorageDomain("arctic blue copies", pools=[pool])
    appliance.library.pools.append(pool)
    appliance.library.policies[0].domains.append(copies)
    job.is_media_silent = True


def _pool_heals(appliance: Appliance, job: Job) -> None:
    for pool in appliance.library.pools:
        pool.state, pool.is_powered_on = "NORMAL", True
    job.is_media_silent = False


def _cache_fills(appliance: Appliance, _: Job) -> None:
    free_bytes = appliance.machine.cache.total_bytes * 86 // 100 - appliance.cached_bytes()
    appliance.machine.cache.locked_bytes = max(0, free_bytes)


def _cache_clears(appliance: Appliance, _: Job) -> None:
    appliance.machine.cache.locked_bytes = 0


def _cache_filled_nearly(appliance: Appliance, _: Job) -> None:
    appliance.machine.cache.locked_bytes = appliance.machine.cache.total_bytes * 79 // 100 - appliance.cached_bytes()


def _drives_taken(appliance: Appliance, job: Job) -> None:
    job.is_media_silent = True
    for drive in appliance.library.drives:
        task = appliance.schedule("WriteChunkToTapeTask", "Write Chunk to tape", None)
        task.state, task.started_at, task.drive_id = "IN_PROGRESS", appliance.now(), drive.id


def _queue(appliance: Appliance, job: Job) -> None:
    job.is_media_silent = True
    appliance.schedule("WriteChunkToTapeTask", f"Write Chunk {job.chunks[-1].id} to tape", job)


def _drag(appliance: Appliance, job: Job) -> None:
    job.is_media_silent = True
    if job.request_type is RequestType.PUT:
        stories.begin_writing(appliance, job, next(chunk for chunk in job.chunks if not chunk.is_done))
    else:
        stories.begin_reading(appliance, job, needed_chunk(job))


def _tape_used(appliance: Appliance, job: Job) -> None:
    job.is_media_silent = True
    task = appliance.schedule("VerifyTapeTask", "Verify tape", None)
    task.state, task.started_at = "IN_PROGRESS", appliance.now()
    task.drive_id, task.tape_id = appliance.library.drives[0].id, needed_tape(appliance, job).id


def _tasks_end(appliance: Appliance, job: Job) -> None:
    job.is_media_silent = False
    for task in list(appliance.machine.tasks.values()):
        if not task.job_ids or job.id in task.job_ids:
            appliance.end_task(task)


def _refuse_jobs(appliance: Appliance, job: Job) -> None:
    appliance.machine.backend.allows_new_jobs = False
    appliance.refuse_job(job.user, "New jobs are not accepted at present.")


def _take_jobs(appliance: Appliance, _: Job) -> None:
    appliance.machine.backend.allows_new_jobs = True


def _silence_node(appliance: Appliance, _: Job) -> None:
    appliance.machine.nodes[0].silent_since = appliance.now()


def _wake_node(appliance: Appliance, _: Job) -> None:
    appliance.machine.nodes[0].silent_since = None


def _not_verified(appliance: Appliance, _: Job) -> None:
    text = "Data on tape differ from what was written."
    kind = "CRITICAL_DATA_VERIFICATION_ERROR_REQUIRES_USER_CONFIRMATION"
    appliance.library.fail(Failure("system", kind, text, appliance.now()))


def _log_emptied(appliance: Appliance, _: Job) -> None:
    appliance.library.failures.clear()


def _join(appliance: Appliance, job: Job) -> None:
    job.created_at = appliance.now()
    appliance.add(job)


def _all_arrives(appliance: Appliance, job: Job) -> None:
    appliance.arrive(job, sum(1 for _ in job.blobs()))


def _all_counted(appliance: Appliance, job: Job) -> None:
    job.is_kept_open = True
    _all_arrives(appliance, job)
    for chunk, index, _ in list(job.blobs()):
        if job.request_type is RequestType.PUT:
            job.persist(chunk, drains=False)
        else:
            job.finish_blob(chunk, index)


def _completes(_: Appliance, job: Job) -> None:
    job.is_kept_open = False


def _closed(appliance: Appliance, job: Job) -> None:
    appliance.close(job)
    job.is_kept_open = False


def _nothing(_: Appliance, __: Job) -> None:
    """Nothing happens."""


MESSAGE = "Media 004512L8 isn't available; re-planned onto 004513L8"
_going_on = of_job(is_client_silent=(False, True), is_media_silent=(False, True))
_going_on = replace(_going_on, prepare=_going_on.cure)
_media_silent = of_job(is_media_silent=(True, False))

TROUBLES: dict[str, Trouble] = {
    "client silent": of_job(is_client_silent=(True, False)),
    "media silent": _media_silent,
    "both silent": of_job(is_client_silent=(True, False), is_media_silent=(True, False)),
    "goes on": _going_on,
    "joins": Trouble(_join, _completes, prepare=lambda appliance, job: appliance.forget([job])),
    "all arrives": Trouble(_all_arrives, _closed),
    "all counted": Trouble(_all_counted, _completes),
    "all written": Trouble(_all_counted, _closed),
    "completes": Trouble(lambda appliance, job: appliance.finish(job), _nothing),
    "canceled": Trouble(lambda appliance, job: appliance.cancel(job), _nothing),
    "forgotten": Trouble(lambda appliance, job: appliance.forget([job]), _nothing),
    "all media silent": of_all_jobs(is_media_silent=(True, False)),
    "all clients silent": of_all_jobs(is_client_silent=(True, False)),
    "error message": of_job(
        is_client_silent=(True, False),
        is_media_silent=(True, False),
        error_message=(MESSAGE, ""),
    ),
    "error message only": of_job(error_message=(MESSAGE, "")),
    "backend off": of_backend(is_activated=(False, True)),
    "no new jobs": Trouble(_refuse_jobs, _take_jobs),
    "crowded": of_backend(max_concurrent_jobs=(3, 40_000)),
    "partition quiesced": of_partitions(quiesced=("YES", "NO")),
    "partition offline": of_partitions(state=("OFFLINE", "ONLINE"), error_message=("Library is not responding.", "")),
    "drives in error": of_drives(state=("ERROR", "NORMAL"), error_message=("Drive needs service.", "")),
    "drives reserved": of_drives(reserved_task_type=("READ", "ANY")),
    "drives for higher": of_drives(minimum_task_priority=("URGENT", None)),
    "tape ejected": of_tape("EJECTED", eject_label="offsite wk 44", eject_location="vault B, shelf 7"),
    "tape bad": of_tape("BAD"),
    "tape inspected": of_tape("PENDING_INSPECTION"),
    "no free media": Trouble(_no_media, _media_again),
    "target lost": Trouble(_target_lost, _target_back),
    "pool lost": Trouble(_pool_ails, _pool_heals),
    "cache full": Trouble(_cache_fills, _cache_clears),
    "nearly full": replace(_media_silent, prepare=_cache_filled_nearly),
    "drives busy": Trouble(_drives_taken, _tasks_end),
    "task queued": Trouble(_queue, _tasks_end),
    "tape in use": Trouble(_tape_used, _tasks_end),
    "task drags": Trouble(_drag, _tasks_end),
    "node silent": Trouble(_silence_node, _wake_node),
    "unhealthy": of_machine(is_healthy=(False, True)),
    "database low": of_machine(database_space=("CRITICAL", "NORMAL")),
    "not verified": Trouble(_not_verified, _log_emptied),
    "nothing": Trouble(_nothing, _nothing),
}
"""Troubles by name."""
