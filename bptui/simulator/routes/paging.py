"""Pages of record lists (DS3 API reference, "Paging")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.requests import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from bptui.simulator.markup import Elements
    from bptui.simulator.requests import Request
    from bptui.simulator.service import Service

    Item = TypeVar("Item")

LONGEST_PAGE = 1000
"""Default and longest page; what appliances use is not known."""


def page(
    service: Service,
    request: Request,
    items: Sequence[Item],
    id_of: Callable[[Item], str],
    element_of: Callable[[Item], tuple[str, Elements]],
) -> Answer:
    """The page that was asked for, with the number of all items and of those left after it in the headers.

    Raises:
        Refusal: 400, when the offset and a marker are both given or a number cannot be read.
    """
    length = min(_number(request, "page_length", LONGEST_PAGE), LONGEST_PAGE)
    start = _start(request, items, id_of, length)
    shown = items[start : start + length]
    headers = {
        "page-truncated": str(max(0, len(items) - start - len(shown))),
        "total-result-count": str(len(items)),
    }
    return service.data([element_of(item) for item in shown], headers)


def _start(request: Request, items: Sequence[Item], id_of: Callable[[Item], str], length: int) -> int:
    marker = request.query.get("page_start_marker")
    if marker and "page_offset" in request.query:
        raise Refusal(400, "BadRequest", "page_offset and page_start_marker cannot both be given.")
    if request.flag("last_page"):
        return max(0, (len(items) - 1) // max(length, 1) * length)
    if marker:
        places = [at for at, item in enumerate(items) if id_of(item) == marker]
        return places[0] + 1 if places else len(items)
    return _number(request, "page_offset", 0)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise Refusal(400, "BadRequest", f"'{text}' is not a legal value for {name}.")
    return int(text)
