"""The virtual list on a screen: what a key acts on, and which cells are painted."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pytest
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region

from bptui.tui.theme import Depth, ThemeName, look
from bptui.tui.widgets.frame import Frame
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.virtual_list import CACHED_LINES, VirtualList

DARK = look(ThemeName.DARK, Depth.TRUECOLOR)


@dataclass(frozen=True)
class Numbers:
    """Rows that show their key and a value."""

    keys: tuple[int, ...]
    values: tuple[int, ...] = ()
    has_heading: bool = True

    def __len__(self) -> int:
        return len(self.keys)

    def key_at(self, index: int) -> Hashable | None:
        return self.keys[index]

    def index_of(self, key: Hashable, near: int) -> int | None:
        return self.keys.index(key) if key in self.keys else None  # type: ignore[arg-type]  # a stranger is not in it

    def heading(self, width: int) -> Sequence[Piece]:
        return [("key", DARK.heading)]

    def line(self, index: int, width: int) -> Sequence[Piece]:
        value = self.values[index] if self.values else 0
        return [(f"row {self.keys[index]:5}", DARK.text), (f"{value:10}", DARK.dim)]


class Recorded(VirtualList):
    """A list that remembers which cells it was asked to paint."""

    regions: list[Region]

    def refresh(self, *regions: Region, **how: bool) -> Recorded:  # type: ignore[override]  # Textual's has names
        self.__dict__.setdefault("regions", []).extend(regions or [Region(0, 0, *self.size)])
        return super().refresh(*regions, **how)


class Host(App[None]):
    """Holds one list, and notes what it says about its cursor."""

    def __init__(self, rows: Numbers) -> None:
        super().__init__()
        self.list = Recorded(rows, DARK, Frame(1, "Numbers"), name="numbers")
        self.lost: list[VirtualList.Lost] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_virtual_list_lost(self, message: VirtualList.Lost) -> None:
        self.lost.append(message)

    def seen(self) -> tuple[int | None, set[int]]:
        """What a person reads off the painted screen: the row under the cursor, and all rows."""
        chosen, rows = None, set()
        for strip in self.screen._compositor.render_strips():
            key = strip.text[1:].removeprefix("row")[:6].strip()
            if key.isdecimal():
                rows.add(int(key))
                if any(style and style.bgcolor == DARK.cursor.bgcolor for _, style, _ in strip):
                    chosen = int(key)
        return chosen, rows


def press(pane: VirtualList) -> Hashable | None:
    """A key is pressed now; what it acts on."""
    return act(pane, events.Key("X", "X"))


def act(pane: VirtualList, key: events.Key) -> Hashable | None:
    pane.on_key(key)
    return pane.acted_on()


@pytest.mark.parametrize("seed", range(4))
async def test_a_key_acts_on_what_was_painted(seed: int) -> None:
    """Whatever changes between the paint and the key, the key acts on what was seen under the cursor, or on nothing."""
    chance = random.Random(seed)
    keys = list(range(30))
    app = Host(Numbers(tuple(keys)))
    async with app.run_test(size=(40, 12)) as pilot:
        for _ in range(60):
            await pilot.pause()
            seen, _ = app.seen()
            key = events.Key("X", "X")
            changes = chance.randrange(3)
            for _ in range(changes):
                keys = changed(keys, chance)
                app.list.show(Numbers(tuple(keys)))
            if chance.random() < 0.3:
                await pilot.pause()
            acted = act(app.list, key)
            assert acted in (seen, None)
            if seen in keys and changes < 2:
                assert acted == seen
            for _ in range(chance.randrange(3)):
                chance.choice([app.list.action_cursor_down, app.list.action_page_up, app.list.action_page_down])()


def changed(keys: list[int], chance: random.Random) -> list[int]:
    """Some rows go, some come, some change places; sometimes nearly all do."""
    kept = [key for key in keys if chance.random() > chance.choice([0.05, 0.9])]
    coming = [key for key in range(60) if key not in kept]
    for key in chance.sample(coming, chance.randrange(8)):
        kept.insert(chance.randrange(len(kept) + 1), key)
    if chance.random() < 0.2:
        chance.shuffle(kept)
    return kept


@pytest.mark.parametrize("seed", range(3))
async def test_moving_and_acting_without_a_paint_acts_on_what_was_in_view(seed: int) -> None:
    """Keys typed ahead act on a row that the person had seen, or on nothing."""
    chance = random.Random(seed)
    keys = list(range(30))
    app = Host(Numbers(tuple(keys)))
    async with app.run_test(size=(40, 12)) as pilot:
        for _ in range(40):
            await pilot.pause()
            _, rows = app.seen()
            if chance.random() < 0.5:
                keys = changed(keys, chance)
                app.list.show(Numbers(tuple(keys)))
            chance.choice([app.list.action_cursor_down, app.list.action_cursor_up, app.list.action_page_down])()
            acted = press(app.list)
            assert acted is None or acted in rows


async def test_a_lost_row_is_said() -> None:
    """When the row under the cursor goes, the list says which one the cursor is on now."""
    app = Host(Numbers((1, 2, 3)))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("j")
        app.list.show(Numbers((1, 3)))
        await pilot.pause()
        assert [message.key for message in app.lost] == [3]


async def test_nothing_is_painted_when_nothing_looks_different() -> None:
    """An update that reads the same refreshes no cell."""
    app = Host(Numbers((1, 2, 3)))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        app.list.regions.clear()
        app.list.show(Numbers((1, 2, 3)))
        assert app.list.regions == []


async def test_lines_that_were_shown_last_are_kept_and_no_more() -> None:
    """However long the list is looked at, it remembers so many lines, and always the newest of them."""
    app = Host(Numbers((1,)))
    async with app.run_test(size=(40, 12)):
        looks = [(40, Style.null(), ((f"line {number}", DARK.text),)) for number in range(CACHED_LINES + 10)]
        strips = [app.list._strip(look) for look in looks]
        assert len(app.list._strips) == CACHED_LINES
        newest = slice(-CACHED_LINES, None)
        assert all(app.list._strip(look) is strip for look, strip in zip(looks[newest], strips[newest], strict=True))


async def test_only_changed_cells_are_painted() -> None:
    """One changed value refreshes the cells of that value, in that line."""
    app = Host(Numbers((1, 2, 3), (7, 7, 7)))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        app.list.regions.clear()
        app.list.show(Numbers((1, 2, 3), (7, 8, 7)))
        assert app.list.regions == [Region(19, 3, 1, 1)]


async def test_lines_out_of_view_are_not_painted() -> None:
    """A change below the view refreshes nothing."""
    app = Host(Numbers(tuple(range(30)), (7,) * 30))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        app.list.regions.clear()
        app.list.show(Numbers(tuple(range(30)), (7,) * 29 + (8,)))
        assert app.list.regions == []


async def test_the_screen_reads_as_the_rows_after_partial_paints() -> None:
    """After many updates painted in part, the screen is what painting all of it would give."""
    chance = random.Random(5)
    keys = list(range(30))
    app = Host(Numbers(tuple(keys)))
    async with app.run_test(size=(40, 12)) as pilot:
        for _ in range(40):
            keys = changed(keys, chance)
            app.list.show(Numbers(tuple(keys), tuple(chance.randrange(10**9) for _ in keys)))
            await pilot.pause()
            now = [strip.text for strip in app.screen._compositor.render_strips()]
            app.screen.refresh()
            await pilot.pause()
            assert [strip.text for strip in app.screen._compositor.render_strips()] == now


async def test_a_key_during_a_new_layout_acts_on_what_was_seen() -> None:
    """A pane that gets another size between the key and its action still knows what stood under the cursor."""
    app = Host(Numbers(tuple(range(30))))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("j")
        key = events.Key("X", "X")
        app.list.on_resize()
        app.list.show(Numbers(tuple(range(30)), tuple(range(30))))
        assert act(app.list, key) == 1


async def test_the_last_row_is_seen_below_column_names_that_came_later() -> None:
    """Rows that bring a line of column names leave the cursor in view at the bottom, without a resize."""
    app = Host(Numbers((0,), has_heading=False))
    async with app.run_test(size=(40, 12)) as pilot:
        app.list.show(Numbers(tuple(range(30))))
        await pilot.press("G")
        assert app.seen()[0] == 29
