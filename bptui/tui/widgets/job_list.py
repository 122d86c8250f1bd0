"""The job list: what is shown of an appliance's jobs, and what the list's keys wish for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from heapq import nlargest

from bptui.model.diff import JobsChanges
from bptui.model.filter import JobFilter, words_of
from bptui.model.job import Job, JobKey
from bptui.model.snapshot import JobsSnapshot
from bptui.monitor.why.history import Instant
from bptui.tui.display import Display
from bptui.tui.keys import Scope, bindings
from bptui.tui.messages import AskWords, CloseJobs, OpenJob, OpenMenu, Said, ShowEnded
from bptui.tui.widgets.cursor import NoRows, Rows
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.grouping import Grouping, GroupKey, held_bytes
from bptui.tui.widgets.job_order import JobOrder
from bptui.tui.widgets.job_rows import JobRows, Lookup
from bptui.tui.widgets.job_view import JobView
from bptui.tui.widgets.kinds import Kinds
from bptui.tui.widgets.message_rows import MessageRows
from bptui.tui.widgets.sorting import Sort, SortColumn
from bptui.tui.widgets.virtual_list import VirtualList
from bptui.tui.widgets.words import as_json

LARGEST_JOBS = 12
"""How many jobs of a group the detail pane names."""
COPIED_CELLS = 200
"""How wide a line is when it is copied."""


class JobList(VirtualList):
    """The jobs of one appliance."""

    BINDINGS = bindings(Scope.JOBS)

    def __init__(
        self,
        display: Display,
        lookup: Lookup,
        kinds: Kinds,
        as_of: Callable[[], tuple[Instant, bool]],
        *,
        name: str,
    ) -> None:
        """`as_of` tells up to which moment verdicts are told, and whether that is long ago."""
        super().__init__(NoRows(), display.look, Frame(1, "Jobs"), name=name)
        self.view = JobView()
        self.shows_ended = False
        """Whether jobs that ended before watching began are listed."""
        self._display = display
        self._lookup = lookup
        self._as_of = as_of
        self._order = JobOrder(kinds, lambda: as_of()[0].utc)

    @property
    def job_key(self) -> JobKey | None:
        """The job under the cursor."""
        key = self.cursor.key
        return key if isinstance(key, JobKey) else None

    def pointed_group(self) -> tuple[GroupKey, list[Job]] | None:
        """The group under the cursor with its jobs, those that hold most first; None on a job."""
        key = self.cursor.key
        if not isinstance(key, GroupKey) or self._order.snapshot is None:
            return None
        return key, nlargest(LARGEST_JOBS, self._order.members(key), key=held_bytes)

    def job(self) -> Job | None:
        """The job under the cursor as last told."""
        key, snapshot = self.job_key, self._order.snapshot
        return snapshot.job(key.job_id) if snapshot is not None and key is not None else None

    # What is shown.

    def take(self, snapshot: JobsSnapshot, changes: JobsChanges | None) -> None:
        """Show a newer snapshot; `changes` is the difference to the one shown, None when that is not known."""
        self._order.take(snapshot, changes, self.view)
        self._show()

    def take_kinds(self) -> None:
        """Show that jobs stand or move for other reasons than before."""
        self._order.take_kinds(self.view)
        self._show()

    def forget(self) -> None:
        """Begin with another appliance, of which nothing was read yet."""
        self._order.forget()
        self.frame = replace(self.frame, summary="")

    def rerank(self, *, is_wished: bool = False) -> None:
        """Put the jobs into the order that their values have now."""
        self._order.rank(self.view)
        self._show(is_wished=is_wished)

    def refresh_values(self) -> None:
        """Show ages, rates and words of this moment."""
        self._show()

    def set_view(self, view: JobView) -> None:
        """Show other jobs, or in another order."""
        self.view = view
        self.rerank(is_wished=True)

    def on_resize(self) -> None:
        """Wrap sentences anew."""
        if isinstance(self.rows, MessageRows):
            self.show(self.rows.at(self.size.width - 2))

    def set_display(self, display: Display) -> None:
        """Write values in another way."""
        self._display = display
        self._show()
        self.set_look(display.look)

    def _show(self, *, is_wished: bool = False) -> None:
        snapshot, order = self._order.snapshot, self._order
        if snapshot is None:
            return
        summary = self.view.summary(len(order.running_ids), len(snapshot.jobs), f" {self.look.glyphs.between} ")
        self.frame = replace(self.frame, summary=summary)
        self.show(self._rows(snapshot), is_wished=is_wished)

    def _rows(self, snapshot: JobsSnapshot) -> Rows:
        view, order = self.view, self._order
        if view.shows_groups and view.grouping is not None and order.groups:
            from bptui.tui.widgets.group_rows import GroupRows  # noqa: PLC0415 - seldom wanted

            return GroupRows(snapshot.endpoint, view.grouping, order.groups, self._display)
        if view.shows_groups or not (order.running_ids or any(order.ended_ids)):
            return MessageRows(view.why_empty(self._display.keymap), self._display, self.size.width - 2)
        return JobRows(
            snapshot,
            order.running_ids,
            *order.ended_ids,
            self._display,
            *self._as_of(),
            self._lookup,
            view.sort,
            view.is_wide,
            view.kept,
        )

    # What its keys wish for.

    def _acted_on_job(self) -> JobKey | None:
        """The job a key is about; the person is told when there is none."""
        key = self.acted_on()
        if isinstance(key, JobKey):
            return key
        if self.cursor.key is not None:
            is_group = isinstance(self.cursor.key, GroupKey)
            changed = "The list changed under the cursor: look, and press the key again."
            self.post_message(Said("This is a group: Enter lists its jobs." if is_group else changed))
        return None

    def action_open_job(self) -> None:
        """Go to the chunks of the job; from a group to its jobs."""
        group = self.acted_on()
        if isinstance(group, GroupKey):
            self.set_view(replace(self.view, group=group))
        elif (key := self._acted_on_job()) is not None:
            self.wish(OpenJob(key))

    def action_group_jobs(self, by: str = "") -> None:
        """Take jobs together by user, by bucket, by why, and again one by one; or by what was told to the palette."""
        named = next((each for each in Grouping if each.value == by.strip().casefold()), None)
        grouping = named if by else Grouping.after(self.view.grouping)
        self.set_view(replace(self.view, grouping=grouping, group=None))
        self.post_message(Said(f"Jobs by {grouping.value}." if grouping else "Jobs one by one."))

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
        """Go back from a group to all groups, then show all jobs again, then one by one; False when all are shown."""
        view = self.view
        if view.group is not None:
            self.set_view(replace(view, group=None))
            self.point_at(view.group)
        elif view.wanted:
            self.set_view(replace(view, wanted=JobFilter()))
        elif view.grouping is not None:
            self.set_view(replace(view, grouping=None))
        else:
            return False
        return True

    def action_only_aggregating(self) -> None:
        """Show only aggregating jobs, or all again."""
        wanted = self.view.wanted
        self._narrow(replace(wanted, is_aggregating_only=not wanted.is_aggregating_only))

    def action_only_problems(self) -> None:
        """Show only jobs that stall and canceled ones, or all again."""
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
