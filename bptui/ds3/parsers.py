"""Which parser reads the answer to which call about jobs or the appliance itself; importing this loads lxml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.ds3.parse.jobs import JobsParser, KnownJobs

if TYPE_CHECKING:
    # What reads anything but the job list is loaded by the first such answer: the list is what a person waits for.
    from bptui.ds3.incoming import Parser
    from bptui.ds3.parse.job import JobParser
    from bptui.ds3.parse.job_root import JobRootParser
    from bptui.model.job import JobRecord, RecordKind
    from bptui.model.system import Service, SystemInformation
    from bptui.model.tree import JobTree


class Parsers:
    """A new parser for each answer of one appliance; those of the list of running jobs share what did not change."""

    def __init__(self) -> None:
        self._running_jobs = KnownJobs()

    def jobs(self, *, is_full: bool = False) -> JobsParser:
        """Return a parser of running jobs, or of all jobs; those of 30 days are asked for rarely, and not kept."""
        return JobsParser(None if is_full else self._running_jobs)

    @staticmethod
    def job(previous: JobTree | None = None) -> JobParser:
        """Return a parser of one job with its chunks and objects, which shares what `previous` has already."""
        from bptui.ds3.parse.job import JobParser  # noqa: PLC0415

        return JobParser(previous)

    @staticmethod
    def job_root() -> JobRootParser:
        """Return a parser of a job's own attributes only."""
        from bptui.ds3.parse.job_root import JobRootParser  # noqa: PLC0415

        return JobRootParser()

    @staticmethod
    def record(kind: RecordKind) -> Parser[JobRecord]:
        """Return a parser of one small record of a job."""
        from bptui.ds3.parse.records import record_parser  # noqa: PLC0415

        return record_parser(kind)

    @staticmethod
    def records(kind: RecordKind) -> Parser[tuple[JobRecord, ...]]:
        """Return a parser of a page of such records."""
        from bptui.ds3.parse.records import records_parser  # noqa: PLC0415

        return records_parser(kind)

    @staticmethod
    def service() -> Parser[Service]:
        """Return a parser of who the key belongs to."""
        from bptui.ds3.parse.system import service_parser  # noqa: PLC0415

        return service_parser()

    @staticmethod
    def system_information() -> Parser[SystemInformation]:
        """Return a parser of version, clock and activation."""
        from bptui.ds3.parse.system import system_information_parser  # noqa: PLC0415

        return system_information_parser()
