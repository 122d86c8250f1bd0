"""Reads of one job no more than its root tag: all that is read of the answer to a close."""

from __future__ import annotations

from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.limits import ParseError
from bptui.model.job import Job


class JobRootParser:
    """Reads a job's own attributes from the root tag of an answer and lets the chunks and objects go."""

    def __init__(self) -> None:
        self._inner = JobParser()

    def feed(self, data: bytes) -> None:
        """Take a piece; what follows the root tag may be anything."""
        try:
            self._inner.feed(data)
        except ParseError:
            if self._inner.root is None:
                raise

    def is_enough(self) -> bool:
        """Whether the root tag was read."""
        return self._inner.root is not None

    def close(self) -> Job:
        """Return the job."""
        return self._inner.root or self._inner.close().job
