"""The close dialog answers yes only to a person who read what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from bptui.model.job import Job, JobKey
from bptui.model.problem import Problem, ProblemKind
from bptui.model.vocabulary import JobStatus
from bptui.tui.keys import KeyMap
from bptui.tui.screens.close_question import CloseCandidate, CloseQuestion, Reading
from bptui.tui.screens.confirm import Cancel, CloseAnswer, ConfirmClose
from bptui.units import size_text
from tests.tui.screens.host import DARK, NOW, UNANSWERED, Host, endpoint, job, press_at, press_early, wait_until

NO = CloseAnswer(is_confirmed=False)
YES = CloseAnswer(is_confirmed=True)
LATER = 10.0


class Appliance:
    """Answers each reading of a job with the next value it was given; then keeps the last."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)
        self.asked: list[JobKey] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def reread(self, key: JobKey) -> Reading:
        await self.may_answer.wait()
        self.asked.append(key)
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def question(*jobs: Job, is_prod: bool = False, release: tuple[int, ...] | None = (5, 8)) -> CloseQuestion:
    candidates = tuple(
        CloseCandidate(each, NOW - timedelta(minutes=14), NOW - timedelta(hours=2)) for each in jobs or (job(),)
    )
    version = ".".join(map(str, release)) if release else None
    return CloseQuestion(endpoint(is_prod=is_prod), candidates, version, release)


