"""Everything known about one job, from its list, its own answer, its history and its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.model.job import JobKey
from bptui.model.snapshot import JobsSnapshot
from bptui.tui.feed import Feed
from bptui.tui.widgets.facts import KnownJob
from bptui.tui.widgets.why import Why, copies_text

if TYPE_CHECKING:
    # The first list needs no tree.
    from bptui.model.tree import JobTree


def known_job(
    feed: Feed, snapshot: JobsSnapshot | None, tree: JobTree | None, key: JobKey, *, is_stale: bool
) -> KnownJob | None:
    """Gather what is known of a job of this snapshot's endpoint; None for one that is not listed."""
    job = snapshot.job(key.job_id) if snapshot is not None and key.endpoint == snapshot.endpoint else None
    if snapshot is None or job is None:
        return None
    verdict = feed.explain(key)
    return KnownJob(
        job,
        snapshot.records.get(key.job_id),
        snapshot.ended.get(key.job_id),
        feed.progress(key) if key.job_id in snapshot.jobs else None,
        tree if tree is not None and tree.job.job_id == key.job_id else None,
        None if verdict is None else Why(verdict, feed.explained_by(key), is_stale=is_stale),
        copies_text(feed.evidence(key.endpoint), job.bucket_name),
    )
