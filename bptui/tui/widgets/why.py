"""How a verdict looks on the screen: the word of the Why column, and the sentences of the detail pane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style

from bptui.model.job import EndedJob, Ending, Job
from bptui.model.verdict import EndpointVerdict, Kind, KindClass, Phrase, Verdict
from bptui.monitor.why import sentence as phrases
from bptui.monitor.why.history import Instant
from bptui.monitor.why.words import word
from bptui.text import visible
from bptui.tui.display import Display
from bptui.tui.theme import Look
from bptui.tui.widgets.detail_rows import Fact
from bptui.tui.widgets.strips import Piece
from bptui.tui.widgets.words import ended_at
from bptui.units import UNKNOWN, short_duration

if TYPE_CHECKING:
    from bptui.monitor.why.facts import Evidence, Policy

IDLE_TIMER = "by the idle timer"


class Why(NamedTuple):
    """Everything that the detail pane says about why a job moves or stands."""

    verdict: Verdict
    """With its evidence."""
    explained_by: EndpointVerdict | None = None
    """What is wrong with the whole appliance, where that explains the job."""
    is_stale: bool = False
    """Whether the data are so old that this is only what was so."""


def class_style(look: Look, kind_class: KindClass) -> Style:
    """The colour of a class of verdicts; the word is always there too."""
    styles = {
        KindClass.MOVES: look.good,
        KindClass.WAITS: look.warn,
        KindClass.STOPPED: look.bad,
        KindClass.UNKNOWN: look.accent,
    }
    return styles.get(kind_class, look.dim)


TOO_EARLY = "..."
"""What stands in the list where one look is not enough to tell: no word, since it says nothing of the job."""


def why_piece(display: Display, verdict: Verdict | None, now_seconds: float, *, is_stale: bool = False) -> Piece:
    """The word for a running job, in at most twelve cells; of old data that never told anything, nothing."""
    look = display.look
    if verdict is None or verdict.kind is Kind.WATCHING:
        waiting = TOO_EARLY if look.is_ascii else look.glyphs.ellipsis
        return UNKNOWN if is_stale else waiting, look.dim
    return word(verdict, now_seconds), look.dim if is_stale else class_style(look, verdict.kind.kind_class)


def has_pace(verdict: Verdict | None) -> bool:
    """Whether a job goes on, so that its speed of the last half hour tells when it will be done."""
    standing = (KindClass.WAITS, KindClass.STOPPED)
    return verdict is None or verdict.kind.kind_class not in standing


def ended_piece(display: Display, ended: EndedJob, now: datetime, width: int) -> Piece:
    """How a job ended and when; where there is room, also that nobody but the idle timer ended it."""
    word = Kind.DONE.value if ended.ending is Ending.COMPLETED else ended.ending.value
    text = f"{word} {display.short_moment(ended_at(ended), now)}"
    if len(text) > width:
        text = f"{word} {short_duration((now - ended_at(ended)).total_seconds())}"
    long = f"{text}, idle timer"
    return long if is_by_idle_timer(ended) and len(long) <= width else text, display.look.dim


def is_by_idle_timer(ended: EndedJob) -> bool:
    """Whether the appliance canceled the job because nobody touched it for long."""
    return ended.ending is Ending.CANCELED and bool(ended.record and ended.record.is_canceled_due_to_timeout)


def style_of(display: Display, now: Instant) -> phrases.Style:
    """How numbers and times are written inside sentences."""

    def moment_text(moment: datetime) -> str:
        return display.clock(moment, now.utc, has_seconds=False)

    return phrases.Style(now.seconds, moment_text, display.is_decimal, now.utc)


def why_facts(why: Why, display: Display, now: Instant) -> Iterator[Fact]:
    """The sentence in its parts: what stands and why, who can act, what was checked, what could not be read."""
    look, verdict, style = display.look, why.verdict, style_of(display, now)
    is_dim = why.is_stale or verdict.kind is Kind.WATCHING
    grade = f" ({verdict.grade.value})" if verdict.grade else ""
    as_of = f", as of {display.clock(now.utc, now.utc, has_seconds=False)}" if why.is_stale else ""
    colour = look.dim if is_dim else class_style(look, verdict.kind.kind_class)
    yield Fact("Why", f"{word(verdict, now.seconds)}{grade}{as_of}", colour, is_why=True)
    stands = replace(verdict, checked=(), unreadable=(), who="")
    if told := phrases.sentence(stands, style):
        yield Fact("", visible(told), look.text, is_why=True)
    if why.explained_by is not None:
        yield Fact("See header", "It explains this job; M has all of it.", look.text, is_why=True)
    if verdict.who:
        yield Fact("Who", f"{visible(verdict.who)}.", look.strong, is_why=True)
    nothing = replace(verdict, stands=(), cause=(), facts=(), who="")
    if verdict.checked:
        yield Fact("Checked", _without_head(replace(nothing, unreadable=()), style), look.dim, is_why=True)
    if verdict.unreadable:
        yield Fact("Not read", _without_head(replace(nothing, checked=()), style), look.dim, is_why=True)


def evidence_text(job: Job, verdict: Verdict, display: Display, now: Instant) -> str:
    """The verdict with all its evidence as lines for a ticket; nobody's words break or hide a line."""
    job = replace(
        job,
        name=_harmless(job.name),
        bucket_name=_harmless(job.bucket_name),
        user_name=_harmless(job.user_name),
    )
    shown = replace(
        verdict,
        stands=_visible(verdict.stands),
        cause=tuple(map(_visible, verdict.cause)),
        facts=tuple(map(_visible, verdict.facts)),
        checked=tuple(map(_visible, verdict.checked)),
        who=visible(verdict.who),
    )
    lines = phrases.evidence_text(job, shown, style_of(display, now)).splitlines()
    return "\n".join(map(visible, lines))


