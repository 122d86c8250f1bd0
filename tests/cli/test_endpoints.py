"""`bptui endpoint`: from nothing to a login that works, with no secret anywhere it does not belong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailingRing

from bptui.config.reading import load
from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, StoredSecret
from bptui.model.endpoint import EndpointName, Writes
from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator
from tests.cli.calling import Bptui

BP = EndpointName("bp")


@pytest.fixture(scope="session")
def encrypted() -> Iterator[RunningSimulator]:
    with RunningSimulator(Options(speed=0.0, tls=True)) as simulator:
        yield simulator


@pytest.fixture
def untroubled(standing: RunningSimulator) -> Iterator[RunningSimulator]:
    yield standing
    standing.set_faults([])


def test_add_and_use(bptui: Bptui, standing: RunningSimulator, place: Path) -> None:
    """The key comes on standard input, the login is tried, and then it is the default."""
    ran = bptui(
        "endpoint", "add", "bp", standing.endpoint, "--access-id", standing.access_key, typed=standing.secret_key
    )
    assert (ran.code, ran.out) == (0, "")
    assert "Logged in as demo" in ran.err
    assert standing.secret_key not in ran.err
    settings = load(place / "config.toml")
    assert settings.default == "bp"
    assert settings.endpoints[BP].secret == StoredSecret(Secret(standing.secret_key))
    assert bptui("jobs").code == 0
    shown = bptui("endpoint", "list")
    assert shown.code == 0
    assert shown.out.splitlines()[1].split()[:3] == ["bp", "yes", standing.endpoint]
    assert standing.secret_key not in shown.out + shown.err


def test_everything_that_can_be_said(bptui: Bptui, place: Path) -> None:
    """Every option arrives in the config; --no-test asks nobody."""
    ran = bptui(
        "endpoint", "add", "bp", "bp.example.test:8443", "--access-id", "id", "--secret-command", "pass show 'b p'",
        "--writes", "no", "--prod", "--interval", "30", "--proxy", "http://u:p@proxy.example.test:3128", "--pin",
        "AB:" * 31 + "AB", "--no-test",
    )  # fmt: skip
    configured = load(place / "config.toml").endpoints[BP]
    assert ran.code == 0
    assert "https is meant: https://bp.example.test:8443" in ran.err
    assert configured.secret == CommandSecret(("pass", "show", "b p"))
    one = configured.endpoint
    assert (one.url, one.writes, one.is_prod, one.interval_seconds) == (
        "https://bp.example.test:8443", Writes.NO, True, 30.0,
    )  # fmt: skip
    assert (one.pin_sha256, one.proxy) == ("ab" * 32, "http://u:p@proxy.example.test:3128")
    assert "u:p" not in bptui("endpoint", "list").out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["bp"], "URL is missing"),
        ([], "NAME is missing"),
        (["bp", "http://127.0.0.1:9"], "--access-id is missing"),
        (["bp", "ftp://x", "--access-id", "i"], "ftp:// is not supported"),
        (["env", "http://x", "--access-id", "i"], "choose another"),
        (["b\x1bp", "http://x", "--access-id", "i"], "has to be printable"),
        (["bp", "http://x", "--access-id", "i"], "No secret key"),
        (["bp", "http://x", "--access-id", "i", "--pin", "12"], "64 hex digits"),
        (["bp", "http://x", "--access-id", "i", "--insecure", "--pin", "ab" * 32], "contradict"),
        (["bp", "http://x", "--access-id", "i", "--secret-env", "A", "--secret-command", "b"], "contradict"),
        (["bp", "http://x", "--access-id", "i", "--secret-command", "'"], "no shell"),
    ],
)
def test_what_cannot_be_meant(bptui: Bptui, place: Path, arguments: list[str], word: str) -> None:
    """Usage is 2 with a sentence, and nothing is written."""
    ran = bptui("endpoint", "add", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert word in ran.err
    assert not (place / "config.toml").exists()


@pytest.mark.parametrize(("fault", "code"), [("forbidden", 4), ("management", 1), ("503", 5)])
def test_a_login_that_fails_saves_nothing(
    bptui: Bptui, untroubled: RunningSimulator, place: Path, fault: str, code: int
) -> None:
    """First the login, then the file."""
    untroubled.set_faults([fault])
    arguments = ["endpoint", "add", "bp", untroubled.endpoint, "--access-id", untroubled.access_key]
    ran = bptui(*arguments, typed=untroubled.secret_key)
    assert ran.code == code
    assert "Nothing was saved" in ran.err
    assert not (place / "config.toml").exists()


def test_a_name_that_is_there(bptui: Bptui, place: Path) -> None:
    """A second one of the same name wants --replace."""
    arguments = ["endpoint", "add", "bp", "http://a.example.test", "--access-id", "i", "--secret-env", "A", "--no-test"]
    assert bptui(*arguments).code == 0
    assert bptui(*arguments).code == 2
    assert bptui(*[word.replace("a.example", "b.example") for word in arguments], "--replace").code == 0
    configured = load(place / "config.toml").endpoints[BP]
    assert configured.endpoint.url == "http://b.example.test"
    assert configured.secret == EnvironmentSecret("A")


def test_an_unknown_certificate_is_shown(bptui: Bptui, encrypted: RunningSimulator, place: Path) -> None:
    """Without a terminal to ask on, the fingerprint is printed with the flag that accepts it; then it works."""
    arguments = ["endpoint", "add", "bp", encrypted.endpoint, "--access-id", encrypted.access_key]
    ran = bptui(*arguments, typed=encrypted.secret_key)
    assert ran.code == 5
    assert f"--pin {encrypted.certificate_sha256}" in ran.err
    assert not (place / "config.toml").exists()
    again = bptui(*arguments, "--pin", str(encrypted.certificate_sha256), typed=encrypted.secret_key)
    assert again.code == 0
    assert bptui("jobs").code == 0
    tested = bptui("endpoint", "test")
    assert "Its certificate is the pinned one." in tested.out


def test_another_certificate_than_the_pinned_one(bptui: Bptui, encrypted: RunningSimulator) -> None:
    """A pin that does not fit is no invitation to pin again."""
    arguments = ["endpoint", "add", "bp", encrypted.endpoint, "--access-id", encrypted.access_key]
    ran = bptui(*arguments, "--pin", "ab" * 32, typed=encrypted.secret_key)
    assert ran.code == 5
    assert "not the pinned one" in ran.err


def test_a_ca_file_and_insecure(bptui: Bptui, encrypted: RunningSimulator, place: Path) -> None:
    """The other two ways to trust."""
    ca_file = place / "ca.pem"
    ca_file.write_bytes(encrypted.ca_pem or b"")
    for trust in (["--ca-file", str(ca_file)], ["--insecure"]):
        arguments = ["endpoint", "add", trust[0].strip("-"), encrypted.endpoint, "--access-id", encrypted.access_key]
        assert bptui(*arguments, *trust, typed=encrypted.secret_key).code == 0
    assert "NOT checked" in bptui("endpoint", "test", "insecure").out
    assert str(ca_file) in bptui("endpoint", "test", "ca-file").out


class Ring(KeyringBackend):
    """A key ring that lives as long as a test."""

    priority = 1  # type: ignore[assignment]  # a property in the base, a number in every backend

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_key_in_the_key_ring(bptui: Bptui, standing: RunningSimulator, place: Path, ring: Ring) -> None:
    """The key goes into the key ring and not into the file, and leaves it with the endpoint."""
    arguments = ["endpoint", "add", "bp", standing.endpoint, "--access-id", standing.access_key, "--keyring"]
    assert bptui(*arguments, typed=standing.secret_key).code == 0
    assert ring.kept == {("bptui", "bp"): standing.secret_key}
    assert standing.secret_key not in (place / "config.toml").read_text()
    assert bptui("jobs").code == 0
    assert "key ring bp" in bptui("endpoint", "list").out
    assert bptui("endpoint", "remove", "bp", "--yes").code == 0
    assert ring.kept == {}


def test_a_key_ring_that_does_not_work(bptui: Bptui, place: Path) -> None:
    """Without a usable key ring nothing is saved, and the sentence says so."""
    before = keyring.get_keyring()
    keyring.set_keyring(FailingRing())
    arguments = ["endpoint", "add", "bp", "http://x.example.test", "--access-id", "i", "--keyring", "--no-test"]
    ran = bptui(*arguments, typed="s3cret")
    keyring.set_keyring(before)
    assert ran.code == 1
    assert "key ring" in ran.err
    assert "Nothing was saved." in ran.err
    assert not (place / "config.toml").exists()


def test_remove_and_default(bptui: Bptui, place: Path) -> None:
    """Removing wants a yes; the default can be moved."""
    for name in ("a", "b"):
        arguments = ["http://x.example.test", "--access-id", "i", "--no-test"]
        assert bptui("endpoint", "add", name, *arguments, typed="s3cret").code == 0
    assert bptui("endpoint", "default", "b").code == 0
    assert load(place / "config.toml").default == "b"
    assert bptui("endpoint", "remove", "b").code == 2
    assert bptui("endpoint", "remove", "b", "--yes").code == 0
    assert bptui("endpoint", "remove", "b", "--yes").code == 2
    assert bptui("endpoint", "default", "b").code == 2
    assert list(load(place / "config.toml").endpoints) == ["a"]
    assert bptui("-e", "a", "endpoint", "list").code == 2


def test_path(bptui: Bptui, place: Path) -> None:
    """Where the config is, for scripts and editors."""
    assert bptui("endpoint", "path").out == f"{place / 'config.toml'}\n"
    assert bptui("endpoint", "path", "--config", "/elsewhere.toml").out == "/elsewhere.toml\n"


def test_the_steps_of_a_test(bptui: Bptui, untroubled: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Login, release, clock, health, jobs and what the key may read, a sentence each."""
    monkeypatch.setenv("DS3_ENDPOINT", untroubled.endpoint)
    monkeypatch.setenv("DS3_ACCESS_KEY", untroubled.access_key)
    monkeypatch.setenv("DS3_SECRET_KEY", untroubled.secret_key)
    ran = bptui("endpoint", "test")
    words = ["Logged in as demo", "Release 5.8", "Its clock agrees", "Healthy", "running jobs are visible", "readable"]
    assert (ran.code, ran.err) == (0, "")
    assert [word for word in words if word not in ran.out] == []
    untroubled.set_faults(["forbidden:path=/_rest_/cache_state*", "503:path=/_rest_/system_health*"])
    ran = bptui("endpoint", "test", "env")
    assert ran.code == 5
    assert ["cache_state", "not", "allowed"] in [line.split() for line in ran.out.splitlines()]
    assert "running jobs are visible" in ran.out
