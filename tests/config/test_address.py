"""Addresses in the forms that people and the vendor's tools write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.config.address import Address, AddressError, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bp.example.test", Address("https://bp.example.test", is_scheme_assumed=True)),
        ("  BP.example.test \n", Address("https://bp.example.test", is_scheme_assumed=True)),
        ("bp.example.test:8443", Address("https://bp.example.test:8443", is_scheme_assumed=True)),
        ("http://bp.example.test:8080", Address("http://bp.example.test:8080", is_scheme_assumed=False)),
        ("HTTPS://bp.example.test/", Address("https://bp.example.test", is_scheme_assumed=False)),
        ("10.24.8.61", Address("https://10.24.8.61", is_scheme_assumed=True)),
        ("http://[::1]:80", Address("http://[::1]:80", is_scheme_assumed=False)),
        ("fe80::1", Address("https://[fe80::1]", is_scheme_assumed=True)),
        ("bp_1", Address("https://bp_1", is_scheme_assumed=True)),
    ],
)
def test_addresses(text: str, expected: Address) -> None:
    """A bare host means https; host:port and both kinds of URL are taken as they are, trimmed."""
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no host"),
        ("https://", "names no host"),
        ("ftp://bp.example.test", "ftp:// is not supported"),
        ("http://bp.example.test/_rest_/job", "more than a host and a port"),
        ("bp.example.test?x=1", "more than a host and a port"),
        ("bp.example.test:port", "not a number from 1 to 65535"),
        ("bp.example.test:0", "not a number from 1 to 65535"),
        ("bp.example.test:70000", "not a number from 1 to 65535"),
        ("http://[::1", "brackets do not match"),
        ("bp example.test", "a space or a control character"),
        ("bp\nexample.test", "a space or a control character"),
        ("-bp.example.test", "names no host"),
    ],
)
def test_what_is_not_an_address(text: str, why: str) -> None:
    """A refusal says what is wrong and which forms are allowed."""
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert why in str(caught.value)
    assert "https://host[:port]" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2@bp.example.test",
        "user:hunter2@bp.example.test:port",
        "ftp://user:hunter2@bp.example.test",
        "https://user:hunter2@[bp",
        "https://user: hunter2@bp.example.test",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    """A password that was typed into an address is not printed back, whatever else is wrong with it."""
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """No text makes it stumble, and what it returns it understands again as the same."""
    try:
        address = parse_address(text)
    except AddressError:
        return
    assert parse_address(address.url).url == address.url
