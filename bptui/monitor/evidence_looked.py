"""What is known only of the job that is looked at: its chunks in a few numbers, and the tape it needs next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bptui.ds3 import questions
from bptui.ds3.errors import GoneError
from bptui.model.evidence import ChunkRecord
from bptui.model.job import JobId
from bptui.model.problem import Problem
from bptui.model.reading import NOT_ASKED, Reading, SourceState
from bptui.model.tree import ChunkId, JobTree
from bptui.model.vocabulary import RequestType
from bptui.monitor.about import About
from bptui.monitor.appliance import Appliance
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.sources import Source, failed
from bptui.monitor.why import facts
from bptui.monitor.why.detail import detail_of
from bptui.monitor.why.facts import Looked

CHUNK_SECONDS = 60.0
KEPT_SECONDS = 600.0
"""For how long what was seen of a job counts after nobody looks at it any more."""
ENTRIES_MOST = 1000
"""How many entries of a job are searched for its chunk (6.0)."""
FIRST_RELEASE = (3, 2, 1)
"""Before it, no call tells which tape a chunk is read from."""
ENTRIES_RELEASE = (6,)
"""From here on a job has an entry for each blob instead."""
JOB_CHUNK = "job_chunk_dao"
TAPE = "tape"

_FROM_MEDIA = (RequestType.GET, RequestType.VERIFY)


class LookedJobs:
    """The job that is looked at, and those that were until some minutes ago."""

    def __init__(
        self,
        setting: Setting,
        link: Link,
        about: About,
        state: Callable[[str], SourceState],
    ) -> None:
        self._setting = setting
        self._link = link
        self._about = about
        self._state = state
        self._job_id: JobId | None = None
        self._tree: JobTree | None = None
        self._known: dict[JobId, Looked] = {}
        self._seen_at: dict[JobId, float] = {}

    @property
    def is_any(self) -> bool:
        """Whether a job is looked at."""
        return self._job_id is not None

    def watch(self, job_id: JobId | None) -> None:
        """Look at another job, or at none."""
        self._job_id = job_id
        self._tree = None

    def tree_arrived(self, tree: JobTree) -> None:
        """Take a whole job that was just read; takes a few milliseconds at any size."""
        self._tree = tree
        now = self._setting.elapsed.seconds()
        state = SourceState(Reading.OK, self._setting.clock.now())
        self._keep(tree.job.job_id, detail=detail_of(tree, now), detail_state=state)

    def tree_failed(self, job_id: JobId, problem: Problem) -> None:
        """Take note that a job could not be read."""
        before = self._known.get(job_id, _NOTHING).detail_state
        self._keep(job_id, detail_state=failed(problem, before))

    def _keep(self, job_id: JobId, **fields: object) -> None:
        self._known[job_id] = replace(self._known.get(job_id, _NOTHING), **fields)  # type: ignore[arg-type]  # any field by name
        self._seen_at[job_id] = self._setting.elapsed.seconds()

    def known(self) -> Mapping[JobId, Looked]:
        """What is known of each job that was looked at lately."""
        now = self._setting.elapsed.seconds()
        for job_id in [one for one, at in self._seen_at.items() if now - at > KEPT_SECONDS and one != self._job_id]:
            del self._known[job_id], self._seen_at[job_id]
        return dict(self._known)

    def rows(self) -> list[Source]:
        """The tape that the lowest outstanding chunk is read from: its record, then the tape itself."""
        return [
            Source(JOB_CHUNK, CHUNK_SECONDS, self._read_chunk, lambda: self._chunk_id() is not None),
            Source(TAPE, CHUNK_SECONDS, self._read_tape, lambda: self._tape_id() is not None),
        ]

    def source_failed(self, call: str) -> None:
        """Take note that one of the rows could not be read."""
        if self._job_id is None or self._job_id not in self._known:
            return
        if call == JOB_CHUNK:
            self._keep(self._job_id, chunk=facts.Source(self._state(call)))
        elif call == TAPE:
            self._keep(self._job_id, tape=facts.Source(self._state(call)))

    def _looked(self) -> Looked:
        return self._known.get(self._job_id, _NOTHING) if self._job_id else _NOTHING

    def _chunk_id(self) -> str | None:
        detail = self._looked().detail
        is_from_media = self._tree is not None and self._tree.job.request_type in _FROM_MEDIA
        return detail.unstaged_chunk_id if detail and is_from_media else None

    def _tape_id(self) -> str | None:
        record = self._looked().chunk.known
        is_wanted = record is not None and self._chunk_id() is not None
        return record.read_from_tape_id if record and is_wanted else None

    async def _read_chunk(self) -> None:
        job_id, chunk_id = self._job_id, self._chunk_id()
        if job_id is None or chunk_id is None:
            return
        try:
            record = await self._chunk(await self._link(), job_id, chunk_id)
        except GoneError as error:
            if self._is_before(FIRST_RELEASE):
                raise
            self._keep(job_id, chunk=facts.Source(_unknown(error)))
            return
        self._keep(job_id, chunk=facts.Source(self._now(), record))

    async def _chunk(self, appliance: Appliance, job_id: JobId, chunk_id: str) -> ChunkRecord:
        """Ask for the chunk, or from 6.0 on look for it among the job's entries."""
        if self._about.release is None or self._is_before(ENTRIES_RELEASE):
            try:
                return await appliance.answer(questions.chunk_record(chunk_id))
            except GoneError:
                if self._about.release is not None:
                    raise
        number = self._number(chunk_id)
        entries = await appliance.items(questions.job_entries(job_id), most=ENTRIES_MOST)
        found = [entry for entry in entries if _is_of(entry, chunk_id, number)]
        told = next((entry for entry in found if entry.read_from_tape_id), None)
        return told or ChunkRecord(chunk_id, job_id, number)

    def _is_before(self, release: tuple[int, ...]) -> bool:
        known = self._about.release
        return known is not None and known < release

    def _number(self, chunk_id: str) -> int | None:
        position = self._tree.index_of_chunk(ChunkId(chunk_id)) if self._tree else None
        return None if self._tree is None or position is None else self._tree.chunk(position).number

    async def _read_tape(self) -> None:
        job_id, tape_id = self._job_id, self._tape_id()
        if job_id is None or tape_id is None:
            return
        try:
            tape = await (await self._link()).answer(questions.tape(tape_id))
        except GoneError as error:
            self._keep(job_id, tape=facts.Source(_unknown(error)))
            return
        self._keep(job_id, tape=facts.Source(self._now(), tape))

    def _now(self) -> SourceState:
        return SourceState(Reading.OK, self._setting.clock.now())


def _unknown(error: GoneError) -> SourceState:
    """What was asked for is gone: it says nothing about the call itself, which is asked again."""
    return SourceState(Reading.FAILED, None, error.problem.sentence, error.problem.status)


def _is_of(entry: ChunkRecord, chunk_id: str, number: int | None) -> bool:
    """Whether an entry belongs to a chunk: by its id, or by its number where the entry names no chunk."""
    if entry.chunk_id is not None:
        return entry.chunk_id.lower() == chunk_id.lower()
    return number is not None and entry.number == number


_NOTHING = Looked(detail_state=NOT_ASKED)
