"""The beginning of a large answer: what comes before the items that are many."""

from __future__ import annotations

import re

from bptui.ds3.parse.limits import SLICE_BYTES
from bptui.ds3.parse.place import Place

_MOST_BYTES = SLICE_BYTES
"""How much may come before the first item for piecewise reading: the attributes of the whole."""

_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version=["']1\.0["']"""
    rb"""(?:[ \t\r\n]+encoding=["'][Uu][Tt][Ff]-8["'])?"""
    rb"""(?:[ \t\r\n]+standalone=["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
)
_ROOT = re.compile(rb"[ \t\r\n]*(<[^<]*)")
_TO_ONE_LINE = bytes.maketrans(b"\t\r\n", b"   ")


class Head:
    """The beginning of an answer up to its first item, kept until it is known whether piecewise reading may start."""

    def __init__(self, item: bytes) -> None:
        """`item` is how the first of the many begins: a tag, without what ends its name."""
        self._item = item
        self._bytes = b""
        self._read = 0
        self._end = -1

    def add(self, data: bytes) -> bytes:
        """Take in more bytes, and give those that surely come before the first item and were not given yet."""
        self._bytes += data
        self._end = self._bytes.find(self._item, self._read)
        if self._end == -1:
            tag = self._bytes.rfind(b"<", self._read)
            upto = tag if tag != -1 and len(self._bytes) - tag < len(self._item) else len(self._bytes)
        else:
            upto = self._end
        unread = self._bytes[self._read : upto]
        self._read = upto
        return unread

    @property
    def is_over(self) -> bool:
        """Whether the first item was reached, or will not be waited for any longer."""
        return self._end != -1 or len(self._bytes) > _MOST_BYTES

    def all_unread(self) -> bytes:
        """What was not given yet."""
        unread = self._bytes[self._read :]
        self._read = len(self._bytes)
        return unread

    def all(self) -> bytes:
        """Everything that was taken in."""
        return self._bytes

    def context(self) -> bytes | None:
        """What opens the outermost element, on one line; None when the head is not plain UTF-8 elements to an item.

        None too when it declares prefixes, because then the meaning of an item would depend on the head.
        """
        if self._end == -1:
            return None
        declaration = _DECLARATION.match(self._bytes)
        elements = self._bytes[declaration.end() if declaration else 0 : self._end]
        root = _ROOT.match(elements)
        if root is None or b"<!" in elements or b"<?" in elements or b"xmlns:" in elements:
            return None
        return root[1].translate(_TO_ONE_LINE)

    def place(self) -> Place:
        """Where the first item begins."""
        return Place().behind(self._bytes[: self._end])
