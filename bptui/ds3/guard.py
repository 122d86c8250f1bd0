"""The one gate to the network: GETs pass, one exact PUT passes while it may, everything else stays here.

It wraps the transport that owns proxy and TLS, so that no setting of the HTTP client leads round it.
"""

from __future__ import annotations

import re

import httpx

from bptui.ds3.errors import NotAllowedError
from bptui.ds3.permission import WritePermission

_CLOSE = re.compile(rb"/_rest_/job/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\?close_aggregating_job")
_IGNORED = "x-bptui-location-not-followed"
_BODY_HEADERS = ("Content-Type", "Transfer-Encoding", "Expect")


class Guard(httpx.AsyncBaseTransport):
    """Passes requests on to one origin, if they are GETs without a body, or the one permitted PUT."""

    def __init__(self, inner: httpx.AsyncBaseTransport, origin: httpx.URL, permission: WritePermission) -> None:
        self._inner = inner
        self._origin = _origin_of(origin)
        self._permission = permission

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request that is allowed.

        Raises:
            NotAllowedError: it is not; nothing was sent.
        """
        await self._check(request)
        response = await self._inner.handle_async_request(request)
        if "location" in response.headers:
            # httpx builds a request from any Location it sees, even when it is not to follow it, and fails on odd ones.
            response.headers[_IGNORED] = response.headers.pop("location")
        return response

    async def aclose(self) -> None:
        """Close the connections behind the guard."""
        await self._inner.aclose()

    async def _check(self, request: httpx.Request) -> None:
        what = f"{request.method} {request.url.raw_path.decode('ascii', 'replace')[:200]}"
        if _origin_of(request.url) != self._origin:
            raise NotAllowedError(f"{what} was meant for another host than the endpoint's; it was not sent.")
        if any(name in request.headers for name in _BODY_HEADERS) or await request.aread():
            raise NotAllowedError(f"{what} has a body; it was not sent.")
        if request.method == "GET":
            return
        if request.method != "PUT" or not _CLOSE.fullmatch(request.url.raw_path):
            raise NotAllowedError(f"{what} is none of the requests that bptui makes; it was not sent.")
        if self._permission.is_read_only:
            raise NotAllowedError("This session only reads: the job was not closed, nothing was sent.")
        if self._permission.is_locked:
            raise NotAllowedError("The endpoint is locked: the job was not closed, nothing was sent.", "Unlock first.")


def _origin_of(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
