"""Copies text out of the terminal, also over SSH, and says which way it took."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping

TMUX_SECONDS = 2.0
DCS_CHUNK = 70
"""GNU screen passes on device control strings of limited length."""


async def copy(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Copy visible text by the best way there is; a sentence about what was done.

    `write` sends to the terminal. Whether the terminal obeys OSC 52 cannot be known; the sentence says so.
    """
    if environ.get("TMUX"):
        if await _into_tmux(text):
            return "Copied into tmux's buffer, and through it to the terminal."
        return f"tmux did not take it; select it here: {text}"
    code = f"\x1b]52;c;{b64encode(text.encode('utf-8', 'replace')).decode()}\x07"
    if environ.get("STY"):
        write(in_device_control_strings(code))
        return "Sent through screen to the terminal's clipboard (OSC 52)."
    write(code)
    return "Sent to the terminal's clipboard (OSC 52)."


def in_device_control_strings(code: str) -> str:
    """An escape code as GNU screen hands it on unread: in pieces, each in a device control string."""
    pieces = (code[start : start + DCS_CHUNK] for start in range(0, len(code), DCS_CHUNK))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


async def _into_tmux(text: str) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            "tmux",
            "load-buffer",
            "-w",
            "-",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(TMUX_SECONDS):
            await process.communicate(text.encode("utf-8", "replace"))
    except (OSError, TimeoutError):
        return False
    return process.returncode == 0
