"""Ten nights on which somebody calls: what the first screen says, and one further key."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.appliance import BPTUI, Appliance
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

HASTY = (sys.executable, str(Path(__file__).parent / "hasty.py"), "240")
"""For what shows only after pauses of half an hour: both clocks go 240 times as fast."""

Night = Callable[..., Terminal]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """Open the screen over a night; `is_hasty` lets hours pass in seconds."""
    with ExitStack() as stack:

        def start(
            number: int, *, is_hasty: bool = False, speed: int = 1, columns: int = 120, rows: int = 40
        ) -> Terminal:
            speed = 240 if is_hasty else speed
            running = stack.enter_context(Appliance("--scenario", f"night-{number}", "--speed", speed))
            argv = [*HASTY, "--interval", "60"] if is_hasty else [*BPTUI, "--interval", "1"]
            return stack.enter_context(
                Terminal(argv, home=tmp_path, columns=columns, rows=rows, env={**running.env, "TZ": "UTC"})
            )

        yield start


def line(terminal: Terminal, word: str) -> str:
    """The first line of the screen with a word."""
    return next((text for text in terminal.text.splitlines() if word in text), "")


def prose(screen: str) -> str:
    """The text of the pane at the right, or of the only one, without its border and line breaks."""
    parts = (text.rpartition("││")[2].strip("│╭╮╰╯ ") for text in screen.splitlines())
    return " ".join(" ".join(parts).split())


def says(words: str) -> Callable[[str], bool]:
    """Whether the pane says this, wherever its lines break."""
    return lambda screen: words in prose(screen)


def test_night_1_the_restore_has_not_arrived(night: Night) -> None:
    """The restore is blocked, with what was staged and read; the media room names tape, state, label and place."""
    terminal = night(1)
    terminal.wait("restore for edit bay 3")
    terminal.press("j", "j", "j")
    terminal.wait(lambda _: "blocked" in line(terminal, "GET  NORM     restore for edit bay 3"))
    for word in ("Staged", "Sent", "Operator of the library"):
        terminal.wait(word)
    terminal.press("M")
    terminal.wait("EJECTED")
    for word in ("004540L8", "label “offsite wk 44”", "place “vault B, shelf 7”"):
        terminal.wait(word)


def test_night_2_ingest_fails_with_503(night: Night) -> None:
    """The header tells how much of the cache is reserved and where it throttles; `u` ranks who holds it."""
    terminal = night(2, columns=80, rows=24)
    terminal.wait("Cache 86 % reserved (throttles at 85 %)")
    terminal.press("u")
    terminal.wait("by user")
    terminal.wait("Moving")
    names = [text.split()[0].strip("│") for text in terminal.text.splitlines() if " TiB " in text or " GiB " in text]
    assert names[:3] == ["svc-veeam", "lindqvist", "mbarros"]
    terminal.press("u")
    terminal.wait("veeam-offsite")


def test_night_3_nothing_is_going_to_tape(night: Night) -> None:
    """One verdict in the header, to which the jobs point; the media room has a reason for each drive."""
    terminal = night(3)
    terminal.wait("None of 4 tape drives works.")
    terminal.wait("4 blocked")
    terminal.wait("See header")
    terminal.press("M")
    terminal.wait("TAPE_DRIVE_IN_ERROR")
    terminal.wait(lambda screen: screen.count("Drive needs service.") == 4)


def test_night_4_no_scratch_tapes(night: Night) -> None:
    """The job is blocked by a storage domain that is named; `!` lists what is affected."""
    terminal = night(4, is_hasty=True)
    terminal.wait("blocked >")
    terminal.wait("tape-first-copy")
    terminal.press("!")
    terminal.wait("only problems")
    terminal.wait(lambda screen: any("veeam-offsite" in row and "blocked" in row for row in screen.splitlines()))


def test_night_5_everything_stands(night: Night) -> None:
    """The data path is off, with the warning; the media room shows the silent node and the quiesced partition."""
    terminal = night(5)
    terminal.wait("data path is not activated")
    terminal.wait("4 blocked")
    terminal.press("M")
    terminal.wait(says("two active appliances on one tape partition can damage data"))
    terminal.wait(lambda _: "silent" in line(terminal, "bp-lab-1  "))
    terminal.wait(lambda _: "quiesced" in line(terminal, "LTO8-A  "))


def test_night_6_the_backup_must_be_done_by_six(night: Night) -> None:
    """The list tells speed and ETA once they are known; the detail has both sides."""
    terminal = night(6, is_hasty=True)
    terminal.wait(lambda _: "MiB/s" in line(terminal, "PUT  ") and "h" in line(terminal, "PUT  ")[-20:])
    terminal.press("3")
    terminal.wait(
        lambda screen: re.search(r"Rate received [\d.]+ MiB/s, written [\d.]+ MiB/s", prose(screen)) is not None
    )
    terminal.wait(lambda _: re.search(r"│ETA +[^ \N{EN DASH}]", line(terminal, "│ETA")) is not None)


def test_night_7_my_upload_disappeared(night: Night) -> None:
    """Canceled jobs stand in a group of their own, with the idle timer; the detail tells what had arrived."""
    terminal = night(7)
    terminal.wait("2 canceled in the last 12 h, 1 of them by the idle timer")
    terminal.press("j", "j", "j")
    terminal.wait(says("by the idle timer."))
    terminal.wait(says("26.9 GiB of 64.0 GiB had arrived, 0 B written"))
    terminal.wait(says("tanaka"))


def test_night_8_the_second_copy_is_missing(night: Night) -> None:
    """The job is not yet on all copies, with the target's failure; the media room tells which copies are needed."""
    terminal = night(8, is_hasty=True)
    terminal.wait("blocked")
    terminal.wait(says("Nothing reached all copies"))
    terminal.wait(says("reported NOT_ONLINE at"))
    terminal.wait(says("Completion needs every copy."))
    terminal.press("M")
    terminal.wait("Copies that buckets with waiting jobs need")
    terminal.wait("storage domain")
    terminal.wait(says("1 on another appliance or a cloud"))


def test_night_9_a_tape_goes_bad(night: Night) -> None:
    """The job with the appliance's own message is an error, re-planned; failures are told by tape and by drive."""
    terminal = night(9)
    terminal.wait("1 error")
    terminal.press("j", "j", "j", "j")
    terminal.wait(says("The appliance says"))
    terminal.wait(says("Re-planned onto other media at"))
    terminal.press("M")
    terminal.wait(lambda _: "DATA_CHECKPOINT_FAILURE" in line(terminal, "drive 10WT002148: 3"))
    terminal.wait(lambda screen: any(text.startswith("│ tape ") and ": 3 " in text for text in screen.splitlines()))


def test_night_10_them_or_us(night: Night) -> None:
    """Blindness is no job's state: the list stays, as of then; the media room tells what was tried and when it goes on."""
    terminal = night(10, speed=6)
    terminal.wait("offsite full week 47")
    terminal.wait("We are blind since")
    assert "offsite full week 47" in terminal.text
    terminal.press("M")
    terminal.wait("Last good data")
    terminal.wait(says("This says nothing about the jobs"))
    for word in ("Tried", "Next try"):
        terminal.wait(word)
