"""Makes the connections of one endpoint: its address, its proxy and its judgement of certificates."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

import httpx

from bptui.ds3.errors import ConfigurationError
from bptui.ds3.proxies import Proxy, proxy_for
from bptui.ds3.tls import context_for, default_context
from bptui.model.endpoint import Endpoint

_LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30.0)
_HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?")
_MOST_PORT = 65535


def origin_of(endpoint_url: str) -> httpx.URL:
    """Return scheme, host and port of an endpoint.

    Raises:
        ConfigurationError: the URL is none, has a path or a user name, or is neither http nor https.
    """
    try:
        url = httpx.URL(endpoint_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    is_plain = url.scheme in {"http", "https"} and not url.userinfo and url.raw_path in {b"/", b""}
    if not is_plain or not _HOST.fullmatch(url.raw_host) or not 0 < (url.port or 80) <= _MOST_PORT:
        shown = endpoint_url.rpartition("@")[2][:200]
        raise ConfigurationError(
            f"The endpoint's URL {shown} cannot be used.", "Write it as https://host or https://host:port."
        )
    return url


class Transports:
    """Makes the connections of one endpoint: its proxy and its judgement of certificates are settled once."""

    def __init__(self, origin: httpx.URL, proxy: Proxy | None, context: ssl.SSLContext) -> None:
        self.origin = origin
        self.proxy = proxy
        self._context = context

    @classmethod
    def to(cls, endpoint: Endpoint, environ: Mapping[str, str]) -> Self:
        """Settle how an endpoint is reached.

        Raises:
            ConfigurationError: its URL, its proxy or its CA file cannot be used.
        """
        origin = origin_of(endpoint.url)
        return cls(origin, proxy_for(endpoint.url, endpoint.proxy, environ), context_for(endpoint))

    def open(self) -> httpx.AsyncHTTPTransport:
        """Make a pool of connections that is not shared with any other."""
        return httpx.AsyncHTTPTransport(
            verify=self._context, trust_env=False, limits=_LIMITS, proxy=self._http_proxy(), retries=0
        )

    def _http_proxy(self) -> httpx.Proxy | None:
        if self.proxy is None:
            return None
        is_tls = urlsplit(self.proxy.url).scheme.lower() == "https"
        try:
            return httpx.Proxy(self.proxy.url, ssl_context=default_context() if is_tls else None)
        except (httpx.InvalidURL, ValueError) as error:
            raise ConfigurationError(f"The proxy in {self.proxy.source} is not a URL.") from error
