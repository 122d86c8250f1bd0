"""What a person sees when bptui itself is at fault: a sentence and a file to send, not a page of code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

from bptui import __version__
from bptui.cli.narration import tell
from bptui.paths import log_dir
from bptui.text import visible


class DefectReporter:
    """Takes the place of `sys.excepthook`: keeps the traceback in a file, and tells where it is.

    A traceback holds source lines and messages, no values of variables, so no secret.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report an exception that nobody expected; the interpreter then ends with 1."""
        text = "".join(traceback.format_exception(kind, error, trace))
        tell(f"This is a defect of bptui: {kind.__name__}: {error}")
        try:
            tell(f"The details are in {self._keep(text)}; please send it with a description of what you did.")
        except OSError:
            # Nowhere to keep them: then here, where they can be copied from.
            tell(text)

    def _keep(self, text: str) -> str:
        folder = log_dir(self._environ)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = datetime.now(UTC)
        path = folder / f"defect-{at:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123  # a descriptor
            file.write(f"bptui {__version__}, Python {sys.version}, {sys.platform}, {at.isoformat()}\n\n")
            # Whoever reads the file does so on a terminal, and a message may hold the appliance's words.
            file.writelines(f"{visible(line)}\n" for line in text.splitlines())
        return str(path)
