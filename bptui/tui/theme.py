"""Colours by meaning: three themes at three colour depths, and a form without colour."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from rich.console import Console
from rich.style import Style
from textual.theme import Theme

from bptui.tui.glyphs import ASCII, Glyphs, is_colourless


class ThemeName(Enum):
    """The themes a person can choose."""

    DARK = "dark"
    LIGHT = "light"
    ANSI = "ansi"
    """The terminal's own sixteen colours on its own background."""


class Depth(Enum):
    """How many colours the terminal shows."""

    NONE = 0
    """`NO_COLOR`, and video terminals: attributes such as bold and reverse, and no colour code at all."""
    ANSI16 = 16
    ANSI256 = 256
    TRUECOLOR = 1 << 24


class _Ink(NamedTuple):
    """One colour at each depth; empty is the terminal's own."""

    truecolor: str
    indexed: int
    ansi: str = ""

    def at(self, depth: Depth) -> str | None:
        if depth is Depth.TRUECOLOR:
            return self.truecolor
        if depth is Depth.ANSI256:
            return hex_of(self.indexed)
        return self.ansi or None if depth is Depth.ANSI16 else None


def hex_of(index: int) -> str:
    """The RGB value of an entry of the 256-colour palette, which finds its way back to exactly this entry."""
    if index >= 232:
        return f"#{8 + 10 * (index - 232):02x}" + f"{8 + 10 * (index - 232):02x}" * 2
    steps = (0, 95, 135, 175, 215, 255)
    red, rest = divmod(index - 16, 36)
    return "#" + "".join(f"{steps[part]:02x}" for part in (red, *divmod(rest, 6)))


class _Palette(NamedTuple):
    """The few colours of a theme, each with one meaning."""

    background: _Ink
    bar: _Ink
    """Behind top line and footer."""
    text: _Ink
    strong: _Ink
    dim: _Ink
    """What rarely matters."""
    dim_on_cursor: _Ink
    accent: _Ink
    """Keys, types, the focused border."""
    good: _Ink
    warn: _Ink
    bad: _Ink
    superseded: _Ink
    cached: _Ink
    """The second tone of the progress bar."""
    track: _Ink
    """The part of the bar where nothing is yet."""
    cursor: _Ink
    """Behind the line of the cursor in the focused pane."""
    cursor_elsewhere: _Ink
    """Behind the line of the cursor in the other panes."""
    border: _Ink
    prod: _Ink
    """Behind the name of an endpoint on which acting asks for typed confirmation."""
    on_prod: _Ink


_DARK = _Palette(
    background=_Ink("#12151c", 233),
    bar=_Ink("#1b2230", 235),
    text=_Ink("#d3d8e0", 252),
    strong=_Ink("#ffffff", 231),
    dim=_Ink("#868f9c", 245),
    dim_on_cursor=_Ink("#b4bfcc", 250),
    accent=_Ink("#76afe6", 74, "cyan"),
    good=_Ink("#86c06c", 107, "green"),
    warn=_Ink("#e5b656", 179, "yellow"),
    bad=_Ink("#f4777b", 203, "bright_red"),
    superseded=_Ink("#cf97cf", 176, "magenta"),
    cached=_Ink("#4c86bd", 67, "cyan"),
    track=_Ink("#3c4552", 239, "bright_black"),
    cursor=_Ink("#23415f", 24),
    cursor_elsewhere=_Ink("#222936", 236),
    border=_Ink("#465062", 240, "bright_black"),
    prod=_Ink("#8c2f39", 88, "red"),
    on_prod=_Ink("#ffffff", 231, "bright_white"),
)
_LIGHT = _Palette(
    background=_Ink("#fbfcfd", 231),
    bar=_Ink("#e7ecf2", 254),
    text=_Ink("#262b33", 235),
    strong=_Ink("#000000", 16),
    dim=_Ink("#646d79", 241),
    dim_on_cursor=_Ink("#3f4854", 238),
    accent=_Ink("#0b5aa8", 25, "blue"),
    good=_Ink("#2b6d22", 22, "green"),
    warn=_Ink("#8a5a00", 94, "magenta"),
    bad=_Ink("#b4141f", 124, "red"),
    superseded=_Ink("#8a2f8a", 90, "magenta"),
    cached=_Ink("#6d9fd1", 68, "blue"),
    track=_Ink("#c3cad3", 250, "white"),
    cursor=_Ink("#cbe0f6", 153),
    cursor_elsewhere=_Ink("#e4e9ef", 254),
    border=_Ink("#b6bec8", 249, "bright_black"),
    prod=_Ink("#b4141f", 124, "red"),
    on_prod=_Ink("#ffffff", 231, "bright_white"),
)


class Look(NamedTuple):
    """How everything is drawn: one Rich style per meaning, and the glyphs.

    The styles have no background, except where it is the meaning; the pane's own comes from the style sheet.
    """

    name: ThemeName
    depth: Depth
    glyphs: Glyphs
    text: Style
    strong: Style
    subject: Style
    """What a line is about."""
    dim: Style
    dim_on_cursor: Style
    accent: Style
    good: Style
    warn: Style
    bad: Style
    superseded: Style
    bar_done: Style
    bar_cached: Style
    bar_nothing: Style
    heading: Style
    """The line of column names."""
    key: Style
    """A key in the footer and in help."""
    cursor: Style
    """Laid over the line of the cursor in the focused pane."""
    cursor_elsewhere: Style
    border: Style
    border_focused: Style
    badge: Style
    """The program's name in the top line, and other small labels."""
    prod: Style
    """The name of an endpoint on which acting asks for typed confirmation."""
    found: Style
    """The words that a search found."""

    @property
    def is_ascii(self) -> bool:
        """Whether borders, too, are drawn with ASCII."""
        return self.glyphs is ASCII


