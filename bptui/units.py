"""Turns bytes, rates, durations and ages into short text for people."""

from __future__ import annotations

import math

UNKNOWN = "\N{EN DASH}"
"""What stands for a number that is not known."""

_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_DECIMAL_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def count_text(number: int) -> str:
    """A count in groups of three digits, such as `48 211`."""
    return f"{number:,}".replace(",", " ")


def size_text(size_bytes: float | None, *, is_decimal: bool = False) -> str:
    """Write a size with three significant digits, such as `1.20 TiB`: at most 9 cells up to a zebibyte."""
    if size_bytes is None or not math.isfinite(size_bytes):
        return UNKNOWN
    step = 1000 if is_decimal else 1024
    units = _DECIMAL_UNITS if is_decimal else _BINARY_UNITS
    value = abs(size_bytes)
    power = 0
    # What would be rounded up to the next unit is written in the next unit.
    while power < len(units) - 1 and value >= step - 0.5:
        value /= step
        power += 1
    sign = "-" if size_bytes < 0 else ""
    return f"{sign}{_three_digits(value) if power else round(value)} {units[power]}"


def exact_bytes(size_bytes: int | None) -> str:
    """Write a size to the byte in groups of three digits, such as `1 288 490 188 B`."""
    return UNKNOWN if size_bytes is None else f"{size_bytes:,} B".replace(",", " ")


def rate_text(bytes_per_second: float | None, *, is_decimal: bool = False) -> str:
    """Write a speed, such as `118 MiB/s`."""
    if bytes_per_second is None or not math.isfinite(bytes_per_second):
        return UNKNOWN
    return f"{size_text(bytes_per_second, is_decimal=is_decimal)}/s"


def duration_text(seconds: float | None) -> str:
    """Write how long something takes in at most two units: `41s`, `41m`, `2h 10m`, `9h`, `3d 4h`."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < _DAY:
        return _two_units(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "m")
    return _two_units(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def short_duration(seconds: float | None) -> str:
    """Write how long something takes in one unit: `41s`, `41m`, `9h`, `3d`; at most 6 cells."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    number, unit = _largest_unit(seconds)
    return f"{number}{unit}"


def age_text(seconds: float | None) -> str:
    """Write how long ago something was, such as `2 s ago` or `14 m ago`."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    number, unit = _largest_unit(seconds)
    return f"{number} {unit} ago"


def clock_text(ahead_seconds: float) -> str:
    """Write how far another clock is off, such as `7m ahead of ours`."""
    return f"{duration_text(abs(ahead_seconds))} {'ahead of' if ahead_seconds > 0 else 'behind'} ours"


def percent_text(part: float, whole: float) -> str:
    """Write a share in whole percent between 0 and 100; 100 only when nothing is missing."""
    if whole <= 0:
        return UNKNOWN
    return f"{max(0, min(100, math.floor(100 * part / whole)))}%"


def _three_digits(value: float) -> str:
    for decimals, limit in ((2, 9.995), (1, 99.95)):
        if value < limit:
            return f"{value:.{decimals}f}"
    return f"{value:.0f}"


def _two_units(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large}{large_unit} {small}{small_unit}" if small else f"{large}{large_unit}"


def _largest_unit(seconds: float) -> tuple[int, str]:
    whole = max(0, int(seconds))
    for length, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if whole >= length:
            return whole // length, unit
    return whole, "s"
