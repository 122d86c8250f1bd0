"""The commands: the composition root that reads the config, builds everything and picks a front end."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the `bptui` command and end the process with its exit code."""
    # Here, because `import bptui.cli` alone stays free of the command line.
    from bptui.cli.loading import begin_loading  # noqa: PLC0415

    begin_loading()
    from bptui.cli.defects import DefectReporter  # noqa: PLC0415
    from bptui.cli.program import run  # noqa: PLC0415

    sys.excepthook = DefectReporter(os.environ)
    sys.exit(run(sys.argv[1:]))
