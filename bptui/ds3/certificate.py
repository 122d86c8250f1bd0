"""Reads from a certificate what a person needs to decide about it; pure.

The standard library decodes only certificates that it has verified, and those that people ask about are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
}
_UTC_TIME = 0x17
_EXPLICIT_VERSION = 0xA0
_TWO_BYTE_TEXT = 0x1E
_LATIN_TEXT = 0x14


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """A certificate that a server showed, trusted or not. Names are the server's words: escape before showing."""

    sha256: str
    """The fingerprint: 64 lower-case hex digits."""
    subject: str
    """Such as `CN=bp1.example.test, O=Example`; empty when it cannot be read."""
    issuer: str
    not_before: datetime | None
    not_after: datetime | None

    @property
    def is_self_signed(self) -> bool:
        """Whether it vouches for itself, as an appliance's does from the factory."""
        return bool(self.subject) and self.subject == self.issuer


def read_certificate(der: bytes) -> CertificateSeen:
    """Read a certificate in DER form; fields that cannot be read are empty, the fingerprint never is."""
    sha256 = hashlib.sha256(der).hexdigest()
    try:
        issuer, validity, subject = _fields(der)
        not_before, not_after = (_time(tag, body) for tag, body in _parts(validity))
        return CertificateSeen(sha256, _name(subject), _name(issuer), not_before, not_after)
    except (ValueError, IndexError):
        return CertificateSeen(sha256, "", "", None, None)


def _fields(der: bytes) -> tuple[bytes, bytes, bytes]:
    """Issuer, validity and subject of the signed part (RFC 5280, 4.1)."""
    ((_, certificate),) = _parts(der)
    (_, signed), *_ = _parts(certificate)
    fields = list(_parts(signed))
    first = 1 if fields[0][0] == _EXPLICIT_VERSION else 0
    return fields[first + 2][1], fields[first + 3][1], fields[first + 4][1]


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element (X.690, definite lengths)."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at : at + size], "big")
            at += size
        if at + length > len(data):
            raise ValueError("an element is longer than what holds it")
        yield tag, data[at : at + length]
        at += length


def _name(body: bytes) -> str:
    pairs = []
    for _, group in _parts(body):
        for _, pair in _parts(group):
            (_, oid), (tag, value) = _parts(pair)
            dotted = _oid(oid)
            pairs.append(f"{_NAMES.get(dotted, dotted)}={_text(tag, value)}")
    return ", ".join(pairs)


def _text(tag: int, value: bytes) -> str:
    encoding = {_TWO_BYTE_TEXT: "utf-16-be", _LATIN_TEXT: "latin-1"}.get(tag, "utf-8")
    return value.decode(encoding, "replace")


def _oid(body: bytes) -> str:
    numbers = [body[0] // 40, body[0] % 40]
    value = 0
    for byte in body[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))


def _time(tag: int, body: bytes) -> datetime:
    text = body.decode("ascii")
    if tag == _UTC_TIME:
        text = ("20" if text[:2] < "50" else "19") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
