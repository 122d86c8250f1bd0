"""Starting costs nothing until the first request: measured as what a fresh interpreter has loaded."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("httpx", "httpcore", "lxml", "textual", "rich", "pygments")


def _loaded_after(program: str) -> set[str]:
    line = f"{program}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules if sys.modules[name]}}))"
    found = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True)  # noqa: S603  # our own line
    return set(found.stdout.split())


def test_making_a_client_loads_neither_http_nor_xml() -> None:
    """The first frame need not wait for them."""
    loaded = _loaded_after(
        "from bptui.ds3.client import Client\n"
        "from bptui.credentials import Secret\n"
        "from bptui.model.endpoint import Endpoint, EndpointName\n"
        "Client(Endpoint(EndpointName('a'), 'https://a.example.test', 'id'), Secret('s'), environ={})"
    )
    assert not loaded & set(HEAVY)


def test_the_first_request_loads_nothing_more_in_the_event_loop() -> None:
    """What the HTTP library loads of itself with the first request comes with the session."""
    line = "import bptui.ds3.session, sys; print('anyio._backends._asyncio' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True)  # noqa: S603  # our own line
    assert found.stdout.split() == ["True"]


def test_the_http_library_comes_without_its_command_line() -> None:
    """Loading the session loads no rich, pygments or click, which httpx imports when it can."""
    loaded = _loaded_after("import bptui.ds3.session")
    assert {"httpx"} <= loaded
    assert not loaded & {"rich", "pygments", "click", "textual"}
