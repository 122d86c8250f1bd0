"""Asks whether this session may close jobs at an endpoint that starts locked."""

from __future__ import annotations

from bptui.model.endpoint import Endpoint
from bptui.text import visible
from bptui.tui.keys import KeyMap
from bptui.tui.screens.question import Question
from bptui.tui.theme import Look


class UnlockSession(Question):
    """Unlock closing until the program ends or somebody locks it again?"""

    def __init__(self, look: Look, endpoint: Endpoint, *, keymap: KeyMap = KeyMap({})) -> None:  # noqa: B008 - frozen and empty
        name = visible(endpoint.name)
        place = f"{name}, which is marked prod," if endpoint.is_prod else name
        close, lock = keymap.named("close_jobs"), keymap.named("toggle_lock")
        super().__init__(
            look,
            "Unlock this session?",
            (
                f"Closing jobs at {place} is locked. Unlocked, {close} can ask to close an aggregating job there, until you leave bptui or press {lock}.",
                "Nothing is sent by unlocking; each close is asked for again.",
            ),
            yes="Unlock for this session",
            keymap=keymap,
        )
