"""The one function: history and facts in, verdict out."""

from __future__ import annotations

from bptui.model.job import Job
from bptui.model.verdict import KindClass, Verdict
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.explain import explained
from bptui.monitor.why.facts import JobFacts, Peers
from bptui.monitor.why.history import History, Instant
from bptui.monitor.why.limits import Limits, Side
from bptui.monitor.why.obstacle import Obstacle
from bptui.monitor.why.rules import RULES, Rule

NO_PEERS = Peers()


def judge(job: Job, history: History, facts: JobFacts, peers: Peers, limits: Limits, now: Instant) -> Verdict:
    """The verdict on one job with all its evidence."""
    case = Case(job, history, facts, limits, now)
    rule, obstacle = decide(case)
    return explained(case, rule, obstacle, peers, ruling(case, rule, obstacle))


def explain_shown(case: Case, shown: Verdict, peers: Peers) -> Verdict:
    """The evidence for a verdict that is shown, also while another one is waiting to take its place."""
    rule, obstacle = decide(case)
    fresh = ruling(case, rule, obstacle)
    if fresh.kind is shown.kind:
        return explained(case, rule, obstacle, peers, fresh)
    last = next((row for row in RULES if row.rule == shown.rule and row.kind is shown.kind), rule)
    return explained(case, last, None, peers, shown)


def rule_on(case: Case) -> Verdict:
    """The verdict without its evidence: what is kept for every job."""
    rule, obstacle = decide(case)
    return ruling(case, rule, obstacle)


def decide(case: Case) -> tuple[Rule, Obstacle | None]:
    """The first row of the table that matches, and what was found in the way if the row asks for it."""
    for rule in _rules_for(case.job.request_type):
        if rule.find is None:
            if rule.holds(case):
                return rule, None
        elif rule.holds(case) and (obstacle := rule.find(case)):
            return rule, obstacle
    raise AssertionError("the last row for each type of job holds for every job")


def ruling(case: Case, rule: Rule, obstacle: Obstacle | None) -> Verdict:
    """What a matching row says about this job."""
    since, is_lower_bound = _since(case, rule)
    limit = rule.limit(case) if rule.limit else None
    if obstacle:
        return Verdict(obstacle.kind, obstacle.rule, since, obstacle.grade, obstacle.actor, is_lower_bound, limit)
    if rule.kind is None:
        raise AssertionError("a row without a verdict of its own matches only with an obstacle")
    return Verdict(rule.kind, rule.rule, since, rule.grade, rule.actor, is_lower_bound, limit)


def _since(case: Case, rule: Rule) -> tuple[float, bool]:
    if rule.side:
        return case.pause_start(rule.side(case))
    history = case.history
    if rule.kind and rule.kind.kind_class is KindClass.MOVES:
        return history.pause_start(Side.BYTES)[0], False
    return (history.last_at, False) if history.sample_count > 1 else (history.first_at, True)


def _rules_for(request_type: RequestType) -> tuple[Rule, ...]:
    found = _BY_TYPE.get(request_type)
    return found if found is not None else _OF_NO_TYPE


def _of_type(request_type: RequestType) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if not rule.types or request_type in rule.types)


_BY_TYPE = {kind: _of_type(kind) for kind in (RequestType.PUT, RequestType.GET, RequestType.VERIFY)}
_OF_NO_TYPE = tuple(rule for rule in RULES if not rule.types)
