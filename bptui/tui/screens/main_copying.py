"""Copying what is under the cursor: its id, its name, the line, or why a job moves or stands."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from bptui.text import visible
from bptui.tui.clipboard import copy
from bptui.tui.messages import Said, Tone
from bptui.tui.screens.main_around import Around
from bptui.tui.screens.main_watch import Watching
from bptui.tui.widgets.chunk_tree import ChunkTree
from bptui.tui.widgets.detail import Detail
from bptui.tui.widgets.job_list import JobList
from bptui.tui.widgets.why import evidence_text


class Copying:
    """Copies and says which way; every coroutine runs in a worker of the screen."""

    def __init__(self, screen: Screen[Any], watching: Watching, around: Around) -> None:
        self._screen = screen
        self._watching = watching
        self._around = around

    def _say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        self._screen.post_message(Said(sentence, tone))

    async def copy(self, text: str | None) -> None:
        """Copy a text, escaped, and say which way."""
        if not text:
            self._say("There is nothing to copy here.")
            return
        said = await copy(visible(text), self._around.environ, self._around.write)
        self._say(said if visible(text) in said else f"{visible(text)}: {said}")

    async def copy_evidence(self, text: str) -> None:
        """Copy lines that are harmless already, and say which way."""
        if not text:
            self._say("There is no verdict on this job yet.")
            return
        said = await copy(text, self._around.environ, self._around.write)
        self._say(f"The evidence, {text.count(chr(10)) + 1} lines: {said.partition(text)[0].strip()}")

    def _evidence(self) -> str:
        """The verdict on the job in the detail pane with all its evidence; empty when there is none."""
        watching = self._watching
        known = watching.told_job()
        if known is None or known.why is None:
            return ""
        return evidence_text(known.job, known.why.verdict, watching.display, watching.as_of())

    def copy_soon(self, text: str) -> None:
        """Copy a text for a screen on top of this one."""
        self._screen.run_worker(self.copy(text), group="copy")

    async def copy_id(self, pane: Widget | None) -> None:
        """Copy the id of what is under the cursor; in the detail pane the value, of a verdict all its evidence."""
        if isinstance(pane, Detail) and pane.is_on_why:
            await self.copy_evidence(self._evidence())
        else:
            await self.copy(_texts(pane).get("ID"))

    async def copy_menu(self, pane: Widget | None) -> None:
        """Ask what to copy of the row under the cursor."""
        from bptui.tui.screens.menu import Copied, copy_menu  # noqa: PLC0415 - the first frame does not wait for it

        texts, evidence = _texts(pane), self._evidence()
        choices = [(what, visible(texts[what.name])) for what in Copied if texts.get(what.name)]
        if evidence:
            choices.append((Copied.EVIDENCE, evidence))
        if not choices:
            self._say("There is nothing to copy here.")
            return
        chosen = await self._screen.app.push_screen_wait(copy_menu(self._watching.display.look, choices))
        if chosen is None:
            return
        what, text = choices[chosen]
        await (self.copy_evidence(text) if what is Copied.EVIDENCE else self.copy(text))


def _texts(pane: Widget | None) -> dict[str, str]:
    return pane.texts() if isinstance(pane, JobList | ChunkTree | Detail) else {}
