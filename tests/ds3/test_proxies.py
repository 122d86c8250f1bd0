"""The way to an endpoint is what its setting or the environment says, and loopback never leaves the machine."""

from __future__ import annotations

import pytest

from bptui.ds3.errors import ConfigurationError
from bptui.ds3.proxies import proxy_for

PROXY = "http://proxy.example.test:3128"
HTTP = "http://bp1.example.test"
HTTPS = "https://bp1.example.test:8443"


def _url(endpoint: str, configured: str | None = None, **environ: str) -> str | None:
    proxy = proxy_for(endpoint, configured, environ)
    return proxy.url if proxy else None


@pytest.mark.parametrize(
    ("endpoint", "environ", "expected"),
    [
        (HTTP, {}, None),
        (HTTP, {"HTTP_PROXY": PROXY}, PROXY),
        (HTTP, {"http_proxy": PROXY}, PROXY),
        (HTTP, {"http_proxy": PROXY, "HTTP_PROXY": "http://other.example.test"}, PROXY),
        (HTTPS, {"HTTP_PROXY": PROXY}, None),
        (HTTPS, {"HTTPS_PROXY": PROXY}, PROXY),
        (HTTPS, {"https_proxy": PROXY}, PROXY),
        (HTTPS, {"ALL_PROXY": PROXY}, PROXY),
        (HTTP, {"all_proxy": PROXY}, PROXY),
        (HTTP, {"HTTP_PROXY": "proxy.example.test:3128"}, PROXY),
        (HTTP, {"HTTP_PROXY": "   "}, None),
    ],
)
def test_environment(endpoint: str, environ: dict[str, str], expected: str | None) -> None:
    """The variable of the endpoint's scheme, then ALL_PROXY; lower case goes first."""
    assert expected == _url(endpoint, **environ)


@pytest.mark.parametrize(
    ("endpoint", "no_proxy", "is_direct"),
    [
        (HTTP, "*", True),
        (HTTP, "bp1.example.test", True),
        (HTTP, "BP1.Example.Test", True),
        (HTTP, "example.test", True),
        (HTTP, ".example.test", True),
        (HTTP, "*.example.test", True),
        (HTTP, "ample.test", False),
        (HTTP, "other.test, example.test", True),
        (HTTP, "other.test example.test", True),
        (HTTP, "bp1.example.test:80", True),
        (HTTP, "bp1.example.test:8080", False),
        (HTTP, "", False),
        ("http://10.1.2.3:8080", "10.0.0.0/8", True),
        ("http://10.1.2.3:8080", "10.1.2.3", True),
        ("http://10.1.2.3:8080", "10.1.2.3:8080", True),
        ("http://10.1.2.3:8080", "10.1.2.3:80", False),
        ("http://10.1.2.3", "192.168.0.0/16", False),
        ("http://10.1.2.3", "nonsense/99", False),
        ("http://[fd00::5]:80", "fd00::/8", True),
        ("http://[fd00::5]:80", "fd00::5", True),
        ("http://[fd00::5]:80", "[fd00::5]:80", True),
        ("http://[fd00::5]:81", "[fd00::5]:80", False),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy(endpoint: str, no_proxy: str, variable: str, *, is_direct: bool) -> None:
    """Names with their subdomains, addresses, networks, ports and the star are exempt, and nothing else is."""
    expected = None if is_direct else PROXY
    assert expected == _url(endpoint, **{"HTTP_PROXY": PROXY, variable: no_proxy})


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "127.0.0.1", "127.9.8.7", "[::1]"])
def test_loopback_is_never_sent_through_the_environments_proxy(host: str) -> None:
    """The demo works behind a company's proxy without NO_PROXY."""
    assert _url(f"http://{host}:8080", HTTP_PROXY=PROXY) is None


def test_the_endpoints_own_setting_wins() -> None:
    """A URL is used even for loopback; the empty text means none, whatever the environment says."""
    assert _url("http://127.0.0.1:80", PROXY) == PROXY
    assert _url(HTTP, "", HTTP_PROXY=PROXY) is None


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"HTTP_PROXY": "socks5://u:hidden@proxy.example.test"}, "HTTP_PROXY"),
        ({"http_proxy": "ftp://proxy.example.test"}, "http_proxy"),
        ({"ALL_PROXY": "socks4://proxy.example.test"}, "ALL_PROXY"),
        ({"HTTP_PROXY": "http://:99999/"}, "HTTP_PROXY"),
        ({"HTTP_PROXY": "http://host:port"}, "HTTP_PROXY"),
        ({"HTTP_PROXY": "http://[oops"}, "HTTP_PROXY"),
    ],
)
def test_an_unusable_proxy_is_named_by_its_variable(environ: dict[str, str], named: str) -> None:
    """The error says which variable to change, and nothing of the credentials in it."""
    with pytest.raises(ConfigurationError) as caught:
        proxy_for(HTTP, None, environ)
    assert f"variable {named} " in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_unusable_setting_is_named() -> None:
    """The error for the endpoint's own setting says so."""
    with pytest.raises(ConfigurationError, match="`proxy` setting"):
        proxy_for(HTTP, "socks5://proxy.example.test", {})


def test_credentials_are_not_shown() -> None:
    """A proxy's user and password are in no text."""
    proxy = proxy_for(HTTP, "http://user:hidden@proxy.example.test:3128", {})
    assert proxy is not None
    assert proxy.shown == PROXY
    assert "hidden" not in repr(proxy)
