"""The config file: `Settings` from TOML, and small changes back into it with everything else kept."""

from bptui.config.address import Address, AddressError, parse_address
from bptui.config.environment import endpoint_from_environment
from bptui.config.mistakes import ConfigError, Mistake
from bptui.config.reading import load, read
from bptui.config.settings import ConfiguredEndpoint, Look, Settings
from bptui.config.writing import add, remove, set_default

__all__ = [
    "Address",
    "AddressError",
    "ConfigError",
    "ConfiguredEndpoint",
    "Look",
    "Mistake",
    "Settings",
    "add",
    "endpoint_from_environment",
    "load",
    "parse_address",
    "read",
    "remove",
    "set_default",
]
