"""Making jobs for scenarios: objects into blobs, blobs into chunks, and a past for what has already happened."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Job, RequestType
from bptui.simulator.scenarios.names import FAMILIES, GIB
from bptui.simulator.splitting import chunks_of, parts_of
from bptui.simulator.stories import every_other_drains

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bptui.simulator.appliance import Appliance


@dataclass(frozen=True, slots=True)
class Role:
    """A job as a scenario wants it: who, where, how large, how far."""

    name: str
    bucket: str
    user: str
    request_type: RequestType
    total_bytes: int
    chunk_bytes: int = 100 * GIB
    cached: float = 0.0
    completed: float = 0.0
    age_seconds: float = 600.0
    attributes: Mapping[str, object] = field(default_factory=dict)
    """Further fields of `Job`."""
    split_bytes: int = 0
    """The size of one object that comes in parts; 0 for none."""
    superseded_every: int = 0
    """Every how many-th object is no longer the latest version; 0 for none."""

    def received(self, fraction: float) -> Role:
        """The same role with this much of its bytes in the cache."""
        return replace(self, cached=fraction)

    def with_attributes(self, **attributes: object) -> Role:
        """The same role with further fields of `Job` set."""
        return replace(self, attributes={**self.attributes, **attributes})


def generator_for(appliance: Appliance, *words: object) -> random.Random:
    """A generator of its own for each thing, so that one more job does not change the others."""
    return random.Random(f"{appliance.options.seed}/{words!r}")


def new_blob(bucket: str, index: int, rng: random.Random) -> Blob:
    """One more object of a bucket's family."""
    family = FAMILIES[bucket]
    return Blob(new_uuid(rng), family.name(index, rng), family.size(rng), new_uuid(rng))


def cast(appliance: Appliance, role: Role) -> Job:
    """The job of a role, added to the appliance with its past."""
    rng = generator_for(appliance, role.name, role.bucket, len(appliance.jobs))
    user = appliance.add_user(role.user)
    job = Job(
        id=new_uuid(rng),
        name=role.name,
        bucket=appliance.add_bucket(role.bucket, user, age_days=200 + 37 * len(role.bucket)),
        user=user,
        request_type=role.request_type,
        created_at=appliance.now() - timedelta(seconds=int(role.age_seconds)),
        chunks=chunks_of(appliance.release, _blobs(role, rng), rng, role.chunk_bytes),
    )
    for name, value in role.attributes.items():
        setattr(job, name, value)
    _give_past(appliance, job, role)
    appliance.add(job)
    job.created_seconds = appliance.moment_seconds - role.age_seconds
    return job


def _blobs(role: Role, rng: random.Random) -> list[Blob]:
    blobs: list[Blob] = []
    if role.split_bytes:
        blobs += parts_of(f"masters/feature_final_{rng.randint(1, 9)}.mxf", role.split_bytes, rng)
    left_bytes = role.total_bytes - role.split_bytes
    while left_bytes > 0:
        blob = new_blob(role.bucket, len(blobs), rng)
        if role.superseded_every and len(blobs) % role.superseded_every == role.superseded_every - 1:
            blob.is_latest = False
        elif rng.random() < 0.05:
            blob.version = 2
        blobs.append(blob)
        left_bytes -= blob.length
    return blobs


def _give_past(appliance: Appliance, job: Job, role: Role) -> None:
    is_put = job.request_type is RequestType.PUT
    for chunk in job.chunks:
        for index, blob in enumerate(chunk.blobs):
            if job.cached_bytes + blob.length <= job.original_bytes * role.cached + 1:
                chunk.assign(appliance.machine.nodes[0].id)
                job.cache(chunk, index)
                if not is_put and job.completed_bytes + blob.length <= job.original_bytes * role.completed + 1:
                    job.finish_blob(chunk, index)
    if is_put:
        for chunk in job.chunks:
            if chunk.is_in_cache and job.completed_bytes + chunk.size_bytes <= job.original_bytes * role.completed + 1:
                job.persist(chunk, drains=every_other_drains(chunk))
