"""The job list's rows: running jobs in their order, then ended ones apart and dim, those canceled lately first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bptui.model.job import Job, JobId, JobKey
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Verdict
from bptui.monitor.progress import Progress, counters
from bptui.monitor.why.history import Instant
from bptui.text import visible
from bptui.tui.display import Display, TimeDisplay
from bptui.tui.widgets.bar import bar
from bptui.tui.widgets.columns import ColumnId, Placed, placed
from bptui.tui.widgets.sorting import Sort, SortColumn
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.why import IDLE_TIMER, ended_piece, has_pace, is_by_idle_timer, why_piece
from bptui.tui.widgets.words import glyph_piece, priority_piece, type_word
from bptui.units import UNKNOWN, percent_text, short_duration

NEARBY_ROWS = 64
"""How far from its last place a row is looked for, before the places of all are worked out."""

_SORTED_BY = {
    SortColumn.START: ColumnId.AGE,
    SortColumn.TYPE: ColumnId.TYPE,
    SortColumn.PRIORITY: ColumnId.PRIORITY,
    SortColumn.AGGREGATING: ColumnId.AGGREGATING,
    SortColumn.NAME: ColumnId.NAME,
    SortColumn.BUCKET: ColumnId.BUCKET,
    SortColumn.USER: ColumnId.USER,
    SortColumn.SIZE: ColumnId.SIZE,
    SortColumn.DONE: ColumnId.PERCENT,
    SortColumn.HELD: ColumnId.BAR,
    SortColumn.WHY: ColumnId.WHY,
}


_OF_NOW = {ColumnId.RATE, ColumnId.ETA}
"""What old data do not tell any more: how fast it goes, and when it will be done."""


class Lookup(NamedTuple):
    """What is looked up of a job when its line is painted."""

    progress: Callable[[JobKey], Progress | None]
    verdict: Callable[[JobKey], Verdict | None]


@dataclass(frozen=True)
class JobRows:
    """One snapshot as rows; what a line says is worked out when it is painted."""

    snapshot: JobsSnapshot
    running: Sequence[JobId]
    canceled: Sequence[JobId]
    """Those canceled in the last hours, which somebody may be looking for."""
    ended: Sequence[JobId]
    display: Display
    as_of: Instant
    """Up to when verdicts and ages are told."""
    is_stale: bool
    lookup: Lookup
    sort: Sort
    is_wide: bool = False
    kept: JobId | None = None
    """The job that stays in the other panes while the cursor moves."""
    has_heading: bool = True
    _order: Sequence[JobId | None] = field(init=False, repr=False)
    _labels: Mapping[int, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        order: list[JobId | None] = [*self.running]
        labels: dict[int, str] = {}
        for job_ids, label in ((self.canceled, self._canceled_label()), (self.ended, f"{len(self.ended)} ended")):
            if job_ids:
                labels[len(order)] = label
                order += [None, *job_ids]
        object.__setattr__(self, "_order", order)
        object.__setattr__(self, "_labels", labels)

    def _canceled_label(self) -> str:
        timed_out = sum(is_by_idle_timer(self.snapshot.ended[job_id]) for job_id in self.canceled)
        by_timer = f", {timed_out} of them {IDLE_TIMER}" if timed_out else ""
        return f"{len(self.canceled)} canceled in the last 12 h{by_timer}"

    def __len__(self) -> int:
        return len(self._order)

    def key_at(self, index: int) -> Hashable | None:
        """The job's key; None for the line that sets ended jobs apart."""
        job_id = self._order[index]
        return None if job_id is None else JobKey(self.snapshot.endpoint, job_id)

    def index_of(self, key: Hashable, near: int) -> int | None:
        """Where a job stands; None when it is not listed."""
        if not isinstance(key, JobKey) or key.endpoint != self.snapshot.endpoint:
            return None
        start = max(0, near - NEARBY_ROWS)
        for place, job_id in enumerate(self._order[start : near + NEARBY_ROWS], start):
            if job_id == key.job_id:
                return place
        return self._places.get(key.job_id)

    @cached_property
    def _places(self) -> Mapping[JobId, int]:
        """Where each job stands: made only when one is not found near the place where it stood before."""
        return {job_id: place for place, job_id in enumerate(self._order) if job_id is not None}

    def heading(self, width: int) -> Sequence[Piece]:
        """The names of the columns, with a sign at the one that orders the list."""
        look = self.display.look
        pieces: list[Piece] = []
        for column in self._columns(width):
            text, is_sorted = self._title(column), _SORTED_BY[self.sort.column] is column.id
            if is_sorted and len(text) < column.width:
                text += look.glyphs.falling if self.sort.is_inverted else look.glyphs.up
            style = look.accent if is_sorted else look.heading
            pieces += [(self.display.fit(text, column.width, column.align), style), (" ", look.heading)]
        return pieces[:-1]

    def _title(self, column: Placed) -> str:
        if column.id is ColumnId.AGE and self.display.times is not TimeDisplay.RELATIVE:
            return f"Start {self.display.zone_name(self.as_of.utc)}"
        return column.id.value

    def _columns(self, width: int) -> tuple[Placed, ...]:
        age_width = 4 if self.display.times is TimeDisplay.RELATIVE else 12
        return placed(width, age_width=age_width, is_wide=self.is_wide)

    def line(self, index: int, width: int) -> Sequence[Piece]:
        """One job in its columns."""
        job_id = self._order[index]
        if job_id is None:
            return self._separator(self._labels[index], width)
        job = self.snapshot.job(job_id)
        if job is None:
            return ()
        is_ended = job_id in self.snapshot.ended
        cells = _Cells(self, job)
        pieces: list[Piece] = []
        for column in self._columns(width):
            pieces += [*cells.of(column), (" ", self.display.look.text)]
        dim = self.display.look.dim
        return [(text, dim) for text, _ in pieces[:-1]] if is_ended else pieces[:-1]

    def _separator(self, text: str, width: int) -> Sequence[Piece]:
        look = self.display.look
        label = self.display.clipped(f" {text} ", max(0, width - 4))
        rule = look.glyphs.rule
        return [
            (rule * 3, look.bar_nothing),
            (label, look.dim),
            (rule * max(0, width - 3 - len(label)), look.bar_nothing),
        ]


