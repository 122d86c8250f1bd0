"""What may happen to the bytes of an answer on its way: damage, another encoding, and where the network cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

PIECES = (
    b"<", b">", b'"', b"'", b"&", b"=", b"/", b"\0", b"\x01", b"\xff", b"\xef\xbf\xbf", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"\xc0\xbc", b"\0\xd8", b"\xdc\0", b"\xe3\x81", b" ", b"\n", b"\r", b"\r\n", b"</Objects>", b"<Object ", b"<Objects ",
    b"<Objects>", b'<Objects ChunkId="', b"/>", b"/><Object ", b"</Object>", b"</MasterObjectList>", b"<!--", b"-->", b"]]>",
    b"<![CDATA[", b"<?", b"?>", b"&#0;", b"&#60;", b"&#xFFFE;", b"&x;", b"<!DOCTYPE a>", b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd">', b"<!ENTITY x 'y'>", b' xmlns="urn:z"', b' xmlns:q="urn:q"', b" Id=''",
)  # fmt: skip
"""What is put where it does not belong."""
ENCODINGS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "iso-8859-1",
    "us-ascii",
    "windows-1252",
    "shift_jis",
    "latin-1",
)


def damaged(random: Random, body: bytes) -> bytes:
    """The same answer with something wrong in it, most often."""
    at = random.randrange(len(body) + 1)
    piece = random.choice(PIECES)
    how = random.randrange(6)
    if how == 0:
        return body[:at]
    if how == 1:
        return body[:at] + piece + body[at:]
    if how == 2:
        return body[:at] + body[at + random.randint(1, 3) :]
    if how == 3:
        # A run comes twice or is missing, as where two answers were mixed up.
        end = random.randint(at, min(len(body), at + 400))
        return body[:at] + body[at:end] * random.choice((0, 2)) + body[end:]
    if how == 4:
        byte = random.randrange(len(body))
        return body[:byte] + bytes([body[byte] ^ 1 << random.randrange(8)]) + body[byte + 1 :]
    return body[:at] + piece + body[at + len(piece) :]


def in_another_encoding(random: Random, body: bytes) -> bytes:
    """The same answer as bytes that are not plain UTF-8, declared, marked, both or neither."""
    if random.random() < 0.3:
        return b"\xef\xbb\xbf" + body
    name = random.choice(ENCODINGS)
    text = re.sub(r"\A<\?xml.*?\?>", "", body.decode(), flags=re.DOTALL)
    if name != "utf-16" or random.random() < 0.5:
        text = f'<?xml version="1.0" encoding="{random.choice((name, name, "UTF-8"))}"?>{text}'
    return text.encode(name, "xmlcharrefreplace")


def pieces(random: Random, body: bytes) -> Iterator[bytes]:
    """The same bytes in the portions in which a network might bring them."""
    size = random.choice((1, 2, 7, 100, 1000, 10**6))
    at = 0
    while at < len(body):
        step = random.randint(1, size)
        yield body[at : at + step]
        at += step
