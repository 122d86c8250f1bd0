"""An answer that was read, given up or refused leaves nothing behind: a day of polls is tens of thousands of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
