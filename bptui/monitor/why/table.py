"""The rules as Markdown, from the same rows that are evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bptui.monitor.why.endpoint import ENDPOINT_RULES
from bptui.monitor.why.media import MEDIA_RULES
from bptui.monitor.why.rules import COMMON, GET_RULES, PUT_RULES, VERIFY_RULES, Rule
from bptui.units import UNKNOWN

_HEAD = ("rule", "jobs", "observations", "verdict", "grade", "who can act")


def markdown() -> str:
    """The tables for jobs by type, for the media search, and for the whole appliance."""
    parts = [
        ("All jobs", _HEAD, map(_row, COMMON)),
        ("PUT", _HEAD, map(_row, PUT_RULES)),
        ("GET", _HEAD, map(_row, GET_RULES)),
        ("VERIFY", _HEAD, map(_row, VERIFY_RULES)),
        ("Media search", _HEAD, ((r.rule, r.types, r.observations, r.verdict, r.grade, r.actor) for r in MEDIA_RULES)),
        ("The whole appliance", ("rule", "observations"), ((rule, told) for rule, told, _ in ENDPOINT_RULES)),
    ]
    return "\n".join(_table(title, head, rows) for title, head, rows in parts)


def _row(rule: Rule) -> tuple[str, ...]:
    if rule.find is not None:
        verdict = grade = actor = "by obstacle"
    else:
        verdict = rule.kind.value if rule.kind else UNKNOWN
        grade = rule.grade.value if rule.grade else UNKNOWN
        actor = rule.actor.value if rule.actor else UNKNOWN
    types = ", ".join(kind.value for kind in rule.types) or "all"
    return rule.rule, types, rule.observations, verdict, grade, actor


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return f"#### {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
