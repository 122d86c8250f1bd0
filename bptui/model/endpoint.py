"""An appliance as the person configured it: where it is, who asks, and what may be done there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NewType

EndpointName = NewType("EndpointName", str)
"""The name a person gave to an appliance; unique in a config file."""

ENVIRONMENT_ENDPOINT = EndpointName("env")
"""The name of the endpoint that DS3_ENDPOINT, DS3_ACCESS_KEY and DS3_SECRET_KEY describe."""

DEFAULT_INTERVAL_SECONDS = 5.0
MINIMUM_INTERVAL_SECONDS = 1.0
MAXIMUM_INTERVAL_SECONDS = 86400.0


class Writes(Enum):
    """Whether closing an aggregating job is possible at an endpoint."""

    NO = "no"
    """Never, in no session."""
    ASK = "ask"
    """Sessions start locked, and unlocking asks."""
    YES = "yes"
    """Sessions start unlocked."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Everything but the secret that is needed to talk to one appliance."""

    name: EndpointName
    url: str
    """`http[s]://host[:port]`, without a path; the data path address of the appliance."""
    access_id: str
    writes: Writes = Writes.ASK
    interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    is_prod: bool = False
    """Whether acting here asks for typed confirmation and the screen has its own accent."""
    ca_file: Path | None = None
    pin_sha256: str | None = None
    """The SHA-256 of the one leaf certificate that is accepted: 64 lower-case hex digits, no colons."""
    is_insecure: bool = False
    """Whether any certificate is accepted: self-signed is the factory state of an appliance."""
    proxy: str | None = field(default=None, repr=False)
    """A proxy URL, perhaps with a password, so it stays out of reprs; None: as the environment says; the empty string: none at all."""

    @property
    def is_https(self) -> bool:
        """Whether the connection is encrypted."""
        return self.url.startswith("https://")
