"""What the detail pane says, in words that are the same in every pane."""

from __future__ import annotations

from datetime import UTC

import pytest

from bptui.model.vocabulary import RequestType
from bptui.monitor.why.history import Instant
from bptui.tui.options import view_options
from bptui.tui.widgets.detail_rows import LABEL_CELLS
from bptui.tui.widgets.facts import KnownJob, job_facts
from tests.tui.scripted import NOW, SECONDS, job

DISPLAY = view_options({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, UTC).display


@pytest.mark.parametrize(
    ("request_type", "labels"),
    [
        (RequestType.PUT, ("Received", "Written")),
        (RequestType.GET, ("Staged", "Sent")),
        (RequestType.VERIFY, ("Staged", "Verified")),
    ],
)
def test_counters_are_called_by_what_they_count(request_type: RequestType, labels: tuple[str, str]) -> None:
    """What came into the cache and what is done with have the words of the job's type, as its chunks have."""
    known = KnownJob(job(1, request_type=request_type))
    assert set(labels) <= {fact.label for fact in job_facts(known, DISPLAY, Instant(SECONDS, NOW))}


def test_labels_keep_their_distance_and_small_sizes_are_told_once() -> None:
    """No label touches its value, and a size that is exact already is not written twice."""
    known = KnownJob(job(1, original_size_bytes=1000, cached_size_bytes=0, completed_size_bytes=0))
    facts = job_facts(known, DISPLAY, Instant(SECONDS, NOW))
    assert [fact.label for fact in facts if len(fact.label) >= LABEL_CELLS or fact.label.endswith(".")] == []
    values = {fact.label: fact.value for fact in facts}
    assert (values["Size"], values["Received"]) == ("1 000 B", "0 B  0%")


def test_naked_is_explained_where_it_is_so() -> None:
    """The appliance's word for a job of plain S3 has its meaning beside it."""
    facts = job_facts(KnownJob(job(1, is_naked=True)), DISPLAY, Instant(SECONDS, NOW))
    assert {fact.label: fact.value for fact in facts}["Naked"] == "yes, plain S3 without a bulk client"
