"""Lists the appliances that are configured: choose, add, test, make default, remove."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from bptui.credentials import CommandSecret, EnvironmentSecret, KeyringSecret, SecretSource, StoredSecret
from bptui.model.endpoint import Endpoint, EndpointName
from bptui.model.problem import Problem
from bptui.text import fit, visible
from bptui.tui.keys import KeyMap
from bptui.tui.screens.dialog import Dialog
from bptui.tui.screens.question import Question
from bptui.tui.theme import Look
from bptui.tui.widgets.choices import Choice, Choices
from bptui.tui.widgets.lines import Line, Role, line, paragraph
from bptui.tui.widgets.notice import problem_lines
from bptui.tui.widgets.pager import Pager

_NAME_CELLS = 16
_STATUS_CELLS = 12
_TLS_CELLS = 13


@dataclass(frozen=True, slots=True)
class EndpointEntry:
    """One configured appliance, and how it is."""

    endpoint: Endpoint
    secret: SecretSource
    status: str
    """A word or two, such as `live`, `stale 2m`, `down`, `not watched`."""
    role: Role = Role.PLAIN
    is_default: bool = False


class PickerWish(Enum):
    """What is to be done with the endpoint that was chosen."""

    SELECT = "select"
    ADD = "add"
    MAKE_DEFAULT = "make default"
    REMOVE = "remove"
    """The person was asked already."""


@dataclass(frozen=True, slots=True)
class PickerAnswer:
    """What the person wants; `name` is None for ADD."""

    wish: PickerWish
    name: EndpointName | None = None


class EndpointPicker(Dialog[PickerAnswer | None]):
    """Choose an endpoint; `test` asks one something harmless and gives a sentence when that worked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add", show=False, id="endpoint_add"),
        Binding("t", "test", "test", show=False, id="endpoint_test"),
        Binding("m", "make_default", "make default", show=False, id="endpoint_default"),
        Binding("x", "remove", "remove", show=False, id="endpoint_remove"),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "Choices"

    def __init__(
        self,
        look: Look,
        entries: Sequence[EndpointEntry],
        test: Callable[[EndpointName], Awaitable[str | Problem]],
        *,
        current: EndpointName | None = None,
        costs: str = "",
        keymap: KeyMap = KeyMap({}),  # noqa: B008 - frozen and empty
    ) -> None:
        """`costs` is what watching costs the current one, said until a test says something."""
        super().__init__(look)
        self._costs = costs
        self._entries = entries
        self._test = test
        self._current = current
        self._keymap = keymap
        self._told: str | Problem = ""

    def compose(self) -> ComposeResult:
        """Lay out the endpoints, and what a test said."""
        with Vertical(classes="box") as box:
            box.border_title = "Endpoints"
            box.border_subtitle = "Enter choose  a add  t test  m default  x remove  Esc back"
            choices = Choices(self._look)
            choices.offer(self._choices(), value=self._current)
            yield choices
            yield Pager(self._look, self._result, id="told")

    def on_mount(self) -> None:
        """Leave the focus with the list."""
        self.query_one("#told", Pager).can_focus = False

    def update(self, entries: Sequence[EndpointEntry]) -> None:
        """Show how the endpoints are now."""
        self._entries = entries
        self.query_one(Choices).offer(self._choices())

    @on(Choices.Chosen)
    def _select(self) -> None:
        self._answer(PickerWish.SELECT)

    def action_add(self) -> None:
        """Ask for another endpoint."""
        self.dismiss(PickerAnswer(PickerWish.ADD))

    def action_make_default(self) -> None:
        """Let bptui begin with this one."""
        self._answer(PickerWish.MAKE_DEFAULT)

    def action_test(self) -> None:
        """Try to log in at the endpoint under the cursor."""
        if self._chosen_name is not None:
            self.run_worker(self._try(self._chosen_name), exclusive=True)

    def action_remove(self) -> None:
        """Ask whether to forget the endpoint under the cursor."""
        if self._chosen_name is not None:
            self.run_worker(self._ask_to_remove(self._chosen_name), exclusive=True)

    @property
    def _chosen_name(self) -> EndpointName | None:
        value = self.query_one(Choices).value
        return EndpointName(value) if isinstance(value, str) else None

    def _answer(self, wish: PickerWish) -> None:
        if self._chosen_name is not None:
            self.dismiss(PickerAnswer(wish, self._chosen_name))

    async def _try(self, name: EndpointName) -> None:
        self._tell(f"Testing {visible(name)} …")
        self._tell(await self._test(name))

    async def _ask_to_remove(self, name: EndpointName) -> None:
        sentence = f"{visible(name)} is taken out of the config file, with a secret that is kept there. The appliance is not touched."
        ask = Question(self._look, "Remove endpoint?", (sentence,), yes=f"Remove {visible(name)}", keymap=self._keymap)
        if await self.app.push_screen_wait(ask):
            self.dismiss(PickerAnswer(PickerWish.REMOVE, name))

    def _tell(self, told: str | Problem) -> None:
        self._told = told
        self.query_one("#told", Pager).show(self._result)

    def _result(self, width: int) -> list[Line]:
        if isinstance(self._told, Problem):
            return problem_lines(self._told, width)
        if self._told:
            return paragraph(self._told, width)
        if self._entries:
            return paragraph(self._costs, width, Role.DIM) if self._costs else []
        return paragraph("No endpoint is configured yet: a adds one.", width)

    def _choices(self) -> list[Choice]:
        return [Choice(entry.endpoint.name, self._line(entry)) for entry in self._entries]

    def _line(self, entry: EndpointEntry) -> Line:
        endpoint = entry.endpoint
        badge, role = tls_badge(endpoint)
        marks = " ".join(word for word, is_so in (("PROD", endpoint.is_prod), ("default", entry.is_default)) if is_so)
        return line(
            (fit(visible(endpoint.name), _NAME_CELLS) + " ", Role.HEAD),
            (fit(visible(entry.status), _STATUS_CELLS) + " ", entry.role),
            (fit(badge, _TLS_CELLS) + " ", role),
            (f"{source_text(entry.secret)}  ", Role.DIM),
            (marks, Role.WARN if endpoint.is_prod else Role.DIM),
        )


def tls_badge(endpoint: Endpoint) -> tuple[str, Role]:
    """How the connection is protected, in a word."""
    if not endpoint.is_https:
        return "not encrypted", Role.WARN
    if endpoint.is_insecure:
        return "TLS unchecked", Role.WARN
    if endpoint.pin_sha256:
        return "TLS pinned", Role.GOOD
    return ("TLS own CA" if endpoint.ca_file else "TLS", Role.GOOD)


def source_text(source: SecretSource) -> str:
    """Where a secret is; never the secret."""
    match source:
        case EnvironmentSecret(variable):
            return f"${visible(variable)}"
        case CommandSecret(words):
            return f"command {visible(words[0])}" if words else "command"
        case KeyringSecret(entry):
            return f"key ring {visible(entry)}"
        case StoredSecret():
            return "config file"
