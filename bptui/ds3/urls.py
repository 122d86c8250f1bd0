"""Writes the paths and queries of calls, so that no id or name can turn one call into another.

They follow the DS3 API reference, releases 3.0 to 6.0: path style, `/_rest_/` for the Spectra half, no trailing slash,
parameter names in lower snake case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from bptui.ds3.errors import InvalidIdError

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNRESERVED_IN_PATH = "-._~"


def checked_id(text: str, what: str = "job") -> str:
    """Return a UUID in lower case.

    Raises:
        InvalidIdError: it is empty or no UUID; an empty id turns a call about one job into one about all.
    """
    lowered = text.strip().lower()
    if not _UUID.fullmatch(lowered):
        raise InvalidIdError(what, text)
    return lowered


def path_segment(name: str) -> str:
    """Percent-encode a name for a path: UTF-8, and `;`, `+` and `/` encoded too, as the appliance expects."""
    return quote(name, safe=_UNRESERVED_IN_PATH)


def query_text(parameters: Mapping[str, str | int | bool | None]) -> str:
    """Write a query: None leaves a parameter out, True and False are lower case, spaces are `%20`."""
    return "&".join(
        f"{name}={quote(_query_value(value), safe=_UNRESERVED_IN_PATH)}"
        for name, value in parameters.items()
        if value is not None
    )


def _query_value(value: str | int | bool) -> str:  # noqa: FBT001  # any value of a parameter
    return str(value).lower() if isinstance(value, bool) else str(value)


def rest(resource: str, item: str = "") -> str:
    """The path of a resource of the Spectra half, or of one item of it, which is encoded or checked already."""
    return f"/_rest_/{resource}/{item}" if item else f"/_rest_/{resource}"


def named(name: str, what: str) -> str:
    """Percent-encode the name of one thing.

    Raises:
        InvalidIdError: it is empty, or would climb to another path.
    """
    if not name.strip() or name in {".", ".."}:
        raise InvalidIdError(what, name)
    return path_segment(name)
