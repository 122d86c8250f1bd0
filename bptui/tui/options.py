"""What a person and their terminal ask of the screen, decided before it is built."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import NamedTuple

from bptui.tui.display import Display, TimeDisplay
from bptui.tui.glyphs import VIDEO_TERMINALS
from bptui.tui.keys import KeyMap
from bptui.tui.theme import ThemeName, depth_of, look

COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python puts into LC_CTYPE at its start where the locale is C, or not installed (PEP 538)."""


class ViewOptions(NamedTuple):
    """How the screen begins."""

    display: Display
    has_mouse: bool
    environ: Mapping[str, str]
    """For what the terminal around us is: tmux, screen, SSH."""
    warnings: tuple[str, ...] = ()
    """Sentences for the status line at start: odd keys, an odd config."""

    @property
    def keymap(self) -> KeyMap:
        """The keys with the person's own in it."""
        return self.display.keymap


def view_options(
    environ: Mapping[str, str],
    zone: tzinfo,
    *,
    theme: str | None = None,
    is_ascii: bool | None = None,
    has_mouse: bool | None = None,
    is_decimal: bool = False,
    times: str | None = None,
    keys: Mapping[str, tuple[str, ...]] | None = None,
    warnings: tuple[str, ...] = (),
) -> ViewOptions:
    """Fill in what was not chosen: colours and signs by terminal and locale, no mouse over SSH or in tmux."""
    keymap = KeyMap(dict(keys or {}))
    wants_ascii = _is_plain(environ) if is_ascii is None else is_ascii
    chosen = look(ThemeName(theme or ThemeName.DARK.value), depth_of(environ), is_ascii=wants_ascii)
    problems = [f"{duplicate}." for duplicate in keymap.duplicates()]
    problems += [f"The config gives a key to {action_id}, which is no action." for action_id in keymap.unknown()]
    return ViewOptions(
        display=Display(chosen, zone, TimeDisplay(times or TimeDisplay.RELATIVE.value), is_decimal, keymap),
        has_mouse=not _is_remote(environ) if has_mouse is None else has_mouse,
        environ=environ,
        warnings=(*warnings, *problems),
    )


def _is_plain(environ: Mapping[str, str]) -> bool:
    """Whether only ASCII is sure to be seen: by the locale, or because the fonts of a console lack most signs."""
    return not _has_utf8(environ) or environ.get("TERM", "").startswith(("linux", *VIDEO_TERMINALS))


def _has_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale says UTF-8; without any word of it a modern terminal is assumed on macOS only."""
    locale = environ.get("LC_ALL") or _characters(environ) or environ.get("LANG") or ""
    return "utf-8" in locale.lower() or "utf8" in locale.lower() or "TERM_PROGRAM" in environ


def _characters(environ: Mapping[str, str]) -> str:
    """What LC_CTYPE says; empty where Python may have written it there itself."""
    told = environ.get("LC_CTYPE", "")
    return "" if told in COERCED else told


def _is_remote(environ: Mapping[str, str]) -> bool:
    """Whether selecting text with the mouse is likely needed for copying."""
    return any(name in environ for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"))
