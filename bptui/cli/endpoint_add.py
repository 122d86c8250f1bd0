"""`bptui endpoint add`: adds an appliance to the config, once a login has worked."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bptui.cli.choosing import settings_of
from bptui.cli.connecting import make_client, run_async
from bptui.cli.endpoint_test import log_in
from bptui.cli.exits import Exit, Failure, exit_of
from bptui.cli.invocation import Invocation, config_option, interval_option
from bptui.cli.narration import has_terminal, sentence_of, tell
from bptui.config.address import AddressError, parse_address
from bptui.config.endpoints import name_mistake, normal_pin
from bptui.config.mistakes import ConfigError
from bptui.config.settings import ConfiguredEndpoint
from bptui.config.writing import add as add_endpoint
from bptui.credentials import (
    CommandSecret,
    EnvironmentSecret,
    KeyringSecret,
    Secret,
    SecretError,
    SecretSource,
    StoredSecret,
    keep_in_keyring,
)
from bptui.ds3.certificate import CertificateSeen
from bptui.ds3.errors import Ds3Error, TlsError
from bptui.model.endpoint import DEFAULT_INTERVAL_SECONDS, Endpoint, EndpointName, Writes
from bptui.text import visible


@click.command()
@config_option
@click.argument("name", required=False)
@click.argument("url", required=False)
@click.option("--access-id", metavar="ID", help="The access id of the key.")
@click.option("--secret-env", metavar="NAME", help="The environment variable that will hold the secret key.")
@click.option("--secret-command", metavar="COMMAND", help="The program that prints the secret key; no shell reads it.")
@click.option("--keyring", "is_in_keyring", is_flag=True, help="Keep the secret key in the key ring, not in the file.")
@click.option("--writes", type=click.Choice([one.value for one in Writes]), help="Whether jobs may be closed.  [ask]")
@click.option("--prod", is_flag=True, help="Closing here wants text typed, and the screen has its own accent.")
@interval_option(default=DEFAULT_INTERVAL_SECONDS, show_default=True)
@click.option("--proxy", metavar="URL", help='A proxy, or "" for none; unless given, as the environment says.')
@click.option("--ca-file", type=click.Path(path_type=Path, exists=True), help="Whom to trust about its certificate.")
@click.option("--pin", metavar="SHA256", help="The fingerprint of the one certificate that is accepted.")
@click.option("--insecure", is_flag=True, help="Accept any certificate.")
@click.option("--no-test", is_flag=True, help="Save without logging in first.")
@click.option("--replace", "is_replacement", is_flag=True, help="Change the appliance of this name.")
@click.pass_obj
def add(invocation: Invocation, /, **options: Any) -> int:
    """Add an appliance. What is not given is asked for; the secret key is never an argument.

    Without --secret-env and --secret-command, the secret key is asked for without echo, or read from standard
    input, and kept in the config file, which only its owner can read.
    """
    form = _Form(options)
    settings = settings_of(invocation)
    endpoint = form.endpoint()
    if endpoint.name in settings.endpoints and not options["is_replacement"]:
        raise Failure(Exit.USAGE, f"There already is an endpoint {visible(endpoint.name)!r}: --replace changes it.")
    configured = ConfiguredEndpoint(endpoint, form.secret())
    if not options["no_test"]:
        configured = _tested(configured, invocation)
    if options["is_in_keyring"]:
        configured = replace(configured, secret=_kept(endpoint.name, configured.secret))
    try:
        settings = add_endpoint(invocation.config_path, configured, is_replacement=options["is_replacement"])
    except ConfigError as error:
        raise Failure(Exit.USAGE, str(error)) from None
    tell(f"Saved {endpoint.name} in {invocation.config_path}.")
    if settings.default == endpoint.name:
        tell(f"{endpoint.name} is the default: `bptui` opens it.")
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class _Form:
    """What was given on the command line, completed by questions where there is a terminal to ask on."""

    options: Mapping[str, Any]

    def endpoint(self) -> Endpoint:
        """Put the endpoint together.

        Raises:
            Failure: something is missing or cannot be meant.
        """
        is_wizard = not (self.options["name"] and self.options["url"] and self.options["access_id"])
        name = self._text("name", "Name of the appliance")
        mistake = name_mistake(name)
        if mistake:
            raise Failure(Exit.USAGE, f"{visible(name)!r}: {mistake}")
        url = _url(self._text("url", "Address of its data path"))
        access_id = self._text("access_id", "Access id")
        ca_file: Path | None = self.options["ca_file"]
        endpoint = Endpoint(
            name=EndpointName(name),
            url=url,
            access_id=access_id,
            writes=self._writes(is_wizard=is_wizard),
            interval_seconds=self.options["interval"],
            is_prod=self.options["prod"],
            ca_file=ca_file.resolve() if ca_file else None,
            pin_sha256=_pin(self.options["pin"]),
            is_insecure=self.options["insecure"],
            proxy=self.options["proxy"],
        )
        if sum((endpoint.ca_file is not None, endpoint.pin_sha256 is not None, endpoint.is_insecure)) > 1:
            raise Failure(Exit.USAGE, "--ca-file, --pin and --insecure contradict each other: give one of them.")
        return endpoint

    def secret(self) -> SecretSource:
        """Say where the secret is; asks for it when it is to be kept in the file.

        Raises:
            Failure: two places were given, or none holds anything.
        """
        variable, command = self.options["secret_env"], self.options["secret_command"]
        if sum(map(bool, (variable, command, self.options["is_in_keyring"]))) > 1:
            raise Failure(
                Exit.USAGE, "--secret-env, --secret-command and --keyring contradict each other: give one of them."
            )
        if variable:
            return EnvironmentSecret(variable)
        if command:
            return CommandSecret(_words(command))
        return StoredSecret(_typed_secret())

    def _text(self, option: str, question: str) -> str:
        given = self.options[option]
        if given:
            return str(given).strip()
        if not has_terminal():
            argument = "--access-id" if option == "access_id" else option.upper()
            raise Failure(Exit.USAGE, f"{argument} is missing, and there is no terminal to ask on.")
        return str(click.prompt(question, err=True)).strip()

    def _writes(self, *, is_wizard: bool) -> Writes:
        given = self.options["writes"]
        if given is None and is_wizard and has_terminal():
            choice = click.Choice([one.value for one in Writes])
            given = click.prompt("May jobs be closed there", type=choice, default=Writes.ASK.value, err=True)
        return Writes.ASK if given is None else Writes(given)


def _kept(name: str, source: SecretSource) -> SecretSource:
    """Move a secret that was typed into the key ring."""
    if isinstance(source, StoredSecret):
        try:
            keep_in_keyring(name, source.secret)
        except SecretError as error:
            raise Failure(Exit.FAILED, f"{error}\nNothing was saved.") from None
    return KeyringSecret(name)


def _url(text: str) -> str:
    try:
        address = parse_address(text)
    except AddressError as error:
        raise Failure(Exit.USAGE, str(error)) from None
    if address.is_scheme_assumed:
        tell(f"No scheme was given, so https is meant: {address.url}")
    return address.url


def _pin(text: str | None) -> str | None:
    if text is None:
        return None
    pin = normal_pin(text)
    if pin is None:
        raise Failure(Exit.USAGE, "--pin has to be the SHA-256 of the certificate: 64 hex digits, colons allowed.")
    return pin


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        words = ()
    if not words:
        raise Failure(Exit.USAGE, "--secret-command has to be a program and its arguments; no shell reads it.")
    return words


def _typed_secret() -> Secret:
    """Take the secret key from the keyboard without echo, or the first line of standard input."""
    if has_terminal():
        text: str = click.prompt("Secret key", hide_input=True, err=True)
    else:
        text = sys.stdin.readline()
    secret = Secret(text.strip())
    if not secret:
        raise Failure(Exit.USAGE, "No secret key: give it on standard input, or use --secret-env or --secret-command.")
    return secret


def _tested(configured: ConfiguredEndpoint, invocation: Invocation) -> ConfiguredEndpoint:
    """Log in; where the certificate is not trusted, offer to pin it.

    Raises:
        Failure: the login does not work, or the certificate was not accepted.
    """
    try:
        try:
            sentence = run_async(log_in(make_client(configured, invocation)))
        except TlsError as error:
            configured = replace(configured, endpoint=_pinned(configured.endpoint, invocation, error))
            sentence = run_async(log_in(make_client(configured, invocation)))
    except SecretError as error:
        raise Failure(Exit.DENIED, f"{configured.endpoint.name}: {error}\nNothing was saved.") from None
    except Ds3Error as error:
        sentence = f"{sentence_of(error.problem, configured.endpoint.name)}\nNothing was saved; --no-test saves anyway."
        raise Failure(exit_of(error.problem), sentence) from None
    tell(sentence)
    return configured


def _pinned(endpoint: Endpoint, invocation: Invocation, error: TlsError) -> Endpoint:
    """Show the certificate and, after a yes, accept exactly this one from now on.

    Raises:
        TlsError: the same again, when another way to trust was chosen already.
        Ds3Error: there is no certificate to be seen.
        Failure: the answer was not yes, or there is nobody to ask.
    """
    if endpoint.pin_sha256 or endpoint.ca_file or endpoint.is_insecure:
        raise error
    from bptui.ds3.trust import fetch_certificate  # noqa: PLC0415  # loads the wire

    seen = run_async(fetch_certificate(endpoint.url, proxy=endpoint.proxy, environ=invocation.environ))
    tell(f"{error.problem.sentence}\n{_certificate_sentence(seen)}")
    if not has_terminal():
        hint = f"Nothing was saved. If this fingerprint is the appliance's, give --pin {seen.sha256}"
        raise Failure(Exit.UNREACHABLE, hint)
    if not click.confirm("Is this the appliance's, and shall only this one be accepted?", default=False, err=True):
        raise Failure(Exit.UNREACHABLE, "Nothing was saved.")
    return replace(endpoint, pin_sha256=seen.sha256)


def _certificate_sentence(seen: CertificateSeen) -> str:
    """Write whose certificate it says it is, and its fingerprint in pairs as other tools print it."""
    pairs = ":".join(seen.sha256[at : at + 2] for at in range(0, len(seen.sha256), 2)).upper()
    until = "" if seen.not_after is None else f", valid until {seen.not_after:%Y-%m-%d}"
    issuer = "self-signed" if seen.is_self_signed else f"issued by {seen.issuer or 'nobody'}"
    return f"It says it is {seen.subject or 'nobody'}, {issuer}{until}.\nSHA-256 {pairs}"
