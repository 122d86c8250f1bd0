"""A self-signed certificate, which is what appliances have from the factory."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass

import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """A throw-away certificate: the TLS context that serves it, its authority, and its fingerprint."""

    context: ssl.SSLContext
    ca_pem: bytes
    sha256: str
    """Of the leaf certificate, 64 hexadecimal digits."""


def make_certificate(*names: str) -> Certificate:
    """A new certificate for these host names and addresses."""
    authority = trustme.CA()
    leaf = authority.issue_cert(*names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    return Certificate(context, authority.cert_pem.bytes(), hashlib.sha256(der).hexdigest())
