"""An answer in another encoding says the same as in UTF-8, and where it is damaged, by line and column of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from bptui.ds3.parse.document import DocumentParser
from bptui.ds3.parse.limits import ParseError
from tests.ds3.parse.documents import Style, a_chunk, written
from tests.ds3.parse.readings import SMALL_CUTS, incrementally, outcome, plainly, reading

MARKED = {
    "UTF-8": b"\xef\xbb\xbf",
    "UTF-16LE": b"\xff\xfe",
    "UTF-16BE": b"\xfe\xff",
    "UTF-32LE": b"\xff\xfe\0\0",
    "UTF-32BE": b"\0\0\xfe\xff",
}
WIDE = sorted(set(MARKED) - {"UTF-8"})
DECLARED = ("us-ascii", "iso-8859-1", "ISO-8859-15", "windows-1252", "koi8-r", "shift_jis", "gb18030")
NEWLINES = ("", "\n  ", "\r\n\t")


def a_text(newline: str, declaration: str = "") -> str:
    """An answer with chunks, some objects, and characters of one to four bytes."""
    random = Random(11)
    chunks = [a_chunk(random, count, is_odd=False) for count in (2, 0, 1)]
    for chunk, name in zip(chunks[::2], ("日本語/🎬.mov", "ü&=\"'>"), strict=True):
        chunk.objects[0]["Name"] = name
    return written(random, chunks, Style(newline=newline, declaration=declaration)).decode()


def portioned(body: bytes, size: int) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def told(body: bytes, size: int) -> tuple[object, ...]:
    """What reading it incrementally says, which is what reading it plainly says."""
    _, plain = outcome(lambda: plainly(body))
    _, found = outcome(lambda: incrementally(portioned(body, size), None, SMALL_CUTS[0]))
    assert plain == found
    return found


def place_of(text: str) -> tuple[int, int]:
    """Line and column of what follows a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


@pytest.mark.parametrize("size", [1, 3, 1000, 10**6])
@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", MARKED)
def test_a_byte_order_mark_tells_the_encoding(encoding: str, newline: str, size: int) -> None:
    """Whatever the declaration says, and wherever the network cuts."""
    text = a_text(newline)
    for declaration in ("", '<?xml version="1.0" encoding="UTF-8"?>\n', '<?xml version="1.0" encoding="UTF-16"?>'):
        if encoding == "UTF-8" and "16" in declaration:
            continue
        assert told(MARKED[encoding] + (declaration + text).encode(encoding), size) == reading(plainly(text.encode()))


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("encoding", [*WIDE, *DECLARED])
def test_a_declaration_tells_the_encoding(encoding: str, size: int) -> None:
    """Characters that an encoding does not have come as references."""
    text = a_text("\r\n", f"<?xml version='1.0' encoding = '{encoding}'?>")
    expected = reading(plainly(a_text("\r\n").encode()))
    assert told(text.encode(encoding, "xmlcharrefreplace"), size) == expected


def test_a_name_that_reads_like_a_chunk_in_other_bytes_is_a_name() -> None:
    """In UTF-16, four characters may have the bytes of `<Objects`."""
    name = b"<Objects".decode("UTF-16LE")
    text = a_text("", '<?xml version="1.0" encoding="UTF-16"?>').replace("b&amp;c", name)
    tree = incrementally(portioned(text.encode("UTF-16LE"), 100), None, SMALL_CUTS[0])
    assert tree.job.bucket_name == name


def test_an_encoding_that_nobody_knows_is_named() -> None:
    """It is no guess which one is meant."""
    body = a_text("", '<?xml version="1.0" encoding="of-our-own"?>').encode()
    assert "of-our-own" in str(told(body, 1000)[1])


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize(
    ("encoding", "damage"),
    [
        ("UTF-16LE", b"\0\xd8"),
        ("UTF-16LE", b"\0\xdc"),
        ("UTF-16BE", b"\xd8\0"),
        ("UTF-16BE", b"\xdc\0"),
        ("UTF-32LE", b"\0\0\x11\0"),
        ("UTF-32BE", b"\0\0\xd8\0"),
    ],
)
def test_half_a_character_is_told_by_its_place(encoding: str, damage: bytes, newline: str) -> None:
    """Line and column are those of the damage, whatever was fed at a time, even half a code unit."""
    text = a_text(newline)
    for at in range(0, len(text), 17):
        before, after = text[:at].encode(encoding), text[at:].encode(encoding)
        found = told(MARKED[encoding] + before + damage + after, 1 + at % 11)
        assert found == ("error", f"there is something that is no {encoding}", *place_of(text[:at]))


@pytest.mark.parametrize("encoding", WIDE)
def test_other_damage_is_told_as_in_utf_8(encoding: str) -> None:
    """A `<` or a quote too many has the same sentence, line and column in every encoding."""
    text = a_text("\r\n")
    for at in range(1, len(text), 23):
        for damage in '<"':
            damaged = text[:at] + damage + text[at:]
            expected = told(damaged.encode(), 10**6)
            assert told(MARKED[encoding] + damaged.encode(encoding), 1 + at % 13) == expected


@pytest.mark.parametrize("encoding", ["UTF-16LE", "UTF-16BE"])
def test_an_answer_may_break_off_within_a_character(encoding: str) -> None:
    """The place is that of the half character."""
    text = a_text("\n")
    for at in (10, text.index("日"), text.index("🎬"), len(text) - 3):
        cut = MARKED[encoding] + text[: at + 1].encode(encoding)[:-1]
        assert told(cut, 3)[2:] == place_of(text[:at])


def test_bytes_outside_of_the_declared_encoding_have_a_place() -> None:
    """A document that says it is ASCII and is not."""
    text = a_text("\n", '<?xml version="1.0" encoding="us-ascii"?>')
    body = text.encode("us-ascii", "xmlcharrefreplace")
    at = body.index(b"Offset")
    expected = ("error", "there is something that is no US-ASCII", *place_of(body[:at].decode()))
    assert told(body[:at] + b"\xfc" + body[at:], 1) == expected
    assert told(body[:at] + b"\xfc" + body[at:], 10**6) == expected


def test_small_answers_keep_the_same_promise() -> None:
    """An explanation of a failure may come in UTF-16, too."""
    body = "<Error>\r\n<Code>Über</Code></Error>".encode("utf-16")
    found = []
    for size in (1, 3, 100):
        parser = DocumentParser("Error", lambda element: element.fields.text("Code"))
        for portion in portioned(body, size):
            parser.feed(portion)
        found.append(parser.close())
    assert found == ["Über"] * 3
    with pytest.raises(ParseError) as caught:
        DocumentParser("Error", str).feed(body[:36] + b"\0\xdc" + body[36:])
    assert (caught.value.line, caught.value.column) == (2, 9)