def _harmless(text: str | None) -> str | None:
    return None if text is None else visible(text)


def _visible(phrase: Phrase) -> Phrase:
    return tuple(visible(part) if isinstance(part, str) else part for part in phrase)


def _without_head(verdict: Verdict, style: phrases.Style) -> str:
    return visible(phrases.sentence(verdict, style).partition(": ")[2])


def endpoint_text(verdict: EndpointVerdict, display: Display, now: Instant) -> str:
    """A verdict about the whole appliance as visible text."""
    return visible(phrases.endpoint_sentence(verdict, style_of(display, now)))


def policy_words(policy: Policy, names: Mapping[str, str]) -> str:
    """Which copies a bucket needs; `names` are those of storage domains, by id."""
    domains = ", ".join(names.get(store.storage_domain_id, store.storage_domain_id) for store in policy.stores)
    targets = f"{len(policy.target_ids)} on another appliance or a cloud" if policy.target_ids else ""
    return "; ".join(filter(None, [f"storage domain {domains}" if domains else "", targets]))


def copies_text(evidence: Evidence | None, bucket: str | None) -> str:
    """Which copies a bucket needs, as visible text; empty when that was not read."""
    source = evidence and evidence.policies.get(bucket or "")
    if not evidence or not source or not source.known:
        return ""
    return visible(policy_words(source.known, evidence.endpoint.storage_domain_names))


KIND_SENTENCES: tuple[tuple[Kind, str], ...] = (
    (Kind.RECEIVING, "PUT: bytes arrive in the cache."),
    (Kind.WRITING, "PUT: bytes reach every copy that the bucket needs."),
    (Kind.RECEIVING_AND_WRITING, "PUT: both."),
    (Kind.STAGING, "GET: bytes come from media into the cache."),
    (Kind.SENDING, "GET: the client reads them."),
    (Kind.STAGING_AND_SENDING, "GET: both."),
    (Kind.VERIFYING, "VERIFY: bytes are read back and compared."),
    (Kind.WORKING, "The counters stand, but the appliance runs a task for this job."),
    (Kind.QUIET, "Nothing was counted for so long; that is still normal, since counters move in steps."),
    (Kind.CLIENT, "The program that sends or reads; the owner can act."),
    (Kind.CACHE, "There is no cache space for it."),
    (Kind.MEDIA, "Tape, disk or the second copy; no obstacle was found."),
    (Kind.QUEUED, "The drives or the tape it needs are busy with other work."),
    (Kind.OPEN, "Aggregating: everything offered has arrived, and more may be added until it is closed."),
    (Kind.BLOCKED, "A named obstacle that does not clear by itself: the detail says which, and who can clear it."),
    (Kind.ERROR, "The appliance has an error message for it, and nothing moves."),
    (Kind.UNCLEAR, "Past the normal pause, and the answers do not tell which side it waits for."),
    (Kind.WATCHING, "Too early: it was not read twice yet. The list shows three dots so long."),
    (Kind.DONE, "The appliance says completed."),
    (Kind.CANCELED, "The appliance says canceled; by the idle timer where it says so."),
    (Kind.GONE, "The appliance no longer knows it."),
)
"""What each word means, for help."""


def help_words() -> tuple[tuple[str, str], ...]:
    """The words of the Why column with their sentences, and the marks that may stand with them."""
    marks = (
        ("client?", "With a question mark: likely, and another explanation remains, which the detail names."),
        ("media >41m", "With this sign: it has stood for at least so long, since watching began."),
    )
    return (*((kind.value, told) for kind, told in KIND_SENTENCES), *marks)
