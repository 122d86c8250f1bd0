"""What the transport does for one request, as its trace tells it."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpcore

from bptui.ds3.errors import Delivery


class Journey:
    """Whether a request began to be written, and on what connection; a failed one leaves no socket behind."""

    def __init__(self, method: str) -> None:
        self._method = method.encode()
        self._opened: httpcore.AsyncNetworkStream | None = None
        self.is_begun = False
        self.is_new_connection = False

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Take note of an event of the transport (httpcore's `trace` extension)."""
        if event == "connection.connect_tcp.started":
            self.is_new_connection = True
        elif event == "connection.connect_tcp.complete":
            stream = info.get("return_value")
            self._opened = stream if isinstance(stream, httpcore.AsyncNetworkStream) else None
        elif event == "http11.send_request_headers.started" and self._is_ours(info.get("request")):
            self.is_begun = True
            self._opened = None

    def _is_ours(self, request: object) -> bool:
        """Whether it is not the CONNECT that a tunnel through a proxy begins with."""
        return getattr(request, "method", b"") == self._method

    @property
    def delivery(self) -> Delivery:
        """How far the request came, when no answer tells."""
        return Delivery.PERHAPS_SENT if self.is_begun else Delivery.NOT_SENT

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened for a request that was given up before it began: httpcore forgets it then."""
        if error is not None and self._opened is not None:
            await self._opened.aclose()
