"""Read the appliance's own explanation of a failure (DS3 API, `Error`)."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.ds3.parse.document import DocumentParser, Element


@dataclass(frozen=True, slots=True)
class WireError:
    """An `Error` element; a part that is absent or empty is None."""

    code: str | None
    """Such as `AccessDenied` or `OBJECT_ALREADY_EXISTS`: compare without case and underscores."""
    message: str | None
    resource_id: str | None
    """Looks like the request's number; some servers call it `RequestId`."""


def parse_error(body: bytes) -> WireError:
    """Read the body of a failed request; ParseError when it is no `Error` at all, such as a proxy's HTML page."""
    parser = DocumentParser("Error", _error)
    parser.feed(body)
    return parser.close()


def _error(element: Element) -> WireError:
    fields = element.fields
    return WireError(
        code=fields.text("Code"),
        message=fields.text("Message"),
        resource_id=fields.text("ResourceId") or fields.text("RequestId"),
    )
