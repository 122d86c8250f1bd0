"""Feed bytes to libxml2 within bounds, and tell its complaints by their place in the whole answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from lxml import etree

from bptui.ds3.parse.limits import SLICE_BYTES, Limits, ParseError

_MARK = "bptui-between-tags"


class Target(Protocol):
    """Who is told the elements of an answer; local names, without namespaces."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """A piece of text, whitespace included."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an answer something begins: newlines before it, and characters since the last of them."""

    newlines: int = 0
    characters: int = 0

    def after(self, newlines: int, tail_characters: int) -> Place:
        """The place behind a run with this many newlines and characters after its last newline."""
        if newlines:
            return Place(self.newlines + newlines, tail_characters)
        return Place(self.newlines, self.characters + tail_characters)

    def behind(self, run: bytes) -> Place:
        """The place behind these bytes, which end with a whole character."""
        return self.after(*extent(run))


def extent(run: bytes) -> tuple[int, int]:
    """How many newlines a run of bytes has, and how many characters after the last of them."""
    newlines = run.count(b"\n") if b"\n" in run else 0
    tail = run[run.rfind(b"\n") + 1 :] if newlines else run
    return newlines, len(tail) if tail.isascii() else len(tail.decode(errors="replace"))


class XmlStream:
    """One pass of libxml2 over an answer, or over the rest of one behind a context that opens its elements."""

    def __init__(self, target: Target, limits: Limits, context: bytes = b"", place: Place | None = None) -> None:
        """`context` is on one line, and stands for what came before `place`."""
        self._limits = limits
        self._context_characters = len(context.decode())
        self._place = place or Place()
        self._since_tag_bytes = 0
        self._fed_bytes = 0
        # Entities cannot be declared, because a DOCTYPE is refused where it begins. With resolve_entities=False libxml2
        # would hand out `&amp;` in attributes as `&#38;`.
        # The stubs know neither "internal" nor targets without the methods that lxml calls only if they exist.
        self._shield = _Shield(target, limits)
        self._parser = etree.XMLParser(
            target=cast("Any", self._shield),
            resolve_entities=cast("bool", "internal"),
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        self._newlines = 0
        if context:
            self._parser.feed(context)

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the bytes are not well-formed, too many, or not what `target` accepts."""
        for start in range(0, len(data), SLICE_BYTES):
            part = data[start : start + SLICE_BYTES]
            self._check_tag_length(part)
            self._fed_bytes += len(part)
            try:
                self._parser.feed(part)
            except etree.XMLSyntaxError as error:
                raise self._placed(error) from error

    def close(self) -> None:
        """The answer ends here; ParseError when it is not complete."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise self._placed(error) from error

    def is_between_tags(self) -> bool:
        """Whether what was fed ends where another tag may begin; nothing can be fed after this was asked."""
        try:
            self._parser.feed(b"<" + _MARK.encode() + b"/>")
        except etree.XMLSyntaxError:
            return False
        return self._shield.is_mark_seen

    def _check_tag_length(self, part: bytes) -> None:
        last = part.rfind(b"<")
        self._since_tag_bytes = self._since_tag_bytes + len(part) if last == -1 else len(part) - last
        self._newlines += part.count(b"\n")
        if self._since_tag_bytes > self._limits.tag_bytes:
            limit = self._limits.tag_bytes
            raise ParseError(
                f"a tag or text is longer than {limit} bytes", self._place.newlines + self._newlines + 1, None
            )

    def _placed(self, error: etree.XMLSyntaxError) -> ParseError:
        if not self._fed_bytes and not self._context_characters:
            return ParseError("the answer is empty", 1, 1)
        line, column = error.position
        if line <= 1:
            column += self._place.characters - self._context_characters
        return ParseError(_sentence(error), max(line, 1) + self._place.newlines, max(column, 1))


class _Shield:
    """Keeps namespaces, depth, attribute floods and DOCTYPE away from a target."""

    def __init__(self, target: Target, limits: Limits) -> None:
        self._start = target.start
        self._end = target.end
        self.data = target.data
        self._limits = limits
        self._depth = 0
        self.is_mark_seen = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.is_mark_seen = tag.endswith(_MARK)
        self._depth += 1
        if self._depth > self._limits.depth:
            raise ParseError(f"elements are nested deeper than {self._limits.depth}")
        if len(attributes) > self._limits.attributes:
            raise ParseError(f"an element has more than {self._limits.attributes} attributes")
        self._start(local_name(tag), attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._end(local_name(tag))

    def doctype(self, *_: Any) -> None:
        raise ParseError("the answer has a DOCTYPE, which the appliance never sends")

    def close(self) -> None:
        """The parser's close wants a result; the target keeps its own."""


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


_POSITION = re.compile(r",? line \d+(, column \d+)?")


def _sentence(error: etree.XMLSyntaxError) -> str:
    """What libxml2 says, without the places that it counts from where it began."""
    return _POSITION.sub("", error.msg or "not well-formed").strip() or "not well-formed"
