"""Every dialog in a state worth a picture, by name: for tests, and for people who want to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.pilot import Pilot

from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, StoredSecret
from bptui.model.answer import RawAnswer
from bptui.model.problem import Problem, ProblemKind
from bptui.monitor.events import Noted, NoteKind
from bptui.tui.keys import Action, Group, KeyMap, Scope
from bptui.tui.screens.close_question import CloseCandidate, CloseQuestion, Reading
from bptui.tui.screens.confirm import ConfirmClose
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.endpoint_draft import EndpointDraft, ShownCertificate
from bptui.tui.screens.endpoint_form import EndpointForm
from bptui.tui.screens.endpoints import EndpointEntry, EndpointPicker
from bptui.tui.screens.events import EventsScreen
from bptui.tui.screens.first_run import FirstRun
from bptui.tui.screens.help import HelpScreen
from bptui.tui.screens.menu import Copied, copy_menu, sort_menu
from bptui.tui.screens.palette import Palette
from bptui.tui.screens.raw import RawAnswerScreen
from bptui.tui.screens.unlock import UnlockSession
from bptui.tui.theme import Look
from bptui.tui.widgets.lines import Role
from tests.tui.screens.host import NOW, endpoint, job

KEYS = KeyMap({})
FEW = tuple(
    Action(id=name, keys=keys, footer_label="", tooltip=tooltip, group=Group.LOOK, scope=scope, argument=argument)
    for name, keys, tooltip, scope, argument in (
        ("close_jobs", ("X",), "Close the aggregating job under the cursor, after asking.", Scope.JOBS, ""),
        ("filter_jobs", ("/",), "Show only jobs in which all the given words occur.", Scope.JOBS, "WORDS"),
        ("page_down", ("pgdn", "ctrl+d"), "Down a page.", Scope.ROWS, ""),
        ("help", ("?", "f1"), "Explain this pane and its keys.", Scope.ANYWHERE, ""),
    )
)


class FewKeys(KeyMap):
    """A registry that stays as it is when the real one grows, so that its pictures do too."""

    def chain(self, scope: Scope) -> list[Action]:
        return list(FEW)


REFUSED = Problem(
    ProblemKind.AUTHENTICATION,
    "denver does not accept the access id and secret key (403 AccessDenied).",
    "Check both, then press r.",
    status=403,
    request_id="7f3a-11",
)


def clock_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def close_question(*, is_prod: bool = False, jobs: int = 1, release: tuple[int, ...] | None = (5, 8)) -> CloseQuestion:
    names = ("nightly-backup", "scanner feed", None)
    candidates = tuple(
        CloseCandidate(
            job(number, name=names[number - 1]), NOW - timedelta(minutes=14 * number), NOW - timedelta(hours=2)
        )
        for number in range(1, jobs + 1)
    )
    version = ".".join(map(str, release)) if release else None
    return CloseQuestion(endpoint(is_prod=is_prod), candidates, version, release)


def confirm(look: Look, question: CloseQuestion, reading: Reading | None = None) -> ConfirmClose:
    async def reread(key: object) -> Reading:
        return reading or job()

    return ConfirmClose(look, question, reread, now=lambda: NOW, is_written=lambda: True)


def notes() -> list[Noted]:
    here = endpoint().name
    key = job().job_id
    return [
        Noted(here, NOW, NoteKind.STARTED, key, "nightly-backup started: PUT into prod-media."),
        Noted(here, NOW + timedelta(minutes=1), NoteKind.GREW, key, "nightly-backup grew to 1.20 TiB."),
        Noted(here, NOW + timedelta(minutes=2), NoteKind.CANCELED, key, "[red]scan\x1b[31m\u202e was canceled."),
        Noted(
            here,
            NOW + timedelta(minutes=3),
            NoteKind.COUNTERS_WENT_BACK,
            key,
            "restore for edit bay 3: cached " + "went back " * 12,
        ),
    ]


def answer(*, left_out: int = 107_000_000) -> RawAnswer:
    head = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<MasterObjectList Name="[red]\x1b[31m\xe2\x80\xae\xff">'
        + b"<Objects/>" * 60
    )
    return RawAnswer(
        "GET /_rest_/job/1807249f-d247-4cbc-b6cb-e556c020b7a1",
        200,
        (("content-type", "application/xml"), ("x-amz-request-id", "17")),
        head,
        len(head) + left_out,
        is_complete=True,
        at=NOW,
        took_seconds=0.412,
    )


def entries() -> list[EndpointEntry]:
    denver = replace(endpoint(is_prod=True), pin_sha256="a" * 64)
    plain = replace(endpoint(name="lab"), url="http://10.0.0.7:8080")
    loose = replace(endpoint(name="an endpoint with a long name"), is_insecure=True)
    return [
        EndpointEntry(denver, StoredSecret(Secret("hush")), "live", Role.GOOD, is_default=True),
        EndpointEntry(plain, EnvironmentSecret("LAB_SECRET"), "down", Role.BAD),
        EndpointEntry(loose, CommandSecret(("pass", "show", "bp")), "not watched", Role.DIM),
    ]


class Desk:
    """What the form asks of the rest of the program, answered from memory."""

    def __init__(self, *answers: str | Problem) -> None:
        self.answers = list(answers)
        self.tried: list[EndpointDraft] = []

    def address(self, text: str) -> tuple[str, bool]:
        if not text or " " in text:
            raise ValueError(f"{text} is no address.")
        return (text, False) if "://" in text else (f"https://{text}", True)

    def name_mistake(self, name: str) -> str | None:
        return None if name else "it is missing."

    def pin(self, text: str) -> str | None:
        return text.lower() if len(text) == 64 else None

    async def try_login(self, draft: EndpointDraft) -> str | Problem:
        self.tried.append(draft)
        return self.answers.pop(0)

    async def certificate(self, url: str) -> ShownCertificate | Problem:
        return ShownCertificate("0123456789abcdef" * 4, (f"{url} shows a certificate of CN=bp, signed by itself.",))


async def refuses(name: object) -> str | Problem:
    return REFUSED


WHY = (
    ("client?", "No byte came for longer than usual, and nothing on the appliance explains it."),
    ("blocked", "The appliance waits for something that a person has to bring, such as a tape."),
)

DIALOGS: Mapping[str, Callable[[Look], Dialog[Any]]] = {
    "confirm": lambda look: confirm(look, close_question()),
    "confirm-prod-moved": lambda look: confirm(
        look, close_question(is_prod=True), job(cached_size_bytes=45_000_000_000)
    ),
    "confirm-unknown-release": lambda look: confirm(look, close_question(release=None)),
    "confirm-old-release": lambda look: confirm(look, close_question(release=(3, 5))),
    "confirm-three": lambda look: confirm(look, close_question(jobs=3)),
    "unlock": lambda look: UnlockSession(look, endpoint(is_prod=True)),
    "copy": lambda look: copy_menu(
        look, [(Copied.ID, job().job_id), (Copied.NAME, "[b]\x1b"), (Copied.JSON, '{"JobId": …}'), (Copied.LINE, "PUT")]
    ),
    "sort": lambda look: sort_menu(look, ["state", "name", "size", "age"], chosen=2, is_descending=True),
    "help": lambda look: HelpScreen(look, FewKeys({}), Scope.JOBS, why=WHY),
    "palette": lambda look: Palette(look, FEW, KEYS),
    "raw": lambda look: RawAnswerScreen(look, answer(), when=clock_time),
    "raw-none": lambda look: RawAnswerScreen(look, None, when=clock_time),
    "events": lambda look: EventsScreen(look, notes(), when=clock_time),
    "events-none": lambda look: EventsScreen(look, [], when=clock_time),
    "endpoints": lambda look: EndpointPicker(look, entries(), refuses, current=endpoint(name="lab").name),
    "endpoints-tested": lambda look: EndpointPicker(look, entries(), refuses),
    "endpoints-none": lambda look: EndpointPicker(look, [], refuses),
    "form": lambda look: EndpointForm(look, Desk()),
    "form-refused": lambda look: EndpointForm(look, Desk(REFUSED)),
    "form-certificate": lambda look: EndpointForm(look, Desk()),
    "first-run": lambda look: FirstRun(look, KEYS),
}
"""What to show, by the name of its picture."""


async def fill_in(pilot: Pilot[None]) -> None:
    """Type a whole endpoint into the form."""
    for text in ("denver", "bp.example.test", "access"):
        await pilot.press(*text, "enter")
    await pilot.press("tab", *"hush")


async def _refused(pilot: Pilot[None]) -> None:
    await fill_in(pilot)
    pilot.app.screen.query_one("#test").focus()
    await pilot.press("enter")


async def _certificate(pilot: Pilot[None]) -> None:
    await fill_in(pilot)
    pilot.app.screen.query_one("#certificate").focus()
    await pilot.press("enter")


async def _tested(pilot: Pilot[None]) -> None:
    await pilot.press("t")


BEFORE: Mapping[str, Callable[[Pilot[None]], Any]] = {
    "form-refused": _refused,
    "form-certificate": _certificate,
    "endpoints-tested": _tested,
}
"""What is pressed before the picture is taken."""
