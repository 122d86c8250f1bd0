"""The signature is the one that the appliance computes: the worked values of the API reference, and what is sent."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from bptui.clock import SystemClock
from bptui.credentials import Secret
from bptui.ds3.signing import Signer, signature, string_to_sign

SECRET = Secret("Tj7wQx2Lk9")
ACCESS_ID = "d2F0Y2hlcg=="
JOB = "/_rest_/job/5f0c8d1e-3a47-4b92-9d68-c1e07a2b4f30"
DATE = "Wed, 05 Mar 2025 14:07:09 +0000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (string_to_sign("GET", "/_rest_/job", DATE), "TmbADa+vSymx6WWJlSk53zG4JRc="),
        (string_to_sign("GET", JOB, DATE), "uFipE0Z/Bn8hzgjR8FMn6SXxORk="),
        (string_to_sign("PUT", JOB, DATE), "9W39mBgCVK9RIPCvoweNqIy5cEo="),
        (string_to_sign("GET", JOB, DATE, content_type="application/xml"), "LE9XqyRt+ZO44O6PnRx7Fau1O2U="),
        (string_to_sign("GET", "/", DATE), "e6blQB9UV5Xb0xWlp3G2I1WKnKY="),
        (
            string_to_sign(
                "PUT",
                "/bk/a%20b.txt",
                DATE,
                content_type="application/octet-stream",
                checksum="1B2M2Y8AsgTpgAmY7PhCfg==",
                amz_headers={"x-amz-meta-k": "v"},
            ),
            "OxaWdW7TGSN11LevGbrgUxE87BI=",
        ),
        (string_to_sign("GET", JOB, DATE.replace("+0000", "GMT")), "f1ntlosy65xGGi4wPJBrmsdDD5s="),
        (string_to_sign("GET", JOB, DATE.replace("+0000", "-0000")), "1wYwhMpeyMwSK6xWrHQja4uqlr4="),
    ],
    ids=list("ABCDEFGH"),
)
def test_worked_values(text: str, expected: str) -> None:
    """Each value of the reference's table comes out, computed there twice by others."""
    assert expected == signature(SECRET, text)


def test_string_to_sign_has_six_fields_and_no_last_line_feed() -> None:
    """Verb, checksum, type, date, then amz headers in order of name, then the path."""
    text = string_to_sign(
        "put", "/b/o", DATE, content_type="t", checksum="c", amz_headers={"X-Amz-Meta-B": "2", "x-amz-meta-a": "1"}
    )
    assert text == f"PUT\nc\nt\n{DATE}\nx-amz-meta-a:1\nx-amz-meta-b:2\n/b/o"


class _Stopped(SystemClock):
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def _signed(signer: Signer, request: httpx.Request) -> httpx.Request:
    return next(signer.auth_flow(request))


def test_signer_dates_in_gmt_and_leaves_the_query_out() -> None:
    """The header is case G of the table, whatever the query, with the date it signed."""
    signer = Signer(ACCESS_ID, SECRET, _Stopped(datetime(2025, 3, 5, 14, 7, 9, tzinfo=UTC)))
    request = _signed(signer, httpx.Request("GET", f"http://bp1.example.test{JOB}?full_details"))
    assert request.headers["Date"] == "Wed, 05 Mar 2025 14:07:09 GMT"
    assert request.headers["Authorization"] == f"AWS {ACCESS_ID}:f1ntlosy65xGGi4wPJBrmsdDD5s="


def test_each_attempt_is_signed_anew() -> None:
    """The same request sent a second later carries another date and another signature."""
    clock = _Stopped(datetime(2025, 3, 5, 14, 7, 9, tzinfo=UTC))
    signer = Signer(ACCESS_ID, SECRET, clock)
    request = httpx.Request("GET", f"http://bp1.example.test{JOB}")
    first = dict(_signed(signer, request).headers)
    clock.moment = clock.moment.replace(second=10)
    second = dict(_signed(signer, request).headers)
    assert first["date"] != second["date"]
    assert first["authorization"] != second["authorization"]


def test_signer_signs_the_path_as_it_is_sent() -> None:
    """Percent escapes are signed as they stand in the request line: encoding twice would break the signature."""
    clock = _Stopped(datetime(2025, 3, 5, 14, 7, 9, tzinfo=UTC))
    request = httpx.Request("GET", "http://bp1.example.test/_rest_/bucket/a%20b%2Bc%3Bd")
    assert request.url.raw_path == b"/_rest_/bucket/a%20b%2Bc%3Bd"
    expected = signature(SECRET, string_to_sign("GET", "/_rest_/bucket/a%20b%2Bc%3Bd", "Wed, 05 Mar 2025 14:07:09 GMT"))
    assert _signed(Signer(ACCESS_ID, SECRET, clock), request).headers["Authorization"].endswith(f":{expected}")


def test_signer_does_not_show_its_secret() -> None:
    """Neither the signer nor anything it holds prints the key."""
    signer = Signer(ACCESS_ID, SECRET, SystemClock())
    assert "Tj7wQx2Lk9" not in repr(vars(signer))
