"""Writes what happens while watching without a screen: a line for people, or a JSON object a line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bptui.cli.wire_names import encode, iso
from bptui.model.endpoint import EndpointName
from bptui.model.job import Job
from bptui.model.verdict import Kind, Verdict
from bptui.monitor.events import EndpointRecovered, Noted, PollFailed
from bptui.monitor.why.sentence import Style, sentence
from bptui.monitor.why.words import word
from bptui.text import visible
from bptui.units import UNKNOWN, duration_text


@dataclass(frozen=True, slots=True)
class VerdictNews:
    """The verdict on a job is another one now."""

    endpoint: EndpointName
    at: datetime
    now_seconds: float
    job: Job
    verdict: Verdict
    """With its evidence."""
    before: Kind | None


class NewsWriter:
    """Standard output, a line for each piece of news, each flushed at once."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json

    def verdict(self, news: VerdictNews) -> None:
        """Say what a job does or waits for now."""
        text = sentence(news.verdict, Style(news.now_seconds))
        if self._is_json:
            self._write(_verdict_fields(news, text))
            return
        job = news.job
        who = f"{job.request_type.value} {job.name or UNKNOWN} {job.job_id}"
        self._say(news.at, news.endpoint, f"{word(news.verdict, news.now_seconds):<12}  {who}  {text}")

    def note(self, note: Noted) -> None:
        """Say something else that happened."""
        if self._is_json:
            self._write(
                _head("note", note.endpoint, note.at)
                | {"kind": note.kind.value, "job_id": note.job_id, "message": note.sentence}
            )
        else:
            about = f"{note.job_id}  " if note.job_id else ""
            self._say(note.at, note.endpoint, f"{note.kind.value:<12}  {about}{note.sentence}")

    def failed(self, failed: PollFailed) -> None:
        """Say that an appliance cannot be read."""
        if self._is_json:
            fields = {"kind": failed.problem.kind.value, "message": failed.problem.sentence}
            self._write(_head("unreachable", failed.endpoint, failed.at) | fields | {"next_at": iso(failed.next_at)})
        else:
            self._say(failed.at, failed.endpoint, f"{'unreachable':<12}  {failed.problem.sentence}")

    def recovered(self, recovered: EndpointRecovered) -> None:
        """Say that it can be read again."""
        if self._is_json:
            self._write(
                _head("reachable", recovered.endpoint, recovered.at) | {"down_seconds": round(recovered.down_seconds)}
            )
        else:
            text = f"{'reachable':<12}  Answers again, after {duration_text(recovered.down_seconds)}."
            self._say(recovered.at, recovered.endpoint, text)

    def _say(self, at: datetime, endpoint: EndpointName, text: str) -> None:
        self._line(f"{at.astimezone():%Y-%m-%d %H:%M:%S%z}  {visible(endpoint)}  {visible(text)}")

    def _write(self, fields: dict[str, Any]) -> None:
        self._line(encode(fields))

    def _line(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _head(event: str, endpoint: EndpointName, at: datetime) -> dict[str, Any]:
    return {"event": event, "at": iso(at), "endpoint": endpoint}


def _verdict_fields(news: VerdictNews, text: str) -> dict[str, Any]:
    job, verdict = news.job, news.verdict
    return _head("verdict", news.endpoint, news.at) | {
        "job_id": job.job_id,
        "name": job.name,
        "bucket_name": job.bucket_name,
        "user_name": job.user_name,
        "request_type": job.request_type.value,
        "original_size_in_bytes": job.original_size_bytes,
        "cached_size_in_bytes": job.cached_size_bytes,
        "completed_size_in_bytes": job.completed_size_bytes,
        "before": news.before.value if news.before else None,
        "kind": verdict.kind.value,
        "class": verdict.kind.kind_class.value,
        "is_stalled": verdict.kind.is_stalled,
        "grade": verdict.grade.value if verdict.grade else None,
        "actor": verdict.actor.value if verdict.actor else None,
        "rule": verdict.rule,
        "since_seconds": round(news.now_seconds - verdict.since_seconds, 1),
        "is_since_lower_bound": verdict.is_since_lower_bound,
        "limit_seconds": verdict.limit_seconds,
        "message": text,
    }
