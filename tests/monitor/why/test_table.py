"""The table for readers comes from the rows that are evaluated."""

from __future__ import annotations

import subprocess
import sys

from bptui.monitor.why.endpoint import ENDPOINT_RULES
from bptui.monitor.why.media import MEDIA_RULES
from bptui.monitor.why.rules import RULES
from bptui.monitor.why.table import markdown


def test_every_row_is_printed() -> None:
    """One line of Markdown a row, and a head for each table."""
    rows = [line for line in markdown().splitlines() if line.startswith("| ")]
    assert len(rows) == len(RULES) + len(MEDIA_RULES) + len(ENDPOINT_RULES) + 2 * 6


def test_it_is_printed_by_the_package() -> None:
    """`python -m bptui.monitor.why` prints it."""
    found = subprocess.run([sys.executable, "-m", "bptui.monitor.why"], capture_output=True, text=True, check=True)
    assert found.stdout == markdown()
