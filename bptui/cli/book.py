"""The appliances that the screen can list, try, add and forget: the config file and the wire behind its forms.

Loads Textual: only for who opens the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bptui.cli.choosing import from_environment, settings_of
from bptui.cli.connecting import make_client
from bptui.cli.endpoint_test import log_in
from bptui.cli.exits import Failure
from bptui.cli.invocation import Invocation
from bptui.config.address import parse_address
from bptui.config.endpoints import name_mistake, normal_pin
from bptui.config.mistakes import ConfigError
from bptui.config.settings import ConfiguredEndpoint, Settings
from bptui.config.writing import add, remove, set_default
from bptui.credentials import KeyringSecret, SecretError, remove_from_keyring
from bptui.ds3.certificate import CertificateSeen
from bptui.ds3.errors import Ds3Error
from bptui.model.endpoint import EndpointName
from bptui.model.problem import Problem, ProblemKind
from bptui.tui.screens.endpoint_draft import EndpointDraft, ShownCertificate


class ApplianceBook:
    """What the endpoint form and the endpoint list ask of the rest of the program."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation

    def configured(self) -> list[EndpointDraft]:
        """List every appliance, that of the environment first; a broken config holds none."""
        return [EndpointDraft(one.endpoint, one.secret) for one in self._known().values()]

    def _known(self) -> dict[EndpointName, ConfiguredEndpoint]:
        settings = self._settings()
        environment = self._environment()
        known = {environment.endpoint.name: environment} if environment else {}
        return known | dict(settings.endpoints if settings else {})

    @property
    def default(self) -> EndpointName | None:
        """The appliance that is opened when none is named."""
        environment = self._environment()
        settings = self._settings()
        chosen = environment or (settings.default_endpoint if settings else None)
        return chosen.endpoint.name if chosen else None

    def address(self, text: str) -> tuple[str, bool]:
        """Return the URL that a text means, and whether https was assumed; raises ValueError with a sentence."""
        found = parse_address(text)
        return found.url, found.is_scheme_assumed

    def name_mistake(self, name: str) -> str | None:
        """Say what is wrong with a new name, if anything."""
        if name in self._known():
            return "There already is an endpoint of this name."
        return name_mistake(name)

    def pin(self, text: str) -> str | None:
        """Bring a fingerprint to its normal form; None when it is none."""
        return normal_pin(text)

    async def try_login(self, draft: EndpointDraft) -> str | Problem:
        """Log in; a sentence when that worked."""
        return await self._login(ConfiguredEndpoint(draft.endpoint, draft.secret))

    async def test(self, name: EndpointName) -> str | Problem:
        """Log in at an appliance of the list; a sentence when that worked."""
        configured = self._known().get(name)
        if configured is None:
            return Problem(ProblemKind.CONFIGURATION, f"{name} is not configured any more.")
        return await self._login(configured)

    async def certificate(self, url: str) -> ShownCertificate | Problem:
        """Get the certificate that a server shows, trusted or not."""
        from bptui.ds3.trust import fetch_certificate  # noqa: PLC0415  # loads the wire

        try:
            seen = await fetch_certificate(url, environ=self._invocation.environ)
        except Ds3Error as error:
            return error.problem
        return ShownCertificate(seen.sha256, _sentences(seen))

    def save(self, draft: EndpointDraft) -> Problem | None:
        """Add an appliance to the config file; a problem when that did not work."""
        return self._change(lambda: add(self._invocation.config_path, ConfiguredEndpoint(draft.endpoint, draft.secret)))

    def remove(self, name: EndpointName) -> Problem | None:
        """Take an appliance out of the config file and its secret out of the key ring; a problem when that did not work."""
        known = self._known().get(name)
        problem = self._change(lambda: remove(self._invocation.config_path, name))
        if problem or known is None or not isinstance(known.secret, KeyringSecret):
            return problem
        try:
            remove_from_keyring(known.secret.entry)
        except SecretError as error:
            return Problem(ProblemKind.CONFIGURATION, f"Its secret is still in the key ring: {error}")
        return None

    def make_default(self, name: EndpointName) -> Problem | None:
        """Make an appliance the default; a problem when that did not work."""
        return self._change(lambda: set_default(self._invocation.config_path, name))

    def _settings(self) -> Settings | None:
        try:
            return settings_of(self._invocation)
        except Failure:
            return None

    def _environment(self) -> ConfiguredEndpoint | None:
        """The appliance of the environment; one that is described in part is none."""
        try:
            return from_environment(self._invocation)
        except Failure:
            return None

    def _change(self, change: Callable[[], Settings]) -> Problem | None:
        try:
            change()
        except ConfigError as error:
            return Problem(ProblemKind.CONFIGURATION, str(error))
        return None

    async def _login(self, configured: ConfiguredEndpoint) -> str | Problem:
        try:
            # In a thread: getting the secret may run a program and wait for it.
            return await log_in(await asyncio.to_thread(make_client, configured, self._invocation, is_quiet=True))
        except SecretError as error:
            return Problem(ProblemKind.CONFIGURATION, str(error))
        except Ds3Error as error:
            return error.problem


def _sentences(seen: CertificateSeen) -> tuple[str, ...]:
    issuer = "itself: it is self-signed" if seen.is_self_signed else seen.issuer or "an unreadable name"
    said = [f"Subject: {seen.subject or 'an unreadable name'}", f"Issued by {issuer}"]
    if seen.not_before and seen.not_after:
        said.append(f"Valid from {seen.not_before:%Y-%m-%d} to {seen.not_after:%Y-%m-%d}")
    return tuple(said)
