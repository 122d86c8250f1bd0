"""Lines for the events pane about what was wrong with an appliance before this session, as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bptui.model.endpoint import EndpointName
from bptui.monitor.events import Noted, NoteKind
from bptui.monitor.recorder.lately import Stood
from bptui.monitor.recorder.memory import Memory
from bptui.monitor.why.sentence import Style, endpoint_sentence
from bptui.units import duration_text


def recorded_notes(endpoint: EndpointName, memory: Memory) -> Iterator[Noted]:
    """A line for each verdict that held in the part that was read, from when it began, the oldest first."""
    if memory.last_at is None:
        return
    for stood in memory.lately.stood(memory.last_at):
        at = datetime.fromtimestamp(stood.began_at, UTC)
        sentence = f"{_words(stood)} {_lasted(stood)}, recorded by {memory.by}."
        yield Noted(endpoint, at, NoteKind.RECORDED, None, sentence)


def _words(stood: Stood) -> str:
    end = datetime.fromtimestamp(stood.ended_at, UTC)
    return endpoint_sentence(stood.verdict, Style(stood.ended_at, now_utc=end))


def _lasted(stood: Stood) -> str:
    seconds = duration_text(stood.ended_at - stood.began_at)
    return f"It was so for {seconds}" if stood.is_over else f"It was so for {seconds} until the recording ended"
