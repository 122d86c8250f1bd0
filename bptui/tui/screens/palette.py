"""Finds any command by its name and runs it, with an argument where one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from bptui.text import cell_width, fit, visible
from bptui.tui.keys import Action, KeyMap
from bptui.tui.screens.dialog import Dialog
from bptui.tui.theme import Look
from bptui.tui.widgets.choices import Choice, Choices
from bptui.tui.widgets.lines import Line, Role, line

_ARGUMENT_CELLS = 26
"""How wide a command gets with what was typed for it."""


@dataclass(frozen=True, slots=True)
class PaletteAnswer:
    """The command that was chosen."""

    action_id: str
    argument: str = ""


def _named(action: Action, argument: str = "") -> str:
    """The command with its argument, or with what that would be."""
    return f"{action.command} {argument or action.argument}".rstrip()


def found(actions: Sequence[Action], text: str) -> list[tuple[Action, str]]:
    """The commands that fit what was typed, best first, each with the argument it would be given.

    Text after a command's whole name is its argument, if it takes one. Otherwise a command fits when its name
    begins with the text, when a word of it does, when name or explanation hold all words, or when the name
    holds the letters in their order: ranked in this sequence.
    """
    typed = " ".join(text.casefold().split())
    told = [(action, typed_argument(action, text)) for action in actions if typed_argument(action, text)]
    if told:
        return sorted(told, key=lambda each: -len(each[0].command))
    ranked = [(rank, action) for action in actions if (rank := _rank(action, typed)) is not None]
    return [(action, "") for _, action in sorted(ranked, key=lambda each: each[0])]


def typed_argument(action: Action, text: str) -> str:
    """What follows the command's name in the text; empty when it is another command or takes no argument."""
    if not action.argument:
        return ""
    words = text.split()
    for name in (action.command.split(), [action.id]):
        if len(words) > len(name) and [word.casefold() for word in words[: len(name)]] == name:
            return " ".join(words[len(name) :])
    return ""


def _rank(action: Action, typed: str) -> int | None:
    name = action.command
    label = action.footer_label.casefold()
    if name.startswith(typed) or label.startswith(typed):
        return 0
    if f" {typed}" in f" {name} {label}":
        return 1
    if all(word in f"{name} {label} {action.tooltip}".casefold() for word in typed.split()):
        return 2
    letters = iter(name)
    return 3 if all(letter in letters for letter in typed.replace(" ", "")) else None


class Palette(Dialog[PaletteAnswer | None]):
    """Type a part of a name; Enter runs the line under the cursor."""

    AUTO_FOCUS = "Input"

    def __init__(self, look: Look, actions: Sequence[Action], keymap: KeyMap) -> None:
        super().__init__(look)
        self._actions = actions
        self._keymap = keymap
        self._name_cells = max((len(_named(action)) for action in actions), default=0)
        self._key_cells = max((cell_width(keymap.label(action)) for action in actions), default=0)
        self._arguments: dict[str, str] = {}
        self._offered: str | None = None
        """The text for which commands are offered."""

    def compose(self) -> ComposeResult:
        """Lay out the text field and the commands."""
        with Vertical(classes="box full") as box:
            box.border_title = "Commands"
            box.border_subtitle = "Enter run, Esc back"
            with Horizontal(classes="row"):
                yield Static(": ", markup=False, classes="dim")
                yield Input(id="text", compact=True)
            yield Choices(self._look)

    def on_mount(self) -> None:
        """Begin with every command."""
        self.query_one(Input).cursor_blink = False
        self.query_one(Choices).can_focus = False
        self._offer()

    def on_key(self, event: events.Key) -> None:
        """Run a command, or move the cursor, while the text field has the focus."""
        self._offer()
        choices = self.query_one(Choices)
        meanings = {
            "down": choices.action_cursor_down,
            "up": choices.action_cursor_up,
            "pagedown": choices.action_page_down,
            "pageup": choices.action_page_up,
            "tab": choices.action_cursor_down,
            "shift+tab": choices.action_cursor_up,
            "enter": self._run,
        }
        if event.key in meanings:
            event.stop()
            event.prevent_default()
            meanings[event.key]()

    @on(Choices.Chosen)
    def _run(self) -> None:
        action_id = self.query_one(Choices).value
        if isinstance(action_id, str):
            self.dismiss(PaletteAnswer(action_id, self._arguments.get(action_id, "")))

    @on(Input.Changed)
    def _offer(self) -> None:
        """Offer the commands for what is typed by now."""
        text = self.query_one(Input).value
        if text == self._offered:
            return
        self._offered = text
        matches = found(self._actions, text)
        self._arguments = {action.id: argument for action, argument in matches}
        choices = self.query_one(Choices)
        choices.offer([Choice(action.id, self._line(action, argument)) for action, argument in matches])
        choices.move_to(0)

    def _line(self, action: Action, argument: str) -> Line:
        name, cells = action.command, max(self._name_cells, _ARGUMENT_CELLS if argument else 0)
        words = fit(visible(_named(action, argument)), cells)
        key = fit(self._keymap.label(action), self._key_cells)
        return line(
            (words[: len(name)], Role.HEAD),
            (words[len(name) :] + "  ", Role.DIM),
            (key + "  ", Role.KEY),
            action.tooltip,
        )
