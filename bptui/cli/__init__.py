"""The commands: the composition root that reads the config, builds everything and picks a front end."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the `bptui` command and end the process with its exit code."""
    from bptui.cli.program import run  # noqa: PLC0415  # `import bptui.cli` alone stays free of the command line

    sys.exit(run(sys.argv[1:]))
