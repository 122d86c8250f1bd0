"""The plain job that tests begin with: `replace(PLAIN_JOB, name="…")` makes another one of it."""

from __future__ import annotations

from bptui.model.job import Job, JobId
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType

PLAIN_JOB = Job(
    job_id=JobId("91eb66f6-5a61-4814-b896-fc02863292a6"),
    name="PUT by 10.24.8.61",
    bucket_name="harbor-masters",
    request_type=RequestType.PUT,
    status=JobStatus.IN_PROGRESS,
    priority=Priority.NORMAL,
    is_aggregating=False,
    is_naked=False,
    entirely_in_cache=None,
    original_size_bytes=0,
    cached_size_bytes=0,
    completed_size_bytes=0,
    start_date=None,
    user_id=None,
    user_name=None,
    order_guarantee=OrderGuarantee.IN_ORDER,
)
"""A running PUT of which nothing has come yet."""
