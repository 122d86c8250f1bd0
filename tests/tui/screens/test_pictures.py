"""Every dialog reads as it was accepted, at each size, and in ASCII."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bptui.tui.theme import Depth, ThemeName, look
from tests.tui.screens.gallery import BEFORE, DIALOGS
from tests.tui.screens.host import Host

ACCEPTED = Path(__file__).parent / "pictures"
SIZES = [(80, 24), (120, 40)]
SMALL = [(name, (60, 15)) for name in DIALOGS if name.startswith(("confirm", "events", "first", "help", "palette"))]


@pytest.mark.parametrize(("name", "size"), [*((name, size) for name in DIALOGS for size in SIZES), *SMALL])
async def test_accepted(name: str, size: tuple[int, int]) -> None:
    """The dialog is painted as in the accepted picture; `ACCEPT_PICTURES=1` accepts what is painted now."""
    text = await painted(name, size)
    file = ACCEPTED / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("ACCEPT_PICTURES"):
        ACCEPTED.mkdir(exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("name", [name for name in DIALOGS if name != "copy"])
async def test_ascii(name: str) -> None:
    """With `--ascii` and NO_COLOR no dialog paints anything but ASCII."""
    text = await painted(name, (80, 24), is_ascii=True)
    assert [character for character in text if not character.isascii()] == []


async def painted(name: str, size: tuple[int, int], *, is_ascii: bool = False) -> str:
    the_look = look(ThemeName.DARK, Depth.NONE if is_ascii else Depth.TRUECOLOR, is_ascii=is_ascii)
    app = Host(DIALOGS[name](the_look), the_look)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if name in BEFORE:
            await BEFORE[name](pilot)
        await pilot.pause()
        return app.text
