"""Small answers as a tree of elements: for everything that is neither a job nor the job list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bptui.ds3.parse.limits import SMALL_LIMITS, Intake, Limits, ParseError
from bptui.ds3.parse.stream import XmlStream
from bptui.ds3.parse.values import Fields

Value = TypeVar("Value")


@dataclass(slots=True)
class Element:
    """An element with local name, attributes, children and the text before its first child."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[Element]:
        """The children with this name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element:
        """The first child with this name; an empty element when there is none."""
        return next(self.all(name), Element(name))

    @property
    def fields(self) -> Fields:
        """The texts of the children by name; the first counts when a name occurs twice."""
        return Fields(self.name, {child.name: child.text for child in reversed(self.children)})


class _Grower:
    """Grows elements, and passes over those that are not wanted, with all that is in them."""

    def __init__(self, unwanted: frozenset[str], take: Callable[[Element], bool], limits: Limits) -> None:
        """`take` is offered each child of the root when it is complete; what it takes is not kept."""
        self.root: Element | None = None
        self._limits = limits
        self._kept = 0
        self._texts: list[str] = []
        self._take = take
        self._open: list[Element] = []
        self._unwanted = unwanted
        self._passing_over = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._passing_over or tag in self._unwanted:
            self._passing_over += 1
            return
        element = Element(tag, dict(attributes))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._end_text()
        self._open.append(element)
        self._kept += 1
        self._limits.check_items(self._kept)

    def end(self, _tag: str) -> None:
        if self._passing_over:
            self._passing_over -= 1
            return
        self._end_text()
        element = self._open.pop()
        if len(self._open) == 1 and self._take(element):
            self._open[0].children.pop()
            self._kept = 1

    def data(self, text: str) -> None:
        if self._open and not self._passing_over and not self._open[-1].children:
            self._texts.append(text)

    def _end_text(self) -> None:
        """What has no more children before it was all text up to here: pieces may be many, so they are joined once."""
        if self._texts:
            self._open[-1].text = "".join(self._texts)
            self._texts.clear()


class DocumentParser(Generic[Value]):
    """Reads an answer whose root has a certain name into a value."""

    def __init__(
        self,
        root: str,
        read: Callable[[Element], Value],
        *,
        unwanted: frozenset[str] = frozenset(),
        limits: Limits = SMALL_LIMITS,
    ) -> None:
        """`unwanted` names elements that may be many and are never kept."""
        self._root = root
        self._read = read
        self._grower = _Grower(unwanted, self._take, limits)
        self._intake = Intake(limits)
        self._stream = XmlStream(self._grower, limits)

    def feed(self, data: bytes) -> None:
        """Read on; ParseError when the answer is not well-formed or too large."""
        for part in self._intake.slices(data):
            self._stream.feed(part)

    def close(self) -> Value:
        """The value; ParseError when the answer is incomplete, another one, or says something impossible."""
        self._stream.close()
        root = self._grower.root
        if root is None:
            raise ParseError("the answer is empty", 1, 1)
        if root.name != self._root:
            raise ParseError(f"the answer is a {root.name}, not a {self._root}")
        return self._read(root)

    def _take(self, _child: Element) -> bool:
        return False


class ItemsParser(DocumentParser[tuple[Value, ...]]):
    """Reads an answer that is a list; each item as soon as it is complete, so that none of it is left for the end."""

    def __init__(
        self, root: str, item: str, read: Callable[[Element], Value], *, limits: Limits = SMALL_LIMITS
    ) -> None:
        """`item` names the elements that are read; others are passed over."""
        super().__init__(root, lambda _root: tuple(self._items), limits=limits)
        self._limits = limits
        self._item = item
        self._read_item = read
        self._items: list[Value] = []

    def _take(self, child: Element) -> bool:
        if child.name == self._item:
            self._items.append(self._read_item(child))
            self._limits.check_items(len(self._items))
        return True
