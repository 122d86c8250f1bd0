"""An answer of the appliance kept raw, for the person who wants to see it as it came."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

HEAD_BYTES = 64 * 1024
"""How much of a body is kept."""


class RawAnswer(NamedTuple):
    """Status, headers and the beginning of a body; never holds a request, so never a signature."""

    request_line: str
    """Method and path with query, such as `GET /_rest_/job`."""
    status: int
    headers: tuple[tuple[str, str], ...]
    head: bytes
    """The first 64 KiB of the decoded body at most."""
    size_bytes: int
    """How much of the body was read."""
    is_complete: bool
    """Whether the body was read to its end."""
    at: datetime
    """When the answer began, UTC."""
    took_seconds: float
