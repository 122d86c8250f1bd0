"""Lists of small elements are read while they arrive."""

from __future__ import annotations

import pytest

from bptui.ds3.parse.document import Element, ItemsParser
from bptui.ds3.parse.limits import ParseError

FIRST = b"<Data><Job><Id>1</Id><Nested><Job><Id>9</Id></Job></Nested></Job><Other><Id>2</Id></Other>"
REST = b"<Job><Id>3</Id></Job></Data>"


def test_each_item_is_read_when_it_is_complete() -> None:
    """Nothing is left for the end, neither is what is no item or stands deeper read as one."""
    read: list[str] = []

    def note(item: Element) -> str:
        read.append(item.first("Id").text)
        return read[-1]

    parser = ItemsParser("Data", "Job", note)
    parser.feed(FIRST)
    assert read == ["1"]
    parser.feed(REST)
    assert read == ["1", "3"]
    assert parser.close() == ("1", "3")


def test_a_list_is_one_only_if_its_root_says_so() -> None:
    """Items under another root are no answer."""
    parser = ItemsParser("Data", "Job", lambda item: item.name)
    parser.feed(b"<Error><Job/></Error>")
    with pytest.raises(ParseError, match="the answer is a Error, not a Data"):
        parser.close()
