"""The connection under a request: what ASGI hides, and faults have to reach."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

EXTENSION = "bptui.transport"


class Protocol(H11Protocol):
    """Uvicorn's HTTP/1.1 that hands the transport to the application with each request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {EXTENSION: self.transport}
            await inner(scope, receive, send)

        self.app = with_transport


def transport_of(scope: Scope) -> asyncio.Transport:
    """The transport that a request came over."""
    transport: asyncio.Transport = scope["extensions"][EXTENSION]
    return transport


def reset(transport: asyncio.Transport) -> None:
    """Break the connection off with a reset, as a crashed peer or a firewall does."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
