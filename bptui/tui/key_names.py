"""The names of keys: as a person writes them, as Textual spells them, and as footer and help print them."""

from __future__ import annotations

from textual.keys import _character_to_key

_TEXTUAL_NAMES = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "space": "space", "del": "delete"}
_SHOWN = {
    "escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "enter": "Enter", "tab": "Tab", "shift+tab": "Shift-Tab",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "home": "Home", "end": "End", "space": "Space",
    "delete": "Del", "backspace": "Backspace",
}  # fmt: skip


def textual_key(key: str) -> str:
    """The name that Textual gives to a key as a person writes it."""
    if len(key) == 1:
        return _character_to_key(key)
    *modifiers, last = key.lower().split("+")
    return "+".join([*modifiers, _TEXTUAL_NAMES.get(last, last)])


def shown(key: str) -> str:
    """A key of Textual's spelling as footer and help print it."""
    if key in _SHOWN:
        return _SHOWN[key]
    *modifiers, last = key.split("+")
    parts = [part.capitalize() for part in modifiers]
    return "-".join([*parts, _shown_character(last, is_modified=bool(parts))])


def _shown_character(name: str, *, is_modified: bool) -> str:
    character = _CHARACTERS.get(name, name)
    if is_modified or (len(character) > 1 and character[0] == "f"):
        return character.upper()
    return character


_CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(0x21, 0x7F)}
"""Textual's names of the printable keys, and what is printed on them."""
