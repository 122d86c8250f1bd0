"""Lines for the events pane about verdicts: a job went past its limit, needs somebody, or moves again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bptui.model.endpoint import EndpointName
from bptui.model.job import Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import EndpointVerdict, Kind
from bptui.monitor.events import Noted, NoteKind
from bptui.monitor.why.endpoint import ENDPOINT_RULES
from bptui.monitor.why.history import Instant
from bptui.monitor.why.sentence import Style, endpoint_sentence
from bptui.monitor.why.stability import News, NewsKind
from bptui.monitor.why.words import word
from bptui.units import duration_text

SINGLY_MOST = 10
"""More lines of one kind than this at once are said as one."""
QUIET_SECONDS = 600.0
"""A verdict about the appliance that was away for less than this is not rung again."""
BLINDNESS = "E10"

_KINDS = {
    NewsKind.PAST_LIMIT: NoteKind.VERDICT,
    NewsKind.MOVES_AGAIN: NoteKind.VERDICT,
    NewsKind.ALARM: NoteKind.ALARM,
}
_MANY = {
    NewsKind.PAST_LIMIT: "{count} jobs stand now: {kinds}.",
    NewsKind.MOVES_AGAIN: "{count} jobs move again: {kinds}.",
    NewsKind.ALARM: "{count} jobs need somebody: {kinds}.",
}


def verdict_notes(snapshot: JobsSnapshot, news: Sequence[tuple[JobId, News]], now: Instant) -> Iterator[Noted]:
    """A line for each piece of news, or one for many of a kind."""
    for kind in NewsKind:
        of_kind = [(job_id, item) for job_id, item in news if item.kind is kind]
        if len(of_kind) > SINGLY_MOST:
            yield _together(snapshot.endpoint, kind, [item for _, item in of_kind], now)
            continue
        for job_id, item in of_kind:
            if job := snapshot.job(job_id):
                yield Noted(snapshot.endpoint, now.utc, _KINDS[kind], job_id, _sentence(job, item, now))


def _together(endpoint: EndpointName, kind: NewsKind, items: Sequence[News], now: Instant) -> Noted:
    counts = Counter(item.verdict.kind.value for item in items)
    kinds = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    return Noted(endpoint, now.utc, _KINDS[kind], None, _MANY[kind].format(count=len(items), kinds=kinds))


def _sentence(job: Job, item: News, now: Instant) -> str:
    who = f"{job.request_type.value} “{job.name}”" if job.name else job.request_type.value
    short = word(item.verdict, now.seconds)
    if item.kind is NewsKind.MOVES_AGAIN:
        return f"{who} moves again: {short}"
    if item.verdict.kind is Kind.CANCELED:  # the only way in which an end is news: nobody wanted it
        return f"{who} was canceled by the idle timer"
    limit = item.verdict.limit_seconds
    normal = f" (normal up to {duration_text(limit)})" if limit is not None else ""
    return f"{who} {'needs somebody' if item.kind is NewsKind.ALARM else 'stands'}: {short}{normal}"


class EndpointNotes:
    """Says once when something is wrong with the appliance as a whole, and when it is over.

    Being blind is left out: the line that the endpoint went down says so already.
    """

    def __init__(self, endpoint: EndpointName) -> None:
        self._endpoint = endpoint
        self._holding: set[str] = set()
        self._last_held: dict[str, float] = {}

    def notes(self, verdicts: Sequence[EndpointVerdict], now: Instant) -> Iterator[Noted]:
        """The lines for what began and what ended since the last time."""
        holding = {verdict.rule for verdict in verdicts} - {BLINDNESS}
        for verdict in verdicts:
            if verdict.rule in holding - self._holding and self._is_news(verdict.rule, now):
                sentence = endpoint_sentence(verdict, Style(now.seconds, now_utc=now.utc))
                yield Noted(self._endpoint, now.utc, NoteKind.ALARM, None, sentence)
        for rule in sorted(self._holding - holding):
            yield Noted(self._endpoint, now.utc, NoteKind.ENDPOINT, None, f"No longer so: {_TOLD[rule]}.")
        self._holding = holding
        self._last_held |= dict.fromkeys(holding, now.seconds)

    def _is_news(self, rule: str, now: Instant) -> bool:
        last = self._last_held.get(rule)
        return last is None or now.seconds - last >= QUIET_SECONDS


_TOLD = {rule: told for rule, told, _ in ENDPOINT_RULES}
