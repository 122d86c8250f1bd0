"""Turn an answer in another encoding into UTF-8 before libxml2 reads it, and know exactly where it is damaged.

libxml2 converts as much as it was fed at a time, and tells the place of damage only as exactly as that.
"""

from __future__ import annotations

import codecs
import re

from bptui.ds3.parse.limits import ParseError
from bptui.ds3.parse.place import Place

_MARKS = {
    b"\xff\xfe\0\0": "UTF-32LE",
    b"\0\0\xfe\xff": "UTF-32BE",
    b"\xff\xfe": "UTF-16LE",
    b"\xfe\xff": "UTF-16BE",
}
"""Byte order marks, the longer ones first."""
_UNMARKED = {b"<\0?\0": "UTF-16LE", b"\0<\0?": "UTF-16BE", b"<\0\0\0": "UTF-32LE", b"\0\0\0<": "UTF-32BE"}
"""How the same encodings begin without their mark."""
_BEGINNING_BYTES = 4
_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]+)["'][^>]*>"""
)
_MOST_DECLARATION_BYTES = 256
_DECLARED = re.compile(
    r"US-ASCII|ISO-8859-(?:[1-9]|1[013-6])|WINDOWS-125[0-8]|KOI8-[RU]|SHIFT_JIS|EUC-(?:JP|KR)|GB(?:2312|K|18030)|BIG5",
    re.IGNORECASE,
)
"""The encodings in which a declaration can be read. Others are left to libxml2, which knows them or says that it does not."""


class ToUtf8:
    """Gives as UTF-8 what is in one of the other usual encodings, and everything else as it is."""

    def __init__(self, *, is_known_utf_8: bool = False) -> None:
        """`is_known_utf_8` tells that there is nothing to find out."""
        self._is_settled = is_known_utf_8
        self._unsettled = b""
        self._name = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._place = Place()
        self.damage: ParseError | None = None
        """What is wrong behind all that was given, once something is."""

    @property
    def is_changing(self) -> bool:
        """Whether the answer is in another encoding than what is given."""
        return self._decoder is not None

    def feed(self, data: bytes, *, is_end: bool = False) -> bytes:
        """Take in more bytes and give what is known to be whole characters, up to the first damage."""
        if not self._is_settled:
            self._unsettled += data
            if not is_end and not _is_enough(self._unsettled):
                return b""
            data, self._unsettled = self._settled(self._unsettled), b""
        return self._decoded(self._decoder, data, is_end=is_end) if self._decoder else data

    def _settled(self, beginning: bytes) -> bytes:
        """Find out the encoding, and give the beginning without its byte order mark."""
        self._is_settled = True
        declared = _DECLARATION.match(beginning[: _MOST_DECLARATION_BYTES + 1])
        mark = next((mark for mark in _MARKS if beginning.startswith(mark)), b"")
        name = _MARKS.get(mark) or _UNMARKED.get(beginning[:_BEGINNING_BYTES])
        if name is None and declared and _DECLARED.fullmatch(declared[1].decode()):
            name = declared[1].decode().upper()
        if name is not None:
            self._name, self._decoder = name, codecs.getincrementaldecoder(name)()
        return beginning[len(mark) :]

    def _decoded(self, decoder: codecs.IncrementalDecoder, data: bytes, *, is_end: bool) -> bytes:
        if self.damage:
            return b""
        try:
            text, why = decoder.decode(data, is_end), ""
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode(self._name)
            why = f"there is something that is no {self._name}"
        newlines = text.count("\n")
        self._place = self._place.after(newlines, len(text) - text.rfind("\n") - 1)
        if why:
            self.damage = ParseError(why, self._place.line, self._place.column)
        return text.encode()


def _is_enough(beginning: bytes) -> bool:
    """Whether so much of an answer tells its encoding."""
    if len(beginning) < _BEGINNING_BYTES:
        return False
    is_declaring = beginning.startswith(b"<?xm")
    return not is_declaring or b">" in beginning or len(beginning) > _MOST_DECLARATION_BYTES
