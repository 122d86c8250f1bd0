"""Feed bytes to libxml2 within bounds, and tell its complaints by their place in the whole answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol, cast

from lxml import etree

from bptui.ds3.parse.encoding import ToUtf8
from bptui.ds3.parse.limits import SLICE_BYTES, Limits, ParseError
from bptui.ds3.parse.place import Place

_MARK = "bptui-between-tags"


class Target(Protocol):
    """Who is told the elements of an answer; local names, without namespaces."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """A piece of text, whitespace included."""


class XmlStream:
    """One pass of libxml2 over an answer, or over the rest of one behind a context that opens its elements."""

    _parser: etree.XMLParser | None = None

    def __init__(self, target: Target, limits: Limits, context: bytes = b"", place: Place | None = None) -> None:
        """`context` is on one line, and stands for what came before `place`."""
        self._limits = limits
        self._context_characters = len(context.decode())
        self._place = place or Place()
        self._since_tag_bytes = 0
        self._fed_bytes = 0
        self._newlines = 0
        self._shield = _Shield(target, limits)
        self._encoding = ToUtf8(is_known_utf_8=bool(context))
        if context:
            self._started().feed(context)

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the bytes are not well-formed, too many, or not what `target` accepts."""
        for start in range(0, len(data), SLICE_BYTES):
            self._take(self._encoding.feed(data[start : start + SLICE_BYTES]))

    def close(self) -> None:
        """The answer ends here; ParseError when it is not complete."""
        self._take(self._encoding.feed(b"", is_end=True))
        try:
            self._started().close()
        except etree.XMLSyntaxError as error:
            raise self._placed(error) from error
        self._shield.let_go()
        self._parser = None

    def __del__(self) -> None:
        """End the parser, also where nobody does: lxml keeps what libxml2 has read, half a kilobyte with each poll."""
        if self._parser is not None:
            self._shield.let_go()
            with suppress(etree.XMLSyntaxError, ParseError):
                self._parser.close()

    def is_between_tags(self) -> bool:
        """Whether what was fed ends where another tag may begin, in UTF-8; nothing can be fed after this was asked."""
        if self._encoding.is_changing:
            return False
        try:
            self._started().feed(b"<" + _MARK.encode() + b"/>")
        except etree.XMLSyntaxError:
            return False
        return self._shield.is_mark_seen

    def _started(self) -> etree.XMLParser:
        """libxml2, once it is known whether the declaration in the answer tells the truth about what it is fed."""
        if self._parser is None:
            # Entities cannot be declared, because a DOCTYPE is refused where it begins. With resolve_entities=False
            # libxml2 would hand out `&amp;` in attributes as `&#38;`.
            # The stubs know neither "internal" nor targets without the methods that lxml calls only if they exist.
            self._parser = etree.XMLParser(
                target=cast("Any", self._shield),
                resolve_entities=cast("bool", "internal"),
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                encoding="UTF-8" if self._encoding.is_changing else None,
            )
        return self._parser

    def _take(self, part: bytes) -> None:
        if part:
            self._check_tag_length(part)
            self._fed_bytes += len(part)
            try:
                self._started().feed(part)
            except etree.XMLSyntaxError as error:
                raise self._placed(error) from error
        if self._encoding.damage:
            raise self._encoding.damage

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
        self._target = target
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
        self._target.start(local_name(tag), attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._target.end(local_name(tag))

    def data(self, text: str) -> None:
        self._target.data(text)

    def doctype(self, *_: Any) -> None:
        raise ParseError("the answer has a DOCTYPE, which the appliance never sends")

    def close(self) -> None:
        """The parser's close wants a result; the target keeps its own."""

    def let_go(self) -> None:
        """Tell the target nothing more: lxml's parser and what it holds wait for the garbage collector, its values need not."""
        self._target = _Nobody()


class _Nobody:
    """The target of a parser that is only ended."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        pass

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


_POSITION = re.compile(r",? line \d+(, column \d+)?")


def _sentence(error: etree.XMLSyntaxError) -> str:
    """What libxml2 says, without the places that it counts from where it began."""
    return _POSITION.sub("", error.msg or "not well-formed").strip() or "not well-formed"
