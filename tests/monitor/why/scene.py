"""Jobs, histories and facts for tests of verdicts, made from a few numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bptui.model.evidence import (
    BlobStoreTask,
    CacheFilesystem,
    CacheState,
    ChunkRecord,
    DataPathBackend,
    Failure,
    FailureType,
    TaskState,
)
from bptui.model.job import Job, JobId, JobRecord, RecordKind
from bptui.model.media import (
    Pool,
    PoolState,
    Quiesced,
    Tape,
    TapeDrive,
    TapeDriveState,
    TapePartition,
    TapePartitionState,
    TapeState,
)
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.model.verdict import Verdict
from bptui.model.vocabulary import OrderGuarantee, Priority, RequestType
from bptui.monitor.endings import record_of
from bptui.monitor.why.facts import Detail, EndpointFacts, JobFacts, Peers, Source
from bptui.monitor.why.history import History, Instant, sample_of
from bptui.monitor.why.judge import judge
from bptui.monitor.why.limits import Limits
from tests.jobs import PLAIN_JOB

GB = 10**9
MINUTE = 60
HOUR = 3600
START = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
JOB_ID = JobId("0b0b0b0b-0000-4000-8000-000000000001")
CHUNK_ID = "c0c0c0c0-0000-4000-8000-000000000001"
TAPE_ID = "7a7a7a7a-0000-4000-8000-000000000001"
READ = SourceState(Reading.OK, START)


def ok(value: Any) -> Source[Any]:
    return Source(READ, value)


def denied() -> Source[Any]:
    return Source(SourceState(Reading.FORBIDDEN))


def at(seconds: float) -> datetime:
    """The UTC time of a moment of the story."""
    return START + timedelta(seconds=seconds)


def job(kind: str, counters: tuple[float, float, float], **changes: Any) -> Job:
    """A job with its counters in GB."""
    original, cached, completed = (int(number * GB) for number in counters)
    plain = replace(
        PLAIN_JOB,
        job_id=JOB_ID,
        name="nightly",
        bucket_name="archive",
        request_type=RequestType(kind),
        original_size_bytes=original,
        cached_size_bytes=cached,
        completed_size_bytes=completed,
        start_date=START,
        user_name="svc-arc",
        order_guarantee=OrderGuarantee.NONE,
    )
    return replace(plain, **changes)


@dataclass
class Story:
    """A job as it was sampled: times in seconds from the start, and the job at each."""

    steps: list[tuple[float, Job]]

    @property
    def last(self) -> Job:
        return self.steps[-1][1]

    def history(self) -> History:
        (first_at, first), *rest = self.steps
        history = History(first.request_type, sample_of(first, first_at))
        for seconds, later in rest:
            history.add(sample_of(later, seconds))
        return history

    def verdict(
        self,
        facts: JobFacts | None = None,
        *,
        limits: Limits | None = None,
        peers: Peers | None = None,
        now: float | None = None,
    ) -> Verdict:
        seconds = self.steps[-1][0] if now is None else now
        moment = Instant(seconds, at(seconds))
        return judge(self.last, self.history(), facts or JobFacts(), peers or Peers(), limits or Limits(), moment)


def once(kind: str, *counters: float, **changes: Any) -> Story:
    return Story([(0, job(kind, counters, **changes))])  # type: ignore[arg-type]


def flat(kind: str, counters: tuple[float, float, float], span: float, **changes: Any) -> Story:
    """Two equal samples so far apart."""
    same = job(kind, counters, **changes)
    return Story([(0, same), (span, same)])


def step(
    kind: str,
    before: tuple[float, float, float],
    after: tuple[float, float, float],
    *,
    ago: float = 0,
    **changes: Any,
) -> Story:
    """Two polls with a change between them, so long ago."""
    first, later = job(kind, before, **changes), job(kind, after, **changes)
    steps = [(0, first), (5, later)]
    return Story([*steps, (5 + ago, later)] if ago else steps)


def endpoint(**sources: Any) -> EndpointFacts:
    """Facts of an appliance that is known to have no pools, unless said otherwise."""
    return EndpointFacts(**{"pools": ok(()), **sources})


def facts(**sources: Any) -> JobFacts:
    """Facts about a job; what is not a job's own is the endpoint's."""
    own = {
        name: sources.pop(name) for name in ("record", "ended", "detail", "chunk", "tape", "policy") if name in sources
    }
    return JobFacts(endpoint=endpoint(**sources), **own)


def cache(*, reserved: float | None = None, used: float = 0.5) -> Source[Any]:
    locked = None if reserved is None else int(reserved * 100)
    return ok(CacheState((CacheFilesystem("fs", "n", "/c", 100, int(used * 100), job_locked_bytes=locked),)))


PRESSURE_HIGH = cache(reserved=0.84)
PRESSURE_LOW = cache(reserved=0.38)
PRESSURE_LIKELY = cache(used=0.91)


def partition(name: str = "LTO8-A", state: str = "ONLINE", quiesced: str = "NO", **more: Any) -> TapePartition:
    return TapePartition(f"id-{name}", name, TapePartitionState(state), Quiesced(quiesced), **more)


def drive(name: str = "d1", state: str = "NORMAL", **more: Any) -> TapeDrive:
    return TapeDrive(name, TapeDriveState(state), serial_number=f"SN-{name}", **more)


def pool(state: str = "NORMAL", **more: Any) -> Pool:
    return Pool("pool-1", "nearline", PoolState(state), **more)


def tape(state: str, **more: Any) -> dict[str, Any]:
    """The tape that the lowest outstanding chunk is read from, and the chunk that names it."""
    chunk = ChunkRecord(CHUNK_ID, JOB_ID, 1, read_from_tape_id=TAPE_ID)
    return {"chunk": ok(chunk), "tape": ok(Tape(TAPE_ID, TapeState(state), "LT0017L8", **more))}


def detail(**numbers: Any) -> Detail:
    """A detail read at the end of any story."""
    return Detail(at_seconds=10**9, **numbers)


def record(**fields: Any) -> JobRecord:
    plain = replace(PLAIN_JOB, job_id=JOB_ID, name="nightly", order_guarantee=OrderGuarantee.NONE)
    return replace(record_of(plain, RecordKind.ACTIVE), **fields)


def task(state: str, **more: Any) -> BlobStoreTask:
    return BlobStoreTask(7, "WriteChunkToTape", "", TaskState(state), Priority.NORMAL, **more)


def failures(source: FailureList, kind: str, seconds: float, subject: str | None = None) -> dict[str, Any]:
    found = Failure(source, FailureType(kind), at(seconds), subject_id=subject)
    return {"failures": {source: ok((found,))}}


BACKEND_OFF = ok(DataPathBackend(is_activated=False))
BACKEND_ON = ok(DataPathBackend(is_activated=True))
