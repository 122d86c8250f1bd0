"""The config file as people write it, and what they are told about their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.config.environment import endpoint_from_environment
from bptui.config.mistakes import ConfigError
from bptui.config.reading import load, read
from bptui.config.settings import ConfiguredEndpoint, Look, Settings
from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, SecretError, StoredSecret
from bptui.model.endpoint import Endpoint, EndpointName, Writes

PIN = "0123456789abcdef" * 4

EVERYTHING = f"""
default = "lab"
theme = "ansi"
mouse = false
ascii = true
decimal = true
time = "utc"

[keys]
close_job = "X"
move_down = ["j", "down"]

[endpoints.prod]
url = "bp.example.test"
access_id = " aWQ= "
secret_env = "BP_SECRET"
writes = "no"
ca_file = "certs/bp.pem"
proxy = ""
interval = 15
prod = true

[endpoints.lab]
url = "http://lab.example.test:8080"
access_id = "aWQy"
secret_command = "pass show 'lab key'"
insecure = true

[endpoints."at home"]
url = "https://home.example.test"
access_id = "aWQz"
secret_key = "s3cret"
writes = "yes"
pin = "{":".join(PIN[i : i + 2].upper() for i in range(0, 64, 2))}"
"""

ENDPOINT = '[endpoints.prod]\nurl = "bp.example.test"\naccess_id = "aWQ="\nsecret_env = "BP"\n'


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, Path("c.toml"))
    return [str(mistake) for mistake in caught.value.mistakes]


def test_everything_there_is_to_say() -> None:
    """Every key has its meaning; what is left out has its default."""
    prod, lab, home = EndpointName("prod"), EndpointName("lab"), EndpointName("at home")
    expected = Settings(
        endpoints={
            prod: ConfiguredEndpoint(
                Endpoint(
                    prod,
                    "https://bp.example.test",
                    "aWQ=",
                    writes=Writes.NO,
                    interval_seconds=15.0,
                    is_prod=True,
                    ca_file=Path("/etc/bptui/certs/bp.pem"),
                    proxy="",
                ),
                EnvironmentSecret("BP_SECRET"),
            ),
            lab: ConfiguredEndpoint(
                Endpoint(lab, "http://lab.example.test:8080", "aWQy", is_insecure=True),
                CommandSecret(("pass", "show", "lab key")),
            ),
            home: ConfiguredEndpoint(
                Endpoint(home, "https://home.example.test", "aWQz", writes=Writes.YES, pin_sha256=PIN),
                StoredSecret(Secret("s3cret")),
            ),
        },
        default=lab,
        look=Look(
            theme="ansi",
            has_mouse=False,
            is_ascii=True,
            is_decimal=True,
            time_display="utc",
            keys={"close_job": ("X",), "move_down": ("j", "down")},
        ),
    )
    assert read(EVERYTHING, Path("/etc/bptui/config.toml")) == expected


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    """A machine without a config file is a fresh one, not a broken one."""
    assert load(tmp_path / "config.toml") == Settings()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            'interval = "fast"',
            "c.toml, line 5: endpoints.prod.interval: this has to be a number from 1 to 86400, not 'fast'.",
        ),
        (
            "interval = 0.5",
            "c.toml, line 5: endpoints.prod.interval: this has to be a number from 1 to 86400, not 0.5.",
        ),
        (
            "interval = nan",
            "c.toml, line 5: endpoints.prod.interval: this has to be a number from 1 to 86400, not nan.",
        ),
        (
            "interval = 1e13",
            "c.toml, line 5: endpoints.prod.interval: this has to be a number from 1 to 86400, not 10000000000000.0.",
        ),
        ("prod = 1", "c.toml, line 5: endpoints.prod.prod: this has to be true or false, not 1."),
        (
            'writes = "maybe"',
            'c.toml, line 5: endpoints.prod.writes: this has to be one of "no", "ask", "yes", not \'maybe\'.',
        ),
        (
            'pin = "12:34"',
            (
                "c.toml, line 5: endpoints.prod.pin: this has to be the SHA-256 of the certificate: "
                "64 hex digits, colons allowed."
            ),
        ),
        (
            'proxy = "socks5://user:hunter2@proxy.example.test"',
            (
                "c.toml, line 5: endpoints.prod.proxy: this has to be http://host:port or https://host:port, "
                'or "" for no proxy.'
            ),
        ),
        (
            'secret_key = "hunter2"',
            "c.toml, line 1: endpoints.prod: exactly one of secret_env, secret_command, secret_keyring, secret_key has to be there, not 2.",
        ),
        (
            'insecure = true\nca_file = "x"',
            "c.toml, line 1: endpoints.prod: at most one of ca_file, pin, insecure can be there: they contradict each other.",
        ),
    ],
)
def test_mistakes_at_an_endpoint(change: str, expected: str) -> None:
    """A mistake is told with file, line, key and what is allowed, and never with a secret."""
    assert mistakes(ENDPOINT + change) == [expected]


@pytest.mark.parametrize("proxy", ["http://[bad", "http://user:hunter2@host:99999", "http://host:0", "host:3128"])
def test_no_proxy_makes_it_stumble(proxy: str) -> None:
    """What is no URL of a proxy is a mistake that says what is allowed, and not what was written."""
    (sentence,) = mistakes(f'{ENDPOINT}proxy = "{proxy}"')
    assert sentence.endswith('proxy: this has to be http://host:port or https://host:port, or "" for no proxy.')


def test_a_home_that_nobody_has_is_a_name_like_any_other() -> None:
    """A CA file in the home of nobody stays as it is written: that there is none is told when it is read."""
    settings = read(f'{ENDPOINT}ca_file = "~nobody-at-all/ca.pem"', Path("/etc/bptui/c.toml"))
    assert settings.endpoints[EndpointName("prod")].endpoint.ca_file == Path("/etc/bptui/~nobody-at-all/ca.pem")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("endpoints = 3", ["c.toml, line 1: endpoints: this has to be a table, not 3."]),
        ('theme = "pink"', ['c.toml, line 1: theme: this has to be one of "dark", "light", "ansi", not \'pink\'.']),
        ("keys = { x = 1 }", ["c.toml, line 1: keys.x: this has to be a text in quotes, or a list of them, not 1."]),
        ('default = "nix"', ["c.toml, line 1: default: there is no endpoint 'nix'."]),
        (
            '[endpoints.env]\nurl = "a"\naccess_id = "b"\nsecret_env = "c"',
            [
                'c.toml, line 1: endpoints.env: "env" is the name of the endpoint in the environment; choose another.',
            ],
        ),
        (
            "[endpoints.bare]\n",
            [
                "c.toml, line 1: endpoints.bare: url, the address of the appliance's data path, is missing.",
                (
                    "c.toml, line 1: endpoints.bare: exactly one of secret_env, secret_command, secret_keyring, secret_key has to be there, "
                    "not 0."
                ),
                "c.toml, line 1: endpoints.bare: access_id, the access id of the key, is missing.",
            ],
        ),
    ],
)
def test_mistakes_elsewhere(text: str, expected: list[str]) -> None:
    """All mistakes are told at once, in words a person can act on."""
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[endpoints\n", "c.toml, line 1: this is not TOML, column 11: "),
        ('\n\ntheme = "dark"\ntheme = "light"', "c.toml, line 4: this is not TOML, column 16: "),
    ],
)
def test_what_is_not_toml(text: str, place: str) -> None:
    """A slip in the notation is told with line and column."""
    assert [mistake[: len(place)] for mistake in mistakes(text)] == [place]


def test_the_line_is_that_of_the_key_whatever_the_notation() -> None:
    """Inline tables and values over several lines do not lead astray."""
    text = 'keys = { a = "b" } # keys\nendpoints.x = { url = "http://a", access_id = "i", secret_env = "S",  writes = 3 }\n'
    assert mistakes(text)[0].startswith("c.toml, line 2: endpoints.x.writes: ")
    text = '# theme = 1\n[keys]\na = [\n  "b",\n  "c",\n]\n\nb = [\n  1,\n]\n'
    assert mistakes(text) == ["c.toml, line 8: keys.b: this has to be a text in quotes, or a list of them, not [1]."]


def test_unknown_keys_are_warnings() -> None:
    """A key of a newer version, or a slip, is reported with its line and does no harm."""
    settings = read('colour = "red"\n' + ENDPOINT + "intervall = 3\n", Path("c.toml"))
    assert settings.warnings == (
        "c.toml, line 6: endpoints.prod.intervall: this key is not known; it is kept, and does nothing.",
        "c.toml, line 1: colour: this key is not known; it is kept, and does nothing.",
    )


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    """A file in another encoding is named with the line, not a traceback."""
    path = tmp_path / "config.toml"
    path.write_bytes(b'# fine\ntheme = "\xff"\n')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value) == f"{path}, line 2: this is not UTF-8 text."


def test_a_secret_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    """A stored secret in a file of mode 644, or behind a link, is warned of with the command that mends it."""
    path = tmp_path / "config.toml"
    path.write_text(ENDPOINT.replace("secret_env", "secret_key"))
    path.chmod(0o644)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    assert load(path).warnings == (f"{path} holds a secret key and others may read or write it; run: chmod 600 {path}",)
    assert load(link).warnings[0] == f"{link} holds a secret key and is a symbolic link; keep it as a file of its own."
    path.chmod(0o600)
    assert load(path).warnings == ()
    path.write_text(ENDPOINT)
    path.chmod(0o644)
    assert load(path).warnings == ()


def test_the_default_is_the_only_endpoint_or_the_named_one() -> None:
    """With one endpoint nobody need name it; with two, somebody has to."""
    one = read(ENDPOINT, Path("c.toml"))
    assert one.default_endpoint == one.endpoints[EndpointName("prod")]
    two = read(ENDPOINT + ENDPOINT.replace("prod", "lab"), Path("c.toml"))
    assert two.default_endpoint is None


def test_the_environment_alone_is_enough() -> None:
    """The vendor's three variables make an endpoint with no file, trimmed, and locked until asked."""
    environ = {"DS3_ENDPOINT": " bp.example.test:8080 ", "DS3_ACCESS_KEY": " aWQ= ", "DS3_SECRET_KEY": "s"}
    assert endpoint_from_environment(environ) == ConfiguredEndpoint(
        Endpoint(EndpointName("env"), "https://bp.example.test:8080", "aWQ="), EnvironmentSecret("DS3_SECRET_KEY")
    )
    assert endpoint_from_environment({"DS3_ACCESS_KEY": "x"}) is None


