"""Exit codes: what scripts may rely on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bptui.cli.close import exit_of_close
from bptui.cli.exits import Exit, exit_of, worst
from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.events import CloseFinished, CloseOutcome


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ProblemKind.GONE, 3),
        (ProblemKind.AUTHENTICATION, 4),
        (ProblemKind.PERMISSION, 4),
        (ProblemKind.CLOCK_SKEW, 4),
        (ProblemKind.TLS, 5),
        (ProblemKind.NAME, 5),
        (ProblemKind.REFUSED, 5),
        (ProblemKind.BROKEN, 5),
        (ProblemKind.TIMEOUT, 5),
        (ProblemKind.UNAVAILABLE, 5),
        (ProblemKind.BAD_ANSWER, 1),
        (ProblemKind.WRONG_INTERFACE, 1),
        (ProblemKind.BAD_REQUEST, 1),
        (ProblemKind.CONFLICT, 1),
        (ProblemKind.INTERNAL, 1),
        (ProblemKind.NOT_ALLOWED, 6),
        (ProblemKind.CONFIGURATION, 2),
    ],
)
def test_every_kind_of_problem_has_a_code(kind: ProblemKind, code: int) -> None:
    """The documented code, for each kind there is."""
    assert exit_of(Problem(kind, "x")) == code


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 3], 3),
        ([3, 6], 6),
        ([6, 1, 3], 1),
        ([1, 4, 6], 4),
        ([4, 5, 1, 6, 3, 0], 5),
        ([0, 2, 0], 2),
    ],
)
def test_the_worst_of_several_counts(codes: list[int], expected: int) -> None:
    """5 before 4 before 1 before 6 before 3."""
    assert worst(map(Exit, codes)) == expected


@pytest.mark.parametrize(
    ("outcome", "kind", "code"),
    [
        (CloseOutcome.CLOSED, None, 0),
        (CloseOutcome.CLOSED, ProblemKind.TIMEOUT, 0),
        (CloseOutcome.UNKNOWN, ProblemKind.BROKEN, 5),
        (CloseOutcome.UNKNOWN, ProblemKind.AUTHENTICATION, 5),
        (CloseOutcome.REFUSED, None, 6),
        (CloseOutcome.REFUSED, ProblemKind.CONFLICT, 6),
        (CloseOutcome.REFUSED, ProblemKind.NOT_ALLOWED, 6),
        (CloseOutcome.REFUSED, ProblemKind.GONE, 3),
        (CloseOutcome.REFUSED, ProblemKind.PERMISSION, 4),
        (CloseOutcome.REFUSED, ProblemKind.UNAVAILABLE, 5),
    ],
)
def test_every_end_of_a_close_has_a_code(outcome: CloseOutcome, kind: ProblemKind | None, code: int) -> None:
    """A close that stays unknown counts as unreachable, one that cannot be as refused."""
    problem = None if kind is None else Problem(kind, "x")
    finished = CloseFinished(EndpointName("e"), JobId("j"), outcome, "x", datetime.now(UTC), problem)
    assert exit_of_close(finished) == code
