"""Small changes to the config file, with everything else left as it was."""

from __future__ import annotations

import dataclasses
import stat
import threading
from pathlib import Path

import pytest

from bptui.config.mistakes import ConfigError
from bptui.config.reading import load
from bptui.config.settings import ConfiguredEndpoint
from bptui.config.writing import add, remove, set_default
from bptui.credentials import CommandSecret, EnvironmentSecret, KeyringSecret, Secret, StoredSecret
from bptui.model.endpoint import Endpoint, EndpointName, Writes

PROD = ConfiguredEndpoint(
    Endpoint(
        EndpointName("prod"),
        "https://bp.example.test",
        "aWQ=",
        writes=Writes.YES,
        interval_seconds=7.5,
        is_prod=True,
        pin_sha256="ab" * 32,
        proxy="",
    ),
    CommandSecret(("pass", "show", "prod")),
)
LAB = ConfiguredEndpoint(
    Endpoint(EndpointName("lab 'x'"), "http://lab.example.test:8080", "aWQy", is_insecure=True),
    StoredSecret(Secret('s"e\\cret')),
)
PLAIN = ConfiguredEndpoint(
    Endpoint(EndpointName("plain"), "https://plain.example.test", "aWQz", ca_file=Path("/etc/ca.pem")),
    EnvironmentSecret("PLAIN_KEY"),
)
RINGED = ConfiguredEndpoint(
    Endpoint(EndpointName("ringed"), "https://ringed.example.test", "aWQ0"), KeyringSecret("an entry")
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "config.toml"


def test_what_is_added_is_read_again(path: Path) -> None:
    """Endpoints come back exactly as they were added; the first is the default."""
    for configured in (PROD, LAB, PLAIN, RINGED):
        written = add(path, configured)
        assert written == load(path)
    settings = load(path)
    assert list(settings.endpoints.values()) == [PROD, LAB, PLAIN, RINGED]
    assert settings.default == "prod"
    assert settings.warnings == ()


def test_only_the_owner_can_read_what_is_written(path: Path) -> None:
    """File 600, folder 700, also when the file was more open before."""
    add(path, PROD)
    path.chmod(0o644)
    add(path, LAB)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


COMMENTED = """\
# My appliances.

theme = "light"  # the office is bright
from_the_future = [1, 2]

[keys]
close_job = "X" # big

# The big one.
[endpoints.prod]
url = "old.example.test"   # moved in May
access_id = "b2xk"
secret_key = "old"  # rotate
rack = 7

[other]
x = 1
"""


def test_comments_and_unknown_keys_stay(path: Path) -> None:
    """A change touches its own keys and nothing else."""
    path.parent.mkdir()
    path.write_text(COMMENTED)
    add(path, PROD, is_replacement=True)
    text = path.read_text()
    kept = [
        "# My appliances.",
        'theme = "light"  # the office is bright',
        "from_the_future = [1, 2]",
        'close_job = "X" # big',
        "# The big one.",
        "# moved in May",
        "rack = 7",
        "[other]\nx = 1",
    ]
    assert [part for part in kept if part not in text] == []
    assert "old" not in text
    assert load(path).endpoints["prod"] == PROD


def test_the_default_can_be_set_and_goes_with_its_endpoint(path: Path) -> None:
    """The default always names an endpoint that is there."""
    path.parent.mkdir()
    path.write_text(COMMENTED)
    add(path, LAB)
    assert set_default(path, LAB.endpoint.name).default == LAB.endpoint.name
    assert load(path).default == LAB.endpoint.name
    remove(path, LAB.endpoint.name)
    assert load(path).default is None
    assert list(load(path).endpoints) == ["prod"]
    remove(path, EndpointName("prod"))
    assert load(path).endpoints == {}
    assert "secret" not in path.read_text()


@pytest.mark.parametrize("text", ["theme = \n", '[endpoints.prod]\nurl = "a b"\n', "\ufffe\x00"])
def test_a_broken_file_is_never_overwritten(path: Path, text: str) -> None:
    """Who cannot read a file does not write it."""
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ConfigError):
        add(path, PROD)
    with pytest.raises(ConfigError):
        remove(path, EndpointName("prod"))
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_refusals(path: Path) -> None:
    """A name that is there is not added twice; one that is not cannot be removed or made the default."""
    add(path, PROD)
    before = path.read_text()
    changed = dataclasses.replace(PROD, secret=EnvironmentSecret("OTHER"))
    with pytest.raises(ConfigError, match="there already is an endpoint 'prod'"):
        add(path, changed)
    with pytest.raises(ConfigError, match="there is no endpoint 'nix'"):
        remove(path, EndpointName("nix"))
    with pytest.raises(ConfigError, match="there is no endpoint 'nix'"):
        set_default(path, EndpointName("nix"))
    assert path.read_text() == before


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    """A symbolic link is not written through, and not replaced."""
    target = tmp_path / "target.toml"
    target.write_text("")
    path.parent.mkdir()
    path.symlink_to(target)
    with pytest.raises(ConfigError, match="symbolic link"):
        add(path, PROD)
    assert path.is_symlink()
    assert target.read_text() == ""


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """No traceback for a place where nothing can be made."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="the file cannot be changed"):
        add(tmp_path / "file" / "config.toml", PROD)


def test_two_at_once_lose_nothing(path: Path) -> None:
    """Changes made at the same time are made one after the other."""
    names = [EndpointName(f"bp{number}") for number in range(12)]
    changes = [
        threading.Thread(
            target=add, args=(path, ConfiguredEndpoint(dataclasses.replace(PROD.endpoint, name=name), PROD.secret))
        )
        for name in names
    ]
    for change in changes:
        change.start()
    for change in changes:
        change.join()
    assert sorted(load(path).endpoints) == sorted(names)
