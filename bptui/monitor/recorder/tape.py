"""The tape: stands between watching and an appliance, and keeps what the small calls answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from bptui.ds3.errors import Ds3Error
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.appliance import Appliance

if TYPE_CHECKING:
    from bptui.ds3.questions import Listing, Question

LISTS = frozenset({"active_jobs", "completed_jobs", "canceled_jobs", "completed_job", "canceled_job"})
"""Told by the snapshots already; only whether they can be read is kept."""
ANSWERS = frozenset({"answer", "items", "newest", "system_information"})
"""Kept as they are."""

Note = Callable[[str, object, Problem | None], None]
"""Takes what was asked, and the answer or why there was none."""


class _Tape:
    """Passes everything on, and notes the answers."""

    def __init__(self, appliance: Appliance, note: Note) -> None:
        self._appliance = appliance
        self._note = note

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._appliance, name)
        return self._noting(name, found) if name in LISTS | ANSWERS else found

    def _noting(self, name: str, ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(ask)
        async def noting(*arguments: Any, **options: Any) -> Any:
            key = question_key(arguments[0]) if name in ANSWERS and arguments else key_of(name)
            try:
                answer = await ask(*arguments, **options)
            except Ds3Error as error:
                # That one job is not in a list says nothing about the list.
                if arguments == () or name in ANSWERS or error.problem.kind is not ProblemKind.GONE:
                    self._note(key, None, error.problem)
                raise
            self._note(key, answer if name in ANSWERS else (), None)
            return answer

        return noting


def taped(appliance: Appliance, note: Note) -> Appliance:
    """Return an appliance that answers the same, and is listened to."""
    return cast(Appliance, _Tape(appliance, note))


def key_of(name: str, *about: str) -> str:
    """The name under which an answer is kept: the call, and what it was asked about."""
    return json.dumps([name, *about], separators=(",", ":"))


def question_key(asked: Question[Any] | Listing[Any]) -> str:
    """The name under which the answer to a question is kept."""
    call = asked.call
    return key_of(call.name.value, call.path, call.query)
