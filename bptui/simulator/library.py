"""What data is kept on: tape partitions, drives and tapes, disk pools, storage domains, policies, and their failures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bptui.simulator.identity import uuid_of
from bptui.simulator.jobs import Priority, RequestType

if TYPE_CHECKING:
    from datetime import datetime

    from bptui.simulator.jobs import Job

TERABYTE = 10**12


@dataclass(slots=True)
class Partition:
    """A part of the tape library with drives and slots of its own."""

    name: str
    state: str = "ONLINE"
    quiesced: str = "NO"
    error_message: str = ""
    drive_type: str = "LTO8"
    reserved_read_drives: int = 0
    reserved_write_drives: int = 0

    @property
    def id(self) -> str:
        """The partition's UUID."""
        return uuid_of("tape partition", self.name)

    @property
    def is_usable(self) -> bool:
        """Whether its drives can run anything."""
        return self.state == "ONLINE" and self.quiesced == "NO"


@dataclass(slots=True)
class Drive:
    """A tape drive."""

    serial_number: str
    partition: Partition
    state: str = "NORMAL"
    quiesced: str = "NO"
    reserved_task_type: str = "ANY"
    minimum_task_priority: str | None = None
    error_message: str = ""
    needs_cleaning: bool = False
    tape_id: str | None = None

    @property
    def id(self) -> str:
        """The drive's UUID."""
        return uuid_of("tape drive", self.serial_number)

    def can_run(self, job: Job) -> bool:
        """Whether it would work for a job: in order, not reserved for something else, not only for others."""
        if self.state != "NORMAL" or self.quiesced != "NO" or not self.partition.is_usable:
            return False
        if job.request_type is RequestType.VERIFY:
            return True
        wanted = "WRITE" if job.request_type is RequestType.PUT else "READ"
        return self.reserved_task_type in ("ANY", wanted) and self._takes(job.priority)

    def _takes(self, priority: Priority) -> bool:
        ranks = list(Priority)
        return not self.minimum_task_priority or ranks.index(priority) <= ranks.index(
            Priority(self.minimum_task_priority)
        )


@dataclass(slots=True)
class Tape:
    """A cartridge."""

    bar_code: str
    partition: Partition | None
    state: str = "NORMAL"
    previous_state: str | None = None
    eject_date: datetime | None = None
    eject_label: str | None = None
    eject_location: str | None = None
    is_full: bool = False
    is_write_protected: bool = False

    @property
    def id(self) -> str:
        """The tape's UUID."""
        return uuid_of("tape", self.bar_code)


@dataclass(slots=True)
class Pool:
    """A disk pool."""

    name: str
    state: str = "NORMAL"
    health: str = "OK"
    quiesced: str = "NO"
    is_powered_on: bool = True
    used_bytes: int = 30 * TERABYTE
    total_bytes: int = 96 * TERABYTE

    @property
    def id(self) -> str:
        """The pool's UUID."""
        return uuid_of("pool", self.name)

    @property
    def partition_id(self) -> str:
        """The UUID of the pool partition it belongs to."""
        return uuid_of("pool partition", self.name)


@dataclass(slots=True)
class StorageDomain:
    """Where one copy goes: partitions and pools that are filled one after the other."""

    name: str
    partitions: list[Partition] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    has_free_media: bool = True

    @property
    def id(self) -> str:
        """The storage domain's UUID."""
        return uuid_of("storage domain", self.name)


@dataclass(slots=True)
class Target:
    """A second appliance or a cloud that copies go to; its own record holds secrets and is not played."""

    name: str
    kind: str = "ds3"
    """`ds3`, `s3` or `azure`."""
    is_online: bool = True

    @property
    def id(self) -> str:
        """The target's UUID."""
        return uuid_of("target", self.kind, self.name)


@dataclass(slots=True)
class Policy:
    """A data policy: the storage domains and targets that hold a copy each."""

    name: str
    domains: list[StorageDomain] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The policy's UUID."""
        return uuid_of("data policy", self.name)


@dataclass(frozen=True, slots=True)
class Failure:
    """One dated entry of a failure list; entries stay until somebody deletes them."""

    kind: str
    """The list it stands in: `tape_partition`, `storage_domain`, `tape`, `pool`, `system`, `ds3_target` and so on."""
    type: str
    message: str
    at: datetime
    subject_id: str | None = None
    """The thing that failed; for a tape, the tape."""
    drive_id: str | None = None


class Library:
    """All media of an appliance, by default one partition with four drives and one copy of everything."""

    def __init__(self) -> None:
        partition = Partition("LTO8-A")
        self.partitions = [partition]
        self.drives = [Drive(f"10WT00{number:04d}", partition) for number in range(2147, 2151)]
        self.written = [Tape(f"{number:06d}L8", partition) for number in range(4501, 4541)]
        self.scratch = [Tape(f"{number:06d}L8", partition) for number in range(4541, 4549)]
        """What is written now; nothing is read from these."""
        self.tapes = {tape.id: tape for tape in (*self.written, *self.scratch)}
        self.pools: list[Pool] = []
        domain = StorageDomain("tape-first-copy", [partition])
        self.policies = [Policy("one tape copy", [domain])]
        self.failures: list[Failure] = []

    @property
    def domains(self) -> list[StorageDomain]:
        """Every storage domain of the policies, once."""
        return list({domain.id: domain for policy in self.policies for domain in policy.domains}.values())

    def policy(self, policy_id: str) -> Policy | None:
        """The policy with this id."""
        return next((each for each in self.policies if each.id == policy_id), None)

    def usable_drives(self, job: Job) -> list[Drive]:
        """The drives that would work for a job."""
        return [drive for drive in self.drives if drive.can_run(job)]

    def can_write(self, job: Job) -> bool:
        """Whether every copy of a PUT can be written now."""
        policy = self.policy(job.bucket.data_policy_id)
        if policy is None or not self.usable_drives(job):
            return False
        return all(domain.has_free_media for domain in policy.domains) and all(
            each.is_online for each in policy.targets
        )

    def can_read(self, job: Job, tape_id: str | None) -> bool:
        """Whether a chunk can be read from its tape now."""
        tape = self.tapes.get(tape_id or "")
        return bool(self.usable_drives(job)) and (tape is None or tape.state == "NORMAL")

    def fail(self, failure: Failure) -> None:
        """Write an entry into a failure list."""
        self.failures.append(failure)
