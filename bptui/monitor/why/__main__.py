"""Prints the rules as Markdown: `python -m bptui.monitor.why`."""

from __future__ import annotations

import sys

from bptui.monitor.why.table import markdown

sys.stdout.write(markdown())
