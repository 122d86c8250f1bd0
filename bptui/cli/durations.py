"""Lengths of time on the command line: `90`, `90s`, `10m`, `2h`, `3d`; and numbers between bounds."""

from __future__ import annotations

import math
import re
from typing import Any

import click

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Duration(click.ParamType[float]):
    """Takes a length of time and gives seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it; a number without a unit means seconds."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(value).strip().lower())
        seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
        if not 0 < seconds < 366 * 86400:
            self.fail(f"{str(value)[:40]!a} is no length of time: write it like 90s, 10m, 2h or 3d.", param, ctx)
        return seconds


DURATION = Duration()


class Within(click.FloatRange):
    """Takes a number between two bounds, which `nan` is not, though it is below and above none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{str(value)[:40]!a} is no number.", param, ctx)
        return number
