"""Reads the address of an appliance in the forms that people and the vendor's tools write it in."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from bptui.text import visible

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?")

FORMS = "host, host:port, http://host[:port] or https://host[:port]"
"""What is understood, for messages."""


class AddressError(ValueError):
    """The text is not the address of an appliance; the message is a sentence that says what is allowed."""


class Address(NamedTuple):
    """Where an appliance is."""

    url: str
    """`http[s]://host[:port]`"""
    is_scheme_assumed: bool
    """Whether the text named no scheme, so that https was taken: the vendor's tools differ here."""


def parse_address(text: str) -> Address:
    """Read `host`, `host:port`, `http://…` or `https://…`; a bare host means https, as in the vendor's Java SDK.

    Raises:
        AddressError: the text is something else, or holds a path, a query or a user.
    """
    trimmed = text.strip()
    if any(character.isspace() or not character.isprintable() for character in trimmed):
        raise _refusal(text, "it holds a space or a control character")
    match = _SCHEME.match(trimmed)
    scheme = match[1].lower() if match else "https"
    if scheme not in ("http", "https"):
        raise _refusal(text, f"the scheme {visible(scheme)}:// is not supported")
    rest = trimmed[match.end() :] if match else trimmed
    if rest.count(":") > 1 and _IPV6.fullmatch(rest):
        rest = f"[{rest}]"
    parts = _split(text, f"//{rest}")
    host, port = _host_of(text, parts)
    bracketed = f"[{host}]" if ":" in host else host
    return Address(f"{scheme}://{bracketed}{'' if port is None else f':{port}'}", is_scheme_assumed=match is None)


def _split(text: str, rest: str) -> SplitResult:
    try:
        return urlsplit(rest)
    except ValueError:
        raise _refusal(text, "its brackets do not match") from None


def _host_of(text: str, parts: SplitResult) -> tuple[str, int | None]:
    if parts.username is not None:
        raise AddressError("The address holds a user name or password; leave them out, keys are given separately.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refusal(text, "it holds more than a host and a port")
    try:
        port = parts.port
    except ValueError:
        raise _refusal(text, "its port is not a number from 1 to 65535") from None
    host = (parts.hostname or "").lower()
    if not (_HOST.fullmatch(host) or _IPV6.fullmatch(host)):
        raise _refusal(text, "it names no host")
    if port == 0:
        raise _refusal(text, "its port is not a number from 1 to 65535")
    return host, port


def _refusal(text: str, why: str) -> AddressError:
    # What stands before an @ may be a password.
    shown = visible(text.rpartition("@")[2])
    return AddressError(f"{shown!r} is not the address of an appliance: {why}. Allowed are {FORMS}.")
