"""Which jobs are judged at which poll."""

from __future__ import annotations

from bptui.model.job import JobId
from bptui.monitor.why.due import SUPERSEDED_LEAST, Due
from bptui.monitor.why.entry import Entry
from bptui.monitor.why.history import History, sample_of
from tests.monitor.why.polls import ONE, TWO, named


def entry(job_id: JobId) -> Entry:
    moving = named(job_id, "PUT", 10, 5, 2)
    return Entry(moving, History(moving.request_type, sample_of(moving, 0.0)), None)


def test_a_job_that_is_planned_anew_with_every_poll_costs_no_more_memory() -> None:
    """Only the newest plan counts, however often it was replaced, and a job that stands keeps its own."""
    entries = {ONE: entry(ONE), TWO: entry(TWO)}
    due = Due(entries)
    entries[TWO].holds_until = 500.0
    due.plan(TWO, 500.0, 0.0)
    for second in range(5 * SUPERSEDED_LEAST):
        entries[ONE].holds_until = 100_000.0 + second
        due.plan(ONE, 100_000.0 + second, float(second))
    assert due.plan_count <= SUPERSEDED_LEAST + 2 * len(entries)
    while due.gather(500.0, None):
        pass
    assert list(due.take(None)) == [TWO]
    while due.gather(100_000.0 + 5 * SUPERSEDED_LEAST, None):
        pass
    assert list(due.take(None)) == [ONE]
