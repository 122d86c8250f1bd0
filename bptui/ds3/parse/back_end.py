"""Read what explains why jobs wait: the data path's switches, the cache, the back end's tasks (DS3 API, 3.0 to 6.0)."""

from __future__ import annotations

from bptui.ds3.parse import attributes as read
from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.model.evidence import BlobStoreTask, Bucket, CacheFilesystem, CacheState, DataPathBackend, TaskState
from bptui.model.job import JobId


def data_path_backend_parser() -> DocumentParser[DataPathBackend]:
    """A parser for `data_path_backend`."""
    return DocumentParser("Data", _data_path_backend)


def cache_state_parser() -> DocumentParser[CacheState]:
    """A parser for `cache_state`; the list of every blob in the cache is passed over."""
    return DocumentParser(
        "Data",
        lambda data: CacheState(tuple(_filesystem(item) for item in data.all("Filesystems"))),
        unwanted=frozenset({"Entries"}),
    )


def blob_store_tasks_parser() -> DocumentParser[tuple[BlobStoreTask, ...]]:
    """A parser for `blob_store_task`."""
    return ItemsParser("Data", "Tasks", _task)


def bucket_parser() -> DocumentParser[Bucket]:
    """A parser for one bucket."""
    return DocumentParser("Data", _bucket)


def _data_path_backend(data: Element) -> DataPathBackend:
    fields = data.fields
    return DataPathBackend(
        is_activated=fields.boolean("Activated"),
        is_new_job_allowed=fields.boolean("AllowNewJobRequests"),
        maximum_concurrent_jobs=fields.number("MaxNumberOfConcurrentJobs"),
        last_heartbeat=fields.date("LastHeartbeat"),
    )


def _filesystem(element: Element) -> CacheFilesystem:
    figures = element.fields
    settings = element.first("CacheFilesystem").fields
    return CacheFilesystem(
        filesystem_id=settings.identity("Id"),
        node_id=settings.identity("NodeId"),
        path=settings.text("Path"),
        total_bytes=figures.number("TotalCapacityInBytes"),
        used_bytes=figures.number("UsedCapacityInBytes"),
        unavailable_bytes=figures.number("UnavailableCapacityInBytes"),
        job_locked_bytes=figures.number("JobLockedCacheInBytes"),
        burst_threshold=settings.fraction("BurstThreshold"),
        reclaim_initiate_threshold=settings.fraction("AutoReclaimInitiateThreshold"),
        summary=figures.text("Summary"),
    )


def _task(element: Element) -> BlobStoreTask:
    fields = element.fields
    state, priority = fields.identity("State"), fields.identity("Priority")
    return BlobStoreTask(
        task_id=fields.number("Id"),
        name=fields.text("Name"),
        description=fields.text("Description"),
        state=None if state is None else TaskState(state),
        priority=None if priority is None else read.priority(priority),
        date_scheduled=fields.date("DateScheduled"),
        date_started=fields.date("DateStarted"),
        drive_id=fields.identity("DriveId"),
        tape_id=fields.identity("TapeId"),
        pool_id=fields.identity("PoolId"),
        target_id=fields.identity("TargetId"),
        job_ids=_job_ids(element),
    )


def _job_ids(task: Element) -> tuple[JobId, ...] | None:
    """The ids in `JobIds`, repeated or within one another: the contract does not show how the list is written."""
    lists = list(task.all("JobIds"))
    if not lists:
        return None
    texts = [leaf.text.strip() for item in lists for leaf in (item.children or [item])]
    return tuple(JobId(text.lower()) for text in texts if text)


def _bucket(element: Element) -> Bucket:
    fields = element.fields
    return Bucket(
        bucket_id=fields.required("Id"),
        name=fields.text("Name"),
        data_policy_id=fields.identity("DataPolicyId"),
    )
