"""XML by hand, escaped exactly: what the appliance sends has to be decided to the byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

ATTRIBUTE_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
TEXT_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 document can hold, not even as a reference."""

Value: TypeAlias = str | int | float | datetime | None
"""What an attribute or element holds; None is an absent attribute, or an element that is there and empty."""

Elements: TypeAlias = Sequence[tuple[str, "Value | Elements"]]
"""Elements in order: each a name with a value, or with the elements inside it."""


def date_text(moment: datetime) -> str:
    """A date as the appliance writes it: UTC, milliseconds that are always 000."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass(frozen=True, slots=True)
class Style:
    """How answers are laid out: in one line or indented, and the case of booleans."""

    is_indented: bool = False
    has_upper_booleans: bool = False

    def line(self, depth: int) -> str:
        """What stands before a tag at this depth."""
        return "\n" + "  " * depth if self.is_indented else ""

    def text(self, value: Value) -> str:
        """A value as unescaped text."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(value).upper() if self.has_upper_booleans else str(value).lower()
        if isinstance(value, datetime):
            return date_text(value)
        return "" if value is None else str(value)

    def attributes(self, values: Mapping[str, Value]) -> str:
        """Attributes in alphabetical order, each with a space before it; those that are None are left out."""
        return "".join(
            f' {name}="{self.text(value).translate(ATTRIBUTE_ESCAPES)}"'
            for name, value in sorted(values.items())
            if value is not None
        )

    def elements(self, content: Elements, depth: int) -> str:
        """Elements one after the other; empty ones as one tag."""
        return "".join(self._element(name, inner, depth) for name, inner in content)

    def _element(self, name: str, inner: Value | Elements, depth: int) -> str:
        start = self.line(depth)
        if inner is None or inner in ("", (), []):
            return f"{start}<{name}/>"
        if isinstance(inner, (str, int, float, datetime)):
            return f"{start}<{name}>{self.text(inner).translate(TEXT_ESCAPES)}</{name}>"
        return f"{start}<{name}>{self.elements(inner, depth + 1)}{start}</{name}>"

    def document(self, root: str, content: Elements) -> bytes:
        """A whole document of elements."""
        return self._element(root, content, 0).lstrip("\n").encode()
