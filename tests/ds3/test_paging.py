"""Paged lists are read to their end, each item once, and never forever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bptui.ds3.calls import PAGE_LENGTH
from bptui.ds3.paging import MOST_PAGES, all_pages, is_last_page


class _Pages:
    def __init__(self, items: Sequence[int], *, cap: int = PAGE_LENGTH, has_headers: bool = True) -> None:
        self.items = list(items)
        self.cap = cap
        self.has_headers = has_headers
        self.asked: list[tuple[int, int]] = []

    async def __call__(self, offset: int, length: int) -> tuple[Sequence[int], Mapping[str, str]]:
        self.asked.append((offset, length))
        page = self.items[offset : offset + min(length, self.cap)]
        left = len(self.items) - offset - len(page)
        headers = {"page-truncated": str(left), "total-result-count": str(len(self.items))}
        return page, headers if self.has_headers else {}


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
@pytest.mark.parametrize("cap", [1000, 300])
async def test_all_items_come_once(count: int, cap: int) -> None:
    """Whatever the count, and also when the appliance gives fewer a page than asked for."""
    pages = _Pages(range(count), cap=cap)
    assert list(range(count)) == await all_pages(pages, lambda item: item)
    assert len(pages.asked) == max(1, -(-count // cap))


async def test_without_headers_a_short_page_is_the_last() -> None:
    """An answer that does not page is read once."""
    pages = _Pages(range(1500), has_headers=False)
    assert list(range(1500)) == await all_pages(pages, lambda item: item)
    assert pages.asked == [(0, 1000), (1000, 1000)]


async def test_most_bounds_what_is_asked() -> None:
    """The newest page is one request for no more than wanted."""
    pages = _Pages(range(5000))
    assert list(range(20)) == await all_pages(pages, lambda item: item, most=20)
    assert pages.asked == [(0, 20)]


async def test_an_item_that_moved_counts_once() -> None:
    """A job that starts while one pages pushes another onto the next page."""
    pages = _Pages(range(1500))

    async def moving(offset: int, length: int) -> tuple[Sequence[int], Mapping[str, str]]:
        answer = await pages(offset, length)
        if offset == 0:
            pages.items.insert(0, -1)
        return answer

    assert sorted(await all_pages(moving, lambda item: item)) == list(range(1500))


async def test_no_progress_ends_the_reading() -> None:
    """A server that ignores the offset is asked twice, not forever."""
    pages = _Pages(range(1000))

    async def stuck(_: int, length: int) -> tuple[Sequence[int], Mapping[str, str]]:
        await pages(0, length)
        return pages.items, {"page-truncated": "7"}

    assert list(range(1000)) == await all_pages(stuck, lambda item: item)
    assert len(pages.asked) == 2


async def test_endless_news_end_too() -> None:
    """A server that invents items without end is left alone at some point."""
    asked = 0

    async def endless(offset: int, _: int) -> tuple[Sequence[int], Mapping[str, str]]:
        nonlocal asked
        asked += 1
        return [offset], {"page-truncated": "7"}

    await all_pages(endless, lambda item: item)
    assert asked == MOST_PAGES


@pytest.mark.parametrize("text", ["", "-1", "many", "9" * 400, "\uff11"])
def test_odd_headers(text: str) -> None:
    """Nonsense in a header is as good as no header; a number of absurd length is a large number."""
    is_last = is_last_page({"page-truncated": text}, 3, 3, 10)
    assert is_last is (text != "9" * 400)
