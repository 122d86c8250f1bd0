"""Asks for everything that is needed to watch one appliance, and tests it before it is saved."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, SecretSource, StoredSecret
from bptui.model.endpoint import Endpoint, EndpointName, Writes
from bptui.model.problem import Problem, ProblemKind
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.endpoint_draft import EndpointDraft, Enquiries
from bptui.tui.screens.question import Question
from bptui.tui.theme import Look
from bptui.tui.widgets.fields import Cycle, Press, SecretInput
from bptui.tui.widgets.lines import Line, Role, paragraph
from bptui.tui.widgets.notice import problem_lines
from bptui.tui.widgets.pager import Pager

SOURCES = ("typed in, kept in the config file (0600)", "environment variable", "command")
TYPED, ENVIRONMENT, COMMAND = range(3)
WRITES = (Writes.ASK, Writes.NO, Writes.YES)
WRITES_LABELS = ("ask: sessions start locked", "no: never", "yes: sessions start unlocked")
TRUST = ("the system's authorities", "a CA file", "one pinned certificate", "any certificate (insecure)")
SYSTEM, CA_FILE, PIN, INSECURE = range(4)


class Incomplete(Exception):  # noqa: N818 - a state of the form, not an error of the program
    """The form cannot be used yet; the text is a sentence, `field` is where to go."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class EndpointForm(Dialog[EndpointDraft | None], inherit_bindings=False):
    """Fill in, test, save; the answer is what to save, or None when it was skipped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "skip", show=False),
        # Before the field sees them, so that what is typed or pasted after them goes into the next one.
        Binding("tab,down", "next_field", "next field", show=False, priority=True),
        Binding("shift+tab,up", "field_before", "field before", show=False, priority=True),
        Binding("enter", "field_done", "next field", show=False, priority=True),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "#name"

    def __init__(self, look: Look, enquiries: Enquiries) -> None:
        super().__init__(look)
        self._enquiries = enquiries
        self._told: list[tuple[str, Role]] | Problem = []
        self._tested: EndpointDraft | None = None

    def compose(self) -> ComposeResult:
        """Lay out one line a field."""
        with Vertical(classes="box") as box:
            box.border_title = "Add an endpoint"
            box.border_subtitle = "Tab next, Esc skip"
            yield from self._row("Name", Input(placeholder="what you call it, such as denver", id="name", compact=True))
            yield from self._row(
                "Address", Input(placeholder="data path: host, host:port or URL", id="url", compact=True)
            )
            yield from self._row(
                "Access id", Input(placeholder="the S3 access id of the key", id="access", compact=True)
            )
            yield from self._row("Secret", Cycle(SOURCES, id="source"))
            yield from self._row(
                "", SecretInput(placeholder="the secret key; it is not shown", id="typed", is_ascii=self._look.is_ascii)
            )
            yield from self._row(
                "", Input(placeholder="the variable's name, such as BP_SECRET", id="variable", compact=True)
            )
            yield from self._row(
                "", Input(placeholder="a program that prints it, such as pass show bp", id="command", compact=True)
            )
            yield from self._row("Writes", Cycle(WRITES_LABELS, id="writes"))
            yield from self._row("Prod", Cycle(("no", "yes: closing asks for typed text"), id="prod"))
            yield from self._row("Trust", Cycle(TRUST, id="trust"))
            yield from self._row("", Input(placeholder="path of the CA file (PEM)", id="ca", compact=True))
            yield from self._row("", Input(placeholder="SHA-256, or press Show certificate", id="pin", compact=True))
            yield Pager(self._look, self._state, id="told")
            with Horizontal(classes="row"):
                yield Press("Test and save", id="test")
                yield Press("Save untested", id="save")
                yield Press("Show certificate", id="certificate")
                yield Press("Skip", id="skip")

    def _row(self, label: str, field: Input | Cycle) -> ComposeResult:
        with Horizontal(classes="row", id=f"{field.id}-row"):
            yield Static(label.ljust(11), markup=False, classes="dim")
            yield field

    def on_mount(self) -> None:
        """Show the fields that the choices call for."""
        for field in self.query(Input):
            field.cursor_blink = False
        self.query_one("#told", Pager).can_focus = False
        self._unfold()

    @on(Cycle.Changed)
    def _unfold(self) -> None:
        source, trust = self.query_one("#source", Cycle).chosen, self.query_one("#trust", Cycle).chosen
        shown = {
            "typed": source == TYPED,
            "variable": source == ENVIRONMENT,
            "command": source == COMMAND,
            "ca": trust == CA_FILE,
            "pin": trust == PIN,
        }
        for name, is_shown in shown.items():
            self.query_one(f"#{name}-row").display = is_shown
        self.query_one("#save").display = self._tested is not None

    @on(Input.Changed, "#url")
    def _say_scheme(self, message: Input.Changed) -> None:
        """Say which URL a bare host means while it is typed."""
        try:
            url, is_assumed = self._enquiries.address(message.value)
        except ValueError:
            self._tell()
            return
        self._tell(
            (f"No scheme given: {url} is used. Write http:// for an unencrypted connection.", Role.DIM)
            if is_assumed
            else None
        )

    def action_next_field(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_field_before(self) -> None:
        """Go to the field before."""
        self.focus_previous()

    def action_field_done(self) -> None:
        """Leave a text for the next field; what is no text does something on Enter itself."""
        if not isinstance(self.focused, Input):
            raise SkipAction
        self.focus_next()

    @on(Press.Pressed)
    def _press(self, message: Press.Pressed) -> None:
        match message.press.id:
            case "test":
                self.run_worker(self._test(), exclusive=True)
            case "certificate":
                self.run_worker(self._show_certificate(), exclusive=True)
            case "save":
                self._save()
            case _:
                self.cancel()

    def _save(self) -> None:
        draft = self._draft_or_tell()
        if draft is not None:
            self.dismiss(draft)

    async def _test(self) -> None:
        """Try the login; save when it works, offer to save untested when it does not."""
        draft = self._draft_or_tell()
        if draft is None:
            return
        self._tell((f"Testing the login at {draft.endpoint.url} …", Role.DIM))
        answer = await self._enquiries.try_login(draft)
        if not isinstance(answer, Problem):
            self.dismiss(draft)
            return
        self._tested = draft
        self._told = answer
        self._unfold()
        self._show()
        if answer.kind is ProblemKind.TLS:
            self.query_one("#certificate").focus()

    async def _show_certificate(self) -> None:
        """Show the server's fingerprint, and pin it when the person says that it is the right one."""
        try:
            url = self._address()
        except Incomplete as lack:
            self._lacks(lack)
            return
        self._tell((f"Asking {url} for its certificate …", Role.DIM))
        shown = await self._enquiries.certificate(url)
        if isinstance(shown, Problem):
            self._told = shown
            self._show()
            return
        digits = [shown.sha256[start : start + 16] for start in range(0, 64, 16)]
        ask = Question(
            self._look,
            "Pin this certificate?",
            (
                *shown.sentences,
                "SHA-256 " + " ".join(digits[:2]),
                "        " + " ".join(digits[2:]),
                "Compare it with what the appliance's own console shows. Pinned, no other certificate is accepted here.",
            ),
            yes="Pin it",
        )
        self._tell()
        if await self.app.push_screen_wait(ask):
            self.query_one("#pin", Input).value = shown.sha256
            self.query_one("#trust", Cycle).choose(PIN)

    def _draft_or_tell(self) -> EndpointDraft | None:
        try:
            return self._draft()
        except Incomplete as lack:
            self._lacks(lack)
            return None

    def _lacks(self, lack: Incomplete) -> None:
        self._tell((str(lack), Role.WARN))
        self.query_one(f"#{lack.field}").focus()

    def _draft(self) -> EndpointDraft:
        name = self._text("name")
        if mistake := self._enquiries.name_mistake(name):
            raise Incomplete(f"Name: {mistake}", "name")
        trust = self.query_one("#trust", Cycle).chosen
        endpoint = Endpoint(
            EndpointName(name),
            self._address(),
            self._needed("access", "The access id is missing."),
            writes=WRITES[self.query_one("#writes", Cycle).chosen],
            is_prod=self.query_one("#prod", Cycle).chosen == 1,
            ca_file=Path(self._needed("ca", "The path of the CA file is missing.")).expanduser()
            if trust == CA_FILE
            else None,
            pin_sha256=self._pin() if trust == PIN else None,
            is_insecure=trust == INSECURE,
        )
        return EndpointDraft(endpoint, self._secret())

    def _address(self) -> str:
        try:
            return self._enquiries.address(self._needed("url", "The address is missing."))[0]
        except ValueError as error:
            raise Incomplete(str(error), "url") from error

    def _secret(self) -> SecretSource:
        source = self.query_one("#source", Cycle).chosen
        if source == ENVIRONMENT:
            return EnvironmentSecret(self._needed("variable", "The name of the variable is missing."))
        if source == TYPED:
            return StoredSecret(Secret(self._needed("typed", "The secret key is missing.")))
        text = self._needed("command", "The command is missing.")
        try:
            return CommandSecret(tuple(shlex.split(text)))
        except ValueError as error:
            raise Incomplete("The quotes in the command do not match.", "command") from error

    def _pin(self) -> str:
        pin = self._enquiries.pin(self._needed("pin", "The fingerprint is missing: Show certificate fetches it."))
        if pin is None:
            raise Incomplete("A SHA-256 fingerprint has 64 hex digits.", "pin")
        return pin

    def _text(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    def _needed(self, field: str, sentence: str) -> str:
        text = self._text(field)
        if not text:
            raise Incomplete(sentence, field)
        return text

    def _tell(self, *told: tuple[str, Role] | None) -> None:
        self._told = [each for each in told if each]
        self._show()

    def _show(self) -> None:
        self.query_one("#told", Pager).show(self._state)

    def _state(self, width: int) -> list[Line]:
        if isinstance(self._told, Problem):
            return problem_lines(self._told, width)
        return [part for text, role in self._told for part in paragraph(text, width, role)]
