"""The one write, as the main screen offers it: refused with a reason, unlocked, asked, and then done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from textual.screen import Screen

from bptui.model.job import Job, JobKey
from bptui.monitor.actions import CloseJobs, Lock, Unlock
from bptui.monitor.state import EndpointState
from bptui.text import visible
from bptui.tui.feed import Feed
from bptui.tui.messages import Said, Tone
from bptui.tui.screens.main_around import Around
from bptui.tui.screens.main_watch import Watching


class Closing:
    """Closes aggregating jobs and unlocks the session; every coroutine runs in a worker of the screen.

    The dialogs are imported when they are first shown: the first frame does not wait for them.
    """

    def __init__(self, screen: Screen[Any], feed: Feed, watching: Watching, around: Around) -> None:
        self._screen = screen
        self._feed = feed
        self._watching = watching
        self._around = around

    def _say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        self._screen.post_message(Said(sentence, tone))

    @property
    def _state(self) -> EndpointState:
        return self._feed.state(self._watching.endpoint)

    async def close(self, keys: tuple[JobKey, ...]) -> None:
        """Close aggregating jobs: offered only when it makes sense, asked, and then done once."""
        known = [self._watching.known(key) for key in keys]
        jobs = [each.job for each in known if each is not None]
        why_not = self._why_not_close(jobs)
        if why_not:
            self._say(why_not, Tone.BAD)
            return
        if self._state.is_locked and not await self._unlock():
            return
        answer = await self._confirm(jobs)
        if answer is None:
            self._say("Nothing was closed.")
            return
        self._say(f"Closing {_named(jobs)} {self._watching.display.look.glyphs.ellipsis}")
        ids = tuple(job.job_id for job in jobs)
        await self._feed.perform(CloseJobs(self._watching.endpoint, ids, answer))

    def is_possible(self, job: Job | None) -> bool:
        """Whether closing this job would be offered now."""
        return job is not None and not self._why_not_close([job])

    def _why_not_close(self, jobs: list[Job]) -> str:
        """One line for why closing is not offered; empty when it is."""
        keymap = self._around.keymap
        if not jobs:
            return "That job is not listed any more."
        if self._state.is_read_only:
            return "Closing is off: this session or this endpoint is read-only."
        if self._watching.is_frozen:
            return f"The view is frozen, so it may be old: press {keymap.named('freeze')} first."
        not_aggregating = [job for job in jobs if not job.is_aggregating or not job.is_running]
        if not_aggregating:
            return f"{_named(not_aggregating)} does not aggregate: there is nothing to close."
        if self._watching.is_late:
            now = keymap.named("refresh_now")
            return f"The list is late, so it may be wrong: closing waits for a fresh answer ({now} asks now)."
        return ""

    async def _confirm(self, jobs: list[Job]) -> str | None:
        """Ask; the reason for the audit, or None when the person does not want it."""
        from bptui.tui.screens.close_question import CloseCandidate, CloseQuestion  # noqa: PLC0415 - see the class
        from bptui.tui.screens.confirm import ConfirmClose  # noqa: PLC0415

        state, system = self._state, self._state.system
        candidates = tuple(CloseCandidate(job, *self._moments(job)) for job in jobs)
        question = CloseQuestion(
            state.endpoint, candidates, system.version if system else None, system.release if system else None
        )
        dialog = ConfirmClose(
            self._watching.display.look,
            question,
            self._feed.reread,
            now=self._around.wall,
            is_written=self._around.is_written,
            keymap=self._around.keymap,
            sizes=self._watching.display.size,
        )
        answer = await self._screen.app.push_screen_wait(dialog)
        return answer.reason if answer.is_confirmed else None

    def _moments(self, job: Job) -> tuple[datetime | None, datetime | None]:
        """When the job's last byte was counted, and since when it is watched."""
        progress = self._feed.progress(JobKey(self._watching.endpoint, job.job_id))
        if progress is None:
            return None, None
        now = self._around.wall()
        last = None if progress.pause_is_lower_bound else now - timedelta(seconds=progress.pause_seconds)
        return last, now - timedelta(seconds=progress.watched_seconds)

    async def _unlock(self) -> bool:
        """Ask to unlock this session; whether it is unlocked now."""
        from bptui.tui.screens.unlock import UnlockSession  # noqa: PLC0415

        look, keymap = self._watching.display.look, self._around.keymap
        if not await self._screen.app.push_screen_wait(UnlockSession(look, self._state.endpoint, keymap=keymap)):
            return False
        problem = await self._feed.perform(Unlock(self._watching.endpoint))
        self._watching.tick()
        if problem is not None:
            self._say(visible(problem.sentence), Tone.BAD)
        return problem is None

    async def toggle_lock(self) -> None:
        """Lock at once, or unlock after asking."""
        if self._state.is_read_only:
            self._say("This session or this endpoint is read-only: it cannot be unlocked.", Tone.BAD)
        elif self._state.is_locked:
            if await self._unlock():
                self._say("Closing is unlocked for this session; L locks it again.")
        else:
            await self._feed.perform(Lock(self._watching.endpoint))
            self._watching.tick()
            self._say("Closing is locked.")


def _named(jobs: list[Job]) -> str:
    if len(jobs) > 1:
        return f"{len(jobs)} jobs"
    return visible(jobs[0].name or jobs[0].job_id)
