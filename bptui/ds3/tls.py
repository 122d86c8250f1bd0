"""How an endpoint's certificate is judged: by a CA, by its own fingerprint, or not at all; TLS 1.2 at least.

A context with the system's CAs takes 40 ms to make, so contexts are made when first needed, once a client.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx

from bptui.ds3.errors import ConfigurationError
from bptui.model.endpoint import Endpoint

_Context = TypeVar("_Context", bound=ssl.SSLContext)


class PinMismatch(ssl.SSLError):  # inside ssl's own family, which has no such suffix
    """The server's certificate is not the pinned one."""

    def __init__(self, expected_sha256: str, seen_sha256: str) -> None:
        super().__init__("the certificate is not the pinned one")
        self.expected_sha256 = expected_sha256
        self.seen_sha256 = seen_sha256


class _CheckedSSLObject(ssl.SSLObject):
    """Shows the peer's certificate to its context as the last step of the handshake, before any other byte."""

    def do_handshake(self) -> None:
        super().do_handshake()
        context = self.context
        if isinstance(context, CheckedContext):
            context.check(self.getpeercert(binary_form=True) or b"")


class CheckedContext(ssl.SSLContext):
    """A context that trusts what its `check` lets pass, and no CA.

    `check` gets the leaf certificate (DER) and raises an `ssl.SSLError` to end the handshake.
    """

    sslobject_class = _CheckedSSLObject
    check: Callable[[bytes], None]


def checked_context(check: Callable[[bytes], None]) -> CheckedContext:
    """Make a context in which only `check` decides about the certificate."""
    context = CheckedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check = check
    return _without_verification(context)


def context_for(endpoint: Endpoint) -> ssl.SSLContext:
    """Make the context for an endpoint's connections.

    Raises:
        ConfigurationError: the CA file cannot be used.
    """
    if not endpoint.is_https:
        return empty_context()
    if endpoint.pin_sha256:
        return checked_context(pin_check(endpoint.pin_sha256))
    if endpoint.is_insecure:
        return _without_verification(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    return _ca_file_context(endpoint.ca_file) if endpoint.ca_file else default_context()


def empty_context() -> ssl.SSLContext:
    """Make a context that trusts nobody; it costs next to nothing, and stands where no TLS is expected."""
    return _modern(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def default_context() -> ssl.SSLContext:
    """Make a context with the CAs of the system, or with httpx's own where the system has none."""
    places = ssl.get_default_verify_paths()
    if places.cafile or places.capath:
        return _modern(ssl.create_default_context())
    return _modern(httpx.create_ssl_context(trust_env=False))


def pin_check(pin_sha256: str) -> Callable[[bytes], None]:
    """Return a check that lets exactly one leaf certificate pass; colons and case of the pin do not matter."""
    expected = pin_sha256.replace(":", "").strip().lower()

    def check(der: bytes) -> None:
        seen = fingerprint(der)
        if seen != expected:
            raise PinMismatch(expected, seen)

    return check


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a certificate in lower-case hex."""
    return hashlib.sha256(der).hexdigest()


def _ca_file_context(ca_file: Path) -> ssl.SSLContext:
    try:
        return _modern(ssl.create_default_context(cafile=str(ca_file)))
    except OSError as error:
        raise ConfigurationError(
            f"The CA file {ca_file} cannot be used: {error.strerror or error}.",
            "Give a readable file of PEM certificates.",
        ) from error


def _without_verification(context: _Context) -> _Context:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _modern(context)


def _modern(context: _Context) -> _Context:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
