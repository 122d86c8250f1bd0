"""Menus, help, palette, events, raw answers, unlocking and endpoints do what their keys say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, StoredSecret
from bptui.model.endpoint import Writes
from bptui.monitor.events import Noted, NoteKind
from bptui.tui.key_names import shown
from bptui.tui.keys import ACTIONS, BY_ID, KeyMap, Scope
from bptui.tui.screens.endpoint_form import EndpointForm
from bptui.tui.screens.endpoints import EndpointPicker, PickerAnswer, PickerWish
from bptui.tui.screens.events import EventsScreen
from bptui.tui.screens.help import HelpScreen
from bptui.tui.screens.menu import Menu
from bptui.tui.screens.palette import Palette, PaletteAnswer, found
from bptui.tui.screens.question import Question
from bptui.tui.screens.raw import RawAnswerScreen
from bptui.tui.widgets.choices import Choice, Choices
from bptui.tui.widgets.lines import line
from bptui.tui.widgets.pager import Pager
from tests.tui.screens.gallery import (
    DIALOGS,
    KEYS,
    REFUSED,
    WHY,
    Desk,
    answer,
    clock_time,
    entries,
    fill_in,
    notes,
    refuses,
)
from tests.tui.screens.host import DARK, NOW, UNANSWERED, Host, endpoint, job, press_at, press_early, wait_until

SIZE = (80, 24)


async def answer_after(dialog: Any, *keys: str) -> object:
    app = Host(dialog)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return app.answer


@pytest.mark.parametrize("key", ["escape", "q"])
@pytest.mark.parametrize("name", ["copy", "sort", "help", "raw", "events", "endpoints", "first-run"])
async def test_leaving(name: str, key: str) -> None:
    """Esc and q leave every dialog with the answer that changes nothing."""
    assert await answer_after(DIALOGS[name](DARK), key) in (None, False)


@pytest.mark.parametrize("name", ["palette", "form"])
async def test_leaving_text(name: str) -> None:
    """Where text is typed q is a letter, and Esc leaves."""
    assert await answer_after(DIALOGS[name](DARK), "q") is UNANSWERED
    assert await answer_after(DIALOGS[name](DARK), "q", "escape") is None


class TestUnlock:
    """The question before a session is unlocked."""

    @pytest.mark.parametrize(("key", "answer"), [("y", True), ("enter", False), ("escape", False), ("q", False)])
    async def test_keys(self, key: str, answer: bool) -> None:
        """`y` unlocks; Enter, Esc and q do not."""
        app = Host(DIALOGS["unlock"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await wait_until(pilot, lambda: isinstance(app.screen, Question) and not app.screen._gate.is_shut)
            await press_at(pilot, key, after_seconds=10)
            await app.given()
        assert app.answer is answer

    async def test_type_ahead(self) -> None:
        """A `y` from before the question was on the screen unlocks nothing."""
        app = Host(DIALOGS["unlock"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await wait_until(pilot, lambda: isinstance(app.screen, Question) and not app.screen._gate.is_shut)
            await press_early(pilot, "y", app.screen._gate._painted_at)  # type: ignore[attr-defined]
            assert app.answer is UNANSWERED


class TestMenu:
    """Copy and sort menus."""

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [(["enter"], 2), (["j", "enter"], 3), (["k", "k", "k", "k", "enter"], 0), (["G", "enter"], 3), (["2"], 1)],
    )
    async def test_choosing(self, keys: list[str], expected: int) -> None:
        """The cursor begins at what is chosen now; Enter or a digit chooses."""
        assert await answer_after(DIALOGS["sort"](DARK), *keys) == expected

    async def test_a_digit_too_many(self) -> None:
        """A digit without a line does nothing."""
        assert await answer_after(DIALOGS["sort"](DARK), "5", "0") is UNANSWERED

    async def test_click(self) -> None:
        """A click on a line chooses it."""
        app = Host(DIALOGS["sort"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await pilot.click(Choices, offset=(4, 1))
            await app.given()
        assert app.answer == 1

    async def test_cursor_is_bound_to_its_value(self) -> None:
        """When the lines change places the cursor stays on the same value; when it is gone, nearby."""
        app = Host(Menu(DARK, "x", []))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            choices = app.screen.query_one(Choices)
            choices.offer([Choice(name, line(name)) for name in "abc"], value="b")
            choices.offer([Choice(name, line(name)) for name in "bca"])
            assert choices.value == "b"
            choices.offer([Choice(name, line(name)) for name in "ca"])
            assert choices.value == "c"
            assert [text[:2] for text in choices.plain_lines] == ["▌ ", "  "]


class TestHelp:
    """Help is derived from the registry."""

    async def test_every_action_of_the_pane(self) -> None:
        """Each action that can be taken here stands there with its keys, however they are bound."""
        keymap = KeyMap.of({"sort_menu": "S"})
        dialog = HelpScreen(DARK, keymap, Scope.JOBS, why=WHY)
        text = " ".join(" ".join("".join(piece for piece, _ in each) for each in dialog._explanation(76)).split())
        for action in keymap.chain(Scope.JOBS):
            assert " ".join(map(shown, keymap.keys(action))) in text
            assert action.tooltip in text
        assert " S Choose the column" in text
        assert BY_ID["find_next"].tooltip not in text
        assert "No byte came for longer than usual" in text
        assert DARK.glyphs.superseded in text

    async def test_scrolling(self) -> None:
        """It scrolls to its end and back, at once."""
        app = Host(HelpScreen(DARK, KEYS, Scope.JOBS, why=WHY))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert "Close the aggregating job" in app.text
            await pilot.press("G")
            await pilot.pause()
            assert "something that a person has to bring" in app.text
            await pilot.press("g")
            await pilot.pause()
            assert "Close the aggregating job" in app.text


class TestPalette:
    """Commands by name."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("close j", ("close_jobs", "")),
            ("tree", ("back_to_tree", "")),
            ("clsjbs", ("close_jobs", "")),
            ("filter jobs night backup", ("filter_jobs", "night backup")),
            ("faster 2", ("faster", "2")),
            ("FILTER JOBS x", ("filter_jobs", "x")),
            ("superseded", ("cycle_filter", "")),
        ],
    )
    def test_best(self, text: str, expected: tuple[str, str]) -> None:
        """The best command for a text, and its argument."""
        action, argument = found(ACTIONS, text)[0]
        assert (action.id, argument) == expected

    def test_nothing(self) -> None:
        """Text that fits nothing finds nothing."""
        assert found(ACTIONS, "zzqx") == []

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ([*"freeze", "enter"], PaletteAnswer("freeze")),
            ([*"faster", "space", "2", "enter"], PaletteAnswer("faster", "2")),
            (["down", "enter"], PaletteAnswer("filter_jobs")),
            ([*"zzqx", "enter"], UNANSWERED),
        ],
    )
    async def test_running(self, keys: list[str], expected: object) -> None:
        """Enter runs the line under the cursor with its argument, or nothing."""
        assert await answer_after(Palette(DARK, ACTIONS, KEYS), *keys) == expected

    async def test_lists_keys(self) -> None:
        """Every command stands there with its key as it is bound and its explanation."""
        app = Host(Palette(DARK, ACTIONS, KeyMap.of({"close_jobs": "Z"})))
        async with app.run_test(size=(200, 60)) as pilot:
            await pilot.pause()
            lines = app.screen.query_one(Choices).plain_lines
        assert len(lines) == len(ACTIONS)
        assert lines[0].split()[:4] == ["▌", "close", "jobs", "Z"]


