"""A verdict as sentences for a person, and as the evidence for a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bptui.model.job import Job
from bptui.model.reading import Reading, SourceState
from bptui.model.verdict import At, EndpointVerdict, Part, Phrase, Since, Size, Span, Unreadable, Verdict
from bptui.units import UNKNOWN, duration_text, size_text


def utc_text(moment: datetime) -> str:
    """A moment in UTC with its date."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


@dataclass(frozen=True, slots=True)
class Style:
    """How the person likes numbers and times to be written, and what time it is."""

    now_seconds: float
    """On the clock of the samples."""
    moment_text: Callable[[datetime], str] = utc_text
    is_decimal: bool = False
    now_utc: datetime | None = None


def sentence(verdict: Verdict, style: Style) -> str:
    """The whole verdict: what stands, cause, peers, checked, not readable, who.

    Holds words of the appliance and names that people gave: escape it before it is shown.
    """
    parts = [
        phrase_text(verdict.stands, style),
        *(phrase_text(phrase, style) for phrase in (*verdict.cause, *verdict.facts)),
        _listed("Checked", (phrase_text(phrase, style) for phrase in verdict.checked)),
        _listed("Not readable", (_unreadable_text(source) for source in verdict.unreadable)),
        verdict.who,
    ]
    return " ".join(_closed(part) for part in parts if part)


def evidence_text(job: Job, verdict: Verdict, style: Style) -> str:
    """The verdict with all its evidence, a line for each, to be pasted into a ticket; escape it before it is shown."""
    grade = f", {verdict.grade.value}" if verdict.grade else ""
    facts = [
        _closed(phrase_text(phrase, style)) for phrase in (verdict.stands, *verdict.cause, *verdict.facts) if phrase
    ]
    lines = [
        f"Job {job.job_id} ({job.request_type.value}, {job.priority.value}) {job.name or ''}".rstrip(),
        f"Bucket {job.bucket_name or UNKNOWN}, user {job.user_name or UNKNOWN}",
        f"Original {job.original_size_bytes} B, cached {job.cached_size_bytes} B, completed {job.completed_size_bytes} B",
        f"Why: {verdict.kind.value} (rule {verdict.rule}{grade})",
        *facts,
        *(f"Checked: {phrase_text(phrase, style)}" for phrase in verdict.checked),
        *(f"Not readable: {_unreadable_text(source)}" for source in verdict.unreadable),
        f"Who: {verdict.who or UNKNOWN}",
        f"As of {style.moment_text(style.now_utc)}" if style.now_utc else "",
    ]
    return "".join(f"{line}\n" for line in lines if line)


def endpoint_sentence(verdict: EndpointVerdict, style: Style) -> str:
    """A verdict about the whole appliance as sentences."""
    return " ".join(_closed(phrase_text(phrase, style)) for phrase in verdict.cause)


def phrase_text(phrase: Phrase, style: Style) -> str:
    """A phrase with its numbers and times in words."""
    return "".join(_part_text(part, style) for part in phrase)


def _part_text(part: Part, style: Style) -> str:
    if isinstance(part, At):
        return style.moment_text(part.moment)
    if isinstance(part, Size):
        return size_text(part.size_bytes, is_decimal=style.is_decimal)
    if isinstance(part, Span):
        return duration_text(part.seconds)
    if isinstance(part, Since):
        return f"{'>' if part.is_lower_bound else ''}{duration_text(style.now_seconds - part.seconds)}"
    return part


def _listed(head: str, items: Iterable[str]) -> str:
    found = ", ".join(items)
    return f"{head}: {found}" if found else ""


def _unreadable_text(unreadable: Unreadable) -> str:
    return f"{unreadable.source} ({state_text(unreadable.state)})"


def state_text(state: SourceState) -> str:
    """Why a source could not be read, in a few words."""
    if state.reading is Reading.FORBIDDEN:
        return "403"
    if state.reading is Reading.FAILED and state.why:
        return f"failed: {state.why}"
    return str(state.reading.value)


def _closed(text: str) -> str:
    first = text[:1].upper() + text[1:]
    return first if first.endswith((".", "!", "?")) else f"{first}."
