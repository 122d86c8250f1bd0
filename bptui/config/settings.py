"""What a person can choose in the config file, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bptui.credentials import SecretSource
from bptui.model.endpoint import Endpoint, EndpointName

THEMES = ("dark", "light", "ansi")
"""The names of the themes that the screen has."""

TIME_DISPLAYS = ("relative", "local", "utc")
"""How times are first shown."""


@dataclass(frozen=True, slots=True)
class ConfiguredEndpoint:
    """An appliance, and where its secret key is."""

    endpoint: Endpoint
    secret: SecretSource


@dataclass(frozen=True, slots=True)
class Look:
    """How the screen looks and is driven; None leaves the choice to the program."""

    theme: str | None = None
    """One of THEMES."""
    has_mouse: bool | None = None
    is_ascii: bool | None = None
    is_decimal: bool = False
    """Sizes in kB, MB, … instead of KiB, MiB, …"""
    time_display: str | None = None
    """One of TIME_DISPLAYS."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys by the id of the action they take; the screen knows which actions there are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the config file says."""

    endpoints: Mapping[EndpointName, ConfiguredEndpoint] = field(default_factory=dict)
    default: EndpointName | None = None
    look: Look = field(default_factory=Look)
    warnings: tuple[str, ...] = ()
    """Sentences about what is odd but does no harm: unknown keys, a file that others can read."""

    @property
    def default_endpoint(self) -> ConfiguredEndpoint | None:
        """The endpoint that is meant when none is named: the default, or the only one."""
        if self.default is not None:
            return self.endpoints.get(self.default)
        return next(iter(self.endpoints.values())) if len(self.endpoints) == 1 else None
