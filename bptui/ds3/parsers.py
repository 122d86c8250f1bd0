"""Which parser reads the answer to which call about jobs or the appliance itself; importing this loads lxml."""

from __future__ import annotations

from bptui.ds3.parse import records, system
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