def host(asked: CloseQuestion | None = None, appliance: Appliance | None = None, **options: object) -> Host:
    settings: dict[str, object] = {"now": lambda: NOW, "is_written": lambda: True, "reread_seconds": 3600.0} | options
    dialog = ConfirmClose(DARK, asked or question(), (appliance or Appliance(job())).reread, **settings)  # type: ignore[arg-type]
    return Host(dialog)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the dialog took note that it was written."""
    dialog = pilot.app.dialog  # type: ignore[attr-defined]
    await wait_until(pilot, lambda: not dialog._gate.is_shut)


async def test_y_confirms() -> None:
    """`y` on a painted dialog that is old enough is a yes."""
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


@pytest.mark.parametrize("key", ["enter", "escape", "q", "ctrl+c"])
async def test_cancel_keys(key: str) -> None:
    """Enter, Esc, q and Ctrl-C cancel."""
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.focused, Cancel)
        await press_at(pilot, key, after_seconds=LATER)
        await app.given()
    assert app.answer == NO


async def test_type_ahead_confirms_nothing() -> None:
    """A `y` that was pressed before the dialog was painted and 300 ms old is dropped, whenever it is handled."""
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_at(pilot, "y", after_seconds=-1)
        await settle(pilot)
        painted_at = app.dialog._gate._painted_at  # type: ignore[attr-defined]
        await press_early(pilot, "y", painted_at)
        await press_early(pilot, "enter", painted_at)
        assert app.answer is UNANSWERED
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_nothing_counts_while_the_terminal_is_behind() -> None:
    """Keys count only once what they answer was written to the terminal, however old the dialog is."""
    is_written = False
    app = host(is_written=lambda: is_written)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        is_written = True
        await settle(pilot)
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_sizes_are_written_as_the_person_wants_them() -> None:
    """What moved while the dialog stands is told in the same units as the job's size."""
    appliance = Appliance(job(), job(cached_size_bytes=45_000_000_000))
    app = host(appliance=appliance, reread_seconds=0.01, sizes=partial(size_text, is_decimal=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await wait_until(pilot, lambda: "while this was open" in app.text)
        assert "GB → 45.0 GB while this was open" in app.text
        assert "GiB" not in app.text


async def test_moved_counter_must_be_acknowledged() -> None:
    """When a byte counter changes while the dialog stands, it is shown, and `y` is dead until acknowledged."""
    moved = job(cached_size_bytes=45_000_000_000)
    appliance = Appliance(job(), moved)
    app = host(appliance=appliance, reread_seconds=0.01)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await wait_until(pilot, lambda: "while this was open" in app.text)
        await settle(pilot)
        assert "received 41.0 GiB → 41.9 GiB while this was open" in app.text
        assert "last byte seen 0 s ago" in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await wait_until(pilot, lambda: not app.dialog._news_gate.is_shut)  # type: ignore[attr-defined]
        app.dialog._gate.painted(0.0)  # type: ignore[attr-defined]  # the dialog itself is old by now
        await press_early(pilot, "space", app.dialog._news_gate._painted_at, " ")  # type: ignore[attr-defined]
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED, "an acknowledgement typed ahead must not count"
        await press_at(pilot, "space", after_seconds=LATER, character=" ")
        assert "while this was open" not in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_y_waits_for_the_first_reading() -> None:
    """`y` is dead until the job was read again once."""
    appliance = Appliance(job())
    appliance.may_answer.clear()
    app = host(appliance=appliance)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        appliance.may_answer.set()
        await pilot.pause()
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert appliance.asked == [JobKey(endpoint().name, job().job_id)]
    assert app.answer == YES


async def test_failed_reading_must_be_acknowledged() -> None:
    """When the job cannot be read again, that is said, and `y` is dead until acknowledged."""
    app = host(appliance=Appliance(Problem(ProblemKind.TIMEOUT, "The appliance did not answer within 10 s.")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await wait_until(pilot, lambda: "did not answer within" in app.text and not app.dialog._news_gate.is_shut)  # type: ignore[attr-defined]
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "space", after_seconds=LATER, character=" ")
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


@pytest.mark.parametrize(
    "reading",
    [
        job(is_aggregating=False),
        job(status=JobStatus.COMPLETED),
        Problem(ProblemKind.GONE, "No such job."),
    ],
)
async def test_nothing_to_close(reading: Reading) -> None:
    """A job that no longer aggregates, ended or is gone cannot be closed any more, acknowledged or not."""
    app = host(appliance=Appliance(reading))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await wait_until(pilot, lambda: "nothing to close" in app.text)
        await press_at(pilot, "space", after_seconds=LATER, character=" ")
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "enter", after_seconds=LATER)
        await app.given()
    assert app.answer == NO


async def test_prod_needs_typed_text() -> None:
    """On a `prod` endpoint `y` is dead until the last four characters of the id were typed; Enter cancels."""
    app = host(question(is_prod=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in "b7ay":
            await press_at(pilot, key, after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "2", after_seconds=LATER)
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "backspace", after_seconds=LATER)
        await press_at(pilot, "1", after_seconds=LATER)
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_enter_cancels_even_when_typed() -> None:
    """Enter after the right text still cancels."""
    app = host(question(is_prod=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in "b7a1":
            await press_at(pilot, key, after_seconds=LATER)
        await press_at(pilot, "enter", after_seconds=LATER)
        await app.given()
    assert app.answer == NO


async def test_several_jobs_need_the_count() -> None:
    """For more than one job the count is typed, on any endpoint."""
    jobs = [job(1), job(2, name="scanner feed"), job(3, name=None)]
    appliance = Appliance(job())
    app = host(question(*jobs), appliance)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Close 3 aggregating jobs?" in app.text
        assert "scanner feed" in app.text
        assert "(no name)" in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "3", after_seconds=LATER)
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert [key.job_id for key in appliance.asked] == [each.job_id for each in jobs]
    assert app.answer == YES


async def test_old_release_refuses() -> None:
    """At a release known to be below 4.0 nothing can be confirmed, and no job is read for it."""
    appliance = Appliance(job())
    app = host(question(release=(3, 5)), appliance)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Release 3.5 has no Close" in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        assert appliance.asked == []


async def test_unknown_release_is_said() -> None:
    """An unknown release is said, and does not hinder."""
    app = host(question(release=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "release is not known" in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_reason_is_returned_and_its_field_cannot_confirm() -> None:
    """What is written in the reason field comes back; keys typed there are text, and Enter there only leaves it."""
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press_at(pilot, "tab", after_seconds=LATER)
        assert isinstance(app.focused, Input)
        for key in "yqy":
            await press_at(pilot, key, after_seconds=LATER)
        await press_at(pilot, "enter", after_seconds=LATER)
        assert isinstance(app.focused, Cancel)
        assert app.answer is UNANSWERED
        await press_at(pilot, "y", after_seconds=LATER)
        await app.given()
    assert app.answer == CloseAnswer(is_confirmed=True, reason="yqy")


async def test_rebound_key() -> None:
    """A key bound anew in the config confirms, and the old one no longer does."""
    app = host(keymap=KeyMap.of({"confirm": "o"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "o  Close" in app.text
        await press_at(pilot, "y", after_seconds=LATER)
        assert app.answer is UNANSWERED
        await press_at(pilot, "o", after_seconds=LATER)
        await app.given()
    assert app.answer == YES


async def test_hostile_names_are_escaped() -> None:
    """Names are painted as visible escapes, and never as markup."""
    hostile = job(name="[red]x\x1b[31m\u202ey", bucket_name="[/]", user_name="[bold]")
    app = host(question(hostile), Appliance(hostile))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert r"[red]x\x1b[31m\u202ey" in app.text
        assert "[/], user [bold]" in app.text


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
@pytest.mark.parametrize("is_prod", [False, True])
async def test_everything_is_seen(size: tuple[int, int], is_prod: bool) -> None:
    """Endpoint, job, id, bucket, user, age, sizes, traffic, effect and the answers fit the screen."""
    app = host(question(replace(job(), name="nightly-backup"), is_prod=is_prod))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.pause()
        text = app.text
    for word in (
        *("denver", "nightly-backup", job().job_id, "prod-media", "svc-arc", "2h 10m", "1.20 TiB", "41.0 GiB"),
        *("last byte seen 14 m ago (watching for 2 h)", "new job", "transfers go on", "not finish", "undone"),
        *("[ Cancel ]", "y  Close", "Reason"),
    ):
        assert word in text, word
    assert ("PROD" in text) == is_prod


async def test_news_on_a_small_screen() -> None:
    """At 60x15 on prod, with moved counters, the whole effect and what must be pressed are still seen."""
    moved = job(cached_size_bytes=45_000_000_000)
    app = host(question(is_prod=True), Appliance(moved))
    async with app.run_test(size=(60, 15)) as pilot:
        await settle(pilot)
        await wait_until(pilot, lambda: "while this was open" in app.text)
        await pilot.pause()
        text = app.text
    for words in ("be undone", "41.0 GiB → 41.9 GiB", "Type the last 4", "press Space", "[ Cancel ]"):
        assert words in text, words


class Farewell(Static):
    """Tells when the dialog is being taken apart."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_unmount(self) -> None:
        self._tell()


async def test_a_reading_after_the_answer_is_for_nobody() -> None:
    """A reading that arrives while the dialog is taken apart changes nothing: there is nothing left to show it."""
    appliance = Appliance(job())
    appliance.may_answer.clear()
    app = host(appliance=appliance)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await app.dialog.query_one("#answers").mount(Farewell(appliance.may_answer.set))
        await press_at(pilot, "escape", after_seconds=LATER)
        await app.given()
        await wait_until(pilot, appliance.may_answer.is_set)
        await pilot.pause()
    assert app.answer == NO
    assert appliance.asked == []


async def test_a_second_key_is_for_nobody() -> None:
    """Two keys typed at once answer the dialog once, and leave the screen below alone."""
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _ in range(2):
            event = events.Key("escape", None)
            event.time += LATER
            app.post_message(event)
        await app.given()
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert app.answer == NO
