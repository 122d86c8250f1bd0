"""Frames: what polls brought, as plain data; the one form of a ring, of a recording file and of a replay.

A frame begins with the news of one moment, and stands also for the polls after it that brought none. A key
frame holds the whole state instead of a difference, so that everything before it may be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bptui.monitor.recorder.encoding import Data

FORMAT = 1
"""Grows when an older bptui could misread what is written."""


@dataclass(slots=True)
class Frame:
    """News, and the polls without news that followed."""

    at: float
    """When the first poll was complete, in seconds since 1970, UTC; so are all times in a body."""
    until: float
    """When the last poll without news was complete."""
    polls: int = 1
    is_key: bool = False
    body: dict[str, Data] = field(default_factory=dict)
    """See `SECTIONS`."""


SECTIONS = {
    "session": "who records, from when, and how often: endpoint, by, interval",
    "problem": "the poll failed: how, as a `Problem`",
    "jobs": "by id: fields that changed, all of them for a new job",
    "gone": "ids of jobs that left the list",
    "records": "by id: the whole record, or null when it is no longer told",
    "ended": "by id: how a job ended, as an `EndedJob`; null when it runs again",
    "answers": "by call and arguments: when, and the value or the problem",
    "verdicts": "by id: the verdict that is shown from now on, or null",
    "endpoint_verdicts": "all that is wrong with the appliance as a whole, in words, whenever that is something else",
    "first": "key frames: by id, since when the job is watched",
    "histories": "key frames: by id, when its counters last changed",
    "pauses": "side, priority, seconds and end of pauses that ended by themselves",
}
"""What a body may hold."""
_LISTS = {"gone", "endpoint_verdicts", "pauses"}


def require_shape(body: dict[str, Data]) -> dict[str, Data]:
    """Return the body; raises ValueError when a section is no section of that name: a file may come from anybody."""
    for name in SECTIONS.keys() & body.keys():
        is_right = isinstance(body[name], list if name in _LISTS else dict) or (name == "problem" and not body[name])
        if not is_right:
            raise ValueError(f"a damaged frame: {name} is something else")
    if not _is_session(body.get("session", {})):
        raise ValueError("a damaged frame: nobody recorded like that")
    return body


def _is_session(told: dict[str, Data]) -> bool:
    by, interval = told.get("by", []), told.get("interval", 0)
    return isinstance(interval, int | float) and isinstance(by, list) and all(isinstance(one, str) for one in by)
