"""Verdicts do not flicker, past a limit is news once, and bells ring when the design says."""

from __future__ import annotations

from bptui.model.verdict import Grade, Kind, Verdict
from bptui.monitor.why.limits import HOUR, MINUTE
from bptui.monitor.why.stability import News, NewsKind, Ringing, Steady, next_evaluation, settle

RECEIVING = Verdict(Kind.RECEIVING, "P2", 0, Grade.TOLD)
QUIET = Verdict(Kind.QUIET, "P4", 0)
CLIENT = Verdict(Kind.CLIENT, "P7", 0, Grade.LIKELY)
CACHE = Verdict(Kind.CACHE, "P5", 0, Grade.FOLLOWS, limit_seconds=30 * MINUTE)
MEDIA = Verdict(Kind.MEDIA, "P6", 0, Grade.FOLLOWS, limit_seconds=30 * MINUTE)
BLOCKED = Verdict(Kind.BLOCKED, "M2", 0, Grade.TOLD)
MAYBE_BLOCKED = Verdict(Kind.BLOCKED, "M6", 0, Grade.LIKELY)
CANCELED = Verdict(Kind.CANCELED, "X2", 0, Grade.TOLD)
PLAIN = Ringing()


def run(*verdicts: Verdict, every: float = 5, ringing: Ringing = PLAIN) -> tuple[list[Kind], list[NewsKind], Steady]:
    """Evaluate one after the other: what was shown each time, and what was news."""
    steady: Steady | None = None
    shown: list[Kind] = []
    news: list[News] = []
    for number, verdict in enumerate(verdicts):
        steady, more = settle(steady, verdict, number * every, ringing)
        shown.append(steady.shown.kind)
        news += more
    assert steady is not None
    return shown, [item.kind for item in news], steady


def test_what_waits_must_hold_in_two_evaluations() -> None:
    """One evaluation alone does not change the word."""
    assert run(QUIET, CLIENT, QUIET, CLIENT, CLIENT)[0] == [*[Kind.QUIET] * 4, Kind.CLIENT]


def test_what_moves_or_is_told_takes_effect_at_once() -> None:
    """One moving poll is enough to leave, and a told stop is not held back."""
    shown, _, _ = run(CLIENT, CLIENT, RECEIVING, BLOCKED)
    assert shown == [Kind.CLIENT, Kind.CLIENT, Kind.RECEIVING, Kind.BLOCKED]


def test_a_likely_obstacle_must_hold() -> None:
    """Only what is told stops at once."""
    assert run(QUIET, MAYBE_BLOCKED, MAYBE_BLOCKED)[0] == [Kind.QUIET, Kind.QUIET, Kind.BLOCKED]


def test_an_unsteady_verdict_asks_to_be_judged_again() -> None:
    """Nothing waits for news when it is not settled."""
    _, _, steady = run(QUIET, CLIENT)
    assert next_evaluation(steady, 100) == 100


def test_past_a_limit_is_news_once_an_episode() -> None:
    """The same kind without movement in between is the same episode."""
    assert run(QUIET, CLIENT, CLIENT, QUIET, QUIET, CLIENT, CLIENT)[1] == [NewsKind.PAST_LIMIT]
    again = run(CLIENT, RECEIVING, CLIENT, CLIENT)[1]
    assert again == [NewsKind.PAST_LIMIT, NewsKind.MOVES_AGAIN, NewsKind.PAST_LIMIT]


def test_blocked_rings_after_two_polls_and_once() -> None:
    """A stop that holds for two polls rings, and does not ring again."""
    assert run(BLOCKED)[1] == [NewsKind.PAST_LIMIT]
    assert run(BLOCKED, BLOCKED, BLOCKED)[1] == [NewsKind.PAST_LIMIT, NewsKind.ALARM]


def test_cache_rings_after_ten_minutes() -> None:
    """A cache that frees itself soon wakes nobody."""
    assert NewsKind.ALARM not in run(CACHE, CACHE, every=9 * MINUTE)[1]
    assert NewsKind.ALARM in run(CACHE, CACHE, every=10 * MINUTE)[1]


def test_media_rings_after_twice_its_limit() -> None:
    """Slow media are normal up to the limit, and worth a call after as long again."""
    assert NewsKind.ALARM not in run(MEDIA, MEDIA, every=59 * MINUTE)[1]
    assert NewsKind.ALARM in run(MEDIA, MEDIA, every=HOUR)[1]
    assert next_evaluation(run(MEDIA)[2], 0) == HOUR


def test_what_never_rings() -> None:
    """A client that rests, a VERIFY, and a job that the appliance's own verdict explains are shown, not rung."""
    assert NewsKind.ALARM not in run(CLIENT, CLIENT, CLIENT, every=24 * HOUR)[1]
    assert NewsKind.ALARM not in run(BLOCKED, BLOCKED, ringing=Ringing(is_verify=True))[1]
    assert NewsKind.ALARM not in run(BLOCKED, BLOCKED, ringing=Ringing(is_explained=True))[1]


def test_the_idle_timer_rings() -> None:
    """An upload that the appliance gave up is worth a call; one that a person canceled is not."""
    assert run(CANCELED, ringing=Ringing(is_by_idle_timer=True))[1] == [NewsKind.ALARM]
    assert run(CANCELED)[1] == []
