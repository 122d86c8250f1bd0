"""What the endpoint form fills in, and what it asks of the rest of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bptui.credentials import SecretSource
from bptui.model.endpoint import Endpoint
from bptui.model.problem import Problem


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """An endpoint as the form has it, and where its secret is."""

    endpoint: Endpoint
    secret: SecretSource


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """What a server's certificate says of itself."""

    sha256: str
    sentences: tuple[str, ...] = ()
    """Subject, issuer and dates."""


class Enquiries(Protocol):
    """What the form asks of the rest of the program."""

    def address(self, text: str) -> tuple[str, bool]:
        """The URL that a text means, and whether https was assumed; raises ValueError with a sentence."""
        ...

    def name_mistake(self, name: str) -> str | None:
        """What is wrong with a name, such as that it is taken; None when nothing is."""
        ...

    def pin(self, text: str) -> str | None:
        """A SHA-256 fingerprint in its normal form; None when the text is none."""
        ...

    async def try_login(self, draft: EndpointDraft) -> str | Problem:
        """Ask the appliance something harmless; a sentence when that worked."""
        ...

    async def certificate(self, url: str) -> ShownCertificate | Problem:
        """The certificate that the server shows, trusted or not."""
        ...
