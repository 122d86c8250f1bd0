"""Exit codes, which scripts can rely on, and what leads to which."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from bptui.model.problem import Problem, ProblemKind


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """Something went wrong that has no code of its own, such as an answer that makes no sense."""
    USAGE = 2
    """The command line or the config cannot be meant; nothing was sent."""
    NOT_FOUND = 3
    """The appliance does not know the job."""
    DENIED = 4
    """Authentication, permission, or a clock that is off."""
    UNREACHABLE = 5
    """Network, TLS, time-out, 503; also a close of which nobody knows how it ended."""
    REFUSED = 6
    """Not aggregating, read-only, or the audit file cannot be written; nothing was sent."""
    TIMED_OUT = 7
    """The time ran out before what was waited for came about."""
    INTERRUPTED = 130


_BY_PROBLEM = {
    ProblemKind.AUTHENTICATION: Exit.DENIED,
    ProblemKind.PERMISSION: Exit.DENIED,
    ProblemKind.CLOCK_SKEW: Exit.DENIED,
    ProblemKind.GONE: Exit.NOT_FOUND,
    ProblemKind.UNAVAILABLE: Exit.UNREACHABLE,
    ProblemKind.TLS: Exit.UNREACHABLE,
    ProblemKind.NAME: Exit.UNREACHABLE,
    ProblemKind.REFUSED: Exit.UNREACHABLE,
    ProblemKind.BROKEN: Exit.UNREACHABLE,
    ProblemKind.TIMEOUT: Exit.UNREACHABLE,
    ProblemKind.NOT_ALLOWED: Exit.REFUSED,
    ProblemKind.CONFIGURATION: Exit.USAGE,
}

_WORST_FIRST = (Exit.UNREACHABLE, Exit.DENIED, Exit.FAILED, Exit.REFUSED, Exit.NOT_FOUND)
"""Which code stands for several; what is not here outranks all of them."""


def exit_of(problem: Problem) -> Exit:
    """Return the code for one problem."""
    return _BY_PROBLEM.get(problem.kind, Exit.FAILED)


def worst(codes: Iterable[Exit]) -> Exit:
    """Return the one code that stands for several: 5 before 4, 1, 6, 3 and 0."""
    found = set(codes) - {Exit.DONE}
    return next((code for code in _WORST_FIRST if code in found), max(found, default=Exit.DONE))


class Failure(Exception):  # noqa: N818  # what happened, not an error of ours
    """A command ends here: with this sentence on standard error and this exit code."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
