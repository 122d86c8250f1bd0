"""Our own mistakes, as a person meets them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bptui.cli.defects import DefectReporter


def provoke(reporter: DefectReporter) -> None:
    try:
        int("odd \x1b[31m")
    except ValueError as error:
        reporter(ValueError, error, error.__traceback__)


def test_a_defect_is_a_sentence_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The person sees what happened and where the details are; only they can read them."""
    provoke(DefectReporter({"BPTUI_LOG_DIR": str(tmp_path / "logs")}))
    (kept,) = (tmp_path / "logs").iterdir()
    err = capsys.readouterr().err
    assert "This is a defect of bptui: ValueError: invalid literal for int() with base 10: 'odd \\x1b[31m'\n" in err
    assert str(kept) in err
    assert "Traceback" not in err
    text = kept.read_text()
    assert "Traceback" in text
    assert "\x1b" not in text
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_defect_without_a_place_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nowhere to write, the details are printed, still harmless."""
    (tmp_path / "logs").write_text("")
    provoke(DefectReporter({"BPTUI_LOG_DIR": str(tmp_path / "logs")}))
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "\x1b" not in err
