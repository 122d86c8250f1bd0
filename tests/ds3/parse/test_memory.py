"""An answer that was read, given up or refused leaves nothing behind: a day of polls is tens of thousands of them."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path

import pytest

from bptui.ds3.parse.limits import SMALL_LIMITS
from bptui.ds3.parse.stream import XmlStream

SAMPLES = Path(__file__).parents[2] / "data" / "samples"

SCRIPT = """
import os, subprocess, sys
from contextlib import suppress
from pathlib import Path
from bptui.ds3.parse.job import JobParser
from bptui.ds3.parse.jobs import JobsParser, KnownJobs
from bptui.ds3.parse.limits import ParseError
from bptui.ds3 import questions

make = {"jobs": JobsParser, "known jobs": lambda: JobsParser(known), "job": JobParser, "nodes": questions.nodes().parser}[sys.argv[1]]
known, body, fate = KnownJobs(), Path(sys.argv[2]).read_bytes(), sys.argv[3]
if fate != "whole":
    body = body[: len(body) // 2]

def read(times):
    for _ in range(times):
        parser = make()
        parser.feed(body)
        if fate != "given up":
            with suppress(ParseError):
                parser.close()
    return 1024 * int(subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True).stdout)

before = read(500)
print(read(4000) - before)
"""
"""Prints by how many bytes the process has grown over 4,000 answers; in a process of its own, whose memory nobody else
uses."""


@pytest.mark.parametrize("fate", ["whole", "cut off", "given up"])
@pytest.mark.parametrize(
    ("kind", "sample"),
    [("jobs", "get_jobs.xml"), ("known jobs", "get_jobs.xml"), ("job", "get_job_put.xml"), ("nodes", "get_nodes.xml")],
    ids=["jobs", "known jobs", "job", "nodes"],
)
def test_what_an_answer_took_is_given_back(kind: str, sample: str, fate: str) -> None:
    """Whatever became of it; half a kilobyte that stayed would be two megabytes here."""
    command = [sys.executable, "-c", SCRIPT, kind, str(SAMPLES / sample), fate]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    assert int(ran.stdout) < 800_000


class Taken:
    """A target that takes what it is told."""

    def __init__(self) -> None:
        self.tags: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tags.append(tag)

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_was_read_does_not_wait_for_the_garbage_collector(*, is_whole: bool) -> None:
    """The parsers of lxml are cycles; values that hang on them would stay for good where the collector puts them aside."""
    gc.disable()
    try:
        target = Taken()
        stream = XmlStream(target, SMALL_LIMITS)
        stream.feed(b"<Jobs><Job/>")
        if is_whole:
            stream.feed(b"</Jobs>")
            stream.close()
        assert target.tags == ["Jobs", "Job"]
        watched = weakref.ref(target)
        del target, stream
        assert watched() is None
    finally:
        gc.enable()
