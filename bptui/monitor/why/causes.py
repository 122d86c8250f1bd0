"""The second sentence of a verdict: why, as far as the answers tell, and what else would fit."""

from __future__ import annotations

from collections.abc import Callable

from bptui.model.verdict import Grade, Kind, Phrase, Span, Verdict
from bptui.monitor.why.derive import Case
from bptui.monitor.why.limits import Side
from bptui.monitor.why.pressure import Level

Causes = tuple[Phrase, ...]

STANDBY = (
    "The appliance's data path is not activated. This may be on purpose: a standby of a pair. "
    "Do not activate it before you know: two active appliances on one tape partition can damage data"
)


def causes(case: Case, verdict: Verdict) -> Causes:
    """The cause by the rule that fired, with what remains open where it is only likely."""
    find = _BY_RULE.get(verdict.rule)
    return tuple(phrase for phrase in find(case, verdict) if phrase) if find else ()


def _notes(case: Case, verdict: Verdict) -> Causes:
    """What is worth saying of a job that moves."""
    error: Phrase = ()
    if case.error_message:
        error = (f"The appliance says: “{case.error_message}”. It gives no date for it",)
    off: Phrase = (STANDBY,) if case.is_backend_off else ()
    return (error, off, *_other_side(case, verdict))


def _other_side(case: Case, verdict: Verdict) -> Causes:
    if verdict.kind is Kind.RECEIVING and case.is_drain_over:
        pause = case.now.seconds - case.pause_start(Side.DRAIN)[0]
        return (("Nothing reached all copies for ", Span(pause), *_full_in(case)),)
    if verdict.kind is Kind.WRITING and case.is_intake_over:
        return (("Nothing received for ", Span(case.now.seconds - case.pause_start(Side.INTAKE)[0])),)
    return ()


def _full_in(case: Case) -> Phrase:
    growth = case.facts.endpoint.cache_growth_bytes_per_second
    cache = case.facts.endpoint.cache.known
    free = [
        filesystem.total_bytes * (filesystem.burst_threshold or case.pressure.threshold) - filesystem.job_locked_bytes
        for filesystem in (cache.filesystems if cache else ())
        if filesystem.total_bytes is not None and filesystem.job_locked_bytes is not None
    ]
    if not growth or growth <= 0 or not free:
        return ()
    return ("; at this rate the cache throttles in ", Span(max(0.0, sum(free)) / growth))


def _error(case: Case, _verdict: Verdict) -> Causes:
    return ((f"The appliance says: “{case.error_message}”. It gives no date for it",),)


def _backend(_case: Case, _verdict: Verdict) -> Causes:
    return ((STANDBY,),)


def _nothing(case: Case, _verdict: Verdict) -> Causes:
    tail = f"; the detail lists {case.detail.object_count} objects" if case.detail and case.detail.object_count else ""
    return ((f"No bytes to count: empty objects, or none has arrived{tail}",),)


def _unknown_type(case: Case, _verdict: Verdict) -> Causes:
    return ((f"Jobs of type {case.job.request_type.value} are not known here",),)


def _room(case: Case) -> Phrase:
    pressure = case.pressure
    if pressure.level is Level.UNKNOWN:
        used = "" if pressure.used_share is None else f"cache {100 * pressure.used_share:.0f} % used; "
        return (f"{used}how much of the cache is reserved is not told",)
    if pressure.reserved_share is not None:
        return (f"The cache has room ({100 * pressure.reserved_share:.0f} % reserved)",)
    return (f"The cache has room ({100 * (pressure.used_share or 0):.0f} % used)",)


def _hidden(case: Case) -> Phrase:
    return ("Whether a person's program or the system is its client is not told",) if case.is_origin_hidden else ()


def _client_put(case: Case, verdict: Verdict) -> Causes:
    has_room = not case.pressure.is_high
    doubt: Phrase = _hidden(case)
    if not doubt and verdict.grade is Grade.LIKELY and not case.has_assigned_waiting:
        doubt = ("Space is not assigned: not asked for, or refused; only the client is told which",)
    elif not doubt and verdict.grade is Grade.LIKELY:
        doubt = ("A blob that is under way is counted when it is complete",)
    naked: Phrase = ("A plain S3 program sends it, which may not know about jobs",) if case.job.is_naked else ()
    return (_room(case) if has_room else (), doubt, naked)


