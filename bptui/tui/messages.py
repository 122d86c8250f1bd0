"""What widgets tell their screen, and what watching tells the screens: each with a value, none with a decision."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    # Loaded after the first frame, which needs messages but no jobs.
    from bptui.model.job import JobKey
    from bptui.monitor.events import Event


class Told(Message):
    """Watching produced a fact."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class Tone(Enum):
    """What a sentence in the status line is."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


class Said(Message):
    """A sentence for the status line, of visible text."""

    def __init__(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        super().__init__()
        self.sentence = sentence
        self.tone = tone


class OpenJob(Message):
    """Show this job's chunks and go there."""

    def __init__(self, key: JobKey) -> None:
        super().__init__()
        self.key = key


class CloseJobs(Message):
    """Close these aggregating jobs, after asking."""

    def __init__(self, keys: tuple[JobKey, ...]) -> None:
        super().__init__()
        self.keys = keys


class AskWords(Message):
    """Let the person type words, for the pane that asks."""

    def __init__(self, title: str, words: str, tell: Callable[[str, bool], None]) -> None:
        super().__init__()
        self.title = title
        self.words = words
        """What stands there at first."""
        self.tell = tell
        """Gets the words while they are typed, and whether they are complete."""


class OpenMenu(Message):
    """Let the person choose from a menu, for the pane that asks."""

    def __init__(self, title: str, choices: tuple[str, ...], chosen: int, tell: Callable[[int], None]) -> None:
        super().__init__()
        self.title = title
        self.choices = choices
        self.chosen = chosen
        self.tell = tell
        """Gets the place of what was chosen."""


class GoBack(Message):
    """Leave this pane for the one before it."""


class ShowDetail(Message):
    """Show everything known about what is under the cursor, and go there."""


class ShowEnded(Message):
    """List jobs that ended before watching began, or leave them out again."""

    def __init__(self, *, is_shown: bool) -> None:
        super().__init__()
        self.is_shown = is_shown
