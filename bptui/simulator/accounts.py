"""Who works with the appliance: users with their keys, and buckets."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bptui.simulator.identity import uuid_of

if TYPE_CHECKING:
    from datetime import datetime

    from bptui.simulator.storage import StoredObject


@dataclass(frozen=True, slots=True)
class User:
    """Someone with an access id and a (made-up) secret key; access ids are the name in base64, as in real life."""

    name: str
    is_administrator: bool = False

    @property
    def id(self) -> str:
        """The user's UUID."""
        return uuid_of("user", self.name)

    @property
    def access_id(self) -> str:
        """What stands before the colon in `Authorization`."""
        return base64.b64encode(self.name.encode()).decode()

    @property
    def secret_key(self) -> str:
        """A secret key that protects nothing."""
        return f"pretend-{uuid_of('secret', self.name)[:8]}"


@dataclass(slots=True, eq=False)
class Bucket:
    """A bucket."""

    name: str
    owner: User
    created_at: datetime
    id: str
    data_policy_id: str
    last_preferred_chunk_bytes: int | None = None
    objects: dict[str, StoredObject] = field(default_factory=dict)
    """What was put into it, by name."""

    @property
    def used_bytes(self) -> int:
        """The size of all that is in it."""
        return sum(each.size_bytes for each in self.objects.values())
