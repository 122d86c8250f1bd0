"""Secrets: had from where a person put them, and shown to nobody."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from pathlib import Path

import pytest

from bptui.credentials import CommandSecret, EnvironmentSecret, Secret, SecretError, StoredSecret, resolve

ENVIRON = {"PATH": os.environ["PATH"], "KEY": " s3cret\n", "EMPTY": "  ", "DS3_SECRET_KEY": "inherited"}


def command(code: str) -> CommandSecret:
    return CommandSecret((sys.executable, "-c", code))


def test_a_secret_does_not_show_itself() -> None:
    """Neither printing, formatting, logging nor pickling tells what it is."""
    secret = Secret("hunter2")
    shown = [repr(secret), str(secret), f"{secret}", "%s" % secret, repr({"a": secret}), repr(StoredSecret(secret))]  # noqa: UP031
    assert [text for text in shown if "hunter2" in text] == []
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_secrets_compare_by_value() -> None:
    """Two equal keys are the same key; an empty one is none."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("\ud800") == Secret("\ud800")
    assert not Secret("")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (StoredSecret(Secret("kept")), "kept"),
        (EnvironmentSecret("KEY"), "s3cret"),
        (command("print(' printed ')"), "printed"),
    ],
)
def test_sources(source: StoredSecret | EnvironmentSecret | CommandSecret, expected: str) -> None:
    """File, environment and command all give the key, trimmed."""
    assert resolve(source, environ=ENVIRON).reveal() == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (EnvironmentSecret("NIX"), "The environment variable NIX, which should hold the secret key, is not set."),
        (EnvironmentSecret("EMPTY"), "The environment variable EMPTY, which should hold the secret key, is not set."),
        (
            command("import sys; print('half'); sys.stderr.write('no such \\x1b[31mentry\\n'); sys.exit(3)"),
            f"The secret command {sys.executable} failed with status 3 and said: no such \\x1b[31mentry",
        ),
        (command("pass"), f"The secret command {sys.executable} printed nothing."),
        (CommandSecret(("/nowhere/pass",)), "No such file"),
        (CommandSecret(("pass\0",)), "could not be started"),
    ],
)
def test_what_goes_wrong_is_a_sentence(source: EnvironmentSecret | CommandSecret, expected: str) -> None:
    """The sentence names the variable or the command, with what it said, and never what it printed."""
    with pytest.raises(SecretError) as caught:
        resolve(source, environ=ENVIRON)
    assert expected in str(caught.value)
    assert "half" not in "".join(traceback.format_exception(caught.value))


def test_a_command_is_not_read_by_a_shell(tmp_path: Path) -> None:
    """Dollar signs and semicolons are arguments like any other."""
    source = CommandSecret((sys.executable, "-c", "import sys; print(sys.argv[1])", "$HOME; echo x"))
    assert resolve(source, environ=ENVIRON).reveal() == "$HOME; echo x"


def test_a_command_does_not_inherit_the_secret_of_another_endpoint() -> None:
    """The vendor's variable is not handed to programs."""
    source = command("import os; print(os.environ.get('DS3_SECRET_KEY'))")
    assert resolve(source, environ=ENVIRON).reveal() == "None"


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """When the time is up nothing of the command is left, and what it said is told."""
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    # The grandchild holds the pipe open for as long as it lives.
    grandchild = f"import time; f = open({str(pipe)!r}, 'w'); time.sleep(60)"
    source = command(
        "import subprocess, sys, time; "
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}]); "
        "sys.stderr.write('waiting for a finger\\n'); sys.stderr.flush(); time.sleep(60)"
    )
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(SecretError, match=r"did not end within 4 seconds and said: waiting for a finger"):
            resolve(source, environ=ENVIRON, timeout_seconds=4.0)
        os.set_blocking(descriptor, True)
        assert os.read(descriptor, 1) == b""
    finally:
        os.close(descriptor)


def test_what_a_good_command_says_is_passed_on() -> None:
    """A warning of the command reaches the person although it succeeded."""
    said: list[str] = []
    source = command("import sys; sys.stderr.write('touch your key\\n'); print('k')")
    assert resolve(source, environ=ENVIRON, narrate=said.append).reveal() == "k"
    assert said == ["touch your key"]
