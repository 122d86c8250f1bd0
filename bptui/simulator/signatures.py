"""Who sent a request: AWS signature version 2 over the literal target, as Spectra's SDKs write it.

The SDKs disagree about which `x-amz` headers and which query parameters are signed, so each of their readings is
accepted (DS3 API reference, "Signing").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING

from bptui.simulator.requests import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bptui.simulator.accounts import User
    from bptui.simulator.requests import Request

CHECKSUMS = ("content-md5", "content-crc32", "content-crc32c", "content-sha256", "content-sha512")

SUBRESOURCES = frozenset(
    [
        "acl",
        "lifecycle",
        "location",
        "logging",
        "notification",
        "partNumber",
        "policy",
        "requestPayment",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
        "delete",
        "cors",
        "tagging",
        "restore",
        "response-content-type",
        "response-content-language",
        "response-expires",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
    ]
)
"""What S3 clients sign of a query; no parameter of the DS3 half is among them."""


def authenticate(
    request: Request, user_of: Callable[[str], User | None], own_now: datetime, tolerance_seconds: float
) -> User:
    """The user who signed the request.

    Raises:
        Refusal: 403 with `InvalidSecurity` for a bad key or signature, `RequestTimeTooSkewed` for a clock that is off.
    """
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    access_id, _, signature = rest.strip().rpartition(":")
    user = user_of(access_id) if scheme == "AWS" else None
    if user is None or not any(_matches(signature, user, text) for text in strings_to_sign(request)):
        raise Refusal(403, "InvalidSecurity", "The supplied security credentials are not valid.")
    if abs(_sent_at(request) - own_now.timestamp()) > tolerance_seconds:
        raise Refusal(403, "RequestTimeTooSkewed", "Client clock is not synchronized with server clock.")
    return user


def _sent_at(request: Request) -> float:
    parsed = parsedate_tz(request.headers.get("x-amz-date") or request.headers.get("date", ""))
    if parsed is None:
        raise Refusal(403, "AccessDenied", "The request has no date that can be read.")
    return mktime_tz(parsed)


def _matches(signature: str, user: User, text: str) -> bool:
    made = hmac.new(user.secret_key.encode(), text.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(base64.b64encode(made), signature.encode())


def strings_to_sign(request: Request) -> Iterator[str]:
    """Every text that one of the SDKs would have signed for this request."""
    headers = request.headers
    checksum = next((headers[name] for name in CHECKSUMS if name in headers), "")
    date = "" if "x-amz-date" in headers else headers.get("date", "")
    fixed = f"{request.method}\n{checksum}\n{headers.get('content-type', '')}\n{date}\n"
    for amz, path, query in itertools.product(
        _amz_readings(headers), _path_readings(request), _query_readings(request)
    ):
        yield f"{fixed}{amz}{path}{query}"


def _amz_readings(headers: dict[str, str]) -> list[str]:
    """Only `x-amz-meta-*` (Java, Go), every `x-amz-*` (C, .NET), or none (Python without a body)."""
    readings = [
        "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith(prefix))
        for prefix in ("x-amz-meta-", "x-amz-")
    ]
    return list(dict.fromkeys([*readings, ""]))


def _path_readings(request: Request) -> list[str]:
    """The path as sent; some S3 clients sign a bucket with a slash at its end that they do not send."""
    is_bucket = not request.is_rest and request.raw_path.count("/") == 1 and request.raw_path != "/"
    return [request.raw_path, f"{request.raw_path}/"] if is_bucket else [request.raw_path]


def _query_readings(request: Request) -> list[str]:
    items = sorted(item for item in request.raw_query.split("&") if item.partition("=")[0] in SUBRESOURCES)
    readings = ["", "?" + "&".join(items) if items else ""]
    readings += [f"?{item}" for item in items]
    readings += [f"?{item.partition('=')[0]}" for item in items]
    return list(dict.fromkeys(readings))
