"""What the status line says of a fact that a person should not miss."""

from __future__ import annotations

from collections.abc import Callable

from bptui.model.job import JobId
from bptui.monitor.events import CloseFinished, CloseOutcome, EndpointRecovered, Event, PollFailed
from bptui.text import visible
from bptui.tui.messages import Tone
from bptui.units import duration_text


def said_of(event: Event, named: Callable[[JobId], str]) -> tuple[str, Tone] | None:
    """A sentence of visible text and its tone; None for facts that the panes show. `named` calls a job by its name."""
    match event:
        case CloseFinished():
            tone = Tone.GOOD if event.outcome is CloseOutcome.CLOSED else Tone.BAD
            return f"{named(event.job_id)}: {visible(event.sentence)}", tone
        case PollFailed(attempt=1, problem=problem):
            return f"{visible(event.endpoint)}: {visible(problem.sentence)} {visible(problem.advice)}", Tone.BAD
        case EndpointRecovered():
            return f"{visible(event.endpoint)} answers again after {duration_text(event.down_seconds)}.", Tone.GOOD
        case _:
            return None
