"""The first sentence of a verdict: what stands, for how long, and up to how long that is normal."""

from __future__ import annotations

from bptui.model.job import Ending, JobRecord
from bptui.model.verdict import At, Kind, KindClass, Phrase, Since, Size, Span, Verdict
from bptui.model.vocabulary import DONE_WORDS, RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.limits import Side

_STANDS = {
    Side.INTAKE: "No bytes from the client",
    Side.DRAIN: "Nothing reached all copies",
    Side.STAGE: "Nothing was staged",
    Side.SEND: "No bytes were read by the client",
    Side.CHECK: "No bytes were counted",
    Side.WHOLE: "No bytes were counted",
}

_MOVES = {
    Kind.RECEIVING: "Bytes arrive from the client",
    Kind.WRITING: "Bytes reach all copies",
    Kind.RECEIVING_AND_WRITING: "Bytes arrive from the client and reach all copies",
    Kind.STAGING: "Bytes are staged",
    Kind.SENDING: "The client reads",
    Kind.STAGING_AND_SENDING: "Bytes are staged and the client reads",
    Kind.VERIFYING: "The counters of the verification advance",
    Kind.WORKING: "The counters advance",
}


_CAME = {
    RequestType.PUT: "had arrived",
    RequestType.GET: "had been staged",
    RequestType.VERIFY: "had been staged",
}


def _words(case: Case) -> tuple[str, str]:
    """What a job's two counters of bytes count."""
    request_type = case.job.request_type
    return _CAME.get(request_type, "had been cached"), DONE_WORDS.get(request_type, "completed")


def stands(case: Case, verdict: Verdict, side: Side | None) -> Phrase:
    """The first sentence, with a pause or a state in it, and the limit where there is one."""
    if verdict.kind.kind_class is KindClass.ENDED:
        return _ended(case, verdict)
    if verdict.kind is Kind.WATCHING:
        return ("First look ", Since(case.history.first_at), " ago", *_age(case))
    if side is None:
        return (_MOVES.get(verdict.kind, "The counters advance"),)
    return (
        f"{_STANDS[side]} for ",
        Since(verdict.since_seconds, verdict.is_since_lower_bound),
        *_limit(verdict),
        *_waiting(case, side),
    )


def _limit(verdict: Verdict) -> Phrase:
    return () if verdict.limit_seconds is None else (" (normal up to ", Span(verdict.limit_seconds), ")")


def _waiting(case: Case, side: Side) -> Phrase:
    if side is Side.DRAIN and case.drain_backlog > 0:
        return ("; ", Size(case.drain_backlog), " wait in cache")
    if side is Side.INTAKE and case.has_assigned_waiting and case.detail:
        number = case.detail.assigned_waiting
        return (
            f"; {number} chunk{'s have' if number > 1 else ' has'} space and wait{'' if number > 1 else 's'} for data",
        )
    if side is Side.SEND:
        return ("; ", Size(case.unread), " are staged")
    if side is Side.STAGE and case.stage_backlog > 0:
        return ("; ", Size(case.stage_backlog), " are not staged")
    return ()


def _age(case: Case) -> Phrase:
    start = case.job.start_date
    return ("; the job is ", Since(case.now.seconds_of(start)), " old") if start else ()


def _ended(case: Case, verdict: Verdict) -> Phrase:
    if verdict.kind is Kind.GONE:
        return _gone(case)
    return _canceled(case) if verdict.kind is Kind.CANCELED else _done(case)


def _gone(case: Case) -> Phrase:
    seen = case.now.utc_of(case.history.last_at).replace(microsecond=0)
    done, all_of_it = Size(case.history.completed), Size(case.history.original)
    _, word = _words(case)
    is_read = case.facts.ended is None or case.facts.ended.ending is not Ending.UNKNOWN
    what = "No longer known to the appliance" if is_read else "No longer in the list, and how it ended cannot be read"
    return (f"{what}; last seen ", At(seen), " with ", done, " of ", all_of_it, f" {word}")


def _canceled(case: Case) -> Phrase:
    record, history = _ended_record(case), case.history
    at: Phrase = (" ", At(record.date_canceled)) if record and record.date_canceled else ()
    timer = ", by the idle timer" if record and record.is_canceled_due_to_timeout else ""
    came, done = _words(case)
    sizes: Phrase = (Size(history.cached), " of ", Size(history.original), f" {came}, ", Size(history.completed))
    text = f". The appliance says: “{record.error_message}”" if record and record.error_message else ""
    return ("Canceled", *at, f"{timer}. ", *sizes, f" {done}{text}")


def _done(case: Case) -> Phrase:
    record, history = _ended_record(case), case.history
    at: Phrase = (" ", At(record.date_completed)) if record and record.date_completed else ()
    short: Phrase = ()
    if history.completed < history.original:
        sizes: Phrase = (Size(history.completed), " of ", Size(history.original))
        short = (". Counters say ", *sizes, "; the appliance says completed")
    cut = ""
    if record and record.is_truncated:
        timer = " by the idle timer" if record.is_truncated_due_to_timeout else ""
        cut = f". It had been truncated{timer}"
    return ("Completed", *at, *short, cut)


def _ended_record(case: Case) -> JobRecord | None:
    return case.facts.ended.record if case.facts.ended else case.facts.record


def is_learned(case: Case, limit_seconds: float | None) -> float | None:
    """The longest normal pause here, if it is what raised this limit."""
    if limit_seconds is None:
        return None
    for (_, priority), pause in case.limits.learned.items():
        if priority == case.job.priority and min(1.5 * pause, case.limits.learned_most_seconds) == limit_seconds:
            return pause
    return None
