"""Brings what the feed tells of one endpoint into the panes of the main screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bptui.model.endpoint import EndpointName
from bptui.model.job import JobId, JobKey
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import Verdict
from bptui.monitor.ages import Freshness
from bptui.monitor.events import Event, JobsChanged, Polled, PollFailed, TreeChanged, VerdictsChanged
from bptui.monitor.why.history import Instant
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.feed import Feed
from bptui.tui.screens.main_interval import interval_beside, seconds_of
from bptui.tui.screens.main_known import known_job
from bptui.tui.widgets.alert_line import AlertLine
from bptui.tui.widgets.chunk_tree import NO_JOB, ChunkTree
from bptui.tui.widgets.detail import Detail
from bptui.tui.widgets.facts import KnownJob, chunk_facts, group_facts, job_facts, object_facts
from bptui.tui.widgets.headline import Counts, blind_lines, clock_lines, headline, pane_note, waiting_lines
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.kinds import Kinds, kinds_of, many_kinds_of
from bptui.tui.widgets.message_rows import MessageRows
from bptui.tui.widgets.top_line import TopLine
from bptui.tui.widgets.virtual_list import VirtualList
from bptui.tui.widgets.why import endpoint_text


class Shown(NamedTuple):
    """The widgets that show what is watched."""

    top: TopLine
    alert: AlertLine
    jobs: JobList
    tree: ChunkTree
    detail: Detail


class Watching:
    """One endpoint in the panes; while it is frozen only the top line goes on."""

    def __init__(
        self,
        feed: Feed,
        endpoint: EndpointName,
        panes: Shown,
        kinds: Kinds,
        display: Display,
        wall: Callable[[], datetime],
    ) -> None:
        self.endpoint = endpoint
        self.display = display
        self.is_frozen = False
        self.looked_at: JobKey | None = None
        """The job in tree and detail."""
        self.kept: JobKey | None = None
        """The job that stays there while the cursor of the list moves."""
        self.subject: VirtualList = panes.jobs
        """The pane whose cursor the detail is about."""
        self._feed = feed
        self._panes = panes
        self._kinds = kinds
        self._wall = wall
        self._counts: Counts | None = None
        self._snapshot: JobsSnapshot | None = None
        self._was_stale = False
        self._attend()

    def _attend(self) -> None:
        """Have the endpoint that is shown asked as often as it should be, and the others less often."""
        for each in self._feed.endpoints:
            self._feed.set_seen(each, is_seen=each == self.endpoint)

    async def take(self, event: Event) -> None:
        """Show a fact about this endpoint, the whole of it at once."""
        match event:
            case JobsChanged() if event.snapshot is not self._snapshot:
                self._counts = Counts.of(event.snapshot)
                if not self.is_frozen:
                    self._take_jobs(event)
            case TreeChanged():
                self._take_tree(event)
            case VerdictsChanged():
                await self._take_verdicts(event)
            case Polled() | PollFailed() if not self.is_frozen:
                self._panes.jobs.refresh_values()
                self._update_detail()
        self.tick()

    def _take_jobs(self, event: JobsChanged) -> None:
        before, snapshot = self._snapshot, event.snapshot
        is_sequel = before is not None and event.since_revision == before.revision
        self._snapshot = snapshot
        self._panes.jobs.take(snapshot, event.changes if is_sequel else None)
        self._update_detail()

    def _take_tree(self, event: TreeChanged) -> None:
        key = self.looked_at
        if not self.is_frozen and key is not None and event.tree.job.job_id == key.job_id:
            self._panes.tree.take(event.tree)
            self._update_detail()

    async def _take_verdicts(self, event: VerdictsChanged) -> None:
        kinds = await many_kinds_of(event.changed, self._verdict)
        if event.endpoint != self.endpoint:
            return  # another one is shown by now, with verdicts of its own
        is_other = self._kinds.take(kinds, event.removed)
        if self.is_frozen:
            return
        if is_other:
            self._panes.jobs.take_kinds()
        else:
            self._panes.jobs.refresh_values()
        self._update_detail()

    def _verdict(self, job_id: JobId) -> Verdict | None:
        return self._feed.verdict(JobKey(self.endpoint, job_id))

    def now(self) -> Instant:
        """This moment on both clocks."""
        return Instant(self._feed.now_seconds(), self._wall())

    def as_of(self) -> Instant:
        """The moment up to which verdicts are told: that of the last good data, once these are stale."""
        now, age = self.now(), self._feed.state(self.endpoint).list.age_seconds
        return Instant(now.seconds - age, now.utc - timedelta(seconds=age)) if self.is_stale and age else now

    @property
    def is_stale(self) -> bool:
        """Whether the list's data are so old that verdicts are only what was so."""
        return self._feed.state(self.endpoint).list.freshness is Freshness.STALE

    def show_all(self) -> None:
        """Show everything as last told: at start, after freezing, for another endpoint, in another wording."""
        snapshot = self._feed.latest(self.endpoint)
        self._snapshot = snapshot
        self._kinds.clear()
        if snapshot is None:
            self._panes.jobs.forget()
        else:
            self._kinds.take(kinds_of(snapshot.jobs, self._verdict))
            self._counts = Counts.of(snapshot)
            self._panes.jobs.take(snapshot, None)
        tree, key = self._feed.latest_tree(self.endpoint), self.looked_at
        if tree is not None and key is not None and tree.job.job_id == key.job_id:
            self._panes.tree.take(tree)
        self._update_detail()
        self.tick()

    def show_endpoint(self, endpoint: EndpointName) -> None:
        """Show another of the endpoints that are watched."""
        if endpoint != self.endpoint:
            self.kept = None
            self.look_at(None)
            self.endpoint, self._counts = endpoint, None
            self._attend()
            self.show_all()

    def set_display(self, display: Display) -> None:
        """Write everything in another way."""
        self.display = display
        self._panes.top.set_look(display.look)
        self._panes.alert.set_look(display.look)
        self._panes.jobs.set_display(display)
        self._panes.tree.set_display(display)
        self._panes.detail.set_display(display)
        self._update_detail()
        self.tick()

    def look_at(self, key: JobKey | None) -> None:
        """Show another job in tree and detail, and have it read."""
        if key == self.looked_at:
            return
        self.looked_at = key
        snapshot = self._snapshot
        job = snapshot.job(key.job_id) if snapshot is not None and key is not None else None
        is_group = self._panes.jobs.pointed_group() is not None
        waiting = (*NO_JOB, "Enter lists the jobs of the group.") if is_group else NO_JOB
        self._panes.tree.look_at(key, job.name if job else None, waiting)
        self._feed.watch(self.endpoint, key.job_id if key else None)
        self.tick()

    def tick(self) -> None:
        """Bring ages, states and waiting times up to this moment."""
        state = self._feed.state(self.endpoint)
        if self._was_stale != self.is_stale and not self.is_frozen:
            self._was_stale = self.is_stale
            self._panes.jobs.refresh_values()
            self._update_detail()
        self._panes.top.say(headline(state, self._counts, self._kinds, is_frozen=self.is_frozen))
        verdicts = self._feed.endpoint_verdicts(self.endpoint)
        wrong = (endpoint_text(each, self.display, self.now()) for each in verdicts)
        self._panes.alert.say((*wrong, *clock_lines(state)))
        jobs, tree = self._panes.jobs, self._panes.tree
        jobs.set_frame(replace(jobs.frame, note=pane_note(state.list, self.display)))
        if self._snapshot is None:
            lines = waiting_lines(state.list, "the job list", self.display)
            jobs.show(MessageRows(lines, self.display, jobs.size.width - 2))
        if self.looked_at is None:
            return
        is_about_it = state.job.job_id == self.looked_at.job_id
        tree.set_frame(replace(tree.frame, note=pane_note(state.job, self.display) if is_about_it else ()))
        if tree.job_tree is None and is_about_it:
            tree.say(waiting_lines(state.job, "chunks and objects", self.display))

    def blind_lines(self) -> tuple[str, ...]:
        """Why the appliance cannot be read, what was tried, and when it is tried again; nothing while it answers."""
        return blind_lines(self._feed.state(self.endpoint).list, self.display, self._wall())

    # What keys wish for.

    def freeze(self, *, is_frozen: bool) -> None:
        """Stop changing the panes, or bring them up to date."""
        self.is_frozen = is_frozen
        if is_frozen:
            self.tick()
        else:
            self.show_all()

    def keep(self, key: JobKey | None) -> str:
        """Keep a job in tree and detail, or with None follow the cursor again; the name of the job kept."""
        self.kept = key
        self._panes.jobs.set_view(replace(self._panes.jobs.view, kept=key.job_id if key else None))
        self.look_at(key or self._panes.jobs.job_key)
        self._update_detail()
        known = self.known(key) if key else None
        return visible(known.job.name or known.job.job_id) if known else ""

    def poke(self) -> None:
        """Ask for list and job now."""
        self._feed.poke(self.endpoint)
        self.tick()

    def change_interval(self, step: int, seconds: str = "") -> str:
        """Ask more or less often, by a step or every so many seconds; what to say about it."""
        wanted = seconds_of(seconds) if seconds else interval_beside(self._feed.interval(self.endpoint), step)
        if wanted is None:
            return f"{visible(seconds)} is no number of seconds."
        self._feed.set_interval(self.endpoint, wanted)
        self.tick()
        return f"Asking every {self._feed.interval(self.endpoint):g} s."

    # The detail pane.

    def tell(self, subject: VirtualList) -> None:
        """Make the detail pane about what is under the cursor of this pane."""
        self.subject = subject
        self._update_detail()

    def _update_detail(self) -> None:
        pointed = self._panes.tree.pointed_at() if self.subject is self._panes.tree else None
        tree = self._panes.tree.job_tree
        if pointed is None or tree is None:
            self._tell_job()
            return
        chunk, one, part = pointed
        if one is None:
            self._panes.detail.tell("Chunk", chunk.chunk_id, chunk_facts(tree, chunk, self.display))
        else:
            facts = object_facts(tree, chunk, one, part, self.display)
            self._panes.detail.tell("Object", one.key, facts)

    def _tell_job(self) -> None:
        group = self._panes.jobs.pointed_group()
        if group is not None and self.kept is None:
            title, jobs = group
            self._panes.detail.tell("Group", title, group_facts(title, jobs, self.display))
            return
        known = self.told_job()
        if known is None:
            self._panes.detail.tell_nothing()
        else:
            key = JobKey(self.endpoint, known.job.job_id)
            self._panes.detail.tell("Job", key, job_facts(known, self.display, self.as_of()))

    def told_job(self) -> KnownJob | None:
        """The job that the detail pane is about, unless it is about something else."""
        key = self._panes.jobs.job_key if self.kept is None else self.kept
        return self.known(key) if key is not None else None

    def known(self, key: JobKey) -> KnownJob | None:
        """Everything known about a job of this endpoint."""
        return known_job(self._feed, self._snapshot, self._panes.tree.job_tree, key, is_stale=self.is_stale)

    def named(self, job_id: JobId) -> str:
        """What to call a job in a sentence: its name, else its id."""
        known = self.known(JobKey(self.endpoint, job_id))
        return visible((known and known.job.name) or job_id)

    @property
    def is_late(self) -> bool:
        """Whether the list's data are too old to act on."""
        return self._feed.state(self.endpoint).list.freshness is not Freshness.FRESH
