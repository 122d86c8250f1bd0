"""Real programs in real pseudo-terminals; each test has an empty home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.appliance import BPTUI, Appliance
from tests.terminal import Terminal

Open = Callable[..., Terminal]


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Start `bptui ARGUMENT…` in a terminal of a given size; every one is closed at the end."""
    with ExitStack() as stack:

        def start(
            *arguments: object, columns: int = 120, rows: int = 40, env: dict[str, str] | None = None
        ) -> Terminal:
            argv = [*BPTUI, *map(str, arguments)]
            return stack.enter_context(Terminal(argv, home=tmp_path, columns=columns, rows=rows, env=env))

        yield start


@pytest.fixture
def appliance() -> Iterator[Callable[..., Appliance]]:
    """Start `bptui simulate ARGUMENT…`; every one is ended at the end."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(Appliance(*arguments))
