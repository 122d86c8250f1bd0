"""The endpoint that the vendor's environment variables describe, with no config file at all."""

from __future__ import annotations

from collections.abc import Mapping

from bptui.config.address import parse_address
from bptui.config.settings import ConfiguredEndpoint
from bptui.credentials import SECRET_VARIABLE, EnvironmentSecret, SecretError
from bptui.model.endpoint import ENVIRONMENT_ENDPOINT, Endpoint

ENDPOINT_VARIABLE = "DS3_ENDPOINT"
ACCESS_VARIABLE = "DS3_ACCESS_KEY"


def endpoint_from_environment(environ: Mapping[str, str]) -> ConfiguredEndpoint | None:
    """Read DS3_ENDPOINT, DS3_ACCESS_KEY and DS3_SECRET_KEY; None when DS3_ENDPOINT is not set.

    Raises:
        AddressError: DS3_ENDPOINT is not an address.
        SecretError: DS3_ENDPOINT is set, but one of the keys is not.
    """
    address = environ.get(ENDPOINT_VARIABLE, "").strip()
    if not address:
        return None
    missing = [name for name in (ACCESS_VARIABLE, SECRET_VARIABLE) if not environ.get(name, "").strip()]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise SecretError(
            f"{ENDPOINT_VARIABLE} is set, but {' and '.join(missing)} {verb} not: all three belong together."
        )
    endpoint = Endpoint(ENVIRONMENT_ENDPOINT, parse_address(address).url, environ[ACCESS_VARIABLE].strip())
    return ConfiguredEndpoint(endpoint, EnvironmentSecret(SECRET_VARIABLE))