class TestRaw:
    """Raw answers."""

    @pytest.mark.parametrize(
        ("left_out", "expected"),
        [(0, "679 B: the whole body."), (5, "679 B of 684 B shown; 5 B left out.")],
    )
    async def test_extent(self, left_out: int, expected: str) -> None:
        """What was left out is said to the byte."""
        app = Host(RawAnswerScreen(DARK, answer(left_out=left_out), when=clock_time))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert expected in app.text

    async def test_nothing_unprintable(self) -> None:
        """Controls, bidi overrides and bytes that are no UTF-8 are escaped, and markup is text."""
        app = Host(DIALOGS["raw"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert r'Name="[red]\x1b[31m\u202e\xff"' in app.text

    async def test_a_long_body_is_laid_out_soon(self) -> None:
        """A body of 64 KiB in a single line is cut into lines of the width, none longer."""
        dialog = RawAnswerScreen(DARK, answer(), when=clock_time)
        widths = {sum(len(text) for text, _ in each) for each in dialog._flow(40)[4:-3]}
        assert max(widths) == 40


class TestEvents:
    """The log."""

    async def test_newest_first_and_narrowed(self) -> None:
        """The newest is on top; words narrow; Esc clears the words before it leaves."""
        app = Host(EventsScreen(DARK, notes(), when=clock_time))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            pager = app.screen.query_one(Pager)

            def times() -> list[str]:
                return [text[:8] for text in pager.plain_lines if text[:8].strip()]

            assert times() == ["12:03:00", "12:02:00", "12:01:00", "12:00:00"]
            await pilot.press("slash", *"NIGHTLY grew", "enter")
            assert times() == ["12:01:00"]
            assert pager.has_focus
            await pilot.press("escape")
            assert len(times()) == 4
            assert app.answer is UNANSWERED
            await pilot.press("escape")
            await app.given()

    async def test_a_sentence_is_told_to_its_end(self) -> None:
        """On a narrow screen it goes on below itself; the one appliance watched is not named in each line."""
        sentence = "Tape partition LTO8-A was quiesced. It was so for 3m, recorded by watch."
        app = Host(EventsScreen(DARK, [replace(notes()[0], sentence=sentence)], when=clock_time))
        async with app.run_test(size=(60, 15)) as pilot:
            await pilot.pause()
            lines = app.screen.query_one(Pager).plain_lines
            assert len(lines) > 1
            assert " ".join(" ".join(lines).split()).endswith(sentence)
            assert notes()[0].endpoint not in " ".join(lines)

    async def test_typing_on_after_the_words(self) -> None:
        """A key typed right after Enter goes to the log, not into the words."""
        app = Host(EventsScreen(DARK, notes(), when=clock_time))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await pilot.press("slash", *"grew")
            for key in ("enter", "q"):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            assert app.screen.query_one(Input).value == ""

    async def test_a_note_arrives(self) -> None:
        """A new note comes on top; who has scrolled down keeps reading the same line."""
        many = [Noted(endpoint().name, NOW, NoteKind.GREW, job().job_id, f"note {number}") for number in range(60)]
        dialog = EventsScreen(DARK, many, when=clock_time)
        app = Host(dialog)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await pilot.press("j", "j", "j")
            await pilot.pause()
            before = app.text.splitlines()[1]
            dialog.add(Noted(endpoint().name, NOW + timedelta(1), NoteKind.GREW, job().job_id, "note new"))
            await pilot.pause()
            assert app.text.splitlines()[1] == before
            await pilot.press("g")
            await pilot.pause()
            assert "note new" in app.text.splitlines()[1]


class TestPicker:
    """The list of endpoints."""

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            (["enter"], PickerAnswer(PickerWish.SELECT, endpoint(name="lab").name)),
            (["k", "enter"], PickerAnswer(PickerWish.SELECT, endpoint().name)),
            (["m"], PickerAnswer(PickerWish.MAKE_DEFAULT, endpoint(name="lab").name)),
            (["a"], PickerAnswer(PickerWish.ADD)),
        ],
    )
    async def test_wishes(self, keys: list[str], expected: object) -> None:
        """Enter chooses, m makes default, a adds; the cursor begins at the endpoint that is shown."""
        assert await answer_after(DIALOGS["endpoints"](DARK), *keys) == expected

    @pytest.mark.parametrize(
        ("key", "expected"), [("y", PickerAnswer(PickerWish.REMOVE, endpoint(name="lab").name)), ("enter", UNANSWERED)]
    )
    async def test_removing_asks(self, key: str, expected: object) -> None:
        """Removing is asked for; only `y` does it."""
        app = Host(DIALOGS["endpoints"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await pilot.press("x")
            await wait_until(pilot, lambda: isinstance(app.screen, Question) and not app.screen._gate.is_shut)
            await press_at(pilot, key, after_seconds=10)
            await wait_until(pilot, lambda: not isinstance(app.screen, Question))
            await pilot.pause()
            assert app.answer == expected

    async def test_testing(self) -> None:
        """What a test says stands under the list, and the picker stays."""
        app = Host(DIALOGS["endpoints"](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await pilot.press("t")
            await wait_until(pilot, lambda: "does not accept" in app.text)
            assert app.answer is UNANSWERED

    async def test_no_secret_is_shown(self) -> None:
        """The list says where a secret is, never what it is."""
        app = Host(EndpointPicker(DARK, entries(), refuses))
        async with app.run_test(size=(200, 40)) as pilot:
            await pilot.pause()
            assert "hush" not in app.text
            assert "config file" in app.text
            assert "$LAB_SECRET" in app.text
            assert "not encrypted" in app.text


class TestForm:
    """Adding an endpoint."""

    async def run(self, desk: Desk, *steps: Callable[[Any, Host], Any], size: tuple[int, int] = SIZE) -> Host:
        app = Host(EndpointForm(DARK, desk))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await fill_in(pilot)
            for step in steps:
                await step(pilot, app)
            await pilot.pause()
        return app

    @staticmethod
    def press(name: str) -> Callable[[Any, Host], Any]:
        async def step(pilot: Any, app: Host) -> None:
            app.screen.query_one(f"#{name}").focus()
            await pilot.press("enter")
            await pilot.pause()

        return step

    async def test_saved_after_the_login_worked(self) -> None:
        """The login is tried with what was typed, and the same is returned to be saved; a bare host means https."""
        desk = Desk("Logged in.")
        app = await self.run(desk, self.press("test"))
        assert desk.tried == [app.answer]
        assert app.answer.endpoint.url == "https://bp.example.test"  # type: ignore[attr-defined]
        assert app.answer.endpoint.writes is Writes.ASK  # type: ignore[attr-defined]
        assert app.answer.secret == StoredSecret(Secret("hush"))  # type: ignore[attr-defined]

    async def test_a_refused_login_is_not_saved_by_itself(self) -> None:
        """After a failed login the reason is shown, and saving untested is another key."""
        seen: list[str] = []

        async def look_at(pilot: Any, app: Host) -> None:
            seen.append(app.text)
            assert app.answer is UNANSWERED
            assert app.screen.query_one("#save").display

        app = await self.run(Desk(REFUSED), self.press("test"), look_at, self.press("save"))
        assert "does not accept the access id" in seen[0]
        assert "hush" not in seen[0]
        assert app.answer.endpoint.name == "denver"  # type: ignore[attr-defined]

    async def test_missing_text_is_named(self) -> None:
        """What is missing is said, and the focus goes there; nothing is tried."""
        desk = Desk()

        async def empty_and_test(pilot: Any, app: Host) -> None:
            app.screen.query_one("#access", Input).value = " "
            await self.press("test")(pilot, app)
            await pilot.pause()
            assert "The access id is missing." in app.text
            assert app.focused is app.screen.query_one("#access")

        await self.run(desk, empty_and_test)
        assert desk.tried == []

    async def test_pinning(self) -> None:
        """The certificate's fingerprint is shown whole, and pinned only after a yes."""

        async def pin(pilot: Any, app: Host) -> None:
            await wait_until(pilot, lambda: isinstance(app.screen, Question) and not app.screen._gate.is_shut)
            assert app.text.count("0123456789abcdef") == 4
            await press_at(pilot, "y", after_seconds=10)
            await wait_until(pilot, lambda: not isinstance(app.screen, Question))

        app = await self.run(Desk("Logged in."), self.press("certificate"), pin, self.press("test"))
        assert app.answer.endpoint.pin_sha256 == "0123456789abcdef" * 4  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("field", "source", "text", "expected"),
        [
            ("variable", 1, "BP_SECRET", EnvironmentSecret("BP_SECRET")),
            ("command", 2, "pass show 'my bp'", CommandSecret(("pass", "show", "my bp"))),
        ],
    )
    async def test_secret_sources(self, field: str, source: int, text: str, expected: object) -> None:
        """A secret may stay in the environment or with a command; then only its place is returned."""

        async def choose(pilot: Any, app: Host) -> None:
            app.screen.query_one("#source").choose(source)  # type: ignore[attr-defined]
            await pilot.pause()
            assert not app.screen.query_one("#typed-row").display
            app.screen.query_one(f"#{field}", Input).value = text

        app = await self.run(Desk("Logged in."), choose, self.press("test"))
        assert app.answer.secret == expected  # type: ignore[attr-defined]

    async def test_scheme_is_said(self) -> None:
        """While a bare host is typed the form says that https is meant."""
        seen: list[str] = []

        async def look_at(pilot: Any, app: Host) -> None:
            seen.append(app.text)

        await self.run(Desk(), look_at)
        assert "https://bp.example.test is used" in seen[0]

    async def test_the_secret_is_not_copied(self) -> None:
        """The clipboard gets nothing from the secret's field."""

        async def cut(pilot: Any, app: Host) -> None:
            app.screen.query_one("#typed").focus()
            await pilot.press("ctrl+shift+a", "ctrl+x", "ctrl+c")
            assert app.clipboard == ""
            assert app.screen.query_one("#typed", Input).value == "hush"

        await self.run(Desk(), cut)


async def test_first_run_offers_to_add() -> None:
    """`a` on the first screen asks for an endpoint."""
    assert await answer_after(DIALOGS["first-run"](DARK), "a") is True


async def test_cursors_do_not_blink() -> None:
    """No text field blinks: a blinking cursor costs bytes all night."""
    for name in ("confirm", "palette", "events", "form"):
        app = Host(DIALOGS[name](DARK))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert [field.cursor_blink for field in app.screen.query(Input)] != []
            assert not any(field.cursor_blink for field in app.screen.query(Input))


async def test_typing_ahead_in_the_palette() -> None:
    """A name and Enter at once run the command that was named, not one that was offered before."""
    app = Host(Palette(DARK, ACTIONS, KEYS))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for key in (*"freeze", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await app.given()
        assert app.answer == PaletteAnswer("freeze")


async def test_typing_ahead_in_the_form() -> None:
    """Text with tabs and line ends in it, typed at once, fills one field after the other."""
    app = Host(EndpointForm(DARK, Desk()))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for key in ("a", "tab", "b", "enter", "c"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await wait_until(pilot, lambda: app.screen.query_one("#access", Input).value == "c")
        await pilot.pause()
        values = [app.screen.query_one(f"#{name}", Input).value for name in ("name", "url", "access")]
        assert values == ["a", "b", "c"]


async def test_help_says_how_it_is_left() -> None:
    """The border names the key that leads back, and the signs are those that the lists show."""
    app = Host(HelpScreen(DARK, KEYS, Scope.JOBS, why=WHY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Esc back" in app.text
        lines = ["".join(text for text, _ in line) for line in app.dialog._explanation(76)]  # type: ignore[attr-defined]
        assert any(line.startswith("  AGG  Aggregating") for line in lines)
