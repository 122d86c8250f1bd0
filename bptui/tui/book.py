"""What the screen needs of whoever keeps the config file: which appliances there are, and changes to that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bptui.model.endpoint import EndpointName
from bptui.model.problem import Problem
from bptui.tui.screens.endpoint_draft import EndpointDraft, Enquiries


class Book(Enquiries, Protocol):
    """The configured appliances. Changes may wait for the disk: call them in a thread."""

    def configured(self) -> Sequence[EndpointDraft]:
        """Every appliance that can be opened, with where its secret is."""
        ...

    @property
    def default(self) -> EndpointName | None:
        """The one that is opened when none is named."""
        ...

    async def test(self, name: EndpointName) -> str | Problem:
        """Log in at an appliance of the list; a sentence when that worked."""
        ...

    def save(self, draft: EndpointDraft) -> Problem | None:
        """Add an appliance."""
        ...

    def remove(self, name: EndpointName) -> Problem | None:
        """Forget an appliance."""
        ...

    def make_default(self, name: EndpointName) -> Problem | None:
        """Open this one when none is named."""
        ...