def look(name: ThemeName, depth: Depth, *, is_ascii: bool = False) -> Look:
    """The look of a theme at a colour depth."""
    if name is ThemeName.ANSI or depth is Depth.ANSI16:
        depth = min(depth, Depth.ANSI16, key=lambda each: each.value)
    palette = _LIGHT if name is ThemeName.LIGHT else _DARK
    inks = {name: ink.at(depth) for name, ink in palette._asdict().items()}
    has_own_background = depth in (Depth.ANSI256, Depth.TRUECOLOR)
    dim = Style(color=inks["dim"]) if has_own_background else Style(dim=True)
    reverse = Style(reverse=True)
    return Look(
        name=name,
        depth=depth,
        glyphs=ASCII if is_ascii else Glyphs(),
        text=Style(color=inks["text"]),
        strong=Style(color=inks["strong"], bold=True),
        subject=Style(color=inks["strong"]),
        dim=dim,
        dim_on_cursor=Style(color=inks["dim_on_cursor"]) if has_own_background else Style(),
        accent=Style(color=inks["accent"]),
        good=Style(color=inks["good"]),
        warn=Style(color=inks["warn"]),
        bad=Style(color=inks["bad"], bold=None if has_own_background else True),
        superseded=Style(color=inks["superseded"]),
        bar_done=Style(color=inks["good"]),
        bar_cached=Style(color=inks["cached"]),
        bar_nothing=Style(color=inks["track"]) if inks["track"] else dim,
        heading=dim,
        key=Style(color=inks["accent"], bold=True),
        cursor=Style(bgcolor=inks["cursor"]) if has_own_background else reverse,
        cursor_elsewhere=Style(bgcolor=inks["cursor_elsewhere"]) if has_own_background else Style(bold=True),
        border=Style(color=inks["border"]),
        border_focused=Style(color=inks["accent"], bold=None if has_own_background else True),
        badge=Style(color=inks["background"], bgcolor=inks["accent"], bold=True) if has_own_background else reverse,
        prod=Style(color=inks["on_prod"], bgcolor=inks["prod"], bold=True)
        if inks["prod"]
        else Style(reverse=True, bold=True),
        found=Style(color=inks["strong"], underline=True, bold=True),
    )


_ANSI_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "border-blurred": "ansi_default",
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-selection-background": "ansi_default",
    "input-selection-foreground": "ansi_default",
    "screen-selection-background": "ansi_default",
    "screen-selection-foreground": "ansi_default",
}
"""What Textual's own style sheets expect of a theme that calls itself ansi."""


def other_look(than: Look, name: str = "") -> Look | None:
    """Return the same in the theme of that name, without one in the theme that follows; None when there is none."""
    names = list(ThemeName)
    following = names[(names.index(than.name) + 1) % len(names)]
    wanted = next((each for each in names if each.value == name), None) if name else following
    return wanted and look(wanted, than.depth, is_ascii=than.is_ascii)


def textual_theme(of: Look) -> Theme:
    """The same theme for the style sheets: `$background`, `$surface`, `$border-focused`, `$border-plain`, `$text-dim`."""
    palette = _LIGHT if of.name is ThemeName.LIGHT else _DARK
    inks: Mapping[str, str | None] = {name: ink.at(of.depth) for name, ink in palette._asdict().items()}
    is_ansi = of.depth in (Depth.NONE, Depth.ANSI16)

    def colour(name: str) -> str:
        ink = inks[name]
        return (f"ansi_{ink}" if ink else "ansi_default") if is_ansi else ink or "ansi_default"

    return Theme(
        name=theme_id(of),
        primary=colour("accent"),
        secondary=colour("superseded"),
        warning=colour("warn"),
        error=colour("bad"),
        success=colour("good"),
        accent=colour("accent"),
        foreground=colour("text"),
        background=colour("background"),
        surface=colour("bar"),
        panel=colour("bar"),
        dark=of.name is not ThemeName.LIGHT,
        ansi=is_ansi,
        variables={
            "border-focused": colour("accent"),
            "border-plain": colour("border"),
            "text-dim": colour("dim"),
            "text-strong": colour("strong"),
            "cursor-line": colour("cursor"),
            "input-cursor-text-style": "reverse",
            **(_ANSI_VARIABLES if is_ansi else {}),
        },
    )


def theme_id(of: Look) -> str:
    """The name under which Textual knows the theme."""
    return f"bptui-{of.name.value}-{of.depth.name.lower()}"


def depth_of(environ: Mapping[str, str]) -> Depth:
    """How many colours the terminal shows, as the environment tells Rich, which writes them."""
    if is_colourless(environ):
        return Depth.NONE
    console = Console(force_terminal=True, _environ=environ)
    return {"truecolor": Depth.TRUECOLOR, "256": Depth.ANSI256}.get(console.color_system or "", Depth.ANSI16)
