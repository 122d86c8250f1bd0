"""Reads lists that come in pages, to their end and no further, or at both ends (DS3 API, all releases)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from bptui.ds3.calls import PAGE_LENGTH

MOST_PAGES = 500
"""More than any appliance fills: half a million entries."""

Item = TypeVar("Item")
Page = Callable[[int, int], Awaitable[tuple[Sequence[Item], Mapping[str, str]]]]
"""Asks for (offset, length) in items, and gives the items and the headers of the answer."""


async def all_pages(
    page: Page[Item],
    key: Callable[[Item], Hashable],
    most: int | None = None,
) -> list[Item]:
    """Return the items of all pages in the order they came, each once; `most` at most.

    Entries move while one reads: an item that comes twice counts once, and a page without news ends the reading.
    """
    found: dict[Hashable, Item] = {}
    offset = 0
    for _ in range(MOST_PAGES):
        length = PAGE_LENGTH if most is None else min(PAGE_LENGTH, most - len(found))
        items, headers = await page(offset, length)
        offset += len(items)
        news = {key(item): item for item in items if key(item) not in found}
        found |= news
        is_enough = most is not None and len(found) >= most
        if is_enough or not news or is_last_page(headers, len(items), offset, length):
            break
    return list(found.values())[:most]


async def both_ends(
    page: Page[Item],
    last: Callable[[int], Awaitable[Sequence[Item]]],
    key: Callable[[Item], Hashable],
    length: int,
) -> list[Item]:
    """Return the first page of a list, and the last one if it is another: the newest of a log without a known order."""
    items, headers = await page(0, length)
    if not is_last_page(headers, len(items), len(items), length):
        items = [*items, *await last(length)]
    return list({key(item): item for item in items}.values())


def is_last_page(headers: Mapping[str, str], received: int, offset: int, length: int) -> bool:
    """Whether nothing follows a page of `received` items that ends at `offset`, by its headers or its shortness.

    `page-truncated` is 0 on the last page; `total-result-count` counts the matching items.
    """
    truncated = _count(headers.get("page-truncated"))
    total = _count(headers.get("total-result-count"))
    if truncated is None and total is None:
        return received < length
    return truncated == 0 or (total is not None and offset >= total)


def _count(text: str | None) -> int | None:
    clean = (text or "").strip()
    return int(clean[:18]) if clean.isascii() and clean.isdecimal() else None
