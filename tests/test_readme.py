"""The README says what the code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.readme import README, NoPlace, bench_text, keys_text, section_written, stale, written


def test_the_readme_is_up_to_date() -> None:
    """Keys and rules in the README are those of the code; `make readme` writes them."""
    assert list(stale(README.read_text(encoding="utf-8"))) == []


def test_sections_are_written_between_their_marks() -> None:
    """What stands around them stays, and writing twice changes nothing."""
    before = "# A\n<!-- keys:begin (x) -->\nfrom last year\n<!-- keys:end -->\nbetween\n<!-- why:begin -->\n<!-- why:end -->\nend\n"
    once = written(before)
    assert once == written(once)
    assert once.startswith("# A\n<!-- keys:begin (x) -->\n")
    assert once.endswith("<!-- why:end -->\nend\n")
    assert "from last year" not in once
    assert "between" in once
    assert list(stale(once)) == []
    assert list(stale(before)) == ["keys", "why"]


def test_a_readme_without_marks_is_not_guessed_at() -> None:
    """Where to write is said by the marks alone."""
    with pytest.raises(NoPlace, match="keys"):
        written("# A\n")


def test_every_action_has_a_row() -> None:
    """A row names the keys as the footer shows them, and the id that the config takes."""
    assert "| `X` | Close the aggregating job under the cursor, after asking. | `close_jobs` |" in keys_text()


def test_a_bench_is_written_with_what_was_wanted_of_it(tmp_path: Path) -> None:
    """A figure that falls short says so, and what it is compared with is there."""
    figure = {"id": 8, "name": "start | list", "ours": 0.45, "baseline": 0.22, "unit": "s", "ratio": 2.045, "goal": 1.3}
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps([{**figure, "met": False, "wants": "ratio at most goal"}]), encoding="utf-8")
    text = bench_text(bench)
    assert "| 8 | start \\| list | 0.45 s | 0.22 s | 2 | 1.3 of it at most | **not met** |" in text
    readme = section_written("<!-- bench:begin -->\nold\n<!-- bench:end -->\n", "bench", text)
    assert "old" not in readme
