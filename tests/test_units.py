"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.units import (
    UNKNOWN,
    age_text,
    duration_text,
    exact_bytes,
    percent_text,
    rate_text,
    short_duration,
    size_text,
)


@pytest.mark.parametrize(
    ("size_bytes", "expected"),
    [
        (None, UNKNOWN),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.00 KiB"),
        (10239, "10.0 KiB"),
        (1 << 20, "1.00 MiB"),
        ((1 << 20) - 1, "1.00 MiB"),
        (1319413953331, "1.20 TiB"),
        (123 << 30, "123 GiB"),
        (1 << 60, "1.00 EiB"),
        (5000 << 60, "5000 EiB"),
        (-2048, "-2.00 KiB"),
        (math.inf, UNKNOWN),
    ],
)
def test_size_text(size_bytes: int | None, expected: str) -> None:
    """Sizes have three digits and the unit that the appliance itself prints."""
    assert size_text(size_bytes) == expected


def test_decimal_sizes() -> None:
    """Decimal units count in thousands."""
    assert [size_text(n, is_decimal=True) for n in (999, 1000, 999_999, 1_319_413_953_331)] == [
        "999 B",
        "1.00 kB",
        "1.00 MB",
        "1.32 TB",
    ]


@given(st.integers(0, 1 << 70), st.booleans())
def test_sizes_fit_their_column(size_bytes: int, is_decimal: bool) -> None:
    """No size below a zebibyte needs more than nine cells."""
    assert len(size_text(size_bytes, is_decimal=is_decimal)) <= 9


def test_exact_bytes() -> None:
    """Exact sizes are grouped, never rounded."""
    assert exact_bytes(1288490188) == "1 288 490 188 B"
    assert exact_bytes(0) == "0 B"
    assert exact_bytes(None) == UNKNOWN


def test_rate_text() -> None:
    """A speed is a size each second; an unknown one is a dash."""
    assert [rate_text(0), rate_text(1024), rate_text(None)] == ["0 B/s", "1.00 KiB/s", UNKNOWN]


@pytest.mark.parametrize(
    ("seconds", "long", "short", "age"),
    [
        (0, "0s", "0s", "0 s ago"),
        (2.9, "2s", "2s", "2 s ago"),
        (59, "59s", "59s", "59 s ago"),
        (60, "1m", "1m", "1 m ago"),
        (41 * 60, "41m", "41m", "41 m ago"),
        (2 * 3600 + 600, "2h 10m", "2h", "2 h ago"),
        (9 * 3600, "9h", "9h", "9 h ago"),
        (86400, "1d", "1d", "1 d ago"),
        (3 * 86400 + 4 * 3600, "3d 4h", "3d", "3 d ago"),
        (-5, "0s", "0s", "0 s ago"),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
        (math.nan, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_durations(seconds: float | None, long: str, short: str, age: str) -> None:
    """Durations use the units a person would say, and never go below nothing."""
    assert [duration_text(seconds), short_duration(seconds), age_text(seconds)] == [long, short, age]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 10, "0%"), (999, 1000, "99%"), (10, 10, "100%"), (20, 10, "100%"), (-1, 10, "0%"), (0, 0, UNKNOWN)],
)
def test_percent_text(part: int, whole: int, expected: str) -> None:
    """A share is whole only when nothing is missing, and stays between nothing and all."""
    assert percent_text(part, whole) == expected


def test_the_unknown_is_a_dash() -> None:
    """What is not known is a dash, never a zero."""
    assert UNKNOWN == "\N{EN DASH}"
