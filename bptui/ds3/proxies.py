"""Finds out through which proxy an endpoint is reached, from its own setting or the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from bptui.ds3.errors import ConfigurationError

_SUPPORTED = ("http", "https")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy to go through; its user name and password stay out of texts."""

    url: str = field(repr=False)
    """With credentials, where it has some."""
    source: str
    """The setting or variable that names it."""

    @property
    def shown(self) -> str:
        """Scheme, host and port, for people."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def proxy_for(endpoint_url: str, configured: str | None, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy on the way to an endpoint; None: connect directly.

    `configured` is the endpoint's own setting: a URL, the empty string for none at all, None for the environment:
    HTTPS_PROXY or HTTP_PROXY by the endpoint's scheme, then ALL_PROXY, lower case first; NO_PROXY and loopback
    addresses are exempt.

    Raises:
        ConfigurationError: the proxy's URL cannot be used; the sentence names where it comes from.
    """
    if configured is not None:
        return _checked(configured, "the endpoint's `proxy` setting") if configured else None
    target = urlsplit(endpoint_url)
    found = next(_from_environment(target.scheme, environ), None)
    if found is None or _is_exempt(target, environ):
        return None
    return _checked(*found)


def _from_environment(scheme: str, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"):
        if value := environ.get(name, "").strip():
            yield value, f"the environment variable {name}"


def _checked(text: str, source: str) -> Proxy:
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ConfigurationError(f"The proxy in {source} is not a URL.", "Write it as http://host:port.")
    if parts.scheme.lower() not in _SUPPORTED:
        raise ConfigurationError(
            f"The proxy in {source} is of a kind that is not supported: {parts.scheme}.",
            "Use an http:// or https:// proxy, or exempt the appliance with NO_PROXY.",
        )
    return Proxy(url, source)


def _is_exempt(target: SplitResult, environ: Mapping[str, str]) -> bool:
    host = (target.hostname or "").rstrip(".")
    if _is_loopback(host):
        return True
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    port = target.port or {"http": 80, "https": 443}.get(target.scheme)
    return any(_matches(entry, host, port) for entry in listed.lower().replace(",", " ").split())


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or host.endswith(".localhost") or (address is not None and address.is_loopback)


def _matches(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    address = _address(host)
    if address is not None and "/" in entry:
        return _is_in_network(address, entry)
    name, _, only_port = entry.rpartition(":") if _has_port(entry) else (entry, "", "")
    if only_port and only_port != str(port):
        return False
    name = name.strip("[]").lstrip("*").lstrip(".").rstrip(".")
    if address is not None:
        return address == _address(name)
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _has_port(entry: str) -> bool:
    head, colon, tail = entry.rpartition(":")
    return bool(colon) and tail.isdecimal() and (":" not in head or head.endswith("]"))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_in_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, entry: str) -> bool:
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
