"""Limits are learned from pauses that ended by themselves."""

from __future__ import annotations

from bptui.model.verdict import Kind
from bptui.model.vocabulary import Priority
from bptui.monitor.why.facts import Evidence
from bptui.monitor.why.history import sample_of
from bptui.monitor.why.limits import HOUR, MINUTE, Side
from bptui.monitor.why.pauses import REMEMBERED_SECONDS, Pause, ended_pauses, learned
from tests.monitor.why.polls import ONE, Polls, named
from tests.monitor.why.scene import endpoint, flat, job, ok, partition


def test_a_drain_that_went_on_after_a_while() -> None:
    """Its length, side and priority are remembered; a side that had nothing to do did not pause."""
    history = flat("PUT", (10, 10, 0), 50 * MINUTE).history()
    later = sample_of(job("PUT", (20, 15, 5)), 52 * MINUTE)
    assert ended_pauses(history, later, Priority.LOW) == (Pause(Side.DRAIN, Priority.LOW, 52 * MINUTE, 52 * MINUTE),)


def test_short_pauses_are_not_remembered() -> None:
    """They are within every limit."""
    history = flat("GET", (10, 5, 0), 5).history()
    assert ended_pauses(history, sample_of(job("GET", (10, 5, 5)), 9 * MINUTE), Priority.LOW) == ()


def test_the_longest_of_seven_days_counts() -> None:
    """What is older is forgotten."""
    now = REMEMBERED_SECONDS + HOUR
    pauses = [
        Pause(Side.DRAIN, Priority.LOW, 3 * HOUR, 0),
        Pause(Side.DRAIN, Priority.LOW, HOUR, now - HOUR),
        Pause(Side.DRAIN, Priority.LOW, 2 * HOUR, now - HOUR),
        Pause(Side.SEND, Priority.LOW, HOUR, now),
    ]
    assert learned(pauses, now) == {(Side.DRAIN, Priority.LOW): 2 * HOUR, (Side.SEND, Priority.LOW): HOUR}


def test_a_pause_that_somebody_ended_is_not_normal() -> None:
    """While an obstacle was told, its length says nothing about what is normal."""
    for evidence, number in ((Evidence(endpoint()), 1), (Evidence(endpoint(partitions=OUT)), 0)):
        polls = Polls()
        for seconds in (0, 5, 20 * MINUTE):
            polls.poll(seconds, named(ONE, "PUT", 10, 10, 0), evidence=evidence)
        assert (polls.kind() is Kind.BLOCKED) == (number == 0)
        outcome = polls.poll(21 * MINUTE, named(ONE, "PUT", 10, 10, 5), evidence=evidence)
        assert len(outcome.pauses) == number


OUT = ok((partition(quiesced="YES"),))