def _unclear_put(case: Case, _verdict: Verdict) -> Causes:
    if case.is_internal:
        return (("System job: its client is an appliance, so there is nobody to call",), _room(case))
    return (("Space is not assigned: not asked for, or refused; the answers do not tell which",), _room(case))


def _cache(case: Case, verdict: Verdict) -> Causes:
    pressure = case.pressure
    if verdict.grade is Grade.FOLLOWS:
        reserved, threshold = 100 * (pressure.reserved_share or 0), 100 * pressure.threshold
        return ((f"The cache is short of space: {reserved:.0f} % reserved (throttles at {threshold:.0f} %)",),)
    used = f"{100 * (pressure.used_share or 0):.0f} %"
    return ((f"The cache is {used} used; how much can be freed is not told by this release",),)


def _media(_case: Case, _verdict: Verdict) -> Causes:
    return (("The media side; no obstacle was found there",),)


def _finished(_case: Case, verdict: Verdict) -> Causes:
    rest: Phrase = ("What it waits for is not told",) if verdict.kind is Kind.UNCLEAR else ()
    return (("Everything is counted; the appliance does not say completed",), rest)


def _open(case: Case, _verdict: Verdict) -> Causes:
    rest: Phrase = ()
    if case.drain_backlog > 0:
        rest = ("Whether it is written before aggregation ends is not documented",)
    return (("Aggregating; everything offered has arrived",), rest)


def _client_get(case: Case, verdict: Verdict) -> Causes:
    more: Phrase = ("More will be staged as the client reads",) if case.stage_backlog > 0 else ()
    doubt: Phrase = _hidden(case)
    if verdict.grade is Grade.LIKELY and not doubt:
        doubt = ("Chunks go out in order; whether the next one is staged is not told",)
    naked: Phrase = ("A plain S3 program reads it, which may not know about jobs",) if case.job.is_naked else ()
    return (more, doubt, naked)


def _unclear_get(case: Case, _verdict: Verdict) -> Causes:
    if not case.is_internal:
        return (("Whether its data are in cache is not told by counters of nothing; open the job to see",),)
    rest: Phrase = () if case.unread > 0 else ("Whether the rest is in cache already is not told; open the job to see",)
    return (("System job: its client is an appliance, so there is nobody to call",), rest)


def _quiet_put(case: Case, _verdict: Verdict) -> Causes:
    if case.intake_backlog and not case.is_intake_over:
        return (("Blobs are counted when they are complete",),)
    return (("Chunks are counted when they are on all copies",),)


def _quiet_get(case: Case, _verdict: Verdict) -> Causes:
    text = "Blobs are counted when they were read" if case.is_takeable else "Chunks are counted when they are staged"
    return ((text,),)


def _quiet_verify(_case: Case, _verdict: Verdict) -> Causes:
    return (("Chunks are counted when they were compared; VERIFY jobs give way to others",),)


def _compared(_case: Case, _verdict: Verdict) -> Causes:
    return (("Everything is compared; the appliance does not say completed",),)


def _waits_for_cache_or_media(case: Case, verdict: Verdict) -> Causes:
    return _cache(case, verdict) if verdict.kind is Kind.CACHE else _media(case, verdict)


_BY_RULE: dict[str, Callable[[Case, Verdict], Causes]] = {
    **dict.fromkeys(("P1", "P2", "P3", "G1", "G2", "G3", "V1", "X8"), _notes),
    "X4": _backend,
    "X6": _error,
    "X7": _nothing,
    "X9": _unknown_type,
    "P4": _quiet_put,
    "P5": _cache,
    "P6": _media,
    "P7": _client_put,
    "P8": _unclear_put,
    "P9": _finished,
    "A1": _open,
    "A2": _open,
    "G4": _quiet_get,
    "G5": _client_get,
    "G6": _cache,
    "G7": _media,
    "G8": _unclear_get,
    "G9": _finished,
    "V2": _quiet_verify,
    "V3": _waits_for_cache_or_media,
    "V4": _compared,
}
