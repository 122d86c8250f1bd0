"""What commands say to the person at standard error, while standard output stays for data."""

from __future__ import annotations

import sys

from bptui.model.problem import Problem
from bptui.text import visible


def tell(sentence: str) -> None:
    """Say something on standard error, line by line, with everything hostile escaped."""
    for line in sentence.split("\n"):
        sys.stderr.write(f"bptui: {visible(line)}\n")
    sys.stderr.flush()


def has_terminal() -> bool:
    """Whether somebody can be asked: there are a keyboard, and a screen for what is no data."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def sentence_of(problem: Problem, endpoint: str) -> str:
    """Write a problem as a sentence: what happened, to what, what to do next, and what support asks for."""
    request = f" (request id {problem.request_id})" if problem.request_id else ""
    advice = f" {problem.advice}" if problem.advice else ""
    return f"{endpoint}: {problem.sentence}{advice}{request}"


def prepare_streams() -> None:
    """Let no character stop the output: what an odd locale cannot encode is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