class _Cells:
    """What each column says of one job."""

    def __init__(self, rows: JobRows, job: Job) -> None:
        self._rows = rows
        self._job = job
        self._key = JobKey(rows.snapshot.endpoint, job.job_id)
        self._ended = rows.snapshot.ended.get(job.job_id)
        self._progress = None if self._ended else rows.lookup.progress(self._key)

    def of(self, column: Placed) -> Sequence[Piece]:
        """One cell, exactly as wide as its column."""
        if column.id is ColumnId.BAR:
            sizes = counters(self._job)
            return bar(
                self._rows.display.look,
                column.width,
                whole=sizes.original_bytes,
                cached=sizes.cached_bytes,
                done=sizes.completed_bytes,
            )
        text, style = self._why(column.width) if column.id is ColumnId.WHY else self._piece(column.id)
        keeps_tail = column.id is ColumnId.NAME
        return [(self._rows.display.fit(text, column.width, column.align, keep_tail=keeps_tail), style)]

    def _why(self, width: int) -> Piece:
        rows = self._rows
        if self._ended is not None:
            return ended_piece(rows.display, self._ended, rows.as_of.utc, width)
        return why_piece(rows.display, rows.lookup.verdict(self._key), rows.as_of.seconds, is_stale=rows.is_stale)

    def _piece(self, column: ColumnId) -> Piece:  # noqa: PLR0911 - one answer for each column
        rows, job, look = self._rows, self._job, self._rows.display.look
        match column:
            case ColumnId.GLYPH:
                if rows.kept == job.job_id:
                    return look.glyphs.kept, look.accent
                return glyph_piece(look, rows.snapshot.records.get(job.job_id), self._ended)
            case ColumnId.TYPE:
                return type_word(job), look.accent
            case ColumnId.PRIORITY:
                return priority_piece(look, job)
            case ColumnId.AGGREGATING:
                return ("AGG" if job.is_aggregating else ""), look.warn
            case ColumnId.NAME:
                return _text(job.name), look.subject if job.is_running else look.dim
            case ColumnId.BUCKET:
                return _text(job.bucket_name), look.text
            case ColumnId.USER:
                return _text(job.user_name), look.dim
            case _:
                return self._number(column)

    def _number(self, column: ColumnId) -> Piece:
        rows, job, look = self._rows, self._job, self._rows.display.look
        sizes, progress = counters(job), self._progress
        match column:
            case ColumnId.SIZE:
                text = rows.display.size(job.original_size_bytes)
            case ColumnId.PERCENT:
                text = percent_text(sizes.completed_bytes, sizes.original_bytes)
            case ColumnId.RATE:
                text = rows.display.rate(_rate(progress))
            case ColumnId.ETA:
                is_going_on = has_pace(rows.lookup.verdict(self._key))
                text = short_duration(progress.eta_seconds if progress and is_going_on else None)
            case _:
                text = rows.display.short_moment(job.start_date, rows.as_of.utc)
        is_of_then = rows.is_stale and column in _OF_NOW
        return text, look.dim if text == UNKNOWN or column is ColumnId.AGE or is_of_then else look.text


def _rate(progress: Progress | None) -> float | None:
    """The speed of the side that completes, else of the side that fills the cache."""
    if progress is None or not progress.is_moving:
        return None
    return progress.cached_rate if progress.completed_rate is None else progress.completed_rate


def _text(text: str | None) -> str:
    return UNKNOWN if text is None else visible(text)
