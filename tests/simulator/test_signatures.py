"""Who sent a request is found out as Spectra's SDKs sign it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from bptui.simulator.requests import Request
from bptui.simulator.signatures import strings_to_sign

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from conftest import Client

SECRET = "Tj7wQx2Lk9"
JOB = "5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30"
DATE = "Wed, 05 Mar 2025 14:07:09 +0000"


async def _nothing() -> AsyncIterator[bytes]:
    for part in ():
        yield part


@pytest.mark.parametrize(
    ("method", "target", "headers", "signature"),
    [
        ("GET", "/_rest_/job", {}, "TmbADa+vSymx6WWJlSk53zG4JRc="),
        ("GET", "/_rest_/job?full_details", {}, "TmbADa+vSymx6WWJlSk53zG4JRc="),
        ("GET", f"/_rest_/job/{JOB}", {}, "uFipE0Z/Bn8hzgjR8FMn6SXxORk="),
        ("PUT", f"/_rest_/job/{JOB}?close_aggregating_job", {}, "9W39mBgCVK9RIPCvoweNqIy5cEo="),
        ("GET", f"/_rest_/job/{JOB}", {"content-type": "application/xml"}, "LE9XqyRt+ZO44O6PnRx7Fau1O2U="),
        ("GET", "/", {}, "e6blQB9UV5Xb0xWlp3G2I1WKnKY="),
        (
            "PUT",
            f"/bk/a%20b.txt?job={JOB}&offset=0",
            {
                "content-type": "application/octet-stream",
                "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==",
                "x-amz-meta-k": "v",
            },
            "OxaWdW7TGSN11LevGbrgUxE87BI=",
        ),
        ("GET", f"/_rest_/job/{JOB}", {"date": "Wed, 05 Mar 2025 14:07:09 GMT"}, "f1ntlosy65xGGi4wPJBrmsdDD5s="),
        ("GET", f"/_rest_/job/{JOB}", {"date": "Wed, 05 Mar 2025 14:07:09 -0000"}, "1wYwhMpeyMwSK6xWrHQja4uqlr4="),
    ],
)
def test_the_worked_examples_are_accepted(method: str, target: str, headers: dict[str, str], signature: str) -> None:
    """Each worked value of the DS3 API reference belongs to a text that the appliance accepts."""
    path, _, query = target.partition("?")
    request = Request(method, path, query, {"date": DATE, **headers}, _nothing())
    made = [
        base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).digest()).decode()
        for text in strings_to_sign(request)
    ]
    assert signature in made


@pytest.mark.parametrize(
    "amz", ["", "x-amz-meta-k:v\n", "x-amz-acl:private\nx-amz-meta-k:v\n"], ids=["none", "meta only", "all"]
)
def test_sdks_may_sign_different_amz_headers(simulate: Callable[..., Client], amz: str) -> None:
    """No `x-amz` header, only `x-amz-meta-*`, or all of them may be signed: SDKs differ."""
    client = simulate(scenario="empty")
    reply = client.send("GET", "/", headers={"x-amz-acl": "private", "x-amz-meta-k": "v"}, amz=amz)
    assert reply.status == 200


def test_a_wrong_secret_is_403_invalid_security(simulate: Callable[..., Client]) -> None:
    """Authentication failures are 403, never 401, and have the code that clients look for."""
    client = simulate(scenario="empty")
    client.secret = "wrong"
    reply = client.get("/_rest_/job")
    assert (reply.status, reply.xml.findtext("Code")) == (403, "InvalidSecurity")


def test_an_unsigned_request_is_refused(simulate: Callable[..., Client]) -> None:
    """Nothing is answered to nobody."""
    client = simulate(scenario="empty")
    connection = client.connect()
    connection.request("GET", "/")
    assert connection.getresponse().status == 403
    connection.close()


def test_a_signature_is_for_one_path(simulate: Callable[..., Client]) -> None:
    """A signature of another path is not accepted."""
    client = simulate(scenario="empty")
    connection = client.connect()
    connection.request("GET", "/_rest_/job", headers=client.sign("GET", "/_rest_/user", {}))
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(("off_seconds", "status"), [(-1000, 403), (-800, 200), (800, 200), (1000, 403)])
def test_a_clock_may_be_off_by_15_minutes(simulate: Callable[..., Client], off_seconds: int, status: int) -> None:
    """Beyond the tolerance the answer is 403 with `RequestTimeTooSkewed` and words that GUIs look for."""
    client = simulate(scenario="empty")
    when = formatdate(datetime.now(UTC).timestamp() + off_seconds, usegmt=True)
    reply = client.send("GET", "/_rest_/job", headers={"Date": when})
    assert reply.status == status
    if status == 403:
        assert reply.xml.findtext("Code") == "RequestTimeTooSkewed"
        assert "Client clock" in (reply.xml.findtext("Message") or "")


@pytest.mark.parametrize("zone", ["+0000", "-0000", "GMT", "-0700"])
def test_any_zone_of_a_date_is_read(simulate: Callable[..., Client], zone: str) -> None:
    """SDKs write different zones; the literal text is what counts for the signature."""
    client = simulate(scenario="empty")
    shift = -7 * 3600 if zone == "-0700" else 0
    text = datetime.fromtimestamp(datetime.now(UTC).timestamp() + shift, UTC).strftime("%a, %d %b %Y %H:%M:%S ")
    assert client.send("GET", "/", headers={"Date": text + zone}).status == 200
