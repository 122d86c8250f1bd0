"""What the close dialog asks and what may be answered when: pure, so that every rule has a plain test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bptui.model.endpoint import Endpoint
from bptui.model.job import Job, JobId, JobRecord, RecordKind
from bptui.model.problem import Problem, ProblemKind
from bptui.text import cell_width, clip, visible
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.units import age_text, duration_text, size_text

Sizes = Callable[[int | None], str]
"""How the person wants sizes to be written."""
Reading = JobRecord | Job | Problem
"""What reading a job again gives."""

FIRST_RELEASE_WITH_CLOSE = (4, 0)
"""Below it the same request acts as Modify Job and resets the idle timer."""

TYPED_CHARACTERS = 4
"""How much of a job's id is typed at a `prod` endpoint."""

EFFECT = (
    "Closing: later uploads start a new job; running transfers go on; it does not finish the job; it cannot be undone."
)

_LABEL_CELLS = 10


@dataclass(frozen=True, slots=True)
class CloseCandidate:
    """One job as it was shown when the question was asked."""

    job: Job
    last_byte_at: datetime | None = None
    """When one of its counters was last seen to change, UTC."""
    watched_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """Everything the dialog shows; frozen, so that no poll can change what is being asked."""

    endpoint: Endpoint
    candidates: tuple[CloseCandidate, ...]
    version: str | None = None
    """The appliance's version as it prints it; None when it is not known."""
    release: tuple[int, ...] | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the appliance is known not to have this request."""
        return self.release is not None and self.release < FIRST_RELEASE_WITH_CLOSE

    @property
    def typed_text(self) -> str:
        """What must be typed before `y` counts; empty when nothing must."""
        if len(self.candidates) > 1:
            return str(len(self.candidates))
        if self.endpoint.is_prod:
            return self.candidates[0].job.job_id[-TYPED_CHARACTERS:].lower()
        return ""


class Counters(NamedTuple):
    """The three byte counters that uploads move."""

    original_size_bytes: int
    cached_size_bytes: int
    completed_size_bytes: int


def counters_of(job: Job | JobRecord) -> Counters:
    """Take the counters out of a job."""
    return Counters(job.original_size_bytes, job.cached_size_bytes, job.completed_size_bytes)


class CloseWatch:
    """Follows the jobs while the question stands, and says why `y` does not count, if it does not."""

    def __init__(self, question: CloseQuestion, sizes: Sizes = size_text, yes: str = "y") -> None:
        """`yes` names the key that closes."""
        self._yes = yes
        self._question = question
        self._sizes = sizes
        self._acknowledged = {c.job.job_id: counters_of(c.job) for c in question.candidates}
        self._latest: dict[JobId, Counters] = {}
        self._unclosable: dict[JobId, str] = {}
        self._problems: dict[JobId, str] = {}
        self._known_problems: dict[JobId, str] = {}
        self.moved_at: dict[JobId, datetime] = {}
        """When a counter was seen to move while the question stood."""

    def read(self, job_id: JobId, reading: Reading, now: datetime) -> None:
        """Take what reading a job again gave."""
        if isinstance(reading, Problem):
            self._take_problem(job_id, reading)
            return
        self._problems.pop(job_id, None)
        self._known_problems.pop(job_id, None)
        if counters_of(reading) != self._latest.get(job_id, self._acknowledged[job_id]):
            self.moved_at[job_id] = now
        self._latest[job_id] = counters_of(reading)
        if reason := _why_not_closable(reading):
            self._unclosable[job_id] = reason

    def acknowledge(self) -> None:
        """The person has seen what changed."""
        self._acknowledged |= self._latest
        self._known_problems = dict(self._problems)

    def news(self) -> dict[JobId, str]:
        """What must be acknowledged before `y` counts, by job."""
        moved = {
            job_id: f"{_movement(before, self._latest[job_id], self._sizes)} while this was open"
            for job_id, before in self._acknowledged.items()
            if job_id in self._latest and self._latest[job_id] != before
        }
        unknown = {j: text for j, text in self._problems.items() if self._known_problems.get(j) != text}
        return moved | unknown

    def why_never(self) -> str:
        """Why nothing can be closed any more from this dialog; empty when something can."""
        if self._question.is_refused:
            return (
                f"Release {self._question.version or _dotted(self._question.release)} has no Close: below 4.0 the same request "
                "would modify the job and reset its idle timer. Nothing will be sent."
            )
        return next(iter(self._unclosable.values()), "")

    def why_dead(self, typed: str) -> str:
        """Why the key does not count now; empty when it does."""
        if never := self.why_never():
            return never
        if self.news():
            return f"{self._yes} is off until you press Space: I have seen it."
        waiting = [c for c in self._question.candidates if not self._is_read(c.job.job_id)]
        if waiting:
            return f"{self._yes} is off until the job was read again …"
        if typed.lower() != self._question.typed_text:
            return f"{self._yes} is off until the text is typed."
        return ""

    def _is_read(self, job_id: JobId) -> bool:
        return job_id in self._latest or job_id in self._known_problems

    def _take_problem(self, job_id: JobId, problem: Problem) -> None:
        if problem.kind is ProblemKind.GONE:
            self._unclosable[job_id] = "The appliance no longer knows this job: there is nothing to close."
        self._problems[job_id] = f"It could not be read again: {visible(problem.sentence)}"


def _why_not_closable(reading: Job | JobRecord) -> str:
    if isinstance(reading, Job):
        if not reading.is_running:
            return f"The job is {reading.status.value.lower()} by now: there is nothing to close."
    elif reading.kind is not RecordKind.ACTIVE:
        return f"The job is {reading.kind.name.lower()} by now: there is nothing to close."
    if reading.is_aggregating is False:
        return "The job no longer aggregates: there is nothing to close."
    return ""


def _movement(before: Counters, after: Counters, sizes: Sizes) -> str:
    names = ("size", "received", "written")
    parts = (f"{name} {_told_apart(a, b, sizes)}" for name, a, b in zip(names, before, after, strict=True) if a != b)
    return ", ".join(parts)


def _told_apart(before: int, after: int, sizes: Sizes) -> str:
    """Write two sizes; to the byte when rounding makes them look the same."""
    if sizes(before) != sizes(after):
        return f"{sizes(before)} → {sizes(after)}"
    return f"{sizes(before)} {after - before:+,} B".replace(",", " ")


def _dotted(release: tuple[int, ...] | None) -> str:
    return ".".join(map(str, release or ()))


def body_lines(
    question: CloseQuestion,
    watch: CloseWatch,
    now: datetime,
    width: int,
    *,
    is_compact: bool,
    sizes: Sizes = size_text,
) -> list[Line]:
    """Write the facts and the effect for a width in cells; compact leaves out the empty lines."""
    lines = [_endpoint_line(question.endpoint, width)]
    if len(question.candidates) == 1:
        lines += _job_lines(question, watch, now, width, sizes)
    else:
        lines += [_listed(candidate, watch, now, width, sizes) for candidate in question.candidates]
    gap: list[Line] = [] if is_compact else [line("")]
    lines += gap + paragraph(EFFECT, width)
    if question.release is None:
        lines += gap + paragraph(
            "The appliance's release is not known: below 4.0 this would modify the job.", width, Role.WARN, first="! "
        )
    return lines


def _endpoint_line(endpoint: Endpoint, width: int) -> Line:
    name = visible(endpoint.name)
    badge = [(" PROD ", Role.PROD), ("  ", Role.PLAIN)] if endpoint.is_prod else []
    room = width - _LABEL_CELLS - 8 * endpoint.is_prod - cell_width(name) - 2
    shown = clip(name, width - _LABEL_CELLS - 8 * endpoint.is_prod)
    role = Role.WARN if endpoint.is_prod else Role.HEAD
    return line(_label("Endpoint"), *badge, (shown, role), (f"  {clip(visible(endpoint.url), room)}", Role.DIM))


def _job_lines(question: CloseQuestion, watch: CloseWatch, now: datetime, width: int, sizes: Sizes) -> list[Line]:
    candidate = question.candidates[0]
    job = candidate.job
    room = width - _LABEL_CELLS
    marked = question.endpoint.is_prod
    head, tail = (job.job_id[:-TYPED_CHARACTERS], job.job_id[-TYPED_CHARACTERS:]) if marked else (job.job_id, "")
    sums = f"{sizes(job.original_size_bytes)}, received {sizes(job.cached_size_bytes)}, written {sizes(job.completed_size_bytes)}"
    return [
        line(_label("Job"), (_name(job, room), Role.HEAD)),
        line(_label("Id"), head, (tail, Role.WARN)),
        line(_label("Bucket"), _whereabouts(job, now, room)),
        line(_label("Size"), clip(sums, room)),
        line(_label("Traffic"), (clip(traffic_text(candidate, watch, now), room), Role.WARN)),
    ]


def _listed(candidate: CloseCandidate, watch: CloseWatch, now: datetime, width: int, sizes: Sizes) -> Line:
    job = candidate.job
    tail = (
        f"  {job.job_id[-TYPED_CHARACTERS:]}  {sizes(job.original_size_bytes):>9}  {_last_byte(candidate, watch, now)}"
    )
    name = _name(job, max(8, width - cell_width(tail)))
    return line((name.ljust(max(8, width - cell_width(tail))), Role.HEAD), tail)


def _name(job: Job, room: int) -> str:
    return clip(visible(job.name or "(no name)"), room, keep_tail=True)


def _whereabouts(job: Job, now: datetime, room: int) -> str:
    """Write bucket, user and age; the bucket gives way when there is little room."""
    age = duration_text((now - job.start_date).total_seconds()) if job.start_date else "unknown"
    rest = f", user {clip(visible(job.user_name or 'unknown'), 20)}, age {age}"
    return clip(visible(job.bucket_name or "unknown"), max(8, room - cell_width(rest)), keep_tail=True) + rest


def traffic_text(candidate: CloseCandidate, watch: CloseWatch, now: datetime) -> str:
    """Write when a byte was last seen, and for how long anybody was looking."""
    since = candidate.watched_since
    watching = f" (watching for {_ago(now, since).removesuffix(' ago')})" if since else ""
    return _last_byte(candidate, watch, now) + watching


def _last_byte(candidate: CloseCandidate, watch: CloseWatch, now: datetime) -> str:
    at = watch.moved_at.get(candidate.job.job_id, candidate.last_byte_at)
    return f"last byte seen {_ago(now, at)}" if at else "no byte seen moving"


def _ago(now: datetime, at: datetime) -> str:
    return age_text((now - at).total_seconds())


def _label(text: str) -> tuple[str, Role]:
    return (text.ljust(_LABEL_CELLS), Role.DIM)