def test_half_an_environment_is_named() -> None:
    """An address without keys is told, not ignored."""
    with pytest.raises(SecretError) as caught:
        endpoint_from_environment({"DS3_ENDPOINT": "bp.example.test", "DS3_SECRET_KEY": "  "})
    expected = "DS3_ENDPOINT is set, but DS3_ACCESS_KEY and DS3_SECRET_KEY are not: all three belong together."
    assert str(caught.value) == expected


@given(
    st.dictionaries(
        st.sampled_from(["default", "theme", "mouse", "keys", "endpoints", "other"]),
        st.recursive(
            st.sampled_from(["x", "1", "true", '"text"', "[]", '["a"]', "1979-05-27", "nan"]),
            lambda inner: st.dictionaries(
                st.sampled_from(["prod", "url", "access_id", "secret_env", "secret_key", "pin", "interval", "ca_file"]),
                inner,
                max_size=4,
            ).map(lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"),
            max_leaves=6,
        ),
    )
)
def test_no_toml_makes_it_stumble(values: dict[str, str]) -> None:
    """Whatever types stand where, the answer is settings or a list of mistakes."""
    text = "".join(f"{key} = {value}\n" for key, value in values.items())
    try:
        outcome: object = read(text, Path("c.toml"))
    except ConfigError as error:
        outcome = error.mistakes
    assert outcome
