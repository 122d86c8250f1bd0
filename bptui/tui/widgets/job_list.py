"""The job list: which jobs are shown in which order, and what its keys wish for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bptui.model.filter import JobFilter, words_of
from bptui.model.job import Job, JobId, JobKey
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.progress import Progress
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import AskWords, CloseJobs, OpenJob, OpenMenu, Said, ShowEnded
from bptui.tui.widgets.cursor import NoRows, Rows
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.job_rows import JobRows
from bptui.tui.widgets.message_rows import MessageRows
from bptui.tui.widgets.sorting import Sort, SortColumn, ended_ids, running_ids
from bptui.tui.widgets.virtual_list import VirtualList
from bptui.tui.widgets.words import as_json, count_text

COPIED_CELLS = 200
"""How wide a line is when it is copied."""


@dataclass(frozen=True, slots=True)
class JobView:
    """What a person has chosen to see of the list."""

    wanted: JobFilter = field(default_factory=JobFilter)
    sort: Sort = field(default_factory=Sort)
    is_wide: bool = False
    kept: JobId | None = None


class JobList(VirtualList):
    """The jobs of one appliance."""

    BINDINGS = bindings(Scope.JOBS)

    def __init__(
        self,
        display: Display,
        progress: Callable[[JobKey], Progress | None],
        wall: Callable[[], datetime],
        *,
        name: str,
    ) -> None:
        super().__init__(NoRows(), display.look, Frame(1, "Jobs"), name=name)
        self.view = JobView()
        self.shows_ended = False
        """Whether jobs that ended before watching began are listed."""
        self._display = display
        self._progress = progress
        self._wall = wall
        self._snapshot: JobsSnapshot | None = None
        self._order: tuple[list[JobId], list[JobId]] = ([], [])

    @property
    def job_key(self) -> JobKey | None:
        """The job under the cursor."""
        key = self.cursor.key
        return key if isinstance(key, JobKey) else None

    def job(self) -> Job | None:
        """The job under the cursor as last told."""
        key = self.job_key
        return self._snapshot.job(key.job_id) if self._snapshot is not None and key is not None else None

    # What is shown.

    def take(self, snapshot: JobsSnapshot, *, is_reordered: bool) -> None:
        """Show a newer snapshot; `is_reordered` says that jobs came, went, ended, or another appliance is shown."""
        before, self._snapshot = self._snapshot, snapshot
        is_other = before is None or before.endpoint != snapshot.endpoint
        if is_other or is_reordered or self.view.wanted:
            is_held = not is_other and not self.view.sort.column.is_steady
            self._rank(held=self._order[0] if is_held else None)
        self._show()

    def forget(self) -> None:
        """Begin with another appliance, of which nothing was read yet."""
        self._snapshot, self._order = None, ([], [])
        self.frame = replace(self.frame, summary="")

    def rerank(self, *, is_wished: bool = False) -> None:
        """Put the jobs into the order that their values have now."""
        self._rank(held=None)
        self._show(is_wished=is_wished)

    def refresh_values(self) -> None:
        """Show ages, rates and words of this moment."""
        self._show()

    def set_view(self, view: JobView) -> None:
        """Show other jobs, or in another order."""
        self.view = view
        self.rerank(is_wished=True)

    def set_display(self, display: Display) -> None:
        """Write values in another way."""
        self._display = display
        self._show()
        self.set_look(display.look)

    def _rank(self, held: list[JobId] | None) -> None:
        if self._snapshot is not None:
            wanted = self.view.wanted
            self._order = (
                running_ids(self._snapshot, wanted, self.view.sort, held),
                ended_ids(self._snapshot, wanted),
            )

    def _show(self, *, is_wished: bool = False) -> None:
        if self._snapshot is None:
            return
        running, ended = self._order
        self.frame = replace(self.frame, summary=self._summary(self._snapshot, len(running)))
        if not running and not ended:
            rows: Rows = MessageRows(self._why_empty(), self._display, self.size.width - 2)
        else:
            view, now = self.view, self._wall()
            rows = JobRows(
                self._snapshot, running, ended, self._display, now, self._progress, view.sort, view.is_wide, view.kept
            )
        self.show(rows, is_wished=is_wished)

    def _summary(self, snapshot: JobsSnapshot, shown: int) -> str:
        wanted, between = self.view.wanted, f" {self.look.glyphs.between} "
        parts = [f"sorted by {self.view.sort}"]
        if wanted.words:
            parts.append(f"filter: {visible(' '.join(wanted.words))}")
        if wanted.is_aggregating_only:
            parts.append("only aggregating")
        if wanted.is_problems_only:
            parts.append("only problems")
        if wanted:
            parts.append(f"{count_text(shown)} of {count_text(len(snapshot.jobs))}")
        return between.join(parts)

    def _why_empty(self) -> tuple[str, ...]:
        if self.view.wanted:
            return "No job matches.", "Esc shows all jobs again."
        return (
            "No jobs are running on this appliance.",
            "They appear here when they start. H fetches jobs that ended earlier, r asks now, E chooses another appliance.",
        )

    # What its keys wish for.

    def _acted_on_job(self) -> JobKey | None:
        """The job a key is about; the person is told when there is none."""
        key = self.acted_on()
        if isinstance(key, JobKey):
            return key
        if self.cursor.key is not None:
            self.post_message(Said("The list changed under the cursor: look, and press the key again."))
        return None

    def action_open_job(self) -> None:
        """Go to the chunks of the job."""
        if (key := self._acted_on_job()) is not None:
            self.wish(OpenJob(key))

    def action_close_jobs(self) -> None:
        """Ask to close the job."""
        if (key := self._acted_on_job()) is not None:
            self.wish(CloseJobs((key,)))

    def action_filter_jobs(self, words: str = "") -> None:
        """Let the person type words, or take those told to the palette."""
        if words:
            self.typed(words, True)
        else:
            self.wish(AskWords("Filter", " ".join(self.view.wanted.words), self.typed))

    def typed(self, words: str, is_complete: bool) -> None:  # noqa: ARG002, FBT001 - what Prompt tells
        """Show only jobs in which these words occur, while they are typed."""
        self.set_view(replace(self.view, wanted=replace(self.view.wanted, words=words_of(words))))

    def clear_filter(self) -> bool:
        """Show all jobs again; False when all are shown."""
        had_filter = bool(self.view.wanted)
        if had_filter:
            self.set_view(replace(self.view, wanted=JobFilter()))
        return had_filter

    def action_only_aggregating(self) -> None:
        """Show only aggregating jobs, or all again."""
        wanted = self.view.wanted
        self._narrow(replace(wanted, is_aggregating_only=not wanted.is_aggregating_only))

    def action_only_problems(self) -> None:
        """Show only canceled jobs and jobs with an error message, or all again."""
        wanted = self.view.wanted
        self._narrow(replace(wanted, is_problems_only=not wanted.is_problems_only))

    def _narrow(self, wanted: JobFilter) -> None:
        self.set_view(replace(self.view, wanted=wanted))

    def action_show_ended(self) -> None:
        """Fetch jobs that ended earlier, or hide them again."""
        self.shows_ended = not self.shows_ended
        self.wish(ShowEnded(is_shown=self.shows_ended))

    def action_wide_columns(self) -> None:
        """Prefer texts to numbers, or fold as usual again."""
        self.set_view(replace(self.view, is_wide=not self.view.is_wide))

    def sort_by(self, sort: Sort) -> None:
        """Show the jobs in another order."""
        self.set_view(replace(self.view, sort=sort))
        self.post_message(Said(f"Sorted by {sort}."))

    def action_sort_left(self) -> None:
        """Sort by the column to the left."""
        self.sort_by(self.view.sort.beside(-1))

    def action_sort_right(self) -> None:
        """Sort by the column to the right."""
        self.sort_by(self.view.sort.beside(1))

    def action_sort_invert(self) -> None:
        """Turn the order around."""
        self.sort_by(replace(self.view.sort, is_inverted=not self.view.sort.is_inverted))

    def action_sort_menu(self, column: str = "") -> None:
        """Let the person choose a column, or take the one told to the palette."""
        columns = {each.value: each for each in SortColumn}
        if column in columns:
            self.sort_by(replace(self.view.sort, column=columns[column]))
            return
        self.wish(OpenMenu("Sort by", tuple(columns), list(columns).index(self.view.sort.column.value), self._chosen))

    def _chosen(self, place: int) -> None:
        self.sort_by(replace(self.view.sort, column=list(SortColumn)[place]))

    def texts(self) -> dict[str, str]:
        """What can be copied of the job under the cursor, by the names of the copy menu."""
        job = self.job()
        if job is None:
            return {}
        line = "".join(text for text, _ in self.rows.line(self.cursor.row, COPIED_CELLS))
        return {"ID": job.job_id, "NAME": job.name or "", "JSON": as_json(job), "LINE": " ".join(line.split())}
