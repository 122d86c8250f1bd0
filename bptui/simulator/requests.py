"""A request as it arrived, and the answer or refusal that goes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from bptui.simulator.accounts import User

REST = "/_rest_/"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a mistake of ours
    """The appliance says no: becomes an `Error` body with this status and code (DS3 API reference, `Error`)."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None, *, is_bare: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.is_bare = is_bare
        """Whether the body is empty."""


@dataclass(slots=True)
class Answer:
    """What goes back: a status, the body in blocks whose length is known, and headers beyond the usual ones."""

    status: int = 200
    blocks: Iterable[bytes] = ()
    length_bytes: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = "text/xml;charset=UTF-8"

    @classmethod
    def of(cls, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        """An answer with a small body."""
        return cls(status, (body,), len(body), dict(headers or {}))

    @classmethod
    def streamed(cls, blocks: list[bytes], headers: Mapping[str, str] | None = None) -> Answer:
        """An answer in blocks that are already there."""
        return cls(200, blocks, sum(map(len, blocks)), dict(headers or {}))

    @classmethod
    def nothing(cls, status: int = 204, headers: Mapping[str, str] | None = None) -> Answer:
        """An answer without a body."""
        return cls(status, (), 0, dict(headers or {}), None)


@dataclass(slots=True)
class Request:
    """One request: the literal target for signatures, decoded parts for routing."""

    method: str
    raw_path: str
    raw_query: str
    headers: dict[str, str]
    """By lower-case name; several values joined with a comma."""
    body: AsyncIterator[bytes]
    user: User | None = None
    query: dict[str, str] = field(init=False)
    """By lower-case name; a flag has an empty value."""
    path: str = field(init=False)

    def __post_init__(self) -> None:
        """Decode path and query."""
        self.path = unquote(self.raw_path)
        pairs = (item.partition("=") for item in self.raw_query.split("&") if item)
        self.query = {unquote(name).lower(): unquote(value) for name, _, value in pairs}

    @property
    def is_rest(self) -> bool:
        """Whether the request is for the DS3 half; otherwise it is for the S3 half."""
        return self.path.startswith(REST)

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.raw_path}?{self.raw_query}" if self.raw_query else self.raw_path

    def flag(self, name: str) -> bool:
        """Whether a parameter is there, whatever its value (but `false` takes it back)."""
        return self.query.get(name, "false").lower() != "false"

    async def read(self, limit_bytes: int = 256 << 20) -> bytes:
        """The whole body.

        Raises:
            Refusal: it is larger than the limit.
        """
        parts: list[bytes] = []
        size_bytes = 0
        async for part in self.body:
            parts.append(part)
            size_bytes += len(part)
            if size_bytes > limit_bytes:
                raise Refusal(400, "EntityTooLarge", f"The body is larger than {limit_bytes} bytes.")
        return b"".join(parts)
