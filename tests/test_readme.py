"""The README says what the code says."""

from __future__ import annotations

import pytest

from tests.readme import README, NoPlace, keys_text, stale, written


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
