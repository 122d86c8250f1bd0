"""Every action a person can take: footer, help, palette and the config's key map are derived from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from textual.binding import Binding, BindingType

from bptui.tui.key_names import shown, textual_key


class Scope(Enum):
    """Where an action can be taken; the value is the heading in help."""

    ANYWHERE = "Anywhere"
    MAIN = "Main screen"
    PANES = "Panes"
    ROWS = "Moving"
    JOBS = "Job list"
    TREE = "Chunks and objects"
    DETAIL = "Detail"
    EVENTS = "Events"
    ENDPOINTS = "Endpoints"
    VIEWER = "Viewers"
    MEDIA = "Media room"
    DIALOG = "Dialogs"
    CONFIRM = "Closing"


CHAINS: Mapping[Scope, tuple[Scope, ...]] = {
    Scope.JOBS: (Scope.JOBS, Scope.ROWS, Scope.MAIN, Scope.PANES, Scope.ANYWHERE),
    Scope.TREE: (Scope.TREE, Scope.ROWS, Scope.MAIN, Scope.PANES, Scope.ANYWHERE),
    Scope.DETAIL: (Scope.DETAIL, Scope.ROWS, Scope.MAIN, Scope.PANES, Scope.ANYWHERE),
    Scope.EVENTS: (Scope.EVENTS, Scope.ROWS, Scope.DIALOG, Scope.ANYWHERE),
    Scope.ENDPOINTS: (Scope.ENDPOINTS, Scope.ROWS, Scope.DIALOG, Scope.ANYWHERE),
    Scope.VIEWER: (Scope.VIEWER, Scope.ROWS, Scope.DIALOG, Scope.ANYWHERE),
    Scope.MEDIA: (Scope.MEDIA, Scope.ROWS, Scope.DIALOG, Scope.ANYWHERE),
    Scope.CONFIRM: (Scope.CONFIRM, Scope.DIALOG),
}
"""What a key means in each place, innermost first; a key with two meanings in one chain is a mistake."""


class Group(Enum):
    """What an action is about; the value is a heading in help."""

    MOVE = "Move"
    ACT = "Act on the appliance"
    LOOK = "Look"
    FIND = "Find and narrow"
    SORT = "Sort"
    COPY = "Copy"
    WATCH = "Watch"
    PROGRAM = "Program"


class Action(NamedTuple):
    """One thing a person can do; its id is the name of the method `action_<id>` that does it."""

    id: str
    keys: tuple[str, ...]
    """As a person writes them: `X`, `?`, `esc`, `ctrl+p`, `pgup`."""
    footer_label: str
    """A word or two for the footer; empty keeps the action out of it."""
    tooltip: str
    """One sentence for help and palette."""
    group: Group
    scope: Scope
    argument: str = ""
    """What the palette may be told after the name, such as `SECONDS`; empty when nothing."""

    @property
    def command(self) -> str:
        """The name under which the palette finds it."""
        return self.id.replace("_", " ")


def _anywhere(action_id: str, keys: str, label: str, tooltip: str, group: Group = Group.PROGRAM) -> Action:
    return Action(action_id, tuple(keys.split()), label, tooltip, group, Scope.ANYWHERE)


def _move(action_id: str, keys: str, tooltip: str) -> Action:
    return Action(action_id, tuple(keys.split()), "", tooltip, Group.MOVE, Scope.ROWS)


def _main(action_id: str, keys: str, label: str, tooltip: str, group: Group, argument: str = "") -> Action:
    return Action(action_id, tuple(keys.split()), label, tooltip, group, Scope.MAIN, argument)


def _pane(action_id: str, keys: str, label: str, tooltip: str, group: Group) -> Action:
    return Action(action_id, tuple(keys.split()), label, tooltip, group, Scope.PANES)


def _jobs(action_id: str, keys: str, label: str, tooltip: str, group: Group, argument: str = "") -> Action:
    return Action(action_id, tuple(keys.split()), label, tooltip, group, Scope.JOBS, argument)


def _tree(action_id: str, keys: str, label: str, tooltip: str, group: Group, argument: str = "") -> Action:
    return Action(action_id, tuple(keys.split()), label, tooltip, group, Scope.TREE, argument)


ACTIONS: tuple[Action, ...] = (
    # The order within a scope is the order of the footer: what is left over when it folds comes last.
    _jobs("close_jobs", "X", "Close job…", "Close the aggregating job under the cursor, after asking.", Group.ACT),
    _jobs("filter_jobs", "/", "Filter", "Show only jobs in which all the given words occur.", Group.FIND, "WORDS"),
    _jobs("only_aggregating", "A", "Only aggregating", "Show only aggregating jobs, or all again.", Group.FIND),
    _jobs("only_problems", "!", "Only problems", "Show only jobs that stall and canceled ones.", Group.FIND),
    _jobs("open_job", "enter l right", "Open", "Go to the chunks of this job.", Group.LOOK),
    _jobs("sort_menu", "s", "Sort", "Choose the column that orders the list.", Group.SORT, "COLUMN"),
    _jobs("sort_left", "<", "", "Sort by the column to the left.", Group.SORT),
    _jobs("sort_right", ">", "", "Sort by the column to the right.", Group.SORT),
    _jobs("sort_invert", "I", "", "Turn the order around.", Group.SORT),
    _jobs("wide_columns", "w", "", "Give every column its full width, or fold again.", Group.LOOK),
    _jobs(
        "group_jobs", "u", "Group", "Take jobs together by user, bucket or why: who holds the cache.", Group.LOOK, "BY"
    ),
    _jobs("show_ended", "H", "", "Fetch jobs that ended earlier, or hide them again.", Group.LOOK),
    _tree("open_row", "enter l right", "Open", "Open this chunk, or show this object in detail.", Group.LOOK),
    _tree("find", "/", "Find", "Find the next object in whose name all the given words occur.", Group.FIND, "WORDS"),
    _tree("find_next", "n", "Next", "Go to the next object found.", Group.FIND),
    _tree("find_previous", "N", "", "Go to the object found before.", Group.FIND),
    _tree(
        "cycle_filter",
        "!",
        "Not in cache",
        "Show only objects not in cache, then only superseded ones, then all.",
        Group.FIND,
    ),
    _tree("close_row", "h left", "Fold", "Fold this chunk, or go back to the job list.", Group.LOOK),
    Action("back_to_tree", ("h", "left"), "Back", "Go back to the chunks.", Group.LOOK, Scope.DETAIL),
    _main(
        "keep_job",
        "F",
        "Keep",
        "Keep this job in the other panes while the cursor moves, or follow it.",
        Group.LOOK,
    ),
    _main("freeze", "p", "Freeze view", "Stop changing the view; collecting goes on.", Group.WATCH),
    _main("copy_id", "c", "Copy id", "Copy the id of what is under the cursor.", Group.COPY),
    _main("copy_menu", "y", "", "Choose what to copy: id, name, JSON, the line.", Group.COPY),
    _pane("toggle_detail", "d", "Detail", "Show or hide everything known about what is under the cursor.", Group.LOOK),
    _pane("full_screen", "f", "Full screen", "Give this pane the whole screen, or share it again.", Group.LOOK),
    _main("refresh_now", "r", "Refresh", "Ask the appliance now.", Group.WATCH),
    _main("faster", "+", "", "Ask more often.", Group.WATCH, "SECONDS"),
    _main("slower", "-", "", "Ask less often.", Group.WATCH, "SECONDS"),
    _main("cycle_time", "t", "", "Show times relative, local, or in UTC.", Group.LOOK),
    _main("cycle_units", "B", "", "Show sizes in KiB … TiB or in kB … TB.", Group.LOOK),
    _main("show_raw", "i", "", "Show the appliance's last answer as it came.", Group.LOOK),
    _main(
        "show_media", "M", "Media", "Show partitions, drives, tapes, failures, nodes: why nothing moves.", Group.LOOK
    ),
    _main("show_events", "e", "Events", "Show what happened while watching.", Group.LOOK),
    _main("toggle_lock", "L", "", "Unlock closing for this session, after asking, or lock it again.", Group.ACT),
    _pane("next_pane", "tab", "", "Go to the next pane.", Group.MOVE),
    _pane("previous_pane", "shift+tab", "", "Go to the pane before.", Group.MOVE),
    _pane("focus_jobs", "1", "", "Go to the job list.", Group.MOVE),
    _pane("focus_tree", "2", "", "Go to chunks and objects.", Group.MOVE),
    _pane("focus_detail", "3", "", "Go to the detail pane.", Group.MOVE),
    _main("step_out", "esc", "", "Clear a filter, leave full screen or detail, go back; never quits.", Group.MOVE),
    _move("cursor_down", "j down", "Down a line."),
    _move("cursor_up", "k up", "Up a line."),
    _move("page_down", "pgdn ctrl+d", "Down a page."),
    _move("page_up", "pgup ctrl+u", "Up a page."),
    _move("first_row", "g home", "To the first line."),
    _move("last_row", "G end", "To the last line."),
    Action(
        "ask_again", ("r",), "Ask again", "Ask everything again, also what was forbidden.", Group.WATCH, Scope.MEDIA
    ),
    Action("copy_line", ("c",), "Copy line", "Copy the line under the cursor.", Group.COPY, Scope.MEDIA),
    Action("cancel", ("esc", "q"), "Back", "Close this without doing anything.", Group.MOVE, Scope.DIALOG),
    Action("confirm", ("y",), "Yes", "Do what the dialog says.", Group.ACT, Scope.CONFIRM),
    Action(
        "acknowledge", ("a",), "Seen", "Acknowledge that the counters moved while asking.", Group.ACT, Scope.CONFIRM
    ),
    _anywhere("help", "? f1", "Help", "Explain this pane and its keys."),
    _anywhere("palette", ": ctrl+p", "Commands", "Find and run any command by its name."),
    _anywhere("show_endpoints", "E", "", "Choose, add or test an endpoint."),
    Action("choose_theme", ("T",), "", "Change the colours: dark, light or ansi.", Group.LOOK, Scope.ANYWHERE, "THEME"),
    _anywhere("repaint", "ctrl+l", "", "Draw the whole screen again."),
    _anywhere("leave", "q", "Quit", "Go back; at the top, quit."),
    _anywhere("quit_now", "ctrl+c", "", "Quit from anywhere."),
    _anywhere("suspend", "ctrl+z", "", "Suspend to the shell."),
)
"""All actions, each scope in the order of its footer."""

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}


class Duplicate(NamedTuple):
    """One key with two meanings in one place."""

    key: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{shown(self.key)} means both {self.first} and {self.second}"


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The registry with the config's own keys in it; `overrides` is action id → keys."""

    overrides: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, configured: Mapping[str, str | Sequence[str]]) -> KeyMap:
        """Read the config's `[keys]`: an action's id and one key, several with spaces between, or a list of them."""
        return cls(
            {
                action_id: tuple(keys.split() if isinstance(keys, str) else keys)
                for action_id, keys in configured.items()
            }
        )

    def keys(self, action: Action) -> tuple[str, ...]:
        """The keys of an action in Textual's spelling, the one to show first."""
        return tuple(textual_key(key) for key in self.overrides.get(action.id, action.keys))

    def actions(self, scope: Scope) -> list[Action]:
        """The actions of exactly this scope."""
        return [action for action in ACTIONS if action.scope is scope]

    def chain(self, scope: Scope) -> list[Action]:
        """The actions that can be taken at this place, innermost first."""
        return [action for part in CHAINS.get(scope, (scope,)) for action in self.actions(part)]

    def label(self, action: Action) -> str:
        """The first key as the footer and help write it; empty when there is none."""
        return next((shown(key) for key in self.keys(action)), "")

    def named(self, action_id: str) -> str:
        """How a sentence tells a person to do something: the key, or without one what to look for in the palette."""
        action = BY_ID[action_id]
        return self.label(action) or f"`{action.command}`"

    def textual_keymap(self) -> dict[str, str]:
        """The overrides as Textual's `App.set_keymap` takes them."""
        return {action_id: ",".join(self.keys(BY_ID[action_id])) for action_id in self.overrides if action_id in BY_ID}

    def unknown(self) -> list[str]:
        """The configured ids that are no action, to be reported at start."""
        return [action_id for action_id in self.overrides if action_id not in BY_ID]

    def duplicates(self) -> list[Duplicate]:
        """Every key that means two things in one place, to be reported at start."""
        found: dict[tuple[str, str, str], Duplicate] = {}
        for chain in CHAINS:
            for duplicate in self._clashes(self.chain(chain)):
                found[duplicate.key, duplicate.first, duplicate.second] = duplicate
        return list(found.values())

    def _clashes(self, actions: Iterable[Action]) -> Iterable[Duplicate]:
        taken: dict[str, Action] = {}
        for action in actions:
            for key in self.keys(action):
                other = taken.setdefault(key, action)
                if other is not action and not _is_refined(other, action):
                    yield Duplicate(key, other.id, action.id)


def _is_refined(inner: Action, outer: Action) -> bool:
    """Whether the inner action is the same wish in a narrower place: leaving a dialog with the key that leaves."""
    return (inner.id, outer.id) in {("cancel", "leave"), ("cancel", "step_out")}


_ALWAYS = {"quit_now"}
"""What works also while words are typed and while a dialog stands."""


def bindings(*scopes: Scope) -> list[BindingType]:
    """The bindings of these scopes for a widget's or screen's `BINDINGS`; the key map is applied by `App.set_keymap`."""
    return [
        Binding(
            ",".join(map(textual_key, action.keys)),
            action.id,
            action.footer_label or action.id,
            show=False,
            id=action.id,
            priority=action.id in _ALWAYS,
        )
        for action in ACTIONS
        if action.scope in scopes
    ]
