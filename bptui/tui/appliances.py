"""Choosing among the configured appliances: the list, the form behind `a`, and what becomes of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from textual.app import App

from bptui.model.endpoint import EndpointName
from bptui.model.problem import Problem
from bptui.monitor.ages import Freshness
from bptui.monitor.expense import Expense
from bptui.text import visible
from bptui.tui.book import Book
from bptui.tui.feed import Feed
from bptui.tui.keys import KeyMap
from bptui.tui.messages import Tone
from bptui.tui.screens.endpoint_form import EndpointForm
from bptui.tui.screens.endpoints import EndpointEntry, EndpointPicker, PickerAnswer, PickerWish
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Role
from bptui.units import size_text

Say = Callable[[str, Tone], None]


class Appliances:
    """Asks until one appliance is chosen or nothing more is wanted."""

    def __init__(self, app: App[Any], look: Look, keymap: KeyMap, book: Book, feed: Feed) -> None:
        self._app = app
        self._look = look
        self._keymap = keymap
        self._book = book
        self._feed = feed

    async def choose(self, current: EndpointName, say: Say) -> EndpointName | None:
        """Return the appliance to show; None to stay with `current`. `say` tells how a change went."""
        while True:
            picker = EndpointPicker(
                self._look,
                self._entries(),
                self._book.test,
                current=current,
                costs=self._costs(current),
                keymap=self._keymap,
            )
            answer = await self._app.push_screen_wait(picker)
            if answer is None:
                return None
            if answer.wish is PickerWish.SELECT:
                return answer.name
            outcome = await self._carried_out(answer)
            if isinstance(outcome, Problem):
                say(visible(outcome.sentence), Tone.BAD)
            else:
                say(visible(outcome), Tone.PLAIN)

    def _entries(self) -> Sequence[EndpointEntry]:
        default = self._book.default
        return [
            EndpointEntry(
                one.endpoint, one.secret, *self._status(one.endpoint.name), is_default=one.endpoint.name == default
            )
            for one in self._book.configured()
        ]

    def _costs(self, name: EndpointName) -> str:
        if name not in self._feed.endpoints:
            return ""
        return costs_text(name, {call.value: each for call, each in self._feed.traffic(name).items()})

    def _status(self, name: EndpointName) -> tuple[str, Role]:
        if name not in self._feed.endpoints:
            return "not watched", Role.DIM
        state = self._feed.state(name)
        if state.is_down:
            return "down", Role.BAD
        if state.list.freshness is Freshness.FRESH:
            return "live", Role.GOOD
        return ("asking", Role.DIM) if state.list.at is None else (state.list.freshness.value, Role.WARN)

    async def _carried_out(self, answer: PickerAnswer) -> str | Problem:
        if answer.wish is PickerWish.ADD or answer.name is None:
            return await self._add()
        if answer.wish is PickerWish.REMOVE:
            change, sentence = self._book.remove, f"{answer.name} was removed from the config."
        else:
            change, sentence = self._book.make_default, f"bptui begins with {answer.name} from now on."
        return await asyncio.to_thread(partial(change, answer.name)) or sentence

    async def _add(self) -> str | Problem:
        draft = await self._app.push_screen_wait(EndpointForm(self._look, self._book))
        if draft is None:
            return "Nothing was added."
        return await asyncio.to_thread(self._book.save, draft) or f"{draft.endpoint.name} was added to the config."


def costs_text(name: EndpointName, expenses: Mapping[str, Expense]) -> str:
    """What watching costs an appliance each minute, in all and for each kind of call, the dearest first."""
    if not expenses:
        return ""
    requests = sum(each.requests_a_minute for each in expenses.values())
    received = sum(each.bytes_a_minute for each in expenses.values())
    ranked = sorted(expenses.items(), key=lambda item: -item[1].bytes_a_minute)
    calls = ", ".join(
        f"{call} {each.requests_a_minute:.1f} ({size_text(each.bytes_a_minute)})"
        for call, each in ranked
        if each.requests_a_minute
    )
    return f"Watching {name} costs it {requests:.0f} requests and {size_text(received)} a minute: {calls}."
