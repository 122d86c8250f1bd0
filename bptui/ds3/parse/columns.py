"""Turn the raw values of a block into columns, all at once, or find that some are not of the usual form."""

from __future__ import annotations

import json
import re
from array import array
from binascii import unhexlify
from functools import lru_cache

from bptui.model.blobs import ABSENT, NO, NOT_TOLD, SEPARATOR, YES, IdColumn


class IrregularError(Exception):
    """The block is not of the usual form; nothing is known to be wrong with it."""


_SHAPE = bytes(ord("h") if byte in b"0123456789abcdef" else byte if byte in b"-," else 0 for byte in range(256))
_CANONICAL = b"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh,"
_DIGITS = b"0123456789"
_NOT_PLAIN = bytes(range(32)) + b"<&"
_REFERENCE = re.compile(rb"&(amp|lt|gt|quot|apos);")
_REFERRED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which are UTF-8 but not XML."""


def packed_ids(texts: list[bytes]) -> IdColumn:
    """Pack canonical lower-case UUIDs, all at once."""
    joined = b",".join([*texts, b""])
    if joined.translate(_SHAPE) != _CANONICAL * len(texts):
        raise IrregularError
    return IdColumn(unhexlify(joined.translate(None, b"-,")))


@lru_cache(maxsize=1024)
def canonical_id(text: bytes) -> str:
    """The text of an id that occurs again and again, once it is known to be a canonical UUID."""
    packed_ids([text])
    return text.decode()


def joined_names(texts: list[bytes]) -> bytes:
    """Names without references, joined; UTF-8 and without any character that XML changes or forbids."""
    joined = SEPARATOR.join(texts)
    if not joined.isascii():
        _check_unicode(joined)
    separators = max(len(texts) - 1, 0)
    odd_bytes = len(joined) - len(joined.translate(None, _NOT_PLAIN)) - separators
    if odd_bytes:
        references = joined.count(b"&")
        if references != odd_bytes or references != len(_REFERENCE.findall(joined)):
            raise IrregularError
        return _REFERENCE.sub(lambda match: _REFERRED[match[1]], joined)
    return joined


def _check_unicode(joined: bytes) -> None:
    try:
        joined.decode()
    except UnicodeDecodeError:
        raise IrregularError from None
    if any(character in joined for character in _NONCHARACTERS):
        raise IrregularError


_TOLD = bytes([NO, YES])
_TRISTATES = {b"true,": bytes([YES]), b"false,": bytes([NO]), b"TRUE,": bytes([YES]), b"FALSE,": bytes([NO])}


def tristates(texts: list[bytes] | None, count: int) -> bytes:
    """Yes, no, or not told at all."""
    if texts is None:
        return bytes([NOT_TOLD]) * count
    if texts and texts[0] == texts[-1] == b"true" and texts.count(b"true") == count:
        return bytes([YES]) * count
    column = b",".join([*texts, b""])
    for word, value in _TRISTATES.items():
        column = column.replace(word, value)
    # Each comma went with one word, so what is left is one byte for each text, or else something odd.
    if len(column) != count or column.translate(None, _TOLD):
        raise IrregularError
    return column


def numbers(texts: list[bytes]) -> array[int]:
    """Whole numbers from 0 to 2^63-1, without sign, space, underscore or needless zeros."""
    joined = b",".join([*texts, b"0"])
    if joined.translate(None, _DIGITS) != b"," * len(texts):
        raise IrregularError
    try:
        # The scanner of JSON reads many numbers faster than `int` reads them one by one, and refuses empty ones.
        column = array("q", json.loads(b"[" + joined + b"]"))
    except (ValueError, OverflowError):
        raise IrregularError from None
    column.pop()
    return column


def sparse_numbers(texts: list[bytes | None]) -> array[int]:
    """Whole numbers, with ABSENT where there is none."""
    told = [text for text in texts if text is not None]
    column = numbers(told)
    if len(told) == len(texts):
        return column
    following = iter(column)
    return array("q", [ABSENT if text is None else next(following) for text in texts])
