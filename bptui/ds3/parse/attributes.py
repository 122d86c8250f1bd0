"""Turn the attributes of `Job`, `MasterObjectList` and `Node` elements into values (DS3 API, releases 3.0 to 6.0)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bptui.ds3.parse.values import Fields
from bptui.model.job import Job, JobId, Node
from bptui.model.vocabulary import JobStatus, OrderGuarantee, Priority, RequestType

request_type = lru_cache(maxsize=256)(RequestType)
job_status = lru_cache(maxsize=256)(JobStatus)
priority = lru_cache(maxsize=256)(Priority)
order_guarantee = lru_cache(maxsize=256)(OrderGuarantee)

_MOST_OF_A_NAME = 128
"""Characters; longer ones are not worth remembering."""
_same_text = lru_cache(maxsize=4096)(str)


def shared(text: str | None) -> str | None:
    """A text that many jobs have in common, such as a user's name: held once, not by each of them."""
    return text if text is None or len(text) > _MOST_OF_A_NAME else _same_text(text)


def job(element: str, attributes: Mapping[str, str], nodes: tuple[Node, ...] = ()) -> Job:
    """Read a job; what captures from before 3.0 lack reads as 0, false or an unknown word; ParseError without JobId."""
    fields = Fields(element, attributes)
    return Job(
        job_id=JobId(fields.required("JobId").lower()),
        name=attributes.get("Name"),
        bucket_name=shared(fields.text("BucketName")),
        request_type=request_type(attributes.get("RequestType", "")),
        status=job_status(attributes.get("Status") or JobStatus.IN_PROGRESS.value),
        priority=priority(attributes.get("Priority", "")),
        is_aggregating=fields.boolean("Aggregating") or False,
        is_naked=fields.boolean("Naked") or False,
        entirely_in_cache=fields.boolean("EntirelyInCache"),
        original_size_bytes=fields.number("OriginalSizeInBytes") or 0,
        cached_size_bytes=fields.number("CachedSizeInBytes") or 0,
        completed_size_bytes=fields.number("CompletedSizeInBytes") or 0,
        start_date=fields.date("StartDate"),
        user_id=shared(fields.identity("UserId")),
        user_name=shared(fields.text("UserName")),
        order_guarantee=order_guarantee(attributes.get("ChunkClientProcessingOrderGuarantee", "")),
        nodes=nodes,
    )


def node(attributes: Mapping[str, str]) -> Node:
    """Read a node as jobs name it."""
    fields = Fields("Node", attributes)
    return Node(
        node_id=shared(fields.identity("Id")) or "",
        end_point=shared(fields.text("EndPoint")),
        http_port=fields.number("HttpPort"),
        https_port=fields.number("HttpsPort"),
    )
