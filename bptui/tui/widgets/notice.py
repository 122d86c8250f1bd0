"""The words of helpful panels: what is the matter, and which key helps."""

from __future__ import annotations

from bptui.model.problem import Problem, ProblemKind
from bptui.tui.keys import BY_ID, KeyMap
from bptui.tui.widgets.lines import Line, Role, line, paragraph

_HELP: dict[ProblemKind, str] = {
    ProblemKind.AUTHENTICATION: "Nothing is tried again by itself, so that no account is locked.",
    ProblemKind.PERMISSION: "The key works, but may not read this.",
    ProblemKind.TLS: "An appliance's own certificate can be pinned where the endpoint is added or tested.",
    ProblemKind.WRONG_INTERFACE: "This looks like the management address: bptui needs the data path address.",
}


def problem_lines(problem: Problem, width: int) -> list[Line]:
    """Write a failure for a width in cells: what happened, what helps, and what support asks for."""
    lines = paragraph(problem.sentence, width, Role.BAD, first="! ")
    for text in (problem.advice, _HELP.get(problem.kind, "")):
        lines += paragraph(text, width) if text else []
    if problem.request_id:
        lines += paragraph(f"Request id for support: {problem.request_id}", width, Role.DIM)
    return lines


def first_run_lines(keymap: KeyMap, width: int) -> list[Line]:
    """Say what to do when there is no appliance to watch yet."""
    return [
        *paragraph("There is no appliance to watch yet.", width, Role.HEAD),
        line(""),
        _key("a", "Add one: address, key, and a test of both."),
        _key(keymap.label(BY_ID["cancel"]), "Not now."),
        line(""),
        *paragraph(
            "DS3_ENDPOINT, DS3_ACCESS_KEY and DS3_SECRET_KEY in the environment work without a config file.",
            width,
            Role.DIM,
        ),
        *paragraph("`bptui demo` shows everything over a pretend appliance.", width, Role.DIM),
    ]


def _key(key: str, told: str) -> Line:
    return line(("  " + key.ljust(6), Role.KEY), told)
