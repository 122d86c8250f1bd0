"""Which parser reads the answer to which call; importing this loads lxml."""

from __future__ import annotations

from bptui.ds3.parse import back_end, failed, media, policies, records, system
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser, KnownJobs
from bptui.ds3.parse.limits import ParseError
from bptui.model.job import Job


class JobRootParser:
    """Reads a job's own attributes from the root tag of an answer and lets the chunks and objects go."""

    def __init__(self) -> None:
        self._inner = JobParser()

    def feed(self, data: bytes) -> None:
        """Take a piece; what follows the root tag may be anything."""
        try:
            self._inner.feed(data)
        except ParseError:
            if self._inner.root is None:
                raise

    def is_enough(self) -> bool:
        """Whether the root tag was read."""
        return self._inner.root is not None

    def close(self) -> Job:
        """Return the job."""
        return self._inner.root or self._inner.close().job


class Parsers:
    """A new parser for each answer of one appliance; those of the job lists share what did not change."""

    def __init__(self) -> None:
        self._running_jobs = KnownJobs()
        self._all_jobs = KnownJobs()

    def jobs(self, *, is_full: bool = False) -> JobsParser:
        """Return a parser of running jobs, or of all jobs, that keeps the jobs of the last such answer."""
        return JobsParser(self._all_jobs if is_full else self._running_jobs)

    job = staticmethod(JobParser)
    job_root = staticmethod(JobRootParser)
    record = staticmethod(records.record_parser)
    records = staticmethod(records.records_parser)
    service = staticmethod(system.service_parser)
    system_information = staticmethod(system.system_information_parser)
    system_health = staticmethod(system.system_health_parser)
    nodes = staticmethod(system.nodes_parser)
    data_path_backend = staticmethod(back_end.data_path_backend_parser)
    cache_state = staticmethod(back_end.cache_state_parser)
    blob_store_tasks = staticmethod(back_end.blob_store_tasks_parser)
    bucket = staticmethod(back_end.bucket_parser)
    tape_partitions = staticmethod(media.tape_partitions_parser)
    tape_drives = staticmethod(media.tape_drives_parser)
    pools = staticmethod(media.pools_parser)
    tape = staticmethod(media.tape_parser)
    failures = staticmethod(failed.failures_parser)
    job_creation_failures = staticmethod(failed.job_creation_failures_parser)
    chunk_record = staticmethod(policies.chunk_record_parser)
    job_entries = staticmethod(policies.job_entries_parser)
    persistence_rules = staticmethod(policies.persistence_rules_parser)
    replication_rules = staticmethod(policies.replication_rules_parser)
    storage_domains = staticmethod(policies.storage_domains_parser)
    storage_domain_members = staticmethod(policies.storage_domain_members_parser)
