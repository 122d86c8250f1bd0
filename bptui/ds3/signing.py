"""Signs requests the way the appliance verifies them: AWS signature version 2, HMAC-SHA1 (DS3 API, all releases)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Generator, Mapping
from email.utils import format_datetime
from types import MappingProxyType

import httpx

from bptui.clock import Clock
from bptui.credentials import Secret
from bptui.ds3.errors import ConfigurationError

_CHECKSUMS = ("Content-MD5", "Content-CRC32", "Content-CRC32C", "Content-SHA256", "Content-SHA512")
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def string_to_sign(
    method: str,
    path: str,
    date: str,
    *,
    content_type: str = "",
    checksum: str = "",
    amz_headers: Mapping[str, str] = _NO_HEADERS,
) -> str:
    """Write what the signature covers.

    `path` is percent-encoded as sent, without a query: no parameter of any call made here is signed.
    `date`, `content_type` and `checksum` are the very texts of the headers sent, empty when they are not.
    """
    canonical = "".join(f"{name.lower()}:{amz_headers[name]}\n" for name in sorted(amz_headers, key=str.lower))
    return "\n".join((method.upper(), checksum, content_type, date, canonical + path))


def signature(secret: Secret, text: str) -> str:
    """Sign a text; base64. The key is never bound to a name, so that no traceback can show it."""
    return base64.b64encode(hmac.digest(secret.reveal().encode(), text.encode(), "sha1")).decode("ascii")


class Signer(httpx.Auth):
    """Dates and signs each request that passes, and does nothing else: every attempt is signed anew."""

    def __init__(self, access_id: str, secret: Secret, clock: Clock) -> None:
        """Take the keys.

        Raises:
            ConfigurationError: one is missing, or the access id cannot stand in a header.
        """
        if not access_id or not secret:
            raise ConfigurationError("The access id or the secret key is missing.", "Both are needed to ask.")
        if not all("!" <= character <= "~" for character in access_id):
            raise ConfigurationError("The access id has characters that none has.", "Copy it again.")
        self._access_id = access_id
        self._secret = secret
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put `Date` and `Authorization` on the request; the answer is not looked at."""
        date = format_datetime(self._clock.now(), usegmt=True)
        headers = request.headers
        text = string_to_sign(
            request.method,
            request.url.raw_path.partition(b"?")[0].decode("ascii"),
            date,
            content_type=headers.get("Content-Type", ""),
            checksum=next((headers[name] for name in _CHECKSUMS if name in headers), ""),
            amz_headers={name: value for name, value in headers.items() if name.lower().startswith("x-amz")},
        )
        headers["Date"] = date
        headers["Authorization"] = f"AWS {self._access_id}:{signature(self._secret, text)}"
        yield request
