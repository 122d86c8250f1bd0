"""Ten nights on which somebody calls: what stands, why, and what else can be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.jobs import RequestType, Status
from bptui.simulator.library import Failure
from bptui.simulator.scenarios.busy import ended, play
from bptui.simulator.scenarios.casting import Role, cast
from bptui.simulator.scenarios.names import GIB
from bptui.simulator.scenarios.plots import RULES, Plot, perform
from bptui.simulator.scenarios.troubles import needed_tape

if TYPE_CHECKING:
    from collections.abc import Callable

    from bptui.simulator.appliance import Appliance
    from bptui.simulator.jobs import Job

PUT, GET = RequestType.PUT, RequestType.GET
MB = stories.MEGABYTE
HOUR = 3600.0

CROWD = (
    ("offsite full week 47", "veeam-offsite", "svc-veeam", 11_000, 1.0, 0.46),
    ("survey 114 line 7", "seismic-north", "lindqvist", 5_100, 0.61, 0.22),
    ("PUT by 10.24.8.61", "dailies-2026", "mbarros", 1_800, 0.8, 0.4),
)
"""Uploads that any night has: name, bucket, user, size in GiB, received, written."""


def crowd(appliance: Appliance, client_rate: float = 300 * MB, tape_rate: float = 400 * MB) -> list[Job]:
    """The usual uploads."""
    jobs = []
    for name, bucket, user, size, cached, completed in CROWD:
        role = Role(name, bucket, user, PUT, size * GIB, 120 * GIB, cached, completed, 3 * HOUR)
        jobs.append(play(appliance, role, client_rate, tape_rate))
    return jobs


def _at_once(rule: str) -> Plot:
    return replace(RULES[rule], begins_seconds=0.0, lasts_seconds=12 * HOUR)


def restore_has_not_arrived(appliance: Appliance) -> None:
    """The tape that the restore needs was ejected; uploads go on."""
    crowd(appliance)
    perform(appliance, _at_once("M1"))


def ingest_fails_with_503(appliance: Appliance) -> None:
    """The cache is reserved to its throttle point, and what should drain it is slow."""
    crowd(appliance, tape_rate=40 * MB)
    perform(appliance, _at_once("P5"))


def nothing_goes_to_tape(appliance: Appliance) -> None:
    """Every drive is in error, with failures to show for it."""
    crowd(appliance)
    perform(appliance, _at_once("M3"))
    for minutes, drive in enumerate(appliance.library.drives, 47):
        at = appliance.now() - timedelta(minutes=minutes)
        partition = appliance.library.partitions[0].id
        appliance.library.fail(
            Failure("tape_partition", "TAPE_DRIVE_IN_ERROR", f"Drive {drive.serial_number}", at, partition)
        )


def no_scratch_tapes(appliance: Appliance) -> None:
    """The storage domain has no free media left."""
    crowd(appliance)
    perform(appliance, _at_once("M4"))


def after_a_power_cut(appliance: Appliance) -> None:
    """The data path is not activated, one node is silent, the partition is quiesced."""
    crowd(appliance)
    perform(appliance, _at_once("X4"))
    appliance.machine.nodes[0].silent_since = appliance.now() - timedelta(minutes=31)
    appliance.library.partitions[0].quiesced = "YES"


def backup_must_be_done_by_six(appliance: Appliance) -> None:
    """A backup moves steadily on both sides; whether it will be done can be reckoned."""
    role = Role("offsite full week 47", "veeam-offsite", "svc-veeam", PUT, 9000 * GIB, 60 * GIB, 0.71, 0.55, 5 * HOUR)
    play(appliance, role, 500 * MB, 350 * MB)


def upload_disappeared(appliance: Appliance) -> None:
    """An upload was canceled by the idle timer three hours ago, partly received."""
    crowd(appliance)
    job = cast(appliance, Role("vfx drop 18", "vfx-plates", "tanaka", PUT, 64 * GIB, 16 * GIB, 0.42, 0.0, 30 * HOUR))
    job.is_canceled_due_to_timeout = True
    job.end(Status.CANCELED, appliance.now() - timedelta(hours=3))


def second_copy_is_missing(appliance: Appliance) -> None:
    """The second appliance cannot be reached."""
    crowd(appliance)
    perform(appliance, _at_once("M6"))


def tape_goes_bad(appliance: Appliance) -> None:
    """A tape failed to read; the job was re-planned onto another and says so."""
    crowd(appliance)
    job = perform(appliance, _at_once("X6"))
    reading = perform(appliance, _at_once("M1-bad"))
    reading.rechunked_at = job.rechunked_at = appliance.now() - timedelta(minutes=22)
    tape, drive = needed_tape(appliance, reading), appliance.library.drives[1]
    for minutes, text in ((24, "READ_FAILED"), (23, "READ_FAILED"), (22, "DATA_CHECKPOINT_FAILURE")):
        at = appliance.now() - timedelta(minutes=minutes)
        appliance.library.fail(Failure("tape", text, "Medium error at 0x3f2a", at, tape.id, drive.id))


def who_is_blind(appliance: Appliance) -> None:
    """All is well with the jobs, and after half a minute the appliance does not answer any more."""
    crowd(appliance)


NIGHTS: dict[str, Callable[[Appliance], None]] = {
    "night-1": restore_has_not_arrived,
    "night-2": ingest_fails_with_503,
    "night-3": nothing_goes_to_tape,
    "night-4": no_scratch_tapes,
    "night-5": after_a_power_cut,
    "night-6": backup_must_be_done_by_six,
    "night-7": upload_disappeared,
    "night-8": second_copy_is_missing,
    "night-9": tape_goes_bad,
    "night-10": who_is_blind,
}
"""The nights by name."""

FAULTS: dict[str, tuple[str, ...]] = {"night-10": ("reset:from=30,for=36000",)}
"""What a night brings with it that lies between the client and the appliance."""


def populate(appliance: Appliance, name: str) -> None:
    """A night, with what had ended before."""
    ended(appliance)
    NIGHTS[name](appliance)
