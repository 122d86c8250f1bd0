"""The registry of actions, and what is derived from it."""

from __future__ import annotations

import inspect

import pytest

from bptui.tui.app import BptuiApp
from bptui.tui.key_names import shown, textual_key
from bptui.tui.keys import ACTIONS, BY_ID, CHAINS, KeyMap, Scope
from bptui.tui.screens.main import MainScreen
from bptui.tui.widgets.chunk_tree import ChunkTree
from bptui.tui.widgets.detail import Detail
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.panes import Panes

PLACES = {
    Scope.JOBS: JobList,
    Scope.TREE: ChunkTree,
    Scope.DETAIL: Detail,
    Scope.ROWS: JobList,
    Scope.PANES: Panes,
    Scope.MAIN: MainScreen,
    Scope.ANYWHERE: BptuiApp,
}


def test_no_key_means_two_things() -> None:
    """As delivered, each key has one meaning in each place."""
    assert KeyMap.of({}).duplicates() == []


def test_every_action_does_something() -> None:
    """Each action outside dialogs is a method of the place it belongs to."""
    missing = [
        action.id
        for action in ACTIONS
        if action.scope in PLACES and not hasattr(PLACES[action.scope], f"action_{action.id}")
    ]
    assert missing == []


def test_actions_take_their_argument() -> None:
    """What the palette may be told after a command's name, its method takes."""
    deaf = [
        action.id
        for action in ACTIONS
        if action.argument
        and len(inspect.signature(getattr(PLACES[action.scope], f"action_{action.id}")).parameters) < 2
    ]
    assert deaf == []


def test_ids_are_unique() -> None:
    """An id names one action."""
    assert len(BY_ID) == len(ACTIONS)


def test_every_action_has_a_key_and_a_tooltip() -> None:
    """Nothing can be done only by a name, and nothing is unexplained."""
    assert [action.id for action in ACTIONS if not action.keys or not action.tooltip.endswith(".")] == []


def test_nothing_essential_needs_a_modifier() -> None:
    """Each action but leaving, suspending and repainting has a key without Ctrl, Alt or a function key."""
    special = {"repaint", "quit_now", "suspend"}
    needing = [
        action.id
        for action in ACTIONS
        if action.id not in special and all("ctrl" in key or key.startswith("f1") for key in action.keys)
    ]
    assert needing == []


def test_destructive_keys_of_other_tools_are_harmless() -> None:
    """`d`, `k`, Ctrl-D and Del never close anything."""
    harmful = {key for action in ACTIONS if action.id in ("close_jobs", "confirm") for key in action.keys}
    assert harmful & {"d", "k", "ctrl+d", "del"} == set()


def test_a_rebound_key_that_is_taken_is_reported() -> None:
    """A config that gives one key two meanings in one place hears about it, once."""
    keymap = KeyMap.of({"close_jobs": "r"})
    assert [str(duplicate) for duplicate in keymap.duplicates()] == ["r means both close_jobs and refresh_now"]


def test_the_same_key_in_two_panes_is_fine() -> None:
    """`/` filters jobs and finds objects."""
    assert KeyMap.of({"find": "A"}).duplicates() == []


def test_unknown_actions_are_reported() -> None:
    """A misspelt id in the config is named."""
    assert KeyMap.of({"close_job": "X"}).unknown() == ["close_job"]


@pytest.mark.parametrize(
    ("written", "textual", "printed"),
    [
        ("X", "X", "X"),
        ("?", "question_mark", "?"),
        ("+", "plus", "+"),
        ("esc", "escape", "Esc"),
        ("pgup", "pageup", "PgUp"),
        ("ctrl+p", "ctrl+p", "Ctrl-P"),
        ("shift+tab", "shift+tab", "Shift-Tab"),
        ("f1", "f1", "F1"),
        ("left", "left", "←"),
    ],
)
def test_spellings(written: str, textual: str, printed: str) -> None:
    """A key as a person writes it becomes Textual's, and is printed as on the keyboard."""
    assert (textual_key(written), shown(textual_key(written))) == (textual, printed)


def test_overrides_reach_textual() -> None:
    """The config's keys become Textual's key map by the action's id."""
    assert KeyMap.of({"close_jobs": "Z !"}).textual_keymap() == {"close_jobs": "Z,exclamation_mark"}


def test_every_scope_is_reachable() -> None:
    """Each action can be taken somewhere."""
    reachable = {scope for chain in CHAINS.values() for scope in chain}
    assert {action.scope for action in ACTIONS} <= reachable
