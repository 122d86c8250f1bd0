"""The log file: private, harmless to read, and never a reason to stop."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from bptui.cli.logs import FILE_NAME, log_to

LOGGER = logging.getLogger("bptui.test")


def test_warnings_are_kept_for_the_owner(tmp_path: Path) -> None:
    """What is logged can be read in a terminal without harm, by nobody else."""
    with log_to(tmp_path / "logs"):
        LOGGER.info("not this")
        LOGGER.warning("a job called %s", "\x1b[31m\u202e")
    LOGGER.warning("nor this")
    kept = tmp_path / "logs" / FILE_NAME
    (line,) = kept.read_text().splitlines()
    assert line.endswith("WARNING bptui.test: a job called \\x1b[31m\\u202e")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_no_place_for_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file nothing is logged, and nothing is printed either."""
    (tmp_path / "logs").write_text("")
    with log_to(tmp_path / "logs"):
        LOGGER.error("lost")
    link = tmp_path / "linked"
    link.mkdir()
    (link / FILE_NAME).symlink_to(tmp_path / "elsewhere")
    with log_to(link):
        LOGGER.error("lost")
    assert not (tmp_path / "elsewhere").exists()
    assert capsys.readouterr() == ("", "")
