"""Running jobs taken together by user, bucket or reason: who holds the cache, and where it stands; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.verdict import Kind, KindClass
from bptui.model.vocabulary import RequestType

KindOf = Callable[[JobId], Kind | None]


class Grouping(Enum):
    """By what jobs are taken together; the value is its name on the screen."""

    USER = "user"
    BUCKET = "bucket"
    WHY = "why"

    @classmethod
    def after(cls, grouping: Grouping | None) -> Grouping | None:
        """The one that the key comes to next; None when jobs are listed one by one."""
        members: list[Grouping | None] = [*cls, None]
        return members[(members.index(grouping) + 1) % len(members)]

    def name_of(self, job: Job, kind: Kind | None) -> str | None:
        """To which group a job belongs; None where the appliance does not tell."""
        if self is Grouping.USER:
            return job.user_name
        if self is Grouping.BUCKET:
            return job.bucket_name
        return (kind or Kind.WATCHING).value


class GroupKey(NamedTuple):
    """A group among several appliances and groupings."""

    endpoint: EndpointName
    grouping: Grouping
    name: str | None


@dataclass(slots=True)
class Group:
    """Some running jobs in a few numbers."""

    name: str | None
    jobs: int = 0
    moving: int = 0
    stalled: int = 0
    held_bytes: int = 0
    """Received and not yet on all copies: a lower bound of what they hold in the cache."""

    def add(self, job: Job, kind: Kind | None) -> None:
        """Count one more job."""
        self.jobs += 1
        self.held_bytes += held_bytes(job)
        if kind is not None:
            self.moving += kind.kind_class is KindClass.MOVES
            self.stalled += kind.is_stalled


def held_bytes(job: Job) -> int:
    """What a PUT has received and not yet put on all copies; nothing for other jobs."""
    if job.request_type != RequestType.PUT or not job.is_running:
        return 0
    return max(0, job.cached_size_bytes - job.completed_size_bytes)


def groups(jobs: Iterable[Job], grouping: Grouping, kind_of: KindOf) -> dict[str | None, Group]:
    """Take jobs together."""
    found: dict[str | None, Group] = {}
    for job in jobs:
        kind = kind_of(job.job_id)
        name = grouping.name_of(job, kind)
        group = found.get(name)
        if group is None:
            group = found[name] = Group(name)
        group.add(job, kind)
    return found


def ranked(found: dict[str | None, Group], held: Sequence[str | None] | None) -> list[Group]:
    """Who holds most first; with `held` groups listed before keep their places and new ones come last."""
    if held is None:
        return sorted(found.values(), key=_rank)
    rest = dict(found)
    kept = [rest.pop(name) for name in held if name in rest]
    return kept + sorted(rest.values(), key=_rank)


def _rank(group: Group) -> tuple[int, int, str]:
    return -group.held_bytes, -group.jobs, group.name or ""
