"""The appliance around its jobs as elements under `Data` (DS3 API reference, "Others")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.identity import uuid_of

if TYPE_CHECKING:
    from datetime import datetime

    from bptui.simulator.accounts import Bucket, User
    from bptui.simulator.appliance import Appliance
    from bptui.simulator.library import Policy
    from bptui.simulator.machine import Node, RefusedJob, Task
    from bptui.simulator.markup import Elements, Value
    from bptui.simulator.release import Release

API_VERSION = "4D0C8E1B7A2F93655E11C0DE9B8A7766.0F1E2D3C4B5A69788796A5B4C3D2E1F0"
"""Looks like two digests, as on appliances; it is not a version number."""


def system_information(appliance: Appliance, own_now: datetime) -> Elements:
    """Get System Information."""
    build = appliance.release
    return [
        ("ApiVersion", API_VERSION),
        ("BackendActivated", appliance.machine.backend.is_activated),
        ("BuildInformation", [("Branch", "release"), ("Revision", "3999001"), ("Version", build.build)]),
        ("InstanceId", appliance.machine.instance_id),
        ("Now", int(own_now.timestamp() * 1000)),
        ("SerialNumber", appliance.machine.serial_number),
    ]


def system_health(appliance: Appliance) -> Elements:
    """Verify System Health, while the data planner is healthy."""
    return [
        ("DatabaseFilesystemFreeSpace", appliance.machine.database_space),
        ("MsRequiredToVerifyDataPlannerHealth", 3),
    ]


def node(each: Node, own_now: datetime) -> Elements:
    """A node with its last heartbeat."""
    return [
        ("DataPathHttpPort", each.http_port),
        ("DataPathHttpsPort", each.https_port),
        ("DataPathIpAddress", each.ip_address),
        ("DnsName", None),
        ("Id", each.id),
        ("LastHeartbeat", own_now if each.silent_since is None else each.silent_since),
        ("Name", each.name),
        ("SerialNumber", f"{each.name.upper()}-SN"),
    ]


def data_path_backend(appliance: Appliance, own_now: datetime) -> Elements:
    """Get Data Path Backend: switches and limits, by release."""
    backend, release = appliance.machine.backend, appliance.release
    elements = [
        ("Activated", backend.is_activated, (3, 0)),
        ("AllowNewJobRequests", backend.allows_new_jobs, (4, 1)),
        ("AutoActivateTimeoutInMins", None, (3, 0)),
        ("CacheAvailableRetryAfterInSeconds", backend.cache_retry_after_seconds, (4, 1)),
        ("DefaultVerifyDataAfterImport", None, (3, 0)),
        ("Id", uuid_of("backend", appliance.machine.serial_number), (3, 0)),
        ("InstanceId", appliance.machine.instance_id, (3, 0)),
        ("LastHeartbeat", own_now, (3, 0)),
        ("MaxAggregatedBlobsPerChunk", backend.max_aggregated_blobs_per_chunk, (5, 4)),
        ("MaxNumberOfConcurrentJobs", backend.max_concurrent_jobs, (5, 8)),
        ("UnavailableMediaPolicy", backend.unavailable_media_policy, (3, 0)),
        ("UnavailablePoolMaxJobRetryInMins", 20, (3, 0)),
        ("UnavailableTapePartitionMaxJobRetryInMins", 20, (3, 0)),
    ]
    return [(name, value) for name, value, since in elements if release.since(*since)]


def cache_state(appliance: Appliance) -> Elements:
    """Get Cache State: one file system, filled by running jobs and by data that may be reclaimed."""
    cache, release = appliance.machine.cache, appliance.release
    locked_bytes = min(appliance.cached_bytes(), cache.total_bytes)
    used_bytes = min(cache.total_bytes - cache.unavailable_bytes, cache.resident_bytes + locked_bytes)
    file_system: list[tuple[str, Value]] = [
        ("AutoReclaimInitiateThreshold", 0.82),
        ("AutoReclaimTerminateThreshold", 0.72),
        ("BurstThreshold", 0.85),
        *([("CacheSafetyEnabled", True)] if release.since(5, 5) else []),
        ("Id", uuid_of("cache", appliance.machine.serial_number)),
        ("MaxCapacityInBytes", None),
        ("MaxPercentUtilizationOfFilesystem", 0.97),
        *([("NeedsReconcile", False)] if release.since(5, 6) else []),
        ("NodeId", appliance.machine.nodes[0].id),
        ("Path", "/usr/local/bluestorm/frontend/cachedir"),
    ]
    state: list[tuple[str, Value | Elements]] = [
        ("AvailableCapacityInBytes", cache.total_bytes - cache.unavailable_bytes - used_bytes),
        ("CacheFilesystem", file_system),
        *([("JobLockedCacheInBytes", locked_bytes)] if release.since(5, 3) else []),
        ("Summary", f"{used_bytes * 100 // cache.total_bytes}% of the cache is in use"),
        ("TotalCapacityInBytes", cache.total_bytes),
        ("UnavailableCapacityInBytes", cache.unavailable_bytes),
        ("UsedCapacityInBytes", used_bytes),
    ]
    return [("Filesystems", state)]


def task(each: Task, release: Release) -> Elements:
    """A task of the back end; which jobs it works for is told from 6.0 on."""
    return [
        ("DateScheduled", each.scheduled_at),
        *([("DateStarted", each.started_at)] if each.started_at else []),
        ("Description", each.description),
        *([("DriveId", each.drive_id)] if each.drive_id else []),
        ("Id", each.number),
        *([("JobIds", job_id) for job_id in each.job_ids] if release.has_job_entries else []),
        ("Name", each.name),
        ("Priority", each.priority),
        ("State", each.state),
        *([("TapeId", each.tape_id)] if each.tape_id else []),
    ]


def bucket(each: Bucket, release: Release) -> Elements:
    """A bucket."""
    return [
        ("CreationDate", each.created_at),
        ("DataPolicyId", each.data_policy_id),
        *([("Empty", each.used_bytes == 0)] if release.since(3, 3) else []),
        ("Id", each.id),
        ("LastPreferredChunkSizeInBytes", each.last_preferred_chunk_bytes),
        ("LogicalUsedCapacity", each.used_bytes),
        ("Name", each.name),
        *([("Protected", False)] if release.since(5, 5) else []),
        ("UserId", each.owner.id),
    ]


def user(each: User, release: Release) -> Elements:
    """A user, secret key and all: that is what appliances answer."""
    return [
        ("AuthId", each.access_id),
        ("DefaultDataPolicyId", None),
        ("Id", each.id),
        *([("MaxBuckets", 10_000)] if release.since(5, 0) else []),
        ("Name", each.name),
        ("SecretKey", each.secret_key),
    ]


def data_policy(policy: Policy) -> Elements:
    """A data policy; Spectra's helpers ask it for the checksum to send."""
    return [
        ("ChecksumType", "MD5"),
        ("DefaultGetJobPriority", "NORMAL"),
        ("DefaultPutJobPriority", "NORMAL"),
        ("DefaultVerifyJobPriority", "LOW"),
        ("Id", policy.id),
        ("Name", policy.name),
        ("Versioning", "NONE"),
    ]


def refused_id(each: RefusedJob) -> str:
    """The UUID of a refused job's record."""
    return uuid_of("refused job", each.user_name, each.at)


def refused_job(each: RefusedJob) -> Elements:
    """A job that could not be created."""
    return [
        ("Date", each.at),
        ("ErrorMessage", each.message),
        ("Id", refused_id(each)),
        ("TapeBarCodes", None),
        ("Type", each.type),
        ("UserName", each.user_name),
    ]
